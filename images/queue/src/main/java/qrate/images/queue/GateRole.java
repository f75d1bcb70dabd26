package qrate.images.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import qrate.core.Control;
import qrate.core.Daemon;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.dns.DnsClient;
import qrate.gate.Gate;
import qrate.milter.MilterAddress;
import qrate.smtpd.Filters;

/// The gate in a process of its own, or inside of one that has everything.
public final class GateRole {
    private static final MilterAddress EVERYWHERE = new MilterAddress.Inet("0.0.0.0", Gate.PORT, false);

    private GateRole() {}

    static int run(List<String> arguments, Program.Stdio stdio) throws Exception {
        Log log = Log.standard(stdio.environment());
        Daemon daemon = new Daemon(log);
        String named = stdio.environment().getOrDefault(Filters.GATE, "");
        MilterAddress at = named.isEmpty() ? EVERYWHERE : MilterAddress.parse(named);
        daemon.add(open(at, State.of(stdio.environment()), stdio.environment(), log));
        return daemon.untilTerm();
    }

    /// Opens the gate as a part of another process, where the environment says that there is one.
    public static void inside(Daemon daemon, State state, Map<String, String> environment, Log log) throws IOException {
        String named = environment.getOrDefault(Filters.GATE, "");
        if (!named.isEmpty()) {
            daemon.add(open(MilterAddress.parse(named), state, environment, log));
        }
    }

    private static Gate open(MilterAddress at, State state, Map<String, String> environment, Log log)
            throws IOException {
        Control control = new Control(state.control(), InstantSource.system());
        Files.createDirectories(state.gate());
        return Gate.open(at, control, state.gate(), DnsClient.of(environment), InstantSource.system(), log);
    }
}
