package qrate.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Mail for other hosts: from the queue to sinks, and past hosts that are dead.
///
/// The messages are taken as a secondary MX takes them (control/rcpthosts), since relaying is never open to loopback.
final class Remote {
    private static final List<Integer> AT_ONCE = List.of(20, 100);
    private static final int HOSTS = 1_000;
    /// Messages for dead hosts, of each message that is measured: 10,000 as usual.
    private static final int DEAD_EACH = 5;
    private static final long NANOS_MAX = TimeUnit.MINUTES.toNanos(2);
    /// How long is looked past dead hosts: a server that they hold up sends nothing for longer than anybody would look.
    private static final long LOOK_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

    private final BenchRun run;
    private final int atOnce;

    private Remote(BenchRun run, int atOnce) {
        this.run = run;
        this.atOnce = atOnce;
    }

    static void run(BenchRun run) throws IOException {
        if (run.wants(RowGroup.REMOTE)) {
            for (int atOnce : AT_ONCE) {
                new Remote(run, atOnce).out();
            }
        }
        if (run.wants(RowGroup.DEAD)) {
            new Remote(run, AT_ONCE.getFirst()).pastTheDead();
        }
    }

    private void out() throws IOException {
        try (Servers servers = new Servers(run, "remote-" + atOnce);
                Senders senders = new Senders()) {
            start(servers, senders, Optional.empty());
            for (int hosts : List.of(1, HOSTS)) {
                String title = "from the queue to %s, 1 KiB, %d at once"
                        .formatted(hosts == 1 ? "one host" : hosts + " hosts", atOnce);
                run.rounds().out(title, senders.servers(), run.messages(), new Rounds.Sending() {
                    @Override
                    public Sample fill(Server server) throws IOException {
                        senders.sink(server).hold();
                        return send(server, hosts);
                    }

                    @Override
                    public Sample drain(Server server) {
                        NullSink sink = senders.sink(server);
                        int before = sink.messages();
                        long start = System.nanoTime();
                        sink.letGo();
                        sink.await(before + run.messages(), NANOS_MAX);
                        return taken(sink, before, start);
                    }
                });
            }
        }
    }

    private void pastTheDead() throws IOException {
        try (Servers servers = new Servers(run, "dead");
                Senders senders = new Senders();
                DeadHosts dead = new DeadHosts(HOSTS)) {
            start(servers, senders, Optional.of(dead));
            String title = "through the queue to %d hosts, 1 KiB, %d at once".formatted(HOSTS, atOnce);
            Map<Server, Rounds.Outcome> before = through(title, senders);
            for (Server server : senders.servers()) {
                run.load(20, BenchRun.BODY_BYTES)
                        .run(server.smtp(), DEAD_EACH * run.messages(), recipients("dead", HOSTS));
            }
            title += ", while %,d messages wait for %d hosts that refuse or do not answer"
                    .formatted(DEAD_EACH * run.messages(), HOSTS);
            Map<Server, Rounds.Outcome> after = through(title, senders);
            run.out().println("  what has not gone out after half a minute counts as not sent");
            before.forEach((server, outcome) -> run.out()
                    .printf(
                            "  %-26s %.1f %% slower%n",
                            server.name(), 100 * (1 - after.get(server).rate() / outcome.rate())));
            run.out().println();
        }
    }

    private Map<Server, Rounds.Outcome> through(String title, Senders senders) throws IOException {
        return run.rounds().through(title, senders.servers(), run.messages(), server -> {
            NullSink sink = senders.sink(server);
            int before = sink.messages();
            long start = System.nanoTime();
            Sample accepted = send(server, HOSTS);
            sink.await(before + run.messages(), LOOK_NANOS_MAX);
            return new Rounds.Through(accepted, taken(sink, before, start));
        });
    }

    private static Sample taken(NullSink sink, int before, long start) {
        return new Sample(sink.messages() - before, System.nanoTime() - start, List.of());
    }

    private Sample send(Server server, int hosts) throws IOException {
        return run.load(20, BenchRun.BODY_BYTES).run(server.smtp(), run.messages(), recipients("live", hosts));
    }

    private static List<String> recipients(String kind, int hosts) {
        return IntStream.range(0, hosts).mapToObj(i -> "u@" + name(kind, i)).toList();
    }

    private static String name(String kind, int host) {
        return "h" + host + "." + kind + ".test";
    }

    private void start(Servers servers, Senders senders, Optional<DeadHosts> dead) throws IOException {
        for (Server.Ours one : servers.ours()) {
            Optional<InetAddress> outside = one.outside();
            NullSink sink =
                    senders.add(one, outside.isPresent() ? NullSink.at(outside.get(), HOSTS) : NullSink.here(HOSTS));
            one.control(Map.of(
                    "smtproutes", routes(sink, dead, "%s:[%s]:%d"),
                    "rcpthosts", List.of(Server.DOMAIN, ".live.test", ".dead.test"),
                    "concurrencyremote", List.of("" + atOnce),
                    "concurrencyperhost", List.of("" + atOnce)));
            run.warmUp(one, () -> {
                int before = sink.messages();
                send(one, HOSTS);
                if (!sink.await(before + run.messages(), NANOS_MAX)) {
                    throw new IOException(one.name() + " sent " + (sink.messages() - before) + " of " + run.messages());
                }
            });
        }
        NullSink sink = NullSink.here(HOSTS);
        Optional<PostfixServer> postfix =
                servers.postfix(PostfixServer.Setting.sending(atOnce, routes(sink, dead, "%s smtp:[%s]:%d")));
        if (postfix.isPresent()) {
            senders.add(postfix.get(), sink);
        } else {
            sink.close();
        }
    }

    private static List<String> routes(NullSink sink, Optional<DeadHosts> dead, String form) {
        List<String> routes = new ArrayList<>();
        add(routes, form, "live", sink.addresses());
        dead.ifPresent(hosts -> add(routes, form, "dead", hosts.addresses()));
        return routes;
    }

    private static void add(List<String> routes, String form, String kind, List<InetSocketAddress> addresses) {
        for (int i = 0; i < addresses.size(); i++) {
            InetSocketAddress address = addresses.get(i);
            routes.add(form.formatted(name(kind, i), address.getAddress().getHostAddress(), address.getPort()));
        }
    }

    /// Servers that send, and the hosts that each sends to.
    private record Senders(Map<Server, NullSink> sinks) implements AutoCloseable {
        Senders() {
            this(new LinkedHashMap<>());
        }

        NullSink add(Server server, NullSink sink) {
            sinks.put(server, sink);
            return sink;
        }

        NullSink sink(Server server) {
            return sinks.get(server);
        }

        List<Server> servers() {
            return List.copyOf(sinks.keySet());
        }

        @Override
        public void close() throws IOException {
            for (NullSink sink : sinks.values()) {
                sink.close();
            }
        }
    }
}
