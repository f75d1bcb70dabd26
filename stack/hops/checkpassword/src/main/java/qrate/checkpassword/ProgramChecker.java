package qrate.checkpassword;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import qrate.posix.Child;
import qrate.posix.Posix;
import qrate.posix.Redirection;

/// Any program that speaks the checkpassword interface: login, password and timestamp, each ended by NUL, on
/// descriptor 3; exit 0 accepts, 1 refuses, anything else is trouble.
public final class ProgramChecker implements PasswordChecker {
    /// Most bytes on descriptor 3 (checkpassword(8)).
    public static final int LOGIN_BYTES_MAX = 512;

    /// Names the program, and its arguments after blanks, for the daemons.
    public static final String VARIABLE = "QRATE_CHECKPASSWORD";

    /// Longest run of one check.
    static final Duration RUN_MAX = Duration.ofSeconds(30);

    /// Checks that may run at once; further ones wait for as long as one may run.
    static final int RUNNING_MAX = 20;

    /// Most bytes of what the inner program tells.
    private static final int TOLD_BYTES_MAX = 64 << 10;

    private static final int REFUSED = 1;

    /// What the checker runs once a login is right: it tells the environment that was set for the user.
    private static final List<String> TELL = List.of("env", "-0");

    private final Posix posix;
    private final Posix.Command command;
    private final boolean tells;
    private boolean probed;
    private final Semaphore permits = new Semaphore(RUNNING_MAX, true);
    private final Throttle throttle = new Throttle(InstantSource.system());

    private ProgramChecker(Posix posix, Posix.Command command, boolean tells) {
        this.posix = posix;
        this.command = command;
        this.tells = tells;
    }

    /// A checker for the daemons, which learn the user's home from it.
    ///
    /// @param line the program and its arguments, separated by blanks
    /// @throws IOException when it cannot run, or accepts a login that cannot exist: the daemon must not start
    public static ProgramChecker probed(Posix posix, String line, Map<String, String> environment) throws IOException {
        List<String> words = new ArrayList<>(List.of(line.strip().split(" +")));
        words.addAll(TELL);
        ProgramChecker checker = new ProgramChecker(posix, new Posix.Command(words, environment), true);
        checker.probeOnce();
        return checker;
    }

    /// The checker that an environment names; it has passed its probe.
    public static Optional<PasswordChecker> named(Posix posix, Map<String, String> environment) throws IOException {
        String line = environment.getOrDefault(VARIABLE, "").strip();
        return line.isEmpty() ? Optional.empty() : Optional.of(probed(posix, line, environment));
    }

    /// A checker whose exit code alone counts, as qmail-smtpd runs `checkprogram true-program`; it is probed before its
    /// first login.
    public static ProgramChecker silent(Posix posix, List<String> words, Map<String, String> environment) {
        return new ProgramChecker(posix, new Posix.Command(words, environment), false);
    }

    /// What goes to descriptor 3.
    public static byte[] login(String login, byte[] password, String timestamp) {
        byte[] name = login.getBytes(StandardCharsets.UTF_8);
        byte[] time = timestamp.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[name.length + password.length + time.length + 3];
        System.arraycopy(name, 0, all, 0, name.length);
        System.arraycopy(password, 0, all, name.length + 1, password.length);
        System.arraycopy(time, 0, all, name.length + password.length + 2, time.length);
        return all;
    }

    /// A login that cannot exist, as it goes to descriptor 3.
    private static byte[] probeLogin() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        String word = HexFormat.of().formatHex(bytes);
        return login("probe-" + word + "@" + word + ".invalid", word.getBytes(StandardCharsets.UTF_8), "");
    }

    /// Whether a program that runs another once the login on descriptor 3 is right does so for one that cannot exist,
    /// as
    /// everything does that is no checker: it exits 0, or the other program says something.
    public static boolean letsAnyoneIn(Posix posix, Posix.Command command) throws IOException {
        Map<Integer, Redirection> wires = Map.of(
                0,
                new Redirection.Nothing(),
                1,
                new Redirection.Drained(),
                2,
                new Redirection.Nothing(),
                3,
                new Redirection.Fed());
        try (Child child = posix.spawn(command, wires)) {
            try (OutputStream out = child.feed(3)) {
                out.write(probeLogin());
            } catch (IOException _) {
                // it has not read everything: its exit code says what that means
            }
            boolean silent = child.drain(1).read() < 0;
            Child.End end = child.await(RUN_MAX.toMillis())
                    .orElseThrow(() -> new IOException("no answer in " + RUN_MAX.toSeconds() + " s"));
            return !silent || end.equals(new Child.End.Exited(0));
        }
    }

    /// Tries a login that cannot exist, with this program and nothing it ran counting as a refusal.
    private void probe() throws IOException {
        Ended ended = run(probeLogin(), "");
        if (ended.end instanceof Child.End.Exited(int code) && code == 0) {
            throw new IOException(command.words().getFirst() + ": accepts a login that does not exist: not starting");
        }
    }

    @Override
    public boolean apop() {
        return true;
    }

    @Override
    public Answer apop(String login, Apop response, Asker service, String remote) {
        return check(login, response.digest().getBytes(StandardCharsets.US_ASCII), response.timestamp(), remote);
    }

    @Override
    public Answer check(String login, byte[] password, Asker service, String remote) {
        return check(login, password, "", remote);
    }

    private synchronized void probeOnce() throws IOException {
        if (!probed) {
            probe();
            probed = true;
        }
    }

    private Answer check(String login, byte[] password, String timestamp, String remote) {
        boolean possible =
                !login.isEmpty() && login.indexOf('\0') < 0 && password.length > 0 && !Vchkpw.holdsNul(password);
        byte[] bytes = login(login, password, timestamp);
        if (!possible || bytes.length > LOGIN_BYTES_MAX) {
            return new Answer.Refused();
        }
        try {
            if (!permits.tryAcquire(RUN_MAX.toSeconds(), TimeUnit.SECONDS)) {
                return new Answer.Unavailable("too many logins at once");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Answer.Unavailable("stopping");
        }
        try {
            probeOnce();
            String account = login.toLowerCase(Locale.ROOT); // most checkers do not tell ANN from ann
            Answer answer = throttle.open(remote, account) ? answer(login, run(bytes, remote)) : new Answer.Throttled();
            if (answer instanceof Answer.Refused) {
                throttle.failed(remote, account);
            } else if (answer instanceof Answer.Accepted) {
                throttle.succeeded(remote, account);
            }
            return answer;
        } catch (IOException e) {
            return new Answer.Unavailable(e.getMessage());
        } finally {
            permits.release();
        }
    }

    /// @param told what the inner program wrote; empty when it never ran
    private record Ended(Child.End end, Map<String, String> told) {}

    private Ended run(byte[] login, String remote) throws IOException {
        Map<String, String> environment = new TreeMap<>(command.environment());
        environment.put("PROTO", "TCP");
        environment.put("TCPREMOTEIP", remote);
        // what a checker does not set must not look as if it had
        environment.remove("USER");
        environment.remove("HOME");
        Map<Integer, Redirection> wires = Map.of(
                0,
                new Redirection.Nothing(),
                1,
                new Redirection.Drained(),
                2,
                new Redirection.Passed(2),
                3,
                new Redirection.Fed());
        try (Child child = posix.spawn(new Posix.Command(command.words(), environment), wires)) {
            byte[][] told = {new byte[0]};
            Thread reader = Thread.ofVirtual().start(() -> told[0] = drain(child.drain(1)));
            try (OutputStream out = child.feed(3)) {
                out.write(login);
            } catch (IOException _) {
                // it has not read everything: its exit code says what that means
            }
            Child.End end = child.await(RUN_MAX.toMillis())
                    .orElseThrow(() -> new IOException("no answer in " + RUN_MAX.toSeconds() + " s"));
            reader.join(RUN_MAX);
            return new Ended(end, variables(told[0]));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopping", e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static byte[] drain(InputStream in) {
        try {
            return in.readNBytes(TOLD_BYTES_MAX);
        } catch (IOException _) {
            return new byte[0]; // the pipe of a program that was stopped
        }
    }

    /// `NAME=value`, each ended by NUL.
    static Map<String, String> variables(byte[] told) {
        Map<String, String> variables = new TreeMap<>();
        for (String assignment : new String(told, StandardCharsets.UTF_8).split("\0", -1)) {
            int equals = assignment.indexOf('=');
            if (equals > 0) {
                variables.put(assignment.substring(0, equals), assignment.substring(equals + 1));
            }
        }
        return variables;
    }

    private Answer answer(String login, Ended ended) {
        String program = command.words().getFirst();
        return switch (ended.end) {
            case Child.End.Killed(int signal) -> new Answer.Unavailable(program + " died of signal " + signal);
            case Child.End.Exited(int code) when code == 0 -> accepted(login, ended.told);
            case Child.End.Exited(int code) when code == REFUSED -> new Answer.Refused();
            case Child.End.Exited(int code) -> new Answer.Unavailable(program + " exited " + code);
        };
    }

    private Answer accepted(String login, Map<String, String> told) {
        if (!tells) {
            return new Answer.Accepted(login, Path.of("/"));
        }
        String home = told.getOrDefault("HOME", "");
        if (!home.startsWith("/")) {
            return new Answer.Unavailable(command.words().getFirst() + " set no HOME, or did not run its argument");
        }
        String user = told.getOrDefault("USER", "");
        return new Answer.Accepted(user.indexOf('@') > 0 ? user : login, Path.of(home));
    }
}
