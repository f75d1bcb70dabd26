package qrate.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import qrate.core.Service;

/// A listener on port 0 of 127.0.0.1 in tcpserver's place, without rules, limits or TLS.
public final class LoopbackListener implements AutoCloseable {
    private final ServerSocket server;
    private final Service service;
    private final Thread listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    /// Listens at once.
    public LoopbackListener(Service service) throws IOException {
        this(service, 0);
    }

    /// Listens on a port of one's choice, as a server that is there again.
    public LoopbackListener(Service service, int port) throws IOException {
        this.server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        this.service = service;
        this.listening = Thread.ofVirtual().start(this::listen);
    }

    /// Where it listens.
    public int port() {
        return server.getLocalPort();
    }

    /// How many connections were accepted so far.
    public int connections() {
        return connections.get();
    }

    private void listen() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            service.serve(new Plain(socket));
        } catch (IOException _) {
            // the connection is closed, which is what the tests look for
        } finally {
            open.remove(socket);
        }
    }

    /// Drops whatever is connected, as a server that is restarted.
    public void drop() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            // the kernel takes connections until the thread that waits for them is out of its call
            listening.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        drop();
    }

    private static final class Plain extends PlainConnection {
        private final Socket socket;

        Plain(Socket socket) throws IOException {
            super(new BufferedInputStream(socket.getInputStream()), new BufferedOutputStream(socket.getOutputStream()));
            this.socket = socket;
        }

        @Override
        public Map<String, String> environment() {
            return Map.of("PROTO", "TCP", "TCPREMOTEIP", "127.0.0.1");
        }

        @Override
        public void readTimeout(Duration wait) throws IOException {
            socket.setSoTimeout((int) wait.toMillis());
        }
    }
}
