package qrate.images.smtpd;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import qrate.checkpassword.Checkers;
import qrate.core.Budget;
import qrate.core.Daemon;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.core.StateVersion;
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
        return Map.of(
                "qmail-qmtpd", QmtpByHand::qmtpd,
                "qmail-queue",
                        Program.of(() -> QmailQueue.program(
                                InstantSource.system(), Path.of(System.getProperty("java.io.tmpdir")))),
                "qmail-smtpd", Program.of(() -> new QmailSmtpd(Descriptors::setting, new Posix())),
                "tcp-env", Program.of(() -> new TcpEnv(new Posix())),
                "tcprules", Program.of(Tcprules::new),
                "tcprulescheck", Program.of(Tcprulescheck::new),
                "tcpserver", Program.of(() -> new Tcpserver(new Posix(), InstantSource.system())));
    }

    public static void main(String[] arguments) {
        Map<String, Program> programs = new java.util.TreeMap<>(commands());
        programs.put("smtpd", Main::serve);
        Launcher.main(programs, arguments);
    }

    private static int serve(List<String> arguments, Program.Stdio stdio) throws Exception {
        Map<String, String> environment = stdio.environment();
        Log log = Log.standard(environment);
        Daemon daemon = new Daemon(environment, log);
        QmqpClient queue = daemon.add(QmtpByHand.queue(environment));
        State state = State.of(environment);
        StateVersion.check(state);
        daemon.health().watch("send", queue::problem);
        daemon.health().watch("vchkpw", Checkers.asked(state, environment));
        SmtpDoors.Inside inside = new SmtpDoors.Inside(queue, Checkers.asking(state, environment), Budget.ofHeap(2));
        SmtpDoors.open(daemon, state, environment, inside, log);
        return daemon.untilTerm();
    }
}
