package qrate.pop3d;

import java.io.IOException;
import java.io.OutputStream;
import qrate.message.HeaderEnd;

/// Turns a message as it lies in a Maildir (lines ended by LF) into a POP3 multi-line reply: CRLF, and a dot before
/// each dot that starts a line (RFC 1939 §3). Works on whole buffers.
///
/// A CR alone in the header goes as a blank: a client that takes it for a line's end would see two fields in one.
final class DotWriter {
    private static final int ROOM_BYTES = 16;

    private final OutputStream out;
    private final byte[] buffer;
    private final HeaderEnd header = new HeaderEnd();
    private int used;
    private byte last = '\n';
    private long bodyLines;
    private boolean full;

    /// @param bodyLines lines of the body to let through; the header always goes
    /// @param bufferBytes what is gathered before it goes to `out`
    DotWriter(OutputStream out, long bodyLines, int bufferBytes) {
        this.out = out;
        this.buffer = new byte[bufferBytes + ROOM_BYTES];
        this.bodyLines = bodyLines;
    }

    /// Takes the next bytes of the message.
    ///
    /// @return false once no more are wanted
    boolean write(byte[] bytes, int length) throws IOException {
        int body = header.in(bytes, 0, length);
        return write(bytes, 0, body, true) && write(bytes, body, length, false);
    }

    private boolean write(byte[] bytes, int from, int to, boolean inHeader) throws IOException {
        int i = from;
        while (i < to && !full) {
            byte b = bytes[i];
            if (used > buffer.length - 4) {
                drain();
            }
            if (last == '\r' && b != '\n') {
                buffer[used++] = (byte) (inHeader ? ' ' : '\r');
            }
            if (last == '\n') {
                // the first line of the body is the first one after the empty line
                if (!inHeader && bodyLines-- == 0) {
                    full = true;
                    return false;
                }
                if (b == '.') {
                    buffer[used++] = '.';
                }
            }
            if (b == '\n') {
                buffer[used++] = '\r';
                buffer[used++] = '\n';
                i++;
            } else if (b == '\r') {
                i++;
            } else {
                i = text(bytes, i, Math.min(to, i + buffer.length - used));
            }
            last = bytes[i - 1];
        }
        return true;
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

    /// Ends the reply; a message whose last line has no end gets one.
    void end() throws IOException {
        if (used > buffer.length - 5) {
            drain();
        }
        if (last != '\n') {
            buffer[used++] = '\r';
            buffer[used++] = '\n';
        }
        buffer[used++] = '.';
        buffer[used++] = '\r';
        buffer[used++] = '\n';
        drain();
    }

    private void drain() throws IOException {
        out.write(buffer, 0, used);
        used = 0;
    }
}
