package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import qrate.checkpassword.LoginNotes;
import qrate.core.Daemon;
import qrate.core.Exchange;
import qrate.core.Log;
import qrate.core.UnixSocket;

/// Takes what {@link LoginNotes} tells, and writes it down every few seconds, all of it at once: no login waits for the
/// database, and it is not written to for each.
public final class LoginKeeper implements AutoCloseable {
    /// Longest wait for a note to be whole.
    static final Duration WAIT_MAX = Duration.ofSeconds(1);

    /// How often what was told is written.
    static final Duration WRITTEN_EVERY = Duration.ofSeconds(5);

    /// Most notes that wait for that; more are lost.
    static final int WAITING_MAX = 2000;

    private static final int BACKLOG = 64;
    private static final int TEXTS = 4;

    private final Logins logins;
    private final Path socket;
    private final InstantSource clock;
    private final Log log;
    private final ServerSocketChannel listener;
    private final Thread writer;
    private final Map<String, Logins.Login> waiting = new LinkedHashMap<>();

    private LoginKeeper(Domains domains, Path socket, InstantSource clock, Log log) throws IOException {
        this.logins = domains.logins();
        this.socket = socket;
        this.clock = clock;
        this.log = log;
        listener = UnixSocket.listen(socket, BACKLOG, UnixSocket.GROUP);
        writer = Thread.ofVirtual().name("logins-written").unstarted(this::write);
    }

    /// Listens from now on; a socket file left by a process before this one is replaced.
    public static LoginKeeper start(Domains domains, Path socket, InstantSource clock, Log log) throws IOException {
        LoginKeeper keeper = new LoginKeeper(domains, socket, clock, log);
        Thread.ofVirtual().name("logins").start(keeper::serve);
        keeper.writer.start();
        return keeper;
    }

    private void serve() {
        while (listener.isOpen()) {
            try (SocketChannel channel = listener.accept()) {
                take(channel);
            } catch (IOException e) {
                if (listener.isOpen()) {
                    log.line("admin: warning: last logins: " + e.getMessage());
                    Daemon.stumble();
                }
            }
        }
    }

    private void take(SocketChannel channel) {
        try {
            List<String> texts =
                    Exchange.texts(Exchange.read(channel, LoginNotes.NOTE_BYTES_MAX, WAIT_MAX), TEXTS, UTF_8);
            Logins.Door door = Logins.Door.valueOf(texts.get(1));
            keep(new Logins.Login(texts.get(0), door, SignIns.remote(texts.get(2)), texts.get(3), clock.instant()));
        } catch (IOException | IllegalArgumentException _) {
            // no note: nothing is answered, and it is worth no line
        }
    }

    private void keep(Logins.Login login) {
        synchronized (waiting) {
            if (waiting.size() < WAITING_MAX) {
                waiting.put(login.holder() + " " + login.door() + " " + login.from() + " " + login.app(), login);
            }
        }
    }

    private void write() {
        try {
            while (listener.isOpen()) {
                Thread.sleep(WRITTEN_EVERY);
                flush();
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private void flush() {
        List<Logins.Login> all;
        synchronized (waiting) {
            all = new ArrayList<>(waiting.values());
            waiting.clear();
        }
        try {
            if (!all.isEmpty()) {
                logins.note(all);
            }
        } catch (IOException e) {
            log.line("admin: warning: last logins are not kept: " + e.getMessage());
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
        writer.interrupt();
        flush();
    }
}
