package qrate.images.queue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import qrate.address.SystemAccounts;
import qrate.address.User;
import qrate.core.Daemon;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Spawner;
import qrate.core.State;
import qrate.dotqmail.Conditions;
import qrate.dotqmail.Forward;
import qrate.dotqmail.Qbiff;
import qrate.dotqmail.Qreceipt;
import qrate.local.deliver.Maildir2mbox;
import qrate.local.deliver.OtherUsers;
import qrate.local.deliver.QmailLocal;
import qrate.local.deliver.Vdelivermail;
import qrate.maildir.Maildir;
import qrate.posix.Posix;
import qrate.posix.QmailStart;
import qrate.posix.QueueProgram;
import qrate.posix.Splogger;
import qrate.queue.QmailQueue;
import qrate.snapshots.QmailGetpw;
import qrate.snapshots.SnapshotDirectory;
import qrate.spawn.QmailClean;
import qrate.spawn.QmailSpawn;

/// The commands on lspawn's and rspawn's side of the queue, and those for `.qmail` lines.
final class LocalByHand {
    private static final InstantSource CLOCK = InstantSource.system();

    private LocalByHand() {}

    static Map<String, Program> commands(Map<String, String> environment) {
        Function<Map<String, String>, Intake> forwards = LocalByHand::forwards;
        Supplier<Forward> forward = () -> new Forward(forwards);
        Map<String, Program> commands = new TreeMap<>();
        commands.put("bouncesaying", Program.of(Conditions::bouncesaying));
        commands.put("condredirect", Program.of(() -> forward.get().condredirect()));
        commands.put("except", Program.of(Conditions::except));
        commands.put("forward", Program.of(() -> forward.get().forward()));
        commands.put("maildir2mbox", (arguments, stdio) -> {
            Program program = new Maildir2mbox();
            new Posix().becomeWhoseWay(Path.of(stdio.environment().getOrDefault("MAILDIR", "/")));
            return program.run(arguments, stdio);
        });
        commands.put("maildirmake", (arguments, stdio) -> {
            Program program = Maildir.maildirmake();
            if (arguments.size() == 1) {
                new Posix().becomeWhoseWay(Path.of(arguments.getFirst()));
            }
            return program.run(arguments, stdio);
        });
        commands.put("preline", Program.of(Conditions::preline));
        commands.put("qbiff", Program.of(() -> new Qbiff(Qbiff.UTMP, Qbiff.DEVICES)));
        commands.put("qmail-getpw", Program.of(QmailGetpw::program));
        commands.put("qmail-local", (arguments, stdio) -> {
            AsUser.become(new Posix(), stdio.environment());
            new Posix().keepPrivate(); // what it writes lies in a user's home
            return new QmailLocal(forwards, CLOCK).run(arguments, stdio);
        });
        commands.put(
                "qmail-clean",
                Program.of(() -> new QmailClean(State.of(environment).queue(), CLOCK)));
        commands.put("qmail-send", Program.of(() -> new QmailSend(new Posix())));
        commands.put("qmail-start", Program.of(() -> new QmailStart(new Posix())));
        commands.put("qreceipt", Program.of(() -> new Qreceipt(forwards)));
        Path syslog = Path.of(environment.getOrDefault("QRATE_SYSLOG", Splogger.SOCKET.toString()));
        commands.put("splogger", Program.of(() -> new Splogger(new Posix(), syslog, CLOCK)));
        commands.put(
                "vdelivermail",
                Program.of(() -> new Vdelivermail(forwards, state -> new SnapshotDirectory(state, CLOCK), CLOCK)));
        Path messages = State.of(environment).queue().resolve("mess");
        commands.put(
                "qmail-lspawn",
                Program.of(() ->
                        new QmailSpawn(messages, 1, false, (arguments, stdio) -> lspawn(forwards, arguments, stdio))));
        commands.put(
                "qmail-rspawn",
                Program.of(() -> new QmailSpawn(
                        messages, 0, true, (_, stdio) -> roles(stdio).rspawn())));
        return commands;
    }

    /// The way to the queue; a program in qmail-queue's place writes its own Received line.
    private static Intake forwards(Map<String, String> environment) {
        return QueueProgram.named(new Posix(), environment)
                .orElseGet(() -> QmailQueue.received(QmailQueue.client(environment), "by local delivery", CLOCK));
    }

    private static Spawner lspawn(
            Function<Map<String, String>, Intake> forwards, List<String> arguments, Program.Stdio stdio)
            throws IOException {
        Map<String, String> environment = stdio.environment();
        QmailGetpw getpw = QmailGetpw.program();
        SystemAccounts accounts = local -> getpw.find(new String(local.getBytes(UTF_8), ISO_8859_1))
                .map(found -> new User(
                        found.name(),
                        Long.parseLong(found.uid()),
                        Long.parseLong(found.gid()),
                        found.home(),
                        found.dash(),
                        new String(found.ext().getBytes(ISO_8859_1), UTF_8)));
        long uid = ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
        OtherUsers others = new AsUser(new Posix(), uid, environment);
        return roles(stdio)
                .lspawn(forwards.apply(environment), arguments.getFirst(), new Roles.SystemUsers(accounts, others));
    }

    private static Roles roles(Program.Stdio stdio) {
        Log log = new Log(stdio.err(), Log.Stamp.NONE, CLOCK);
        return new Roles(new Daemon(log), State.of(stdio.environment()), stdio.environment(), log);
    }
}
