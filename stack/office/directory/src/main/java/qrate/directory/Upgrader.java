package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import qrate.checkpassword.Upgrades;
import qrate.core.Daemon;
import qrate.core.Exchange;
import qrate.core.Log;
import qrate.core.UnixSocket;

/// Takes what {@link Upgrades} offers: a login and a password, which is hashed anew when it is right and its hash is
/// old. Offers are taken one at a time, so that a flood of them costs one processor at most; nothing is answered.
public final class Upgrader implements AutoCloseable {
    /// Longest wait for an offer to be whole.
    static final Duration WAIT_MAX = Duration.ofSeconds(1);

    private static final int WAITING_MAX = 16;

    private final Domains domains;
    private final Path socket;
    private final Log log;
    private final ServerSocketChannel listener;

    private Upgrader(Domains domains, Path socket, Log log) throws IOException {
        this.domains = domains;
        this.socket = socket;
        this.log = log;
        listener = UnixSocket.listen(socket, WAITING_MAX, UnixSocket.GROUP);
    }

    /// Listens from now on; a socket file left by a process before this one is replaced.
    public static Upgrader start(Domains domains, Path socket, Log log) throws IOException {
        Upgrader upgrader = new Upgrader(domains.as(new Actor("vchkpw", Actor.Door.LOGIN, "")), socket, log);
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
        List<String> texts;
        try {
            texts = Exchange.texts(Exchange.read(channel, Upgrades.OFFER_BYTES_MAX, WAIT_MAX), 2, UTF_8);
        } catch (IOException _) {
            return; // no offer: nothing is answered, and it is worth no line
        }
        if (domains.upgrade(texts.get(0), new Password.Clear(texts.get(1))) instanceof Change.Done) {
            log.line("admin: password hash upgraded: " + Log.escape(texts.get(0)));
        }
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
