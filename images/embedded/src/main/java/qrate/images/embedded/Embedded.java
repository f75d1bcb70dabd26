package qrate.images.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import qrate.acme.Renewals;
import qrate.checkpassword.Checkers;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Budget;
import qrate.core.Daemon;
import qrate.core.Log;
import qrate.core.Spawner;
import qrate.core.State;
import qrate.core.StateVersion;
import qrate.images.admin.AdminDoor;
import qrate.images.pop3d.PopDoors;
import qrate.images.queue.GateRole;
import qrate.images.queue.Roles;
import qrate.images.smtpd.SmtpDoors;
import qrate.posix.Posix;
import qrate.posix.Supervisor;
import qrate.qmqp.QmqpClient;
import qrate.queue.Journal;
import qrate.send.Send;
import qrate.signer.SignerDoor;

/// All parts in one process, started from the inside out and closed from the doors in.
///
/// @param smtp where mail comes in
/// @param pop where it is read
/// @param admin where it is run from
/// @param send what schedules it
public record Embedded(Daemon daemon, SmtpDoors smtp, PopDoors pop, LateAdmin admin, Send send)
        implements AutoCloseable {
    // of one heap, which the doors share: a quarter, and 3 of 16 parts; send's own has 1 of 16 (Roles)
    private static final long SMTP_BYTES = Budget.ofHeap(4);
    private static final long POP_BYTES = 3 * Budget.ofHeap(16);

    /// Starts everything on a state that `init` has made.
    ///
    /// @throws IOException when a part cannot start; those before it are closed again
    public static Embedded start(Map<String, String> given, Log log) throws IOException {
        State state = State.of(given);
        StateVersion.check(state);
        Map<String, String> environment = withSpool(given, state);
        Daemon daemon = new Daemon(environment, log);
        try {
            Roles roles = new Roles(daemon, state, environment, log);
            Journal queue = roles.queue();
            daemon.add(SignerDoor.open(state, log));
            GateRole.inside(daemon, state, environment, log);
            Spawner local = roles.lspawn(roles.door(queue, "by alias"));
            Spawner remote = roles.rspawn();
            // commands by hand, as qmail-inject, hand their mail over here
            List<QmqpClient.Server> doors = Stream.ofNullable(environment.get("QRATE_SEND"))
                    .map(QmqpClient.Server::of)
                    .toList();
            Send send = roles.send(queue, doors, local, remote);
            PasswordChecker checker = Checkers.inProcess(daemon, state, environment, log);
            PopDoors pop = PopDoors.open(daemon, state, environment, new PopDoors.Inside(checker, POP_BYTES), log);
            SmtpDoors.Inside inside = new SmtpDoors.Inside(roles.door(queue, "from network"), checker, SMTP_BYTES);
            SmtpDoors smtp = SmtpDoors.open(daemon, state, environment, inside, log);
            AdminDoor.Inside door =
                    new AdminDoor.Inside(send, roles.door(queue, "from network"), daemon.health(), daemon.figures());
            LateAdmin admin =
                    daemon.add(LateAdmin.start(parts -> AdminDoor.open(parts, state, environment, door, log), log));
            daemon.add(Renewals.start(state, environment, log));
            return new Embedded(daemon, smtp, pop, admin, send);
        } catch (IOException | RuntimeException e) {
            daemon.close();
            throw e;
        }
    }

    /// Messages under way lie in the state: in the system's folder for temporary files whoever comes first to a name
    /// has it.
    private static Map<String, String> withSpool(Map<String, String> given, State state) throws IOException {
        Map<String, String> environment = new HashMap<>(given);
        Path spool = state.root().resolve("spool");
        if (environment.putIfAbsent("QRATE_SPOOL", spool.toString()) == null && !Files.isDirectory(spool)) {
            Files.createDirectory(
                    spool, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return environment;
    }

    /// Runs until the process is told to end, and tells a supervisor meanwhile how it is (`NOTIFY_SOCKET`).
    ///
    /// @return never normally: the JVM ends with the signal's own status
    public int untilTerm(Map<String, String> environment, Log log) throws InterruptedException {
        Supervisor.of(new Posix(), environment, InstantSource.system(), log).ifPresent(supervisor -> {
            daemon.health().afterEachLook(supervisor::looked);
            daemon.add(supervisor); // last, and so the first to be closed
        });
        return daemon.untilTerm();
    }

    @Override
    public void close() {
        daemon.close();
    }
}
