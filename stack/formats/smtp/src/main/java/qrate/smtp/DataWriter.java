package qrate.smtp;

import java.io.IOException;
import java.io.OutputStream;
import qrate.message.HeaderEnd;

/// Writes a message as the content of DATA: LF becomes CRLF, a dot at the start of a line is doubled (RFC 5321 §4.5.2).
///
/// A CR before an LF is part of that line's ending. A CR alone becomes a blank in the header, so that one field never
/// becomes two, and a line ending in the body: what leaves here never holds a bare CR or a bare LF, so no message of
/// ours can smuggle a second one through a lenient server.
// DEVIATION: qmail-remote(8) puts a CR before each LF and sends a CR of the message as it is.
public final class DataWriter {
    private static final int BUFFER_BYTES = 16 << 10;
    private static final int GROWTH_MAX = 4; // bytes that one byte can become, with a CR before it

    private final OutputStream out;
    private final HeaderEnd header = new HeaderEnd();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int used;
    private boolean lineStart = true;
    private boolean afterCr;

    /// @param out where it goes; written in large pieces, flushed by nobody but the caller
    public DataWriter(OutputStream out) {
        this.out = out;
    }

    /// Takes a piece of the message.
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int body = header.in(bytes, offset, offset + length);
        write(bytes, offset, body, true);
        write(bytes, body, offset + length, false);
    }

    private void write(byte[] bytes, int from, int to, boolean inHeader) throws IOException {
        int i = from;
        while (i < to) {
            if (used + GROWTH_MAX > buffer.length) {
                spill();
            }
            byte b = bytes[i];
            if (afterCr && b != '\n') {
                cr(inHeader);
            }
            afterCr = b == '\r';
            if (afterCr) {
                i++;
            } else if (b == '\n') {
                endLine();
                i++;
            } else {
                if (lineStart && b == '.') {
                    buffer[used++] = '.';
                }
                lineStart = false;
                i = text(bytes, i, Math.min(to, i + buffer.length - used));
            }
        }
    }

    /// Copies what stands in front of the next CR or LF; the byte at `from` is neither.
    ///
    /// @return behind what was copied
    private int text(byte[] bytes, int from, int to) {
        int end = from + 1;
        while (end < to && bytes[end] != '\n' && bytes[end] != '\r') {
            end++;
        }
        System.arraycopy(bytes, from, buffer, used, end - from);
        used += end - from;
        return end;
    }

    /// Ends the last line, if it was not, and writes the final dot; the caller flushes.
    public void finish() throws IOException {
        spill();
        if (afterCr || !lineStart) {
            endLine();
        }
        buffer[used++] = '.';
        endLine();
        spill();
    }

    /// A CR that no LF follows.
    private void cr(boolean inHeader) {
        if (inHeader) {
            buffer[used++] = ' ';
            lineStart = false;
        } else {
            endLine();
        }
    }

    private void endLine() {
        buffer[used++] = '\r';
        buffer[used++] = '\n';
        lineStart = true;
    }

    private void spill() throws IOException {
        out.write(buffer, 0, used);
        used = 0;
    }
}
