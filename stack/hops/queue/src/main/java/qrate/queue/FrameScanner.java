package qrate.queue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Goes through a segment record by record, and past whatever is no record to the next that is.
final class FrameScanner {
    private static final int CHUNK_BYTES = 64 << 10;

    /// What was found.
    sealed interface Found {
        /// A whole record.
        final class Whole implements Found {
            private final int offset;
            private final byte[] content;

            Whole(int offset, byte[] content) {
                this.offset = offset;
                this.content = content;
            }

            int offset() {
                return offset;
            }

            byte[] content() {
                return content;
            }
        }

        /// Bytes that are no record.
        ///
        /// @param length without zeros behind the last
        /// @param last whether no record follows: the torn end of the file, in the last segment
        record Damage(long offset, long length, boolean last) implements Found {}

        /// The end, right behind a record; zeros may follow, which stand ahead of the next.
        record End(long offset) implements Found {}
    }

    private final InputStream in;
    private final long tag;
    private byte[] window = new byte[CHUNK_BYTES];
    private int from; // first byte not yet used
    private int to; // end of what was read
    private long base; // offset in the file of window[0]
    private boolean ended;

    /// @param in the segment from {@link Segment#HEADER_BYTES} on
    FrameScanner(InputStream in, long tag) {
        this.in = in;
        this.tag = tag;
        this.base = Segment.HEADER_BYTES;
    }

    /// The next record, or damage, or the end; never after an {@link Found.End}.
    Found next() throws IOException {
        if (!have(1)) {
            return new Found.End(base + from);
        }
        int length = wholeAt();
        if (length > 0) {
            return take(length);
        }
        long start = base + from;
        long end = start; // behind the last byte that is no zero
        while (true) {
            if (window[from++] != 0) {
                end = base + from;
            }
            if (!have(8)) {
                for (; from < to; from++) {
                    end = window[from] != 0 ? base + from + 1 : end;
                }
                return end == start ? new Found.End(start) : new Found.Damage(start, end - start, true);
            }
            if (ByteBuffer.wrap(window, from, 8).getLong() == tag && wholeAt() > 0) {
                return new Found.Damage(start, base + from - start, false);
            }
        }
    }

    private Found take(int length) {
        int begin = from + Frame.HEAD_BYTES;
        Found found = new Found.Whole((int) (base + from), Arrays.copyOfRange(window, begin, begin + length));
        from = begin + length;
        return found;
    }

    /// Length of the content of the record that stands here, or 0 if none does.
    private int wholeAt() throws IOException {
        if (!have(Frame.HEAD_BYTES) || base + from > Integer.MAX_VALUE) {
            return 0;
        }
        ByteBuffer head = ByteBuffer.wrap(window, from, Frame.HEAD_BYTES);
        boolean tagged = head.getLong() == tag;
        int length = head.getInt();
        int crc = head.getInt();
        if (!tagged || length <= 0 || length > Limits.PAYLOAD_BYTES_MAX || !have(Frame.HEAD_BYTES + length)) {
            return 0;
        }
        return Frame.crc(base + from, window, from + Frame.HEAD_BYTES, length) == crc ? length : 0;
    }

    /// Reads until so many bytes wait in the window, or the file ends. The window grows with what the file holds,
    /// not with what a length field claims.
    private boolean have(int bytes) throws IOException {
        while (to - from < bytes && !ended) {
            if (to == window.length) {
                makeRoom();
            }
            int n = in.read(window, to, window.length - to);
            if (n < 0) {
                ended = true;
            } else {
                to += n;
            }
        }
        return to - from >= bytes;
    }

    private void makeRoom() {
        byte[] next = from >= window.length / 2 ? window : new byte[window.length * 2];
        System.arraycopy(window, from, next, 0, to - from);
        window = next;
        base += from;
        to -= from;
        from = 0;
    }
}
