package qrate.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import jdk.net.ExtendedSocketOptions;

/// A Unix socket where those who hold a secret answer those who do not: one question a connection, in {@link
/// Exchange}'s frames.
///
/// Whoever asks holds a permit of its user's share, for a moment of reading and as long as the answer takes. Its group
/// may ask (mode 660).
public final class ExchangeDoor implements AutoCloseable {
    /// Users of the system that may ask: more than there are services.
    private static final int USERS_MAX = 16;

    private static final int BACKLOG = 512;

    /// What is said instead of an answer where there are too many questions.
    public static final String TOO_MANY = "?too many questions at once\0";

    /// Who answers.
    @FunctionalInterface
    public interface Answerer {
        /// @param question not empty
        /// @throws IOException when it is no question: the connection ends without an answer
        String answer(byte[] question) throws IOException;
    }

    /// What the door takes.
    ///
    /// @param name for the log
    /// @param perUserMax questions at once from one user of the system
    /// @param bytesMax longest question
    /// @param patience longest wait for one to be whole
    public record Terms(String name, int perUserMax, int bytesMax, Duration patience) {}

    private final Terms terms;
    private final Path socket;
    private final Answerer answerer;
    private final Log log;
    private final ServerSocketChannel listener;
    private final Map<String, Semaphore> shares = new ConcurrentHashMap<>();

    private ExchangeDoor(Path socket, Terms terms, Answerer answerer, Log log) throws IOException {
        this.terms = terms;
        this.socket = socket;
        this.answerer = answerer;
        this.log = log;
        listener = UnixSocket.listen(socket, BACKLOG, UnixSocket.GROUP);
    }

    /// Listens from now on; a socket file left by a process before this one is replaced.
    public static ExchangeDoor start(Path socket, Terms terms, Answerer answerer, Log log) throws IOException {
        ExchangeDoor door = new ExchangeDoor(socket, terms, answerer, log);
        Thread.ofPlatform().daemon().name(terms.name).start(door::accept);
        return door;
    }

    /// Whether somebody listens there.
    public static boolean answers(Path socket) {
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Asks at such a door.
    ///
    /// @param bytesMax longest answer
    /// @param wait longest wait for it
    /// @return empty when the door does not take the question for one
    public static byte[] ask(Path socket, byte[] question, int bytesMax, Duration wait) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Exchange.say(channel, question);
            return Exchange.read(channel, bytesMax, wait);
        }
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                SocketChannel channel = listener.accept();
                Thread.ofVirtual().start(() -> serve(channel));
            } catch (IOException e) {
                if (listener.isOpen()) {
                    log.line(terms.name + ": unable to accept: " + e.getMessage());
                    Daemon.stumble();
                }
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            Optional<Semaphore> share = share(channel);
            if (share.isEmpty() || !share.get().tryAcquire()) {
                Exchange.say(channel, TOO_MANY.getBytes(UTF_8));
                return;
            }
            try {
                byte[] question = Exchange.read(channel, terms.bytesMax, terms.patience);
                if (question.length > 0) { // who says nothing only looks whether somebody is here
                    Exchange.say(channel, answerer.answer(question).getBytes(UTF_8));
                }
            } finally {
                share.get().release();
            }
        } catch (IOException | RuntimeException e) {
            log.line(terms.name + ": question dropped: " + e.getMessage());
        }
    }

    /// The permits of the user who asks; empty for one user too many.
    private Optional<Semaphore> share(SocketChannel channel) throws IOException {
        String user =
                channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        if (shares.size() >= USERS_MAX && !shares.containsKey(user)) {
            return Optional.empty();
        }
        return Optional.of(shares.computeIfAbsent(user, _ -> new Semaphore(terms.perUserMax)));
    }

    @Override
    public void close() {
        try {
            listener.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            log.line(terms.name + ": warning: " + socket.getFileName() + ": " + e.getMessage());
        }
    }
}
