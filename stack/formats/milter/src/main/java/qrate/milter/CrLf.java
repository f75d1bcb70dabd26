package qrate.milter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Line ends of a body: LF here, CRLF on the wire.
final class CrLf {
    private CrLf() {}

    /// A body on its way to a milter, cut into pieces that are as long as they may be.
    static final class Out {
        private final InputStream in;
        private final byte[] block = new byte[16 << 10];
        private final byte[] piece = new byte[MilterCommand.CHUNK_BYTES_MAX];
        private int at;
        private int end;
        private boolean carriage;
        private boolean line;

        /// @param in lines ended by LF or CRLF
        Out(InputStream in) {
            this.in = in;
        }

        /// The next piece; nothing at the end.
        byte[] next() throws IOException {
            int length = 0;
            while (length < piece.length) {
                if (line) {
                    piece[length++] = '\n';
                    line = false;
                    continue;
                }
                if (at == end) {
                    end = Math.max(0, in.read(block));
                    at = 0;
                    if (end == 0) {
                        break;
                    }
                }
                byte b = block[at++];
                line = b == '\n' && !carriage;
                carriage = b == '\r';
                piece[length++] = line ? (byte) '\r' : b;
            }
            return Arrays.copyOf(piece, length);
        }
    }

    /// A body that comes from a milter piece by piece.
    static final class In {
        private boolean carriage;

        /// A piece with LF for each CRLF; a CR at its end waits for the next piece.
        byte[] taken(byte[] piece) {
            ByteArrayOutputStream lines = new ByteArrayOutputStream(piece.length + 1);
            for (byte b : piece) {
                if (carriage && b != '\n') {
                    lines.write('\r');
                }
                carriage = b == '\r';
                if (!carriage) {
                    lines.write(b);
                }
            }
            return lines.toByteArray();
        }

        /// What still waits at the end.
        byte[] rest() {
            return carriage ? new byte[] {'\r'} : new byte[0];
        }
    }
}
