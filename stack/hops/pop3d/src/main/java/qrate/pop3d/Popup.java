package qrate.pop3d;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import qrate.checkpassword.ProgramChecker;
import qrate.core.LineReader;
import qrate.core.Log;
import qrate.posix.Child;
import qrate.posix.DescriptorConnection;
import qrate.posix.Posix;
import qrate.posix.Redirection;

/// The dialogue up to a login, and the subprogram behind it.
final class Popup {
    /// Longest silence (qmail-popup(8)).
    static final Duration IDLE_MAX = Duration.ofMinutes(20);

    private static final int REFUSED = 1;
    private static final int CHUNK_BYTES = 8192;

    private final QmailPopup.Parts parts;
    private final DescriptorConnection connection;
    private final String timestamp;
    private final LineReader lines = new LineReader(Session.COMMAND_LINE_BYTES_MAX, LineReader.Ending.LF);
    private final Log log;
    private Pop3State stage = new Pop3State.Nobody(false);
    private int wrong;

    /// @param host for the greeting and the timestamp
    Popup(QmailPopup.Parts parts, DescriptorConnection connection, String host, Log log) {
        this.parts = parts;
        this.log = log;
        this.connection = connection;
        this.timestamp = Pop3d.timestamp(1, parts.clock(), host);
    }

    /// @return the exit code
    int run(Posix.Command subprogram) throws IOException {
        connection.readTimeout(IDLE_MAX);
        try {
            say("+OK " + timestamp);
            while (wrong < Session.WRONG_MAX) {
                Optional<byte[]> line = line();
                if (line.isEmpty()) {
                    return 1;
                }
                Pop3Order.Step step = Pop3Order.next(stage, Pop3Parser.parse(line.get()), door());
                stage = step.next();
                Optional<Integer> code = obey(step.deed(), subprogram);
                if (code.isPresent()) {
                    return code.get();
                }
            }
        } catch (SocketTimeoutException _) {
            say("-ERR idle for too long");
        } catch (LineReader.BadLine e) {
            say("-ERR line refused: " + (e.kind() == LineReader.BadLine.Kind.LONG ? "too long" : "NUL in it"));
        }
        return 1;
    }

    /// One command.
    ///
    /// @return the exit code, if this was the last
    private Optional<Integer> obey(Pop3Order.Deed deed, Posix.Command subprogram) throws IOException {
        switch (deed) {
            case Pop3Order.Deed.Say(String line) -> say(line);
            case Pop3Order.Deed.Wrong(String line) -> wrong(line);
            case Pop3Order.Deed.Login(String user, Secret password) -> {
                return Optional.of(login(ProgramChecker.login(user, password.bytes(), timestamp), subprogram));
            }
            case Pop3Order.Deed.Apop(String user, String digest) -> {
                byte[] bytes = digest.getBytes(StandardCharsets.UTF_8);
                return Optional.of(login(ProgramChecker.login(user, bytes, timestamp), subprogram));
            }
            case Pop3Order.Deed.Challenge _ -> {
                say("+ ");
                Optional<byte[]> response = line();
                String text = new String(response.orElse(new byte[] {'*'}), StandardCharsets.US_ASCII).strip();
                if (!text.equals("*")) {
                    return plain(text, subprogram);
                }
                say("-ERR given up");
            }
            case Pop3Order.Deed.Plain(String response) -> {
                return plain(response, subprogram);
            }
            case Pop3Order.Deed.Mechanisms _ -> say(door().login() ? "+OK\r\nPLAIN\r\n." : "+OK\r\n.");
            case Pop3Order.Deed.Capabilities _ -> say(Capabilities.text(door(), connection.canStartTls()));
            case Pop3Order.Deed.StartTls _ -> startTls();
            case Pop3Order.Deed.Leave _ -> {
                say("+OK goodbye");
                return Optional.of(1); // nobody has logged in, as qmail-popup ends
            }
            case Pop3Order.Deed.Ask _, Pop3Order.Deed.Update _ -> throw new IllegalStateException("no box is open");
        }
        return Optional.empty();
    }

    private Pop3Order.Door door() throws IOException {
        boolean login = connection.secured() || Pop3d.plaintext(parts.control());
        return new Pop3Order.Door(connection.canStartTls(), login, true);
    }

    private Optional<byte[]> line() throws IOException {
        return lines.read(connection.in());
    }

    private void say(String line) throws IOException {
        connection.out().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        connection.out().flush();
    }

    private void wrong(String line) throws IOException {
        wrong++;
        say(line);
    }

    private void startTls() throws IOException {
        say("+OK begin TLS");
        connection.startTls();
    }

    private Optional<Integer> plain(String response, Posix.Command subprogram) throws IOException {
        return switch (Plain.read(response)) {
            case Plain.Login(String user, Secret password) ->
                Optional.of(login(ProgramChecker.login(user, password.bytes(), timestamp), subprogram));
            case Plain.Wrong(String reply) -> {
                wrong(reply);
                yield Optional.empty();
            }
        };
    }

    /// Runs the subprogram: it has the client from now on.
    private int login(byte[] login, Posix.Command subprogram) throws IOException {
        if (login.length > ProgramChecker.LOGIN_BYTES_MAX) {
            say("-ERR [AUTH] authorization failed");
            return 1;
        }
        boolean tls = connection.secured() && !connection.cipher().isEmpty();
        Map<Integer, Redirection> wires = tls
                ? Map.of(
                        0,
                        new Redirection.Fed(),
                        1,
                        new Redirection.Drained(),
                        2,
                        new Redirection.Passed(2),
                        3,
                        new Redirection.Fed())
                : Map.of(
                        0,
                        new Redirection.Passed(0),
                        1,
                        new Redirection.Passed(1),
                        2,
                        new Redirection.Passed(2),
                        3,
                        new Redirection.Fed());
        Child.End end;
        try {
            if (ProgramChecker.letsAnyoneIn(parts.posix(), subprogram)) {
                log.line("qmail-popup: fatal: " + subprogram.words().getFirst()
                        + " lets a login in that does not exist: is the host name missing?");
                say("-ERR [SYS/PERM] no login is possible here");
                return 1;
            }
        } catch (IOException e) {
            say("-ERR [SYS/TEMP] unable to check the password now");
            throw e;
        }
        try (Child child = parts.posix().spawn(subprogram, wires)) {
            try (OutputStream three = child.feed(3)) {
                three.write(login);
            } catch (IOException _) {
                // it did not read it: its exit code says why
            }
            if (tls) {
                carry(child);
            }
            end = child.await();
        } catch (IOException e) {
            say("-ERR [SYS/TEMP] unable to check the password now");
            throw e;
        }
        return answer(end);
    }

    private int answer(Child.End end) throws IOException {
        switch (end) {
            case Child.End.Killed _ -> say("-ERR [SYS/TEMP] the program that checks passwords crashed");
            case Child.End.Exited(int code)
            when code == 0 -> {
                return 0;
            }
            case Child.End.Exited(int code) when code == REFUSED -> say("-ERR [AUTH] authorization failed");
            case Child.End.Exited _ -> say("-ERR [SYS/TEMP] unable to check the password now");
        }
        return 1;
    }

    /// Between the client's TLS and the subprogram's pipes, until the subprogram is done.
    private void carry(Child child) throws IOException {
        connection.readTimeout(IDLE_MAX.plus(IDLE_MAX)); // the subprogram has a limit of its own
        Thread.ofPlatform().daemon().name("popup-in").start(() -> {
            try (OutputStream to = child.feed(0)) {
                copy(connection.in(), to);
            } catch (IOException _) {
                // either side is gone; the other one sees its end
            }
        });
        copy(child.drain(1), connection.out());
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] part = new byte[CHUNK_BYTES];
        for (int n = from.read(part); n >= 0; n = from.read(part)) {
            to.write(part, 0, n);
            to.flush();
        }
    }
}
