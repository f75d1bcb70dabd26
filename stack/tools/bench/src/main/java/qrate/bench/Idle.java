package qrate.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Mail while thousands of connections are open and say nothing.
final class Idle {
    private static final int CONNECTIONS = 5_000;

    /// With room for the load beside them.
    private static final Map<String, List<String>> CONTROL =
            Map.of("concurrencyincoming", List.of("6000"), "timeoutsmtpd", List.of("3600"));

    private Idle() {}

    static void run(Run run) throws IOException {
        try (Servers servers = new Servers(run, "idle")) {
            List<Server> ours = new ArrayList<>();
            for (Server.Ours one : servers.ours()) {
                one.control(CONTROL);
                memory(run, one);
                run.warmUp(one);
                ours.add(one);
            }
            SmtpLoad load = run.load(1, Run.BODY_BYTES);
            Map<Server, Rounds.Outcome> without = run.rounds().deliver("", ours, load, run.messages());
            List<IdleClients> clients = new ArrayList<>();
            try {
                for (Server one : ours) {
                    clients.add(new IdleClients(one.smtp(), CONNECTIONS));
                }
                String more = ", beside %,d idle connections".formatted(CONNECTIONS);
                Map<Server, Rounds.Outcome> beside = run.rounds().deliver(more, ours, load, run.messages());
                without.forEach((server, outcome) -> run.out()
                        .printf(
                                "  %-26s %.1f %% slower%n",
                                server.name(), 100 * (1 - beside.get(server).rate() / outcome.rate())));
                run.out().println();
            } finally {
                for (IdleClients some : clients) {
                    some.close();
                }
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
