package qrate.smtp;

import java.io.IOException;
import java.io.OutputStream;

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
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int used;
    private boolean lineStart = true;
    private boolean afterCr;
    private boolean header = true;

    /// @param out where it goes; written in large pieces, flushed by nobody but the caller
    public DataWriter(OutputStream out) {
        this.out = out;
    }

    /// Takes a piece of the message.
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (used + GROWTH_MAX > buffer.length) {
                spill();
            }
            byte b = bytes[i];
            if (afterCr && b != '\n') {
                cr();
            }
            afterCr = b == '\r';
            if (afterCr) {
                continue;
            }
            if (b == '\n') {
                header &= !lineStart;
                endLine();
                continue;
            }
            if (lineStart && b == '.') {
                buffer[used++] = '.';
            }
            lineStart = false;
            buffer[used++] = b;
        }
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
    private void cr() {
        if (header) {
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
