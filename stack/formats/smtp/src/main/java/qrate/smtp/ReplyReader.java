package qrate.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads a server's replies (RFC 5321 §4.2), bounded whatever the server sends, and takes from one that is not
/// well-formed
/// what it does say: a refusal stays a refusal, so that nobody is refused again and again for days.
public final class ReplyReader {
    /// Kept of a line of a reply, in bytes; RFC 5321 §4.5.3.1.5 asks for 512 in all. The rest of it is passed over.
    public static final int LINE_BYTES_MAX = 8192;

    /// Longest reply in bytes, all its lines together.
    public static final int REPLY_BYTES_MAX = 64 << 10;

    private static final int REFUSAL = 400;

    /// One reply.
    ///
    /// @param code from 200 to 599
    /// @param lines the text of each line behind the code, at least one, without control characters
    public record Reply(int code, List<String> lines) {
        public Reply {
            lines = List.copyOf(lines);
        }

        /// 2yz.
        public boolean positive() {
            return code < 300;
        }

        /// 5yz.
        public boolean permanent() {
            return code >= 500;
        }

        /// The reply as it came, its lines separated by LF.
        public String text() {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < lines.size(); i++) {
                boolean last = i == lines.size() - 1;
                all.append(code).append(last ? ' ' : '-').append(lines.get(i)).append(last ? "" : "\n");
            }
            return all.toString();
        }
    }

    private final InputStream in;
    private byte[] line = new byte[512];
    private int length;
    private int bytes;
    private boolean broken;

    /// @param in buffered
    public ReplyReader(InputStream in) {
        this.in = in;
    }

    /// Whether a reply broke off, so that the connection is of no use any more.
    public boolean broken() {
        return broken;
    }

    /// Reads one reply, of one line or many. A refusal stays one whatever follows, and of different codes the worst
    /// counts; a line without one between others is text.
    ///
    /// @throws EOFException when the server closed
    /// @throws IOException when what came is no reply, or is good news larger than the limits; the connection is no
    ///     good then. A refusal that breaks off is returned as far as it came, and {@link #broken} says so
    public Reply read() throws IOException {
        List<String> texts = new ArrayList<>();
        int code = 0;
        bytes = 0;
        try {
            while (true) {
                boolean whole = line();
                if (!whole && length == 0) {
                    throw closed();
                }
                int own = code();
                if (own == 0 && code == 0) {
                    throw whole ? new ProtocolException("not an SMTP reply") : closed();
                }
                boolean last = own != 0 && (length < 4 || line[3] != '-');
                if (code != 0 && code < REFUSAL && own >= REFUSAL) {
                    throw new ProtocolException("a reply that says yes and no");
                }
                if (!whole && Math.max(own, code) < REFUSAL) {
                    throw closed(); // half good news is none
                }
                code = Math.max(own, code);
                int from = own == 0 ? 0 : length > 3 && (line[3] == ' ' || line[3] == '-') ? 4 : 3;
                texts.add(printable(new String(line, from, length - from, StandardCharsets.UTF_8)));
                if (last && whole) {
                    return new Reply(code, texts);
                }
                if (!whole) {
                    throw closed();
                }
            }
        } catch (IOException e) {
            broken = true;
            if (code < REFUSAL) {
                throw e;
            }
            return new Reply(code, texts);
        }
    }

    private static EOFException closed() {
        return new EOFException("the server closed the connection");
    }

    /// Reads a line up to LF.
    ///
    /// @return whether it ended, and not the stream
    private boolean line() throws IOException {
        length = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (++bytes > REPLY_BYTES_MAX) {
                throw new ProtocolException("a reply larger than " + REPLY_BYTES_MAX + " bytes");
            }
            if (b == '\n') {
                length -= length > 0 && line[length - 1] == '\r' ? 1 : 0;
                return true;
            }
            if (length < LINE_BYTES_MAX) {
                line = length == line.length ? Arrays.copyOf(line, length * 2) : line;
                line[length++] = (byte) b;
            }
        }
        return false;
    }

    /// The code that a line begins with; 0 for none.
    private int code() {
        boolean fits = length >= 3
                && line[0] >= '2'
                && line[0] <= '5'
                && digit(line[1])
                && digit(line[2])
                && (length == 3 || !(digit(line[3]) || Character.isLetter(line[3])));
        return fits ? (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0') : 0;
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            safe.append(Character.isISOControl(c) ? (c == '\t' ? ' ' : '?') : c);
        }
        return safe.toString();
    }
}
