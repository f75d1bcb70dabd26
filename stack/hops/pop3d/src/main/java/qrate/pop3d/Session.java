package qrate.pop3d;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import qrate.checkpassword.PasswordChecker;
import qrate.checkpassword.PasswordChecker.Answer;
import qrate.checkpassword.PasswordChecker.Asker;
import qrate.core.Connection;
import qrate.core.LineReader;
import qrate.maildir.MaildirReader;

/// One client's dialogue.
final class Session {
    /// Longest command line in bytes, its ending included; RFC 2449 §4 asks for 255, a SASL response may be longer.
    static final int COMMAND_LINE_BYTES_MAX = 2048;

    /// Longest silence (RFC 1939 §3).
    static final Duration IDLE_MAX = Duration.ofMinutes(10);

    /// Longest time until a login succeeds, so that a slow stranger does not hold a connection.
    static final Duration LOGIN_MAX = Connection.STRANGER_MAX;

    private static final Duration ENDLESS = Duration.ofDays(365);

    /// Senseless commands in a session before it is closed.
    static final int WRONG_MAX = 20;

    /// Refused logins in a session before it is closed.
    static final int REFUSED_MAX = 3;

    private static final String TAKEN = "-ERR [IN-USE] a newer session has this box, nothing was deleted";

    private final Pop3d pop3d;
    private final Connection connection;
    private final String remote;
    private final Instant started;
    private final LineReader lines = new LineReader(COMMAND_LINE_BYTES_MAX, LineReader.Ending.LF);
    private Pop3State stage = new Pop3State.Nobody(false);
    private InputStream in;
    private OutputStream out;
    private Optional<Locked> locked = Optional.empty();
    private Optional<Drop> drop = Optional.empty();
    private String address = "";
    private String timestamp = "";
    private int wrong;
    private int refused;
    private boolean over;

    Session(Pop3d pop3d, Connection connection) {
        this.pop3d = pop3d;
        this.connection = connection;
        this.remote = connection.environment().getOrDefault("TCPREMOTEIP", "unknown");
        this.started = pop3d.clock().instant();
        this.in = connection.in();
        this.out = connection.out();
    }

    private record Locked(Path maildir, MaildropLocks.Hold hold) {}

    /// How a session begins.
    @FunctionalInterface
    private interface Beginning {
        void say() throws IOException;
    }

    /// From the greeting on.
    void run() throws IOException {
        run(() -> {
            timestamp = pop3d.timestamp();
            say("+OK " + pop3d.name() + " POP3 ready" + (timestamp.isEmpty() ? "" : " " + timestamp));
        });
    }

    /// Of someone who has logged in already: the answer to PASS is the first thing said.
    void run(String who, Path maildir) throws IOException {
        run(() -> {
            enter(who, maildir);
            over = drop.isEmpty();
        });
    }

    private void run(Beginning beginning) throws IOException {
        connection.readTimeout(IDLE_MAX);
        connection.within(LOGIN_MAX);
        try {
            beginning.say();
            while (!over) {
                Optional<byte[]> line = line();
                if (line.isEmpty()) {
                    return;
                }
                if (connection.stopping()) {
                    say("-ERR [SYS/TEMP] the server is stopping, nothing was deleted");
                    over = true;
                } else if (!alive()) {
                    say(TAKEN);
                    over = true;
                } else {
                    if (drop.isPresent()) {
                        connection.step(Connection.Worth.WORK);
                    }
                    obey(Pop3Parser.parse(line.get()));
                }
            }
            out.flush();
        } catch (SocketTimeoutException _) {
            say("-ERR idle for too long");
            out.flush();
        } catch (LineReader.BadLine e) {
            say("-ERR line refused: " + (e.kind() == LineReader.BadLine.Kind.LONG ? "too long" : "NUL in it"));
            out.flush();
        } finally {
            release();
        }
    }

    /// The next line; whatever has been answered leaves first, unless more commands wait already (PIPELINING).
    private Optional<byte[]> line() throws IOException {
        if (in.available() == 0) {
            out.flush();
        }
        return lines.read(in);
    }

    /// Notes a sign of life of the client.
    ///
    /// @return false when a newer session has the box
    boolean alive() {
        return locked.isEmpty() || locked.get().hold.heard();
    }

    private void obey(Command command) throws IOException {
        if (drop.isEmpty() && pop3d.clock().instant().isAfter(started.plus(LOGIN_MAX))) {
            say("-ERR no login in time");
            over = true;
            return;
        }
        Pop3Order.Step step;
        try {
            step = Pop3Order.next(stage, command, door());
        } catch (IOException e) {
            trouble("control: " + e.getMessage());
            return;
        }
        stage = step.next();
        switch (step.deed()) {
            case Pop3Order.Deed.Say(String line) -> say(line);
            case Pop3Order.Deed.Wrong(String line) -> wrong(line);
            case Pop3Order.Deed.Login(String user, Secret password) -> login(user, password);
            case Pop3Order.Deed.Apop(String user, String digest) -> apop(user, digest);
            case Pop3Order.Deed.Challenge _ -> challenge();
            case Pop3Order.Deed.Plain(String response) -> plain(response);
            case Pop3Order.Deed.Mechanisms _ -> say(door().login() ? "+OK\r\nPLAIN\r\n." : "+OK\r\n.");
            case Pop3Order.Deed.Capabilities _ ->
                say(Capabilities.text(door(), drop.isEmpty() && connection.canStartTls()));
            case Pop3Order.Deed.StartTls _ -> startTls();
            case Pop3Order.Deed.Ask(Command.OfBox ask) -> new Reader(drop.orElseThrow(), this).answer(ask);
            case Pop3Order.Deed.Update _ -> update();
            case Pop3Order.Deed.Leave _ -> {
                say("+OK goodbye");
                over = true;
            }
        }
    }

    private Pop3Order.Door door() throws IOException {
        return new Pop3Order.Door(
                connection.canStartTls(), connection.secured() || pop3d.plaintext(), !timestamp.isEmpty());
    }

    void say(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    OutputStream out() {
        return out;
    }

    private void wrong(String line) throws IOException {
        say(line);
        if (++wrong >= WRONG_MAX) {
            pop3d.log().line("pop3d: too many wrong commands from " + remote);
            over = true;
        }
    }

    private void trouble(String why) throws IOException {
        pop3d.log().line("pop3d: trouble: " + why);
        say("-ERR [SYS/TEMP] cannot be done now, try later");
    }

    private void startTls() throws IOException {
        if (in.available() > 0) {
            // what was sent in the clear must not count as sent under TLS (CVE-2011-0411)
            say("-ERR nothing may follow STLS before the handshake");
            over = true;
            return;
        }
        say("+OK begin TLS");
        out.flush();
        connection.startTls();
        in = connection.in();
        out = connection.out();
    }

    private void challenge() throws IOException {
        say("+ ");
        Optional<byte[]> response = line();
        if (response.isEmpty()) {
            over = true;
            return;
        }
        String text = new String(response.get(), StandardCharsets.US_ASCII).strip();
        if (text.equals("*")) {
            say("-ERR given up");
            return;
        }
        plain(text);
    }

    private void plain(String response) throws IOException {
        switch (Plain.read(response)) {
            case Plain.Login(String user, Secret password) -> login(user, password);
            case Plain.Wrong(String reply) -> wrong(reply);
        }
    }

    private void login(String user, Secret password) throws IOException {
        answer(pop3d.checker().check(user, password.bytes(), Asker.POP3, remote));
    }

    private void apop(String user, String digest) throws IOException {
        answer(pop3d.checker().apop(user, new PasswordChecker.Apop(timestamp, digest), Asker.POP3, remote));
    }

    private void answer(Answer answer) throws IOException {
        switch (answer) {
            case Answer.Accepted(String who, Path home) -> enter(who, home.resolve("Maildir"));
            case Answer.Refused _ -> {
                pop3d.log().line("pop3d: refused: " + remote);
                say("-ERR [AUTH] wrong user or password");
                over = ++refused >= REFUSED_MAX;
            }
            case Answer.Throttled _ -> {
                pop3d.log().line("pop3d: throttled: " + remote);
                say("-ERR [SYS/TEMP] too many tries, wait a while");
                over = ++refused >= REFUSED_MAX;
            }
            case Answer.Unavailable(String why) -> trouble("checkpassword: " + why);
        }
    }

    private void enter(String who, Path maildir) throws IOException {
        Optional<MaildropLocks.Hold> hold = pop3d.boxes().take(maildir);
        if (hold.isEmpty()) {
            say("-ERR [IN-USE] another session has this box open");
            return;
        }
        locked = Optional.of(new Locked(maildir, hold.get()));
        try {
            Drop opened = Drop.open(maildir, pop3d.clock(), connection.memory());
            connection.within(ENDLESS);
            connection.step(Connection.Worth.WORK);
            drop = Optional.of(opened);
            stage = new Pop3State.Reading();
            address = who;
            pop3d.log().line("pop3d: login: " + who + " " + remote);
            say("+OK " + opened.count() + " messages");
        } catch (MaildirReader.NoRoom _) {
            release();
            pop3d.log().line("pop3d: no room: " + who + " has more messages than can be listed now");
            say("-ERR [SYS/TEMP] too many messages to list them now, try later");
        } catch (IOException e) {
            release();
            trouble("maildir: " + e);
        }
    }

    private void release() {
        locked.ifPresent(l -> pop3d.boxes().release(l.maildir, l.hold));
        locked = Optional.empty();
    }

    private void update() throws IOException {
        over = true;
        if (!locked.orElseThrow().hold.end()) {
            say(TAKEN);
            return;
        }
        try {
            Drop.Outcome outcome = drop.orElseThrow().update();
            release(); // before the goodbye, so that a client that comes back at once finds its box free
            pop3d.log()
                    .line("pop3d: end: " + address + " deleted " + outcome.deleted() + " failed " + outcome.failed());
            // RFC 1939 §6: the server says when not all could go
            say(outcome.failed() == 0 ? "+OK goodbye" : "-ERR [SYS/TEMP] some deleted messages are still there");
        } catch (IOException e) {
            trouble("update: " + e);
        }
    }

    /// Tells that a message could not be read.
    void unreadable(int number, IOException why) throws IOException {
        if (why instanceof NoSuchFileException) {
            say("-ERR message " + number + " is gone");
        } else if (why instanceof AccessDeniedException) {
            pop3d.log().line("pop3d: unreadable: " + address + " " + why);
            say("-ERR [SYS/PERM] message " + number + " cannot be read, it can be deleted");
        } else {
            trouble("message: " + why);
        }
    }
}
