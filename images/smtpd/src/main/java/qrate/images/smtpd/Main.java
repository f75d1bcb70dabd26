package qrate.images.smtpd;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import qrate.core.Daemon;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.posix.Posix;
import qrate.qmqp.QmqpClient;
import qrate.queue.QmailQueue;
import qrate.smtpd.QmailSmtpd;
import qrate.tcpserver.TcpEnv;
import qrate.tcpserver.Tcprules;
import qrate.tcpserver.Tcprulescheck;
import qrate.tcpserver.Tcpserver;

/// The `smtpd` image's one main.
public final class Main {
    private Main() {}

    /// The commands of this image by name.
    public static Map<String, Program> commands() {
        InstantSource clock = InstantSource.system();
        Posix posix = new Posix();
        return Map.of(
                "qmail-queue", QmailQueue.program(clock, Path.of(System.getProperty("java.io.tmpdir"))),
                "qmail-smtpd", new QmailSmtpd(Descriptors::setting, posix),
                "tcp-env", new TcpEnv(posix),
                "tcprules", new Tcprules(),
                "tcprulescheck", new Tcprulescheck(),
                "tcpserver", new Tcpserver(posix, clock));
    }

    public static void main(String[] arguments) {
        Map<String, Program> programs = new java.util.TreeMap<>(commands());
        programs.put("smtpd", Main::serve);
        Launcher.main(programs, arguments);
    }

    private static int serve(List<String> arguments, Program.Stdio stdio) throws Exception {
        Map<String, String> environment = stdio.environment();
        Log log = Log.standard(environment);
        Daemon daemon = new Daemon(log);
        QmqpClient.Server send = QmqpClient.Server.of(environment.getOrDefault("QRATE_SEND", "send:628"));
        QmqpClient queue = daemon.add(new QmqpClient(List.of(send), QmqpClient.Settings.OWN));
        SmtpDoors.open(daemon, State.of(environment), environment, queue, log);
        return daemon.untilTerm();
    }
}
