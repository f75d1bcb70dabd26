package qrate.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/// Measures servers in turn, and prints a table of each measure: medians over the rounds.
final class Rounds {
    private static final long DELIVERY_NANOS_MAX = TimeUnit.MINUTES.toNanos(1);

    private final int rounds;
    private final PrintWriter out;

    Rounds(int rounds, PrintWriter out) {
        this.rounds = rounds;
        this.out = out;
    }

    /// One line of a table: what a server did in each round.
    private record Row(List<Sample> accepted, List<Sample> done, List<Double> cpuMillis) {
        Row() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        double rate() {
            return median(done, Sample::perSecond);
        }

        double cpu() {
            return median(cpuMillis, Double::doubleValue);
        }
    }

    /// What is done to a server in a round.
    @FunctionalInterface
    private interface Round<S extends Server> {
        void run(S server, Row row) throws IOException;
    }

    /// What a measure gave for a server: medians.
    ///
    /// @param rate how many a second in all
    record Outcome(double rate, double cpuMillis) {}

    /// @param messages in a round
    /// @param before what is done before a round, and not measured
    private <S extends Server> Map<Server, Outcome> table(
            String title, List<S> servers, int messages, Round<S> before, Round<S> round) throws IOException {
        Map<Server, Row> rows = new LinkedHashMap<>();
        servers.forEach(server -> rows.put(server, new Row()));
        for (int i = 0; i < rounds; i++) {
            for (S server : servers) {
                Row row = rows.get(server);
                before.run(server, row);
                double cpu = server.cpuSeconds();
                round.run(server, row);
                row.cpuMillis.add((server.cpuSeconds() - cpu) * 1000 / messages);
            }
        }
        print(title, rows);
        Map<Server, Outcome> outcomes = new LinkedHashMap<>();
        rows.forEach((server, row) -> outcomes.put(server, new Outcome(row.rate(), row.cpu())));
        return outcomes;
    }

    /// Accepting alone: deliveries are held back, so that the reply after the sync is all there is.
    void accept(List<Server.Holding> servers, SmtpLoad load, int messages) throws IOException {
        table("accepting alone, " + load.name(), servers, messages, (server, _) -> server.clear(), (server, row) -> {
            Sample sample = load.run(server.smtp(), messages);
            row.done.add(sample);
            row.accepted.add(sample);
        });
    }

    /// The same with a message of its own.
    void accept(List<Server.Holding> servers, SmtpLoad load, int messages, String text) throws IOException {
        List<String> recipients = Server.first().stream()
                .map(local -> local + "@" + Server.DOMAIN)
                .toList();
        table(
                "accepting alone, signed mail, " + load.name(),
                servers,
                messages,
                (server, _) -> server.clear(),
                (server, row) -> {
                    Sample sample = load.run(server.smtp(), messages, recipients, text);
                    row.done.add(sample);
                    row.accepted.add(sample);
                });
    }

    /// Accepting and delivering at once, from the first connection to the last file in a Maildir.
    void deliver(List<Server> servers, SmtpLoad load, int messages) throws IOException {
        var _ = deliver("", servers, load, messages);
    }

    /// The same.
    ///
    /// @param more what else is so meanwhile, for the title
    Map<Server, Outcome> deliver(String more, List<Server> servers, SmtpLoad load, int messages) throws IOException {
        return table(
                "into Maildirs, " + load.name() + more,
                servers,
                messages,
                (server, _) -> server.clear(),
                (server, row) -> deliver(server, load, messages, row));
    }

    /// One message to many mailboxes, until the last of them has it.
    Map<Server, Outcome> list(List<Server> servers, ListLoad load) throws IOException {
        return table(
                "into Maildirs, " + load.name(),
                servers,
                load.deliveries(),
                (server, _) -> Processes.clearMaildirs(server, load.locals()),
                (server, row) -> {
                    long start = System.nanoTime();
                    Sample sent = load.run(server);
                    awaitEach(server, load);
                    row.accepted.add(sent);
                    row.done.add(new Sample(load.deliveries(), System.nanoTime() - start, sent.latencies()));
                });
    }

    /// How mail leaves a queue.
    interface Sending {
        /// Puts messages into the queue, and lets none out.
        Sample fill(Server server) throws IOException;

        /// Lets them out, until the last is gone.
        Sample drain(Server server) throws IOException;
    }

    /// From the queue to other hosts: how they got there is not measured with it.
    void out(String title, List<Server> servers, int messages, Sending sending) throws IOException {
        table(
                title,
                servers,
                messages,
                (server, row) -> row.accepted.add(sending.fill(server)),
                (server, row) -> row.done.add(sending.drain(server)));
    }

    /// What went through a queue.
    ///
    /// @param accepted at the door
    /// @param done at the other end
    record Through(Sample accepted, Sample done) {}

    /// What sends messages through a server.
    @FunctionalInterface
    interface Passing {
        Through run(Server server) throws IOException;
    }

    /// Through the queue to other hosts.
    Map<Server, Outcome> through(String title, List<Server> servers, int messages, Passing passing) throws IOException {
        return table(title, servers, messages, (_, _) -> {}, (server, row) -> {
            Through all = passing.run(server);
            row.accepted.add(all.accepted);
            row.done.add(all.done);
        });
    }

    /// Looks at one mailbox at a time: looking at all would cost more than the deliveries.
    private static void awaitEach(Server server, ListLoad load) throws IOException {
        long start = System.nanoTime();
        for (String local : load.locals()) {
            while (Processes.delivered(server, local) < load.messages()) {
                if (System.nanoTime() - start > DELIVERY_NANOS_MAX) {
                    throw new IOException(server.name() + " has delivered too little to " + local);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    /// Signing in again and again, as mail programs do that look every few minutes.
    void logins(List<Server> servers, int sessions, int each) throws IOException {
        Pop3Load load = new Pop3Load(sessions, 0);
        table(
                "POP3, %d mailboxes signing in %d times each".formatted(sessions, each),
                servers,
                sessions * each,
                (server, _) -> server.clear(),
                (server, row) -> {
                    Sample sample = load.signIn(server, each);
                    row.done.add(sample);
                    row.accepted.add(sample);
                });
    }

    /// The first messages after a start, which is not measured itself.
    void cold(List<Server.Ours> servers, SmtpLoad load, int messages) throws IOException {
        if (servers.isEmpty()) {
            return;
        }
        table(
                "into Maildirs, the first " + messages + " after the start, " + load.name(),
                servers,
                messages,
                (server, _) -> {
                    server.clear();
                    server.restart();
                },
                (server, row) -> deliver(server, load, messages, row));
    }

    /// Fills mailboxes and reads them.
    void pop3(List<Server> servers, Pop3Load load) throws IOException {
        for (Server server : servers) {
            server.clear();
            for (String local : Server.first()) {
                Mailboxes.fill(server, local, 0, load.messages());
            }
            load.run(server);
        }
        String title = "POP3, " + load.sessions() + " sessions reading " + load.messages() + " messages of 1 KiB";
        table(title, servers, load.sessions() * load.messages(), (_, _) -> {}, (server, row) -> {
            Sample sample = load.run(server);
            row.done.add(sample);
            row.accepted.add(sample);
        });
    }

    private static void deliver(Server server, SmtpLoad load, int messages, Row row) throws IOException {
        long start = System.nanoTime();
        Sample sent = load.run(server.smtp(), messages);
        awaitDelivered(server, messages);
        row.accepted.add(sent);
        row.done.add(new Sample(messages, System.nanoTime() - start, sent.latencies()));
    }

    /// Waits until as many messages are in its mailboxes.
    ///
    /// @throws IOException when they are not there in a minute
    static void awaitDelivered(Server server, int messages) throws IOException {
        long start = System.nanoTime();
        while (Processes.delivered(server) < messages) {
            if (System.nanoTime() - start > DELIVERY_NANOS_MAX) {
                throw new IOException(server.name() + " delivered " + Processes.delivered(server) + " of " + messages);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static <T> double median(List<T> all, ToDoubleFunction<T> value) {
        return Sample.median(all.stream().mapToDouble(value).toArray());
    }

    private void print(String title, Map<Server, Row> rows) {
        out.println(title);
        rows.forEach((server, row) -> out.printf(
                "  %-26s %7.0f/s accepted, %7.0f/s in all   p50 %7.2f ms   p99 %8.2f ms   CPU %6.2f ms each%s%n",
                server.name(),
                median(row.accepted, Sample::perSecond),
                row.rate(),
                median(row.accepted, sample -> sample.percentileMillis(0.5)),
                median(row.accepted, sample -> sample.percentileMillis(0.99)),
                row.cpu(),
                against(server, row, rows)));
        out.println();
    }

    /// How many times a peer's rate one of ours is, for each peer.
    private static String against(Server server, Row own, Map<Server, Row> rows) {
        StringBuilder text = new StringBuilder();
        if (server instanceof Server.Ours) {
            rows.forEach((peer, row) -> {
                if (!(peer instanceof Server.Ours)) {
                    text.append("   %.1f times %s".formatted(own.rate() / row.rate(), peer.name()));
                }
            });
        }
        return text.toString();
    }
}
