package qrate.httpd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/// Connections to a door from addresses of one's choice.
final class Wires implements AutoCloseable {
    private static final int WAIT_MILLIS = 60_000;

    private final int port;
    private final List<Socket> open = new ArrayList<>();

    Wires(HttpListener door) {
        this.port = door.address().getPort();
    }

    Socket from(String address) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port), WAIT_MILLIS);
        socket.setSoTimeout(WAIT_MILLIS);
        open.add(socket);
        return socket;
    }

    static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /// Everything until the end.
    static String all(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] part = new byte[4096];
        try {
            for (int n = socket.getInputStream().read(part);
                    n >= 0;
                    n = socket.getInputStream().read(part)) {
                text.append(new String(part, 0, n, ISO_8859_1));
            }
        } catch (SocketException _) {
            // reset: as good an end as any
        }
        return text.toString();
    }

    /// One request by itself.
    String ask(String address, String request) throws IOException {
        try (Socket socket = from(address)) {
            say(socket, request);
            return all(socket);
        }
    }

    /// A plain request.
    String get(String address, String path) throws IOException {
        return ask(address, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }
}
