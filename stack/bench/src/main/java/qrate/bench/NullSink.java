package qrate.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// Says yes to everything and keeps nothing: the ceiling of the generator itself.
final class NullSink implements AutoCloseable {
    private final ServerSocket door;

    NullSink() throws IOException {
        door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("null sink").start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket socket = door.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 4096);
            OutputStream out = socket.getOutputStream();
            byte[] yes = "250 ok\r\n".getBytes(US_ASCII);
            out.write("220 sink\r\n".getBytes(US_ASCII));
            boolean data = false;
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b != '\n') {
                    if (line.length() < 8) {
                        line.append((char) b);
                    }
                    continue;
                }
                String command = line.toString();
                line.setLength(0);
                if (data && !command.equals(".\r")) {
                    continue;
                }
                data = command.startsWith("DATA");
                out.write(data ? "354 go\r\n".getBytes(US_ASCII) : yes);
                if (command.startsWith("QUIT")) {
                    return;
                }
            }
        } catch (IOException _) {
            // the client went away: nothing was promised
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
