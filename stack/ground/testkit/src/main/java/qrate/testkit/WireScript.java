package qrate.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Plays a recorded dialogue against a real listener.
///
/// Each line of a script is `C: text` (sent with CRLF; `\r`, `\n`, `\0`, `\\` and `\xNN` are understood, and a
/// line `C+ text`
/// is sent without CRLF and without waiting), `S: text` (the next line from the server must be that), `S~ regex`
/// (must match
/// it), `S!` (the server closes), or `#` and a comment.
public final class WireScript {
    private static final int READ_TIMEOUT_MILLIS = 30_000;

    private WireScript() {}

    /// Plays a file.
    public static void play(Path file, int port) throws IOException {
        play(Files.readAllLines(file), port);
    }

    /// Plays lines against 127.0.0.1.
    public static void play(List<String> script, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), READ_TIMEOUT_MILLIS);
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            int number = 0;
            for (String line : script) {
                number++;
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String kind = line.substring(0, 2);
                String text = line.length() > 3 ? line.substring(3) : "";
                switch (kind) {
                    case "C:" -> send(out, text + "\\r\\n");
                    case "C+" -> send(out, text);
                    case "S:", "S~" -> {
                        String got = receive(in);
                        boolean same = kind.equals("S:") ? got.equals(text) : got.matches(text);
                        if (!same) {
                            throw new AssertionError("line " + number + ": expected " + text + " but got " + got);
                        }
                    }
                    case "S!" -> {
                        int b = closedRead(in);
                        if (b >= 0) {
                            throw new AssertionError("line " + number + ": the connection is still open");
                        }
                    }
                    default -> throw new AssertionError("line " + number + ": not a script line: " + line);
                }
            }
        }
    }

    private static int closedRead(InputStream in) {
        try {
            return in.read();
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (IOException _) {
            return -1; // a reset closes as well
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(unescape(text));
        out.flush();
    }

    private static String receive(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return line + "<end>";
            }
            line.append((char) b);
        }
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
            throw new AssertionError("the server sent a line without CRLF: " + line);
        }
        line.setLength(line.length() - 1);
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    static byte[] unescape(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[utf8.length];
        int n = 0;
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] != '\\' || i + 1 == utf8.length) {
                out[n++] = utf8[i];
                continue;
            }
            switch (utf8[++i]) {
                case 'r' -> out[n++] = '\r';
                case 'n' -> out[n++] = '\n';
                case '0' -> out[n++] = 0;
                case 'x' -> {
                    out[n++] = (byte) Integer.parseInt(new String(utf8, i + 1, 2, StandardCharsets.US_ASCII), 16);
                    i += 2;
                }
                default -> out[n++] = utf8[i];
            }
        }
        return java.util.Arrays.copyOf(out, n);
    }
}
