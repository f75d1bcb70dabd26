package qrate.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import qrate.core.LineReader;

/// Reads a server's replies (RFC 5321 §4.2), bounded whatever the server sends.
public final class ReplyReader {
    /// Longest line of a reply in bytes; RFC 5321 §4.5.3.1.5 asks for 512.
    public static final int LINE_BYTES_MAX = 2048;

    /// Longest reply in bytes, all its lines together.
    public static final int REPLY_BYTES_MAX = 64 << 10;

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
    private final LineReader lines = new LineReader(LINE_BYTES_MAX, LineReader.Ending.LF);

    /// @param in buffered
    public ReplyReader(InputStream in) {
        this.in = in;
    }

    /// Reads one reply, of one line or many.
    ///
    /// @throws EOFException when the server closed
    /// @throws IOException when what came is no reply or larger than the limits; the connection is of no use then
    public Reply read() throws IOException {
        List<String> texts = new ArrayList<>();
        int code = 0;
        int bytes = 0;
        while (true) {
            byte[] line = lines.read(in).orElseThrow(() -> new EOFException("the server closed the connection"));
            bytes += line.length + 2;
            if (bytes > REPLY_BYTES_MAX) {
                throw new ProtocolException("a reply larger than " + REPLY_BYTES_MAX + " bytes");
            }
            int own = code(line);
            if (own == 0 || (code != 0 && own != code)) {
                throw new ProtocolException("not an SMTP reply");
            }
            code = own;
            texts.add(line.length <= 4 ? "" : printable(new String(line, 4, line.length - 4, StandardCharsets.UTF_8)));
            if (line.length < 4 || line[3] != '-') {
                return new Reply(code, texts);
            }
        }
    }

    private static int code(byte[] line) {
        if (line.length < 3 || line[0] < '2' || line[0] > '5' || !digit(line[1]) || !digit(line[2])) {
            return 0;
        }
        if (line.length > 3 && line[3] != ' ' && line[3] != '-') {
            return 0;
        }
        return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
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
