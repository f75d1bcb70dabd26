package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import qrate.checkpassword.Upgrades;
import qrate.core.Daemon;
import qrate.core.Log;

/// Takes what {@link Upgrades} offers: a login and a password, which is hashed anew when it is right and its hash is
/// old. Offers are taken one at a time, so that a flood of them costs one processor at most; nothing is answered.
public final class Upgrader implements AutoCloseable {
    /// Longest wait for an offer to be whole.
    static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    private static final int WAITING_MAX = 16;

    private final Domains domains;
    private final Path socket;
    private final Log log;
    private final ServerSocketChannel listener;

    /// @param password in clear; never shown
    private record Offer(String account, Password.Clear password) {}

    private Upgrader(Domains domains, Path socket, Log log) throws IOException {
        this.domains = domains;
        this.socket = socket;
        this.log = log;
        Files.deleteIfExists(socket);
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket), WAITING_MAX);
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
    }

    /// Listens from now on; a socket file left by a process before this one is replaced.
    public static Upgrader start(Domains domains, Path socket, Log log) throws IOException {
        Upgrader upgrader = new Upgrader(domains.as("vchkpw"), socket, log);
        Thread.ofVirtual().name("password-upgrades").start(upgrader::serve);
        return upgrader;
    }

    private void serve() {
        while (listener.isOpen()) {
            try (SocketChannel channel = listener.accept()) {
                take(channel);
            } catch (IOException e) {
                if (listener.isOpen()) {
                    log.line("admin: warning: password hash not upgraded: " + e.getMessage());
                    Daemon.stumble();
                }
            }
        }
    }

    private void take(SocketChannel channel) throws IOException {
        Optional<Offer> offer = read(channel);
        if (offer.isPresent() && domains.upgrade(offer.get().account, offer.get().password) instanceof Change.Done) {
            log.line("admin: password hash upgraded: " + Log.escape(offer.get().account));
        }
    }

    private static Optional<Offer> read(SocketChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Upgrades.OFFER_BYTES_MAX + 1);
        long end = System.nanoTime() + WAIT_NANOS_MAX;
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            while (bytes.hasRemaining()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0 || selector.select(left) == 0) {
                    return Optional.empty();
                }
                selector.selectedKeys().clear();
                if (channel.read(bytes) < 0) {
                    return parse(Arrays.copyOf(bytes.array(), bytes.position()));
                }
            }
        }
        return Optional.empty();
    }

    /// Two texts, each ended by NUL, and nothing after them.
    private static Optional<Offer> parse(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        String[] parts = text.split("\0", -1);
        boolean whole = parts.length == 3 && parts[2].isEmpty() && Arrays.equals(text.getBytes(UTF_8), bytes);
        return whole ? Optional.of(new Offer(parts[0], new Password.Clear(parts[1]))) : Optional.empty();
    }

    @Override
    public void close() {
        try {
            listener.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            log.line("admin: warning: " + socket.getFileName() + ": " + e.getMessage());
        }
    }
}
