package qrate.acme;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import qrate.core.Daemon;
import qrate.core.Log;

/// Answers a CA at `http://NAME/.well-known/acme-challenge/TOKEN` (RFC 8555 §8.3), and anybody else with 404.
/// Open while there is something to answer, and no longer.
final class HttpDoor implements Answering, AutoCloseable {
    /// Longest request, in bytes, with all its fields.
    static final int REQUEST_BYTES_MAX = 8 << 10;

    /// How long a client may be silent, in milliseconds.
    static final int SILENCE_MILLIS_MAX = 5000;

    /// How long a client may take as a whole.
    static final Duration REQUEST_MAX = Duration.ofSeconds(10);

    /// Connections at once; more wait.
    static final int CONNECTIONS_MAX = 50;

    /// How many of those who asked are logged.
    static final int LOGGED_MAX = 20;

    private static final String PLACE = "/.well-known/acme-challenge/";

    private final ServerSocket socket;
    private final Log log;
    private final Map<String, String> contents = new ConcurrentHashMap<>();
    private final Semaphore permits = new Semaphore(CONNECTIONS_MAX);
    private final AtomicInteger logged = new AtomicInteger();

    private HttpDoor(ServerSocket socket, Log log) {
        this.socket = socket;
        this.log = log;
    }

    /// Opens it.
    ///
    /// @param at port 0 for any
    /// @throws IOException says which port cannot be had, and what helps
    static HttpDoor open(InetSocketAddress at, Log log) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(at, CONNECTIONS_MAX);
        } catch (IOException e) {
            socket.close();
            throw new IOException(
                    "port " + at.getPort() + ", where the CA looks for its answer, cannot be opened: " + e.getMessage()
                            + " (QRATE_ACME_PORT names another one for a proxy, control/acmehook answers by DNS)",
                    e);
        }
        HttpDoor door = new HttpDoor(socket, log);
        Thread.ofVirtual().name("acme-http").start(door::listen);
        return door;
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void present(Answer answer) {
        contents.put(answer.token(), answer.content());
    }

    @Override
    public void remove(Answer answer) {
        contents.remove(answer.token());
    }

    private void listen() {
        while (!socket.isClosed()) {
            try {
                permits.acquire();
                Socket client;
                try {
                    client = socket.accept();
                } catch (IOException e) {
                    permits.release();
                    throw e;
                }
                Thread.ofVirtual().name("acme-http-client").start(() -> serve(client));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    log.line("acme: port " + socket.getLocalPort() + ": " + e.getMessage());
                    Daemon.stumble();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setSoTimeout(SILENCE_MILLIS_MAX);
            Optional<String> path =
                    path(new BufferedInputStream(client.getInputStream()), System.nanoTime() + REQUEST_MAX.toNanos());
            if (path.isPresent()) {
                client.getOutputStream().write(answer(path.get(), client.getInetAddress()));
                client.shutdownOutput();
            }
        } catch (IOException _) {
            // a stranger who went, or never spoke
        } finally {
            permits.release();
        }
    }

    /// The path that is asked for; the fields are read to their end, and count for nothing.
    private static Optional<String> path(InputStream in, long end) throws IOException {
        StringBuilder request = new StringBuilder();
        while (request.length() < REQUEST_BYTES_MAX && System.nanoTime() < end) {
            int c = in.read();
            if (c < 0) {
                return Optional.empty();
            }
            request.append((char) c);
            if (c == '\n' && (request.indexOf("\r\n\r\n") >= 0 || request.indexOf("\n\n") >= 0)) {
                String[] line =
                        request.substring(0, request.indexOf("\n")).strip().split(" ", -1);
                return line.length == 3 && (line[0].equals("GET") || line[0].equals("HEAD"))
                        ? Optional.of(line[1])
                        : Optional.of("");
            }
        }
        return Optional.empty();
    }

    private byte[] answer(String path, InetAddress peer) {
        Optional<String> content = path.startsWith(PLACE)
                ? Optional.ofNullable(contents.get(path.substring(PLACE.length())))
                : Optional.empty();
        if (logged.incrementAndGet() <= LOGGED_MAX) {
            log.line("acme: " + peer.getHostAddress() + " asked for " + path
                    + (content.isPresent() ? "" : ", which is not here"));
        }
        String body = content.orElse("not here\n");
        String head = "HTTP/1.1 " + (content.isPresent() ? "200 OK" : "404 Not Found")
                + "\r\nContent-Type: " + (content.isPresent() ? "application/octet-stream" : "text/plain")
                + "\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n";
        return (head + body).getBytes(path.startsWith(PLACE) ? US_ASCII : ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
