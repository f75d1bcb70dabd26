package qrate.images.pop3d;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import qrate.checkpassword.Checkers;
import qrate.checkpassword.CheckpasswordProgram;
import qrate.core.Budget;
import qrate.core.Control;
import qrate.core.Daemon;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.pop3d.QmailPop3d;
import qrate.pop3d.QmailPopup;
import qrate.posix.DescriptorConnection;
import qrate.posix.Posix;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.TcpEnv;
import qrate.tcpserver.Tcpserver;

/// The `pop3d` image's one main.
public final class Main {
    private Main() {}

    /// The commands of this image by name.
    public static Map<String, Program> commands() {
        InstantSource clock = InstantSource.system();
        Posix posix = new Posix();
        Program vchkpw = CheckpasswordProgram.standard(Checkers::byHand);
        return Map.of(
                "checkpassword",
                vchkpw,
                "qmail-pop3d",
                (arguments, stdio) -> new QmailPop3d(control(stdio), posix, clock).run(arguments, stdio),
                "qmail-popup",
                (arguments, stdio) -> new QmailPopup(popup(stdio, posix, clock)).run(arguments, stdio),
                "tcp-env",
                new TcpEnv(posix),
                "tcpserver",
                new Tcpserver(posix, clock),
                "vchkpw",
                vchkpw);
    }

    public static void main(String[] arguments) {
        Map<String, Program> programs = new java.util.TreeMap<>(commands());
        programs.put("pop3d", Main::serve);
        programs.put("vchkpwd", Main::oracle);
        Launcher.main(programs, arguments);
    }

    private static Control control(Program.Stdio stdio) {
        return new Control(State.of(stdio.environment()).control(), InstantSource.system());
    }

    private static QmailPopup.Parts popup(Program.Stdio stdio, Posix posix, InstantSource clock) {
        Certificates certificates =
                Certificates.in(State.of(stdio.environment()).tls(), clock, DescriptorConnection.log(stdio));
        return new QmailPopup.Parts(control(stdio), posix, certificates::context, clock);
    }

    private static int serve(List<String> arguments, Program.Stdio stdio) throws Exception {
        Log log = Log.standard(stdio.environment());
        Daemon daemon = new Daemon(stdio.environment(), log);
        State state = State.of(stdio.environment());
        daemon.health().watch("vchkpw", Checkers.asked(state, stdio.environment()));
        PopDoors.Inside inside = new PopDoors.Inside(Checkers.asking(state, stdio.environment()), Budget.ofHeap(2));
        PopDoors.open(daemon, state, stdio.environment(), inside, log);
        return daemon.untilTerm();
    }

    private static int oracle(List<String> arguments, Program.Stdio stdio) throws Exception {
        Log log = Log.standard(stdio.environment());
        Daemon daemon = new Daemon(log);
        Checkers.oracle(daemon, State.of(stdio.environment()), stdio.environment(), log);
        return daemon.untilTerm();
    }
}
