package qrate.checkpassword;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import qrate.core.Program;
import qrate.posix.Posix;

/// `checkpassword` and `vchkpw`: check the login on descriptor 3, then run their argument in the user's home with
/// USER, HOME and SHELL set (checkpassword(8)).
///
/// An APOP response is never right, since the directory keeps hashes and APOP needs the password itself.
public final class CheckpasswordProgram implements Program {
    private static final int REFUSED = 1;
    private static final int MISUSE = 2;
    private static final int TEMPORARY = 111;
    /// Dovecot sets this for the programs of its checkpassword databases.
    private static final String DOVECOT = "ORIG_UID";

    private static final String SHELL = "/bin/sh";

    /// Gives descriptor 3.
    @FunctionalInterface
    public interface Login {
        /// Opens it.
        ///
        /// @throws IOException when there is none
        InputStream open() throws IOException;

        /// Descriptor 3 of this process, which must be a pipe or a file.
        static Login descriptorThree() {
            return () -> Files.newInputStream(Path.of("/proc/self/fd/3"));
        }
    }

    /// Runs the argument once the login is right.
    @FunctionalInterface
    interface Next {
        /// @return never, but in tests
        int run(Posix.Command command, Path home) throws IOException;
    }

    private final Function<Map<String, String>, PasswordChecker> checkers;
    private final Login login;
    private final Next next;

    CheckpasswordProgram(Function<Map<String, String>, PasswordChecker> checkers, Login login, Next next) {
        this.checkers = checkers;
        this.login = login;
        this.next = next;
    }

    /// The program as it is run by hand.
    ///
    /// @param checkers makes the checker from the environment
    public static CheckpasswordProgram standard(Function<Map<String, String>, PasswordChecker> checkers) {
        Posix posix = new Posix();
        return new CheckpasswordProgram(checkers, Login.descriptorThree(), (command, home) -> {
            if (command.environment().containsKey(DOVECOT)) {
                return posix.exec(new Posix.Command(command.words(), naming(home, command)), Optional.of(home));
            }
            asOwner(posix, home);
            return posix.exec(command, Optional.of(home));
        });
    }

    /// Dovecot wants to be told who owns the home, and refuses an answer from a process that became that user.
    private static Map<String, String> naming(Path home, Posix.Command command) throws IOException {
        Map<String, String> environment = new TreeMap<>(command.environment());
        environment.put("userdb_uid", Files.getAttribute(home, "unix:uid").toString());
        environment.put("userdb_gid", Files.getAttribute(home, "unix:gid").toString());
        environment.put("EXTRA", "userdb_uid userdb_gid");
        return environment;
    }

    /// Root becomes whoever owns the home.
    private static void asOwner(Posix posix, Path home) throws IOException {
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        if (root) {
            posix.become((int) Files.getAttribute(home, "unix:uid"), (int) Files.getAttribute(home, "unix:gid"));
        }
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        if (arguments.isEmpty()) {
            return MISUSE;
        }
        byte[] all;
        try (InputStream in = login.open()) {
            all = in.readNBytes(ProgramChecker.LOGIN_BYTES_MAX + 1);
        } catch (IOException _) {
            return MISUSE; // descriptor 3 is not there: nothing is printed, as 1 and 2 may be the client
        }
        Optional<Said> said = Said.parse(all);
        Arrays.fill(all, (byte) 0);
        return said.isEmpty() ? MISUSE : check(said.get(), arguments, stdio);
    }

    private int check(Said said, List<String> arguments, Stdio stdio) {
        PasswordChecker.Asker asker =
                stdio.environment().getOrDefault("TCPLOCALPORT", "").matches("25|465|587")
                        ? PasswordChecker.Asker.SMTP
                        : PasswordChecker.Asker.POP3;
        String remote = stdio.environment().getOrDefault("TCPREMOTEIP", "unknown");
        PasswordChecker checker = checkers.apply(stdio.environment());
        return switch (checker.check(said.login, said.password, asker, remote)) {
            case PasswordChecker.Answer.Accepted(String address, Path home) -> {
                Map<String, String> environment = new TreeMap<>(stdio.environment());
                environment.put("USER", address);
                environment.put("HOME", home.toString());
                environment.put("SHELL", SHELL);
                try {
                    yield next.run(new Posix.Command(arguments, environment), home);
                } catch (IOException _) {
                    yield TEMPORARY;
                }
            }
            case PasswordChecker.Answer.Refused _ -> REFUSED;
            case PasswordChecker.Answer.Throttled _, PasswordChecker.Answer.Unavailable _ -> TEMPORARY;
        };
    }

    /// What stood on descriptor 3. Its class is no record, so that no password is printed.
    static final class Said {
        private final String login;
        private final byte[] password;

        private Said(String login, byte[] password) {
            this.login = login;
            this.password = password;
        }

        String login() {
            return login;
        }

        byte[] password() {
            return password.clone();
        }

        /// Login and password, each ended by NUL, and whatever follows; Dovecot sends no timestamp.
        ///
        /// @return empty when it is not that, or too long
        static Optional<Said> parse(byte[] all) {
            int first = indexOfNul(all, 0);
            int second = first < 0 ? -1 : indexOfNul(all, first + 1);
            if (second < 0 || all.length > ProgramChecker.LOGIN_BYTES_MAX) {
                return Optional.empty();
            }
            return Optional.of(new Said(
                    new String(all, 0, first, StandardCharsets.UTF_8), Arrays.copyOfRange(all, first + 1, second)));
        }

        private static int indexOfNul(byte[] bytes, int from) {
            for (int i = from; i < bytes.length; i++) {
                if (bytes[i] == 0) {
                    return i;
                }
            }
            return -1;
        }
    }
}
