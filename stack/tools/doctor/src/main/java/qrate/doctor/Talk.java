package qrate.doctor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/// A connection to a server, in lines of bounded length that come in bounded time.
final class Talk implements AutoCloseable {
    /// Longest wait for a connection, and for one answer.
    static final Duration WAIT_MAX = Duration.ofSeconds(10);

    private static final int LINE_BYTES_MAX = 2048;
    private static final int LINES_MAX = 200;

    private final Socket socket;
    private final InputStream in;

    private Talk(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /// @throws IOException when nobody answers there
    static Talk to(InetSocketAddress server) throws IOException {
        if (server.isUnresolved()) {
            throw new IOException("no such host: " + server.getHostString());
        }
        Socket socket = new Socket();
        try {
            socket.connect(server, Math.toIntExact(WAIT_MAX.toMillis()));
            socket.setSoTimeout(Math.toIntExact(WAIT_MAX.toMillis()));
            return new Talk(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    void say(String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(ISO_8859_1));
    }

    /// A line without its end; empty at the end of the stream.
    ///
    /// @throws IOException when it is too long, or does not come
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (line.length() >= LINE_BYTES_MAX) {
                throw new IOException("an endless line");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    /// The last line of an SMTP reply (RFC 5321 §4.2.1).
    String reply() throws IOException {
        for (int i = 0; i < LINES_MAX; i++) {
            String line = line();
            if (line.length() < 4 || line.charAt(3) != '-') {
                return line;
            }
        }
        throw new IOException("an endless reply");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
