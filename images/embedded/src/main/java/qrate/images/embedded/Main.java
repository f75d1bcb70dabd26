package qrate.images.embedded;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.provisioning.Provision;
import qrate.vpopmail.Commands;

/// The embedded shape's one main: `up` runs everything, any other name the program of that name.
public final class Main {
    private Main() {}

    private static Map<String, Program> programs() {
        Map<String, Program> programs = new TreeMap<>(Commands.programs());
        programs.put("init", new Provision(InstantSource.system()));
        programs.put("first-password", Provision::firstPassword);
        programs.put("up", Main::up);
        return programs;
    }

    public static void main(String[] arguments) {
        Launcher.main(programs(), arguments);
    }

    private static int up(List<String> arguments, Program.Stdio stdio) throws Exception {
        Embedded embedded = Embedded.start(stdio.environment(), Log.standard(stdio.environment()));
        return embedded.daemon().untilTerm();
    }
}
