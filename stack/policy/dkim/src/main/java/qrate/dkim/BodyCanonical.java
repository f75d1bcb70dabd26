package qrate.dkim;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Writes a body in canonical form while it goes by, line by line, into the hashes that were asked for (RFC
/// 6376 §3.4.3, §3.4.4). Holds a buffer and numbers only: empty lines at the end are counted until
/// something follows.
final class BodyCanonical {
    private static final int BUFFER_BYTES = 8 << 10;

    private static final class Part {
        private final long length;
        private final MessageDigest digest = Algorithm.sha256();
        private long left;

        Part(long length) {
            this.length = length;
            this.left = length;
        }
    }

    private final boolean relaxed;
    private final List<Part> parts = new ArrayList<>();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int used;
    private long size;
    private long lineEnds;
    /// Blanks whose end is not known yet, in the relaxed form.
    private boolean blank;

    BodyCanonical(boolean relaxed) {
        this.relaxed = relaxed;
    }

    /// Asks for a hash; before the first byte.
    void add(long length) {
        parts.add(new Part(length));
    }

    boolean isRelaxed() {
        return relaxed;
    }

    /// Takes a piece of a line.
    void text(byte[] bytes, int from, int to) {
        if (relaxed) {
            words(bytes, from, to);
        } else if (from < to) {
            lineEnds();
            write(bytes, from, to);
        }
    }

    private void words(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (isBlank(bytes[at])) {
                blank = true;
                at++;
                continue;
            }
            int end = at + 1;
            while (end < to && !isBlank(bytes[end])) {
                end++;
            }
            lineEnds();
            if (blank) {
                write((byte) ' ');
                blank = false;
            }
            write(bytes, at, end);
            at = end;
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /// Takes the end of a line.
    void newline() {
        blank = false;
        lineEnds++;
    }

    /// Ends the body: with one line end; an empty one has that in the simple form, and nothing in the
    /// relaxed one.
    void end() {
        if (!relaxed || size > 0) {
            lineEnd();
        }
        flush();
    }

    private void lineEnds() {
        for (; lineEnds > 0; lineEnds--) {
            lineEnd();
        }
    }

    private void lineEnd() {
        write((byte) '\r');
        write((byte) '\n');
    }

    private void write(byte b) {
        if (used == buffer.length) {
            flush();
        }
        buffer[used++] = b;
        size++;
    }

    private void write(byte[] bytes, int from, int to) {
        size += to - from;
        if (to - from > buffer.length - used) {
            flush();
        }
        if (to - from > buffer.length) {
            digest(bytes, from, to - from);
        } else {
            System.arraycopy(bytes, from, buffer, used, to - from);
            used += to - from;
        }
    }

    private void flush() {
        digest(buffer, 0, used);
        used = 0;
    }

    private void digest(byte[] bytes, int from, int count) {
        for (Part part : parts) {
            int some = (int) Math.min(part.left, count);
            part.digest.update(bytes, from, some);
            part.left -= some;
        }
    }

    /// Bytes of the canonical body, once it has ended.
    long size() {
        return size;
    }

    /// A hash that was asked for, once the body has ended; to be asked for once.
    Optional<byte[]> hash(long length) {
        return parts.stream().filter(part -> part.length == length).findFirst().map(part -> part.digest.digest());
    }
}
