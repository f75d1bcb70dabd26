package qrate.core;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// Reads protocol lines of bounded length from a buffered stream. Only CRLF ends a line when {@link Ending#CRLF} is
/// asked for.
public final class LineReader {
    /// What ends a line.
    public enum Ending {
        /// CRLF alone; a bare CR or LF, or a NUL, is {@link BadLine.Kind#BARE} or {@link BadLine.Kind#NUL}.
        CRLF,
        /// LF, with a CR before it dropped, for the lenient protocols and files.
        LF
    }

    /// A line that breaks the protocol; what was read of it is gone, and the rest of it may still be in the stream.
    public static final class BadLine extends IOException {
        private static final long serialVersionUID = 1L;

        /// What was wrong.
        public enum Kind {
            /// longer than the limit
            LONG,
            /// CR without LF or LF without CR
            BARE,
            /// a NUL byte
            NUL
        }

        private final Kind kind;

        BadLine(Kind kind) {
            super(kind.toString());
            this.kind = kind;
        }

        /// What was wrong.
        public Kind kind() {
            return kind;
        }
    }

    private final int bytesMax;
    private final Ending ending;
    private byte[] line = new byte[512];

    /// @param bytesMax longest line in bytes, its ending included
    public LineReader(int bytesMax, Ending ending) {
        this.bytesMax = bytesMax;
        this.ending = ending;
    }

    /// Reads one line without its ending.
    ///
    /// @return empty at the end of the stream; a last line without ending is dropped, since half a command is no
    ///     command
    /// @throws BadLine when the line is over the limit or breaks {@link Ending#CRLF}
    public Optional<byte[]> read(InputStream in) throws IOException {
        int length = 0;
        while (true) {
            int b = in.read();
            if (b < 0) {
                return Optional.empty();
            }
            if (length + 1 > bytesMax) {
                throw new BadLine(BadLine.Kind.LONG);
            }
            if (b == '\n') {
                boolean cr = length > 0 && line[length - 1] == '\r';
                if (ending == Ending.CRLF && !cr) {
                    throw new BadLine(BadLine.Kind.BARE);
                }
                return Optional.of(Arrays.copyOf(line, cr ? length - 1 : length));
            }
            if (ending == Ending.CRLF && length > 0 && line[length - 1] == '\r') {
                throw new BadLine(BadLine.Kind.BARE);
            }
            if (b == 0) {
                throw new BadLine(BadLine.Kind.NUL);
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = (byte) b;
        }
    }
}
