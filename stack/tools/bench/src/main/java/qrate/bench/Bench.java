package qrate.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./qrate bench`: the measures of the house, beside Postfix and Dovecot where they are installed.
@Command(
        name = "qrate bench",
        mixinStandardHelpOptions = true,
        description = "Measures Qrate beside Postfix and Dovecot.")
final class Bench implements Callable<Integer> {
    private static final long DELIVERY_NANOS_MAX = TimeUnit.MINUTES.toNanos(1);

    /// How long after its start the memory of a process is that of an idle one.
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int POP3_MESSAGES = 100;
    private static final int BODY_BYTES = 1024;

    /// A JVM is warm when this many batches in a row took no less CPU a message than the best before, or a twentieth
    /// less.
    private static final int WARM_UP_BATCHES = 4;

    private static final int WARM_UP_BATCH_MESSAGES = 10_000;
    private static final int WARM_UP_MESSAGES_MAX = 300_000;

    /// Messages that compile the hot paths of local delivery and of the generator, as measured.
    private static final int WARM_UP_MESSAGES = 20_000;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds of each measure (default 3).")
    int rounds;

    @Option(names = "--messages", defaultValue = "2000", description = "Messages a round (default 2000).")
    int messages;

    @Option(names = "--connections", defaultValue = "20", description = "Connections at once (default 20).")
    int connections;

    @Option(names = "--folder", description = "Folder for the servers' files (default: a temporary one).")
    Path folder;

    @Option(names = "--jvm", split = " ", description = "JVM options of Qrate, as the launcher gives them.")
    List<String> jvm = List.of();

    @Option(
            names = "--micro",
            arity = "0..1",
            fallbackValue = ".*",
            description = "Only the benchmarks of single steps (JMH), or those whose names match.")
    Optional<String> micro = Optional.empty();

    private final PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    /// One line of a table: what a server did in each round.
    private record Row(List<Sample> samples, List<Double> cpuMillis) {
        Row() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        double rate() {
            return median(samples, Sample::perSecond);
        }
    }

    @Override
    public Integer call() throws IOException {
        if (micro.isPresent()) {
            return steps(micro.get());
        }
        Path root = folder == null ? Files.createTempDirectory("qrate-bench") : Files.createDirectories(folder);
        Processes.run("chmod", "755", root.toString()); // the peers' daemons have users of their own
        List<Server> mail = new ArrayList<>();
        List<Server> readers = new ArrayList<>();
        try {
            QrateServer qrate = new QrateServer(root.resolve("qrate"), jvm);
            mail.add(qrate);
            readers.add(qrate);
            if (PostfixServer.installed()) {
                mail.add(new PostfixServer(root.resolve("postfix"), true));
                mail.add(new PostfixServer(root.resolve("postfix-0"), false));
            } else {
                out.println("postfix is not installed (package postfix): Qrate is measured without it");
            }
            if (DovecotServer.installed()) {
                readers.add(new DovecotServer(root.resolve("dovecot")));
            } else {
                out.println(
                        "dovecot with its POP3 is not installed (package dovecot-pop3d): POP3 is measured without it");
            }
            long idleFrom = System.nanoTime();
            ceiling();
            // what starting took is given back after a while
            LockSupport.parkNanos(IDLE_NANOS - (System.nanoTime() - idleFrom));
            out.printf("idle memory of the embedded shape (PSS): %.1f MiB%n%n", qrate.memoryKib() / 1024.0);
            // the first load compiles the hot paths; what is measured is the steady state
            hold(mail, true);
            warmUp(qrate, load(1, false));
            accept(mail, load(1, false));
            accept(mail, load(1, true));
            accept(mail, load(20, false));
            hold(mail, false);
            for (int sent = 0; sent < WARM_UP_MESSAGES; sent += messages) {
                deliver(qrate, load(1, false));
            }
            endToEnd(mail);
            pop3(readers);
            out.printf("memory after the load (PSS): %.1f MiB%n", qrate.memoryKib() / 1024.0);
            return 0;
        } finally {
            for (Server server : mail) {
                server.close();
            }
            for (Server server : readers) {
                if (!mail.contains(server)) {
                    server.close();
                }
            }
            Processes.run("rm", "-rf", root.toString());
        }
    }

    private static int steps(String names) throws IOException {
        try {
            new Runner(new OptionsBuilder().include(names).build()).run();
            return 0;
        } catch (RunnerException e) {
            throw new IOException(e);
        }
    }

    private SmtpLoad load(int perConnection, boolean pipelining) {
        return new SmtpLoad(connections, perConnection, BODY_BYTES, pipelining);
    }

    private void ceiling() throws IOException {
        try (NullSink sink = new NullSink()) {
            for (SmtpLoad load : List.of(load(1, false), load(1, true), load(20, false))) {
                load.run(sink.port(), WARM_UP_MESSAGES);
                out.printf(
                        "the generator alone, into a null sink, %s: %.0f messages/s%n",
                        load.name(), load.run(sink.port(), messages).perSecond());
            }
        }
        out.println();
    }

    private void warmUp(Server server, SmtpLoad load) throws IOException {
        double best = Double.MAX_VALUE;
        int sent = 0;
        for (int still = 0; still < WARM_UP_BATCHES && sent < WARM_UP_MESSAGES_MAX; sent += WARM_UP_BATCH_MESSAGES) {
            double before = server.cpuSeconds();
            load.run(server.smtpPort(), WARM_UP_BATCH_MESSAGES);
            double cpu = server.cpuSeconds() - before;
            still = cpu < 0.95 * best ? 0 : still + 1;
            best = Math.min(best, cpu);
        }
        out.printf("%s warmed up by %d messages%n%n", server.name(), sent);
    }

    /// Stops deliveries, or lets them go on, and empties what is there; a restarted JVM is cold again.
    private static void hold(List<Server> servers, boolean held) throws IOException {
        for (Server server : servers) {
            server.clear();
            server.hold(held);
        }
    }

    /// Accepting alone: deliveries are held back, so that the reply after the sync is all there is.
    private void accept(List<Server> servers, SmtpLoad load) throws IOException {
        Map<Server, Row> rows = rows(servers);
        for (int round = 0; round < rounds; round++) {
            for (Server server : servers) {
                double cpu = server.cpuSeconds();
                Sample sample = load.run(server.smtpPort(), messages);
                rows.get(server).samples.add(sample);
                rows.get(server).cpuMillis.add((server.cpuSeconds() - cpu) * 1000 / messages);
                server.clear();
            }
        }
        print("accepting, " + load.name(), rows);
    }

    /// From the first connection to the last file in a Maildir.
    private void endToEnd(List<Server> servers) throws IOException {
        Map<Server, Row> rows = rows(servers);
        for (int round = 0; round < rounds; round++) {
            for (Server server : servers) {
                double cpu = server.cpuSeconds();
                rows.get(server).samples.add(deliver(server, load(1, false)));
                rows.get(server).cpuMillis.add((server.cpuSeconds() - cpu) * 1000 / messages);
            }
        }
        print("into Maildirs, " + load(1, false).name(), rows);
    }

    private Sample deliver(Server server, SmtpLoad load) throws IOException {
        server.clear();
        long start = System.nanoTime();
        Sample sent = load.run(server.smtpPort(), messages);
        while (Processes.delivered(server) < messages) {
            if (System.nanoTime() - start > DELIVERY_NANOS_MAX) {
                throw new IOException(server.name() + " delivered " + Processes.delivered(server) + " of " + messages);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        long nanos = System.nanoTime() - start;
        server.clear();
        return new Sample(messages, nanos, sent.latencies());
    }

    private void pop3(List<Server> servers) throws IOException {
        Pop3Load load = new Pop3Load(Server.MAILBOXES, POP3_MESSAGES);
        Map<Server, Row> rows = rows(servers);
        for (Server server : servers) {
            server.clear();
            Mailboxes.fill(server, POP3_MESSAGES, 1024);
            load.run(server);
        }
        for (int round = 0; round < rounds; round++) {
            for (Server server : servers) {
                double cpu = server.cpuSeconds();
                rows.get(server).samples.add(load.run(server));
                rows.get(server).cpuMillis.add((server.cpuSeconds() - cpu) * 1000 / (Server.MAILBOXES * POP3_MESSAGES));
            }
        }
        print("POP3, " + Server.MAILBOXES + " sessions reading " + POP3_MESSAGES + " messages of 1 KiB", rows);
    }

    private static <T> double median(List<T> all, ToDoubleFunction<T> value) {
        return Sample.median(all.stream().mapToDouble(value).toArray());
    }

    private static Map<Server, Row> rows(List<Server> servers) {
        Map<Server, Row> rows = new LinkedHashMap<>();
        servers.forEach(server -> rows.put(server, new Row()));
        return rows;
    }

    private void print(String title, Map<Server, Row> rows) {
        out.println(title);
        double own = rows.values().iterator().next().rate();
        rows.forEach((server, row) -> out.printf(
                "  %-26s %8.0f messages/s   p50 %7.2f ms   p99 %8.2f ms   CPU %5.2f ms/message   qrate is %.1f times%n",
                server.name(),
                row.rate(),
                median(row.samples, sample -> sample.percentileMillis(0.5)),
                median(row.samples, sample -> sample.percentileMillis(0.99)),
                median(row.cpuMillis, Double::doubleValue),
                own / row.rate()));
        out.println();
    }
}
