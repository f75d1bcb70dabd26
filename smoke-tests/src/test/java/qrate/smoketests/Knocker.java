package qrate.smoketests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;

/// Comes to a door every 50 ms, whether the one before was served or not, until it is closed, and writes down how it
/// was met: by a greeting, by a word that it may
/// come back, or by nothing at all.
final class Knocker implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(50);
    private static final int AT_ONCE_MAX = 20;
    private static final int PATIENCE_MILLIS = 10_000;

    private final int port;
    private final SSLContext tls;
    private final Thread thread;
    private final Map<String, Integer> met = new TreeMap<>();
    private final TreeSet<Long> welcome = new TreeSet<>(List.of(System.nanoTime()));
    private final Semaphore outside = new Semaphore(AT_ONCE_MAX);
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean over;

    /// @param tls for a door where TLS comes first, else null
    Knocker(int port, SSLContext tls) {
        this.port = port;
        this.tls = tls;
        this.thread = Thread.ofPlatform().name("knocker-" + port).start(this::knockOn);
    }

    private void knockOn() {
        while (!over) {
            if (outside.tryAcquire()) { // else those who wait already are as many as one address may be
                clients.add(Thread.ofVirtual().start(this::client));
            }
            try {
                Thread.sleep(EVERY);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    /// Whoever is made to wait was not refused: what counts is when the door was come to.
    private void client() {
        long begun = System.nanoTime();
        String how = knock();
        outside.release();
        synchronized (met) {
            met.merge(how, 1, Integer::sum);
            if (how.equals("greeted") || how.equals("told to come back")) {
                welcome.add(begun);
            }
        }
    }

    private String knock() {
        try (Socket socket = open()) {
            byte[] line = socket.getInputStream().readNBytes(3);
            String word = new String(line, US_ASCII);
            return switch (word) {
                case "220", "+OK" -> "greeted";
                case "421", "-ER" -> "told to come back";
                default -> "not a word";
            };
        } catch (IOException e) {
            return e.getClass().getSimpleName();
        }
    }

    private Socket open() throws IOException {
        Socket plain = new Socket();
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        plain.setSoTimeout(PATIENCE_MILLIS);
        return tls == null ? plain : tls.getSocketFactory().createSocket(plain, "localhost", port, true);
    }

    /// Longest time between two that were met by a word.
    Duration longest() {
        synchronized (met) {
            long longest = 0;
            long last = welcome.getFirst();
            for (long next : welcome) {
                longest = Math.max(longest, next - last);
                last = next;
            }
            return Duration.ofNanos(longest);
        }
    }

    @Override
    public String toString() {
        return "port " + port + ": " + met + ", longest gap " + longest().toMillis() + " ms";
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
            for (Thread client : clients) {
                client.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
