package qrate.images.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;

/// The embedded shape's one main: `up` runs everything, any other name the program of that name.
public final class Main {
    private Main() {}

    static Map<String, Program> programs(Map<String, String> environment) {
        Map<String, Program> programs = new TreeMap<>(qrate.images.admin.Main.commands());
        programs.putAll(qrate.images.queue.Main.commands(environment));
        programs.putAll(qrate.images.smtpd.Main.commands());
        programs.putAll(qrate.images.pop3d.Main.commands());
        programs.putAll(qrate.images.acme.Main.commands()); // admin's only shows the certificate
        programs.put("train", (arguments, _) -> Training.run(Main::programs, Path.of(arguments.getFirst())));
        programs.put("up", Main::up);
        return programs;
    }

    public static void main(String[] arguments) {
        Launcher.main(programs(System.getenv()), arguments);
    }

    private static int up(List<String> arguments, Program.Stdio stdio) throws Exception {
        if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            // strangers' mail, and the programs of .qmail files, would run as root
            throw new IOException("nothing of this runs as root: ./qrate up starts it as the owner of the state");
        }
        Log log = Log.kept(stdio.environment());
        return Embedded.start(stdio.environment(), log).untilTerm(stdio.environment(), log);
    }
}
