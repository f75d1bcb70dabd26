package qrate.pop3d;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import qrate.core.Connection;
import qrate.core.Service;

/// A listener on port 0 of 127.0.0.1 without TLS, a virtual thread a connection.
final class PlainServer implements AutoCloseable {
    private final ServerSocket listener;

    PlainServer(Service service) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(() -> accept(service));
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept(Service service) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(service, socket));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private static void serve(Service service, Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            service.serve(new Plain(socket, socket.getInputStream(), socket.getOutputStream()));
        } catch (IOException _) {
            // the client has gone, as some tests want it
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private static final class Plain implements Connection {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Plain(Socket socket, InputStream in, OutputStream out) {
            this.socket = socket;
            this.in = new BufferedInputStream(in);
            this.out = new BufferedOutputStream(out, 1 << 14);
        }

        @Override
        public InputStream in() {
            return in;
        }

        @Override
        public OutputStream out() {
            return out;
        }

        @Override
        public Map<String, String> environment() {
            return Map.of("PROTO", "TCP", "TCPREMOTEIP", "127.0.0.1");
        }

        @Override
        public boolean secured() {
            return false;
        }

        @Override
        public boolean canStartTls() {
            return false;
        }

        @Override
        public void startTls() throws IOException {
            throw new IOException("no TLS here");
        }

        @Override
        public String cipher() {
            return "";
        }

        @Override
        public void readTimeout(Duration wait) throws IOException {
            socket.setSoTimeout((int) wait.toMillis());
        }
    }
}
