package qrate.remote.policies;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// A web server's answer with a plain text in it (RFC 9112): status 200, and nothing else will do, redirects least of
/// all (RFC 8461 §3.3).
final class HttpAnswer {
    /// All lines in front of the text, and those between its chunks, in bytes.
    static final int LINES_BYTES_MAX = 16 << 10;

    private static final int HEX = 16;
    private static final int DIGITS_MAX = 7;

    private final InputStream in;
    private final int max;
    private int lines;

    private HttpAnswer(InputStream in, int max) {
        this.in = in;
        this.max = max;
    }

    /// Reads one.
    ///
    /// @param max the longest text, in bytes
    /// @throws IOException for anything else, in words
    static byte[] read(InputStream in, int max) throws IOException {
        return new HttpAnswer(in, max).read();
    }

    private byte[] read() throws IOException {
        String status = line();
        if (!status.startsWith("HTTP/1.")) {
            throw new IOException("the web server speaks no HTTP/1.1");
        }
        String[] words = status.split(" ", 3);
        if (words.length < 2 || !words[1].equals("200")) {
            throw new IOException("the web server does not answer 200");
        }
        Map<String, String> fields = fields();
        String type = fields.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
        int semicolon = type.indexOf(';');
        if (!(semicolon < 0 ? type : type.substring(0, semicolon)).strip().equals("text/plain")) {
            throw new IOException("the web server's answer is no text/plain"); // RFC 8461 §3.3: others may upload there
        }
        if (!fields.getOrDefault("content-encoding", "identity").equals("identity")) {
            throw new IOException("the web server's answer is encoded");
        }
        String transfer = fields.getOrDefault("transfer-encoding", "").toLowerCase(Locale.ROOT);
        if (transfer.equals("chunked")) {
            return chunks();
        }
        if (!transfer.isEmpty()) {
            throw new IOException("the web server's answer is encoded");
        }
        return fields.containsKey("content-length") ? exactly(length(fields.get("content-length"), 10)) : rest();
    }

    private Map<String, String> fields() throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IOException("the web server's answer has a broken header");
            }
            fields.putIfAbsent(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return fields;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            String line = line();
            int semicolon = line.indexOf(';');
            int length = length((semicolon < 0 ? line : line.substring(0, semicolon)).strip(), HEX);
            if (length == 0) {
                return all.toByteArray();
            }
            if (length > max - all.size()) {
                throw tooLong();
            }
            all.write(exactly(length));
            if (!line().isEmpty()) {
                throw new IOException("the web server's answer has a broken chunk");
            }
        }
    }

    private byte[] exactly(int length) throws IOException {
        if (length > max) {
            throw tooLong();
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the web server's answer breaks off");
        }
        return bytes;
    }

    private byte[] rest() throws IOException {
        byte[] bytes = in.readNBytes(max + 1);
        if (bytes.length > max) {
            throw tooLong();
        }
        return bytes;
    }

    private static int length(String text, int radix) throws IOException {
        boolean digits = !text.isEmpty()
                && text.length() <= DIGITS_MAX
                && text.chars().allMatch(c -> c < 0x80 && Character.digit(c, radix) >= 0);
        if (!digits) {
            throw new IOException("the web server's answer has a length that is none");
        }
        return Integer.parseInt(text, radix);
    }

    private IOException tooLong() {
        return new IOException("the web server's answer has more than " + max + " bytes");
    }

    /// A line without its end.
    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the web server's answer breaks off");
            }
            if (++lines > LINES_BYTES_MAX) {
                throw new IOException("the web server's answer has too long a header");
            }
            line.write(b);
        }
        lines++;
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
