package qrate.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A web server on 127.0.0.1, in TLS, that says one thing to whoever asks.
public final class FakeWeb implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final SSLContext context;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> names = new CopyOnWriteArrayList<>();
    private volatile String answer = "HTTP/1.1 404 Not Found\r\n\r\n";

    public FakeWeb(SSLContext context) throws IOException {
        this.context = context;
        Thread.ofVirtual().start(this::listen);
    }

    /// A text with 200.
    FakeWeb serving(String text) {
        return saying("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " + text.length()
                + "\r\n\r\n" + text);
    }

    /// Bytes as they are; an empty text never answers.
    public FakeWeb saying(String all) {
        answer = all;
        return this;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// The first lines and hosts of what was asked.
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /// Whose certificate was asked for by SNI, connection by connection.
    List<String> names() {
        return List.copyOf(names);
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException _) {
                // closed: the loop ends
            }
        }
    }

    private void serve(Socket raw) {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, "", 0, true)) {
            socket.setUseClientMode(false);
            String request = head(socket.getInputStream());
            List<String> lines = request.lines().toList();
            names.add(FakeSmtp.nameAskedFor(socket));
            requests.add(lines.get(0) + " " + lines.get(1));
            if (answer.isEmpty()) {
                socket.getInputStream().read(); // until the client gives up
                return;
            }
            OutputStream out = socket.getOutputStream();
            out.write(answer.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException _) {
            // the client went away, as it may
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("closed");
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
