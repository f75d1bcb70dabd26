package qrate.images.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import qrate.core.Budget;
import qrate.core.Control;
import qrate.core.Daemon;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.dns.Dns;
import qrate.dns.DnsClient;
import qrate.gate.Gate;
import qrate.milter.MilterAddress;
import qrate.smtpd.Filters;

/// The gate in a process of its own, or inside of one that has everything.
public final class GateRole {
    private static final MilterAddress EVERYWHERE = new MilterAddress.Inet("0.0.0.0", Gate.PORT, false);

    /// What is remembered of DNS at most, in bytes: SPF, DMARC and a key of some 10,000 domains. Where the heap's part
    /// is less, the rest is asked again.
    private static final int DNS_BYTES_MAX = 28_000_000;

    private static final int PART_OF_ITS_OWN = 4;
    private static final int PART_OF_ALL = 16;

    private GateRole() {}

    static int run(List<String> arguments, Program.Stdio stdio) throws Exception {
        Log log = Log.standard(stdio.environment());
        Daemon daemon = new Daemon(log);
        String named = stdio.environment().getOrDefault(Filters.GATE, "");
        MilterAddress at = named.isEmpty() ? EVERYWHERE : MilterAddress.parse(named);
        Map<String, String> environment = stdio.environment();
        daemon.add(open(at, State.of(environment), dns(environment, PART_OF_ITS_OWN), log));
        return daemon.untilTerm();
    }

    /// Opens the gate as a part of another process, where the environment says that there is one.
    public static void inside(Daemon daemon, State state, Map<String, String> environment, Log log) throws IOException {
        String named = environment.getOrDefault(Filters.GATE, "");
        if (!named.isEmpty()) {
            daemon.add(open(MilterAddress.parse(named), state, dns(environment, PART_OF_ALL), log));
        }
    }

    private static Dns dns(Map<String, String> environment, int part) {
        return DnsClient.remembering(environment, (int) Math.min(DNS_BYTES_MAX, Budget.ofHeap(part)));
    }

    private static Gate open(MilterAddress at, State state, Dns dns, Log log) throws IOException {
        Control control = new Control(state.control(), InstantSource.system());
        Files.createDirectories(state.gate());
        return Gate.open(at, control, state.gate(), dns, InstantSource.system(), log);
    }
}
