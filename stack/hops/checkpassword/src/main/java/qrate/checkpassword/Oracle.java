package qrate.checkpassword;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import jdk.net.ExtendedSocketOptions;
import qrate.checkpassword.PasswordChecker.Answer;
import qrate.checkpassword.PasswordChecker.Asker;
import qrate.core.Daemon;
import qrate.core.Log;

/// The password oracle: the only one who holds hashes tells others whether a login is right, on a Unix socket.
///
/// A question is what checkpassword has on descriptor 3 (login, password, timestamp), then the door and the client's
/// address, each ended by NUL, then the end. The answer is `+`, address and home below the maildirs; `-` for no; `~`
/// for too many tries; `?` and why it cannot be told now; the texts ended by NUL. One question a connection.
///
/// Whoever asks holds a permit of its user's share, for a moment of reading and as long as {@link Workers} let it wait.
public final class Oracle implements AutoCloseable {
    /// Name of the socket in its folder.
    static final String SOCKET = "vchkpw.sock";

    /// Name of the file of {@link Known} beside it.
    static final String KNOWN = "known";

    /// Questions at once from one user of the system; the next is told to come later.
    static final int PER_USER_MAX = 512;

    /// Longest wait for a question to be whole.
    static final Duration QUESTION_WAIT_MAX = Duration.ofSeconds(2);

    /// Longest question in bytes.
    static final int QUESTION_BYTES_MAX = 2048;

    /// Users of the system that may ask: more than there are services.
    private static final int USERS_MAX = 16;

    private static final int BACKLOG = 512;
    private static final int QUESTION_TEXTS = 5;

    private final PasswordChecker checker;
    private final Path socket;
    private final Path maildirs;
    private final Log log;
    private final ServerSocketChannel listener;
    private final Map<String, Semaphore> shares = new ConcurrentHashMap<>();

    private Oracle(PasswordChecker checker, Path socket, Path maildirs, Log log) throws IOException {
        this.checker = checker;
        this.socket = socket;
        this.maildirs = maildirs.toAbsolutePath().normalize();
        this.log = log;
        Files.deleteIfExists(socket);
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
    }

    /// Listens from now on; a socket file left by a process before this one is replaced.
    ///
    /// @param maildirs what homes are told relative to
    static Oracle start(PasswordChecker checker, Path socket, Path maildirs, Log log) throws IOException {
        Oracle oracle = new Oracle(checker, socket, maildirs, log);
        Thread.ofPlatform().daemon().name("vchkpwd").start(oracle::accept);
        return oracle;
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                SocketChannel channel = listener.accept();
                Thread.ofVirtual().start(() -> serve(channel));
            } catch (IOException e) {
                if (listener.isOpen()) {
                    log.line("vchkpwd: unable to accept: " + e.getMessage());
                    Daemon.stumble();
                }
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            Optional<Semaphore> share = share(channel);
            if (share.isEmpty() || !share.get().tryAcquire()) {
                Exchange.say(channel, "?too many questions at once\0".getBytes(UTF_8));
                return;
            }
            try {
                byte[] question = Exchange.read(channel, QUESTION_BYTES_MAX, QUESTION_WAIT_MAX);
                if (question.length > 0) { // who says nothing only looks whether somebody is here
                    Exchange.say(channel, answer(question).getBytes(UTF_8));
                }
            } finally {
                share.get().release();
            }
        } catch (IOException | RuntimeException e) {
            log.line("vchkpwd: question dropped: " + e.getMessage());
        }
    }

    /// The permits of the user who asks; empty for one user too many.
    private Optional<Semaphore> share(SocketChannel channel) throws IOException {
        String user =
                channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        if (shares.size() >= USERS_MAX && !shares.containsKey(user)) {
            return Optional.empty();
        }
        return Optional.of(shares.computeIfAbsent(user, _ -> new Semaphore(PER_USER_MAX)));
    }

    private String answer(byte[] question) throws IOException {
        // one char a byte: a password need not be text
        List<String> said = Exchange.texts(question, QUESTION_TEXTS, ISO_8859_1);
        byte[] password = said.get(1).getBytes(ISO_8859_1);
        Arrays.fill(question, (byte) 0);
        try {
            Asker asker = Asker.valueOf(said.get(3));
            String login = new String(said.get(0).getBytes(ISO_8859_1), UTF_8);
            return text(checker.check(login, password, asker, said.get(4)));
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private String text(Answer answer) {
        return switch (answer) {
            case Answer.Accepted(String address, Path home) -> "+" + address + "\0" + maildirs.relativize(home) + "\0";
            case Answer.Refused _ -> "-";
            case Answer.Throttled _ -> "~";
            case Answer.Unavailable(String why) -> "?" + why.replace('\0', ' ') + "\0";
        };
    }

    @Override
    public void close() {
        try {
            listener.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            log.line("vchkpwd: warning: " + socket.getFileName() + ": " + e.getMessage());
        }
    }
}
