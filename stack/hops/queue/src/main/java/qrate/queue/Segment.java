package qrate.queue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/// One file of the journal: a header, then records. Guarded by the index's lock once the queue runs.
final class Segment {
    /// Folder of the segments.
    static final String FOLDER = "journal";

    /// Bytes before the first record: two copies of the header, in two sectors, since it alone remembers which ids
    /// were given out once everything else is cleaned.
    static final int HEADER_BYTES = 1024;

    private static final int COPY_BYTES = HEADER_BYTES / 2;
    private static final long MAGIC = 0x51726174654a310aL; // "QrateJ1\n"
    private static final int FIELDS_BYTES = 32;

    private final long number;
    private final long tag;
    /// Durable bytes.
    long size;
    /// Messages that are owed and whose record stands here.
    int live;
    /// Bytes of those records.
    long liveBytes;
    /// Where the last end of a message stands whose record stands here.
    Queue.Mark lastEnd = new Queue.Mark(0, 0);
    /// Set when a damaged part could not be copied out, so that the only copy is not deleted.
    boolean pinned;

    /// @param tag random bytes that begin each record of this segment: a stranger who cannot know them cannot put
    ///     into a message what a search for records after damage would take for one
    Segment(long number, long tag, long size) {
        this.number = number;
        this.tag = tag;
        this.size = size;
    }

    long number() {
        return number;
    }

    long tag() {
        return tag;
    }

    String file() {
        return file(number);
    }

    static String file(long number) {
        return FOLDER + "/" + HexFormat.of().toHexDigits(number);
    }

    /// The number in a file name, or empty for a file that is no segment.
    static OptionalLong number(String name) {
        if (name.length() != 16 || !name.chars().allMatch(HexFormat::isHexDigit)) {
            return OptionalLong.empty();
        }
        long number = HexFormat.fromHexDigitsToLong(name);
        return number > 0 && HexFormat.of().toHexDigits(number).equals(name)
                ? OptionalLong.of(number)
                : OptionalLong.empty();
    }

    /// What a segment begins with.
    ///
    /// @param nextId every id below it may have been given out before this segment was begun
    record Header(long number, long tag, long nextId) {
        byte[] bytes() {
            ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES);
            for (int at = 0; at < HEADER_BYTES; at += COPY_BYTES) {
                out.position(at).putLong(MAGIC).putLong(number).putLong(tag).putLong(nextId);
                out.putInt(crc(out.array(), at));
            }
            return out.array();
        }

        /// Reads whichever copy is whole.
        static Optional<Header> parse(byte[] bytes) {
            for (int at = 0; at + FIELDS_BYTES + 4 <= bytes.length; at += COPY_BYTES) {
                ByteBuffer in = ByteBuffer.wrap(bytes, at, FIELDS_BYTES + 4);
                long magic = in.getLong();
                Header header = new Header(in.getLong(), in.getLong(), in.getLong());
                if (magic == MAGIC && in.getInt() == crc(bytes, at)) {
                    return Optional.of(header);
                }
            }
            return Optional.empty();
        }

        private static int crc(byte[] bytes, int at) {
            CRC32C crc = new CRC32C();
            crc.update(bytes, at, FIELDS_BYTES);
            return (int) crc.getValue();
        }
    }
}
