package qrate.remote;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// An SMTP server on 127.0.0.1 that says what a test wants, connection by connection.
final class FakeSmtp implements AutoCloseable {
    /// The server's name in a handshake (SNI); empty where none was said.
    static String nameAskedFor(SSLSocket socket) {
        return ((ExtendedSSLSession) socket.getSession())
                .getRequestedServerNames().stream()
                        .map(one -> new String(one.getEncoded(), StandardCharsets.US_ASCII))
                        .findFirst()
                        .orElse("");
    }

    /// What one connection does.
    @FunctionalInterface
    interface Talk {
        void with(Peer peer) throws IOException;
    }

    private final ServerSocket listener;
    private final List<Talk> talks;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> names = new CopyOnWriteArrayList<>();
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    /// @param talks one for each connection; the last one again and again
    FakeSmtp(Talk... talks) throws IOException {
        this.talks = List.of(talks);
        listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(this::listen);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// All that was said to it, over all connections; without the content of messages.
    List<String> commands() {
        return List.copyOf(commands);
    }

    /// The messages, as they were on the wire, dots doubled, without the final one.
    List<String> messages() {
        return List.copyOf(messages);
    }

    /// Whose certificate was asked for by SNI, handshake by handshake.
    List<String> names() {
        return List.copyOf(names);
    }

    int connections() {
        return connections.get();
    }

    /// Connections open at once at most.
    int most() {
        return most.get();
    }

    int open() {
        return open.size();
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                int number = connections.getAndIncrement();
                open.add(socket);
                most.accumulateAndGet(open.size(), Math::max);
                Thread.ofVirtual().start(() -> serve(socket, talks.get(Math.min(number, talks.size() - 1))));
            } catch (IOException _) {
                // closed: the loop ends
            }
        }
    }

    private void serve(Socket socket, Talk talk) {
        try (socket) {
            talk.with(new Peer(socket));
        } catch (IOException _) {
            // the client went away, as it may
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /// One connection.
    final class Peer {
        private Socket socket;
        private InputStream in;
        private OutputStream out;

        private Peer(Socket socket) throws IOException {
            use(socket);
        }

        private void use(Socket now) throws IOException {
            socket = now;
            in = new BufferedInputStream(now.getInputStream());
            out = new BufferedOutputStream(now.getOutputStream());
        }

        void say(String... lines) throws IOException {
            for (String line : lines) {
                raw(line + "\r\n");
            }
            out.flush();
        }

        void raw(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }

        void flush() throws IOException {
            out.flush();
        }

        /// The next command; an IOException at the end.
        String hear() throws IOException {
            String line = line();
            commands.add(line);
            return line;
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (true) {
                int b = in.read();
                if (b < 0) {
                    throw new IOException("closed");
                }
                line.write(b);
                byte[] bytes = line.toByteArray();
                if (b == '\n' && bytes.length > 1 && bytes[bytes.length - 2] == '\r') {
                    return new String(bytes, 0, bytes.length - 2, StandardCharsets.UTF_8);
                }
            }
        }

        /// A message's content up to the final dot.
        String content() throws IOException {
            StringBuilder all = new StringBuilder();
            for (String line = line(); !line.equals("."); line = line()) {
                all.append(line).append("\r\n");
            }
            messages.add(all.toString());
            return all.toString();
        }

        void startTls(SSLContext context) throws IOException {
            SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, "", 0, true);
            secured.setUseClientMode(false);
            secured.startHandshake();
            names.add(nameAskedFor(secured));
            use(secured);
        }
    }
}
