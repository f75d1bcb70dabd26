package qrate.images.pop3d;

import java.util.List;
import java.util.Map;
import qrate.core.Daemon;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;

/// The `pop3d` image's one main.
public final class Main {
    private Main() {}

    /// The programs of this image by name.
    public static Map<String, Program> programs() {
        return Map.of("pop3d", Main::serve);
    }

    public static void main(String[] arguments) {
        Launcher.main(programs(), arguments);
    }

    private static int serve(List<String> arguments, Program.Stdio stdio) throws Exception {
        Log log = Log.standard(stdio.environment());
        Daemon daemon = new Daemon(log);
        PopDoors.open(daemon, State.of(stdio.environment()), stdio.environment(), log);
        return daemon.untilTerm();
    }
}
