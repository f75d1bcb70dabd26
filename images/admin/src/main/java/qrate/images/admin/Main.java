package qrate.images.admin;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import qrate.backup.BackupProgram;
import qrate.backup.RestoreProgram;
import qrate.certificate.ShowCertificate;
import qrate.core.Control;
import qrate.core.Daemon;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.directory.QmailNewu;
import qrate.directory.QmailPw2u;
import qrate.directory.SnapshotDirectory;
import qrate.doctor.Doctor;
import qrate.local.QmailNewdot;
import qrate.migration.Import;
import qrate.provisioning.Provision;
import qrate.qcontrol.QueueControlClient;
import qrate.qmqp.QmqpClient;
import qrate.qmqp.QmqpServers;
import qrate.smtpd.QmailNewmrh;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.Tcprules;
import qrate.vpopmail.Commands;

/// The `admin` image's one main.
public final class Main {
    private Main() {}

    /// The commands of this image by name.
    public static Map<String, Program> commands() {
        InstantSource clock = InstantSource.system();
        Map<String, Program> commands = new TreeMap<>(Commands.programs());
        commands.putAll(ListCommands.programs());
        commands.put("backup", Program.of(() -> new BackupProgram(clock)));
        commands.put("restore", Program.of(() -> new RestoreProgram(Provision::folders, clock)));
        commands.putAll(Doctor.programs(Provision::wrongFolders, clock));
        commands.put("certificate", new ShowCertificate(clock));
        commands.put("import", Program.of(() -> new Import(clock)));
        commands.put("init", new Provision(clock));
        commands.put("qmail-newdot", Program.of(() -> new QmailNewdot(s -> SnapshotDirectory.orNone(s, clock), clock)));
        commands.put("qmail-newmrh", Main::newmrh); // here, since this image alone may write control
        commands.put("qmail-newu", new QmailNewu()); // and users
        commands.put("qmail-pw2u", QmailPw2u.program());
        commands.put("tcprules", Program.of(Tcprules::new)); // what smtpd has as well, into control
        return commands;
    }

    public static void main(String[] arguments) {
        Map<String, Program> programs = commands();
        programs.put("admin", Main::serve);
        Launcher.main(programs, arguments);
    }

    private static int newmrh(List<String> arguments, Program.Stdio stdio) {
        Control control = new Control(State.of(stdio.environment()).control(), InstantSource.system());
        return new QmailNewmrh(control).run(arguments, stdio);
    }

    private static int serve(List<String> arguments, Program.Stdio stdio) throws Exception {
        Log log = Log.standard(stdio.environment());
        Daemon daemon = new Daemon(stdio.environment(), log);
        State state = State.of(stdio.environment());
        QueueControlClient control = new QueueControlClient(state.run().resolve("send.sock"));
        String send = stdio.environment().getOrDefault("QRATE_SEND", "send:628");
        InstantSource clock = InstantSource.system();
        QmqpClient queue = daemon.add(new QmqpClient(
                QmqpServers.in(new Control(state.control(), clock), send), QmqpClient.Settings.OWN, clock));
        Certificates certificates = Certificates.in(state.tls(), clock, Log.silent()); // the doors log what they load
        daemon.health().watch("tls", certificates::problem);
        daemon.health().watch("send", queue::problem);
        AdminDoor.open(daemon, state, stdio.environment(), new AdminDoor.Inside(control, queue, daemon.health()), log);
        return daemon.untilTerm();
    }
}
