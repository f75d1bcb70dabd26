package qrate.images.admin;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import qrate.apply.ApplyProgram;
import qrate.backup.BackupProgram;
import qrate.backup.RestoreProgram;
import qrate.certificate.ShowCertificate;
import qrate.core.Control;
import qrate.core.Daemon;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.core.StateVersion;
import qrate.directory.DatabaseProgram;
import qrate.doctor.Doctor;
import qrate.migration.Import;
import qrate.provisioning.Provision;
import qrate.qcontrol.QueueControlClient;
import qrate.qmqp.QmqpClient;
import qrate.qmqp.QmqpServers;
import qrate.signer.SignerClient;
import qrate.tcpserver.Certificates;
import qrate.vpopmail.Commands;

/// The `admin` image's one main.
public final class Main {
    private Main() {}

    /// The commands of this image by name.
    public static Map<String, Program> commands() {
        InstantSource clock = InstantSource.system();
        Map<String, Program> commands = new TreeMap<>(Commands.programs());
        commands.putAll(ListCommands.programs());
        commands.putAll(ApplyProgram.programs());
        commands.put("backup", Program.of(() -> new BackupProgram(clock)));
        commands.put("restore", Program.of(() -> new RestoreProgram(Provision::folders, clock)));
        commands.putAll(Doctor.programs(Provision::wrongFolders, clock));
        commands.put("certificate", new ShowCertificate(clock));
        commands.put("import", Program.of(() -> new Import(clock)));
        commands.putAll(Map.of("db", new DatabaseProgram(), "init", new Provision(clock)));
        commands.putAll(CompileCommands.programs());
        return commands;
    }

    public static void main(String[] arguments) {
        Map<String, Program> programs = commands();
        programs.putAll(Map.<String, Program>of("admin", Main::serve, "webhooks", Notices::tell));
        Launcher.main(programs, arguments);
    }

    private static int serve(List<String> arguments, Program.Stdio stdio) throws Exception {
        Log log = Log.standard(stdio.environment());
        Daemon daemon = new Daemon(stdio.environment(), log);
        State state = State.of(stdio.environment());
        StateVersion.check(state);
        QueueControlClient control = new QueueControlClient(state.run().resolve("send.sock"));
        String send = stdio.environment().getOrDefault("QRATE_SEND", "send:628");
        InstantSource clock = InstantSource.system();
        QmqpClient queue = daemon.add(new QmqpClient(
                QmqpServers.in(new Control(state.control(), clock), send), QmqpClient.Settings.OWN, clock));
        Certificates certificates = Certificates.in(state.tls(), clock, Log.silent()); // the doors log what they load
        daemon.health().watch("tls", certificates::problem);
        daemon.health().watch("send", queue::problem);
        SignerClient.named(stdio.environment())
                .ifPresent(signer -> daemon.health()
                        .watch(
                                "signer",
                                () -> signer.answers()
                                        ? Optional.empty()
                                        : Optional.of("does not answer: mail to other hosts waits")));
        AdminDoor.Inside inside = new AdminDoor.Inside(control, queue, daemon.health(), daemon.figures());
        AdminDoor.open(daemon, state, stdio.environment(), inside, log);
        return daemon.untilTerm();
    }
}
