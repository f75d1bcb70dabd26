package qrate.queue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import qrate.core.Disk;

/// How a record stands in a segment: the segment's tag, the length, a CRC32C over place, length and content, the
/// content.
final class Frame {
    /// Bytes before the content.
    static final int HEAD_BYTES = 16;

    /// What is read at once: most records are no longer.
    private static final int FIRST_BYTES = 8 << 10;

    /// Fewest bytes a record takes, for the reckoning of how many ids a damaged part may have held.
    static final int BYTES_MIN = HEAD_BYTES + 9;

    private Frame() {}

    /// The check over a record's place, length and content, so that a record copied elsewhere by accident is none.
    static int crc(long offset, byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(12).putLong(offset).putInt(length).flip());
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /// Reads the content of one record.
    ///
    /// @throws IOException when it is not whole
    static byte[] read(Disk disk, String file, long tag, long offset) throws IOException {
        byte[] first = disk.read(file, offset, FIRST_BYTES);
        if (first.length < HEAD_BYTES) {
            throw new EOFException(file + ": ends before a record");
        }
        ByteBuffer fields = ByteBuffer.wrap(first);
        boolean tagged = fields.getLong() == tag;
        int length = fields.getInt();
        if (!tagged || length <= 0 || length > Limits.PAYLOAD_BYTES_MAX) {
            throw new IOException(file + ": no record at " + offset);
        }
        byte[] content = HEAD_BYTES + length <= first.length
                ? Arrays.copyOfRange(first, HEAD_BYTES, HEAD_BYTES + length)
                : disk.read(file, offset + HEAD_BYTES, length);
        if (content.length < length || crc(offset, content, 0, length) != fields.getInt()) {
            throw new IOException(file + ": damaged record at " + offset);
        }
        return content;
    }

    /// Records that are written together.
    static final class Batch {
        private byte[] bytes = new byte[64 << 10];
        private int length;

        /// Begins anew; a buffer that one large record blew up is let go.
        void clear(int keepBytes) {
            length = 0;
            if (bytes.length > keepBytes) {
                bytes = new byte[64 << 10];
            }
        }

        int length() {
            return length;
        }

        byte[] bytes() {
            return bytes;
        }

        /// Adds a record that will stand at the given offset of its segment.
        void add(long tag, long offset, byte[] content, int size) {
            int needed = length + HEAD_BYTES + size;
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
            }
            ByteBuffer.wrap(bytes, length, HEAD_BYTES).putLong(tag).putInt(size).putInt(crc(offset, content, 0, size));
            System.arraycopy(content, 0, bytes, length + HEAD_BYTES, size);
            length = needed;
        }
    }
}
