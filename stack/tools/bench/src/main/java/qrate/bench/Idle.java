package qrate.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Mail while thousands of connections are open and say nothing.
final class Idle {
    private static final int CONNECTIONS = 5_000;

    /// In one process an eighth of the heap is for what the first door holds, and 48 KiB are counted for each
    /// connection.
    private static final String HEAP = "-Xmx3g";

    /// With room for the load beside them.
    private static final Map<String, List<String>> CONTROL =
            Map.of("concurrencyincoming", List.of("6000"), "timeoutsmtpd", List.of("3600"));

    private Idle() {}

    static void run(Run run) throws IOException {
        if (run.shape() == Run.Shape.COMPOSE) {
            run.out()
                    .println(
                            "idle connections: a client of containers has one address, which gets fewer; see --shape embedded");
            return;
        }
        List<String> jvm = new ArrayList<>(run.jvm());
        jvm.add(HEAP);
        try (Servers servers = new Servers(run, "idle")) {
            QrateServer one = servers.add(new QrateServer(run.root().resolve("idle-qrate"), jvm, Server.first()));
            one.control(CONTROL);
            memory(run, one);
            run.warmUp(one);
            SmtpLoad load = run.load(1, Run.BODY_BYTES);
            Rounds.Outcome without =
                    run.rounds().deliver("", List.of(one), load, run.messages()).get(one);
            try (IdleClients _ = new IdleClients(one.smtp(), CONNECTIONS)) {
                String more = ", beside %,d idle connections".formatted(CONNECTIONS);
                Rounds.Outcome beside = run.rounds()
                        .deliver(more, List.of(one), load, run.messages())
                        .get(one);
                run.out().printf("  %.1f %% slower%n%n", 100 * (1 - beside.rate() / without.rate()));
            }
        }
    }

    /// Before any load: a heap that has grown takes connections for nothing.
    private static void memory(Run run, Server.Ours one) throws IOException {
        ProcessTree.Memory before = one.memory();
        try (IdleClients _ = new IdleClients(one.smtp(), CONNECTIONS)) {
            run.out()
                    .printf(
                            "%s: %,d idle connections take %.1f KiB each%n%n",
                            one.name(), CONNECTIONS, (one.memory().own() - before.own()) / (double) CONNECTIONS);
        }
    }
}
