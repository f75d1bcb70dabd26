package qrate.images.smtpd;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import qrate.core.Daemon;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.qmqp.QmqpClient;
import qrate.tcpserver.Tcprules;

/// The `smtpd` image's one main.
public final class Main {
    private Main() {}

    /// The programs of this image by name.
    public static Map<String, Program> programs() {
        return Map.of(
                "smtpd", Main::serve,
                "tcprules", Tcprules.tcprules(),
                "tcprulescheck", Tcprules.tcprulescheck());
    }

    public static void main(String[] arguments) {
        Launcher.main(programs(), arguments);
    }

    private static int serve(List<String> arguments, Program.Stdio stdio) throws Exception {
        Map<String, String> environment = stdio.environment();
        Log log = Log.standard(environment);
        Daemon daemon = new Daemon(log);
        QmqpClient queue =
                daemon.add(QmqpClient.of(environment.getOrDefault("QRATE_SEND", "send:628")));
        SmtpDoors.open(daemon, State.of(environment), environment, queue, log);
        return daemon.untilTerm();
    }
}
