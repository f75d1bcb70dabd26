package qrate.checkpassword;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import qrate.core.Control;
import qrate.core.Daemon;
import qrate.core.Health;
import qrate.core.Log;
import qrate.core.State;
import qrate.posix.Posix;

/// Who checks logins: the program that `QRATE_CHECKPASSWORD` names, else vchkpw, in this process or behind its socket.
public final class Checkers {
    private Checkers() {}

    /// For the door of a service that holds no hash.
    public static PasswordChecker asking(State state, Map<String, String> environment) throws IOException {
        Optional<PasswordChecker> program = ProgramChecker.named(new Posix(), environment);
        return program.isPresent() ? program.get() : named(client(state), state);
    }

    /// Whether the oracle that {@link #asking} asks is there; another program is started anew for each login.
    public static Health.Check asked(State state, Map<String, String> environment) throws IOException {
        if (ProgramChecker.named(new Posix(), environment).isPresent()) {
            return Optional::empty;
        }
        OracleClient oracle = client(state);
        return () -> oracle.answers() ? Optional.empty() : Optional.of("does not answer: nobody can sign in");
    }

    /// For all doors of the one process; others on this machine may ask by the socket too.
    public static PasswordChecker inProcess(Daemon daemon, State state, Map<String, String> environment, Log log)
            throws IOException {
        Optional<PasswordChecker> program = ProgramChecker.named(new Posix(), environment);
        return program.isPresent() ? program.get() : named(oracle(daemon, state, environment, log), state);
    }

    /// For a program by hand that logs nothing.
    public static PasswordChecker byHand(Map<String, String> environment) {
        return byHand(State.of(environment), environment, Log.silent());
    }

    /// For a program by hand: the oracle if it runs here, else the hashes themselves where they may be read.
    public static PasswordChecker byHand(State state, Map<String, String> environment, Log log) {
        OracleClient oracle = client(state);
        boolean itself = Files.isReadable(state.passwords()) && !oracle.answers();
        Known nobody = Known.forgetful(InstantSource.system());
        return named(itself ? Vchkpw.standard(state, environment, nobody, log) : oracle, state);
    }

    /// Starts the oracle: `vchkpwd`.
    ///
    /// @return what it asks itself
    public static PasswordChecker oracle(Daemon daemon, State state, Map<String, String> environment, Log log)
            throws IOException {
        Path folder = Files.createDirectories(state.vchkpw());
        Known known = Known.in(folder.resolve(Oracle.KNOWN), InstantSource.system(), log);
        Vchkpw checker = daemon.add(Vchkpw.standard(state, environment, known, log));
        daemon.add(Oracle.start(checker, socket(state), state.maildirs(), log));
        return checker;
    }

    private static Path socket(State state) {
        return state.vchkpw().resolve(Oracle.SOCKET);
    }

    private static OracleClient client(State state) {
        return new OracleClient(socket(state), state.maildirs());
    }

    private static PasswordChecker named(PasswordChecker checker, State state) {
        Control control = new Control(state.control(), InstantSource.system());
        return (login, password, service, remote) -> {
            String name;
            try {
                name = whole(login, control);
            } catch (IOException e) {
                return new PasswordChecker.Answer.Unavailable("control: " + e.getMessage());
            }
            return checker.check(name, password, service, remote);
        };
    }

    /// A login as vpopmail takes it: `user%domain` and `user/domain` for clients that cannot write `@`, and `user`
    /// alone of the domain that names without a host belong to (`defaulthost`, else `me`).
    static String whole(String login, Control control) throws IOException {
        if (login.indexOf('@') >= 0 || login.isEmpty()) {
            return login;
        }
        int sign = Math.max(login.lastIndexOf('%'), login.lastIndexOf('/'));
        return sign < 0
                ? login + "@" + control.lineOrMe("defaulthost")
                : login.substring(0, sign) + "@" + login.substring(sign + 1);
    }
}
