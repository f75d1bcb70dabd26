package qrate.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a message costs when there is ten times as much of something, and again: CPU, since time has the disk's in it.
final class Series {
    private static final long DELIVERY_NANOS_MAX = TimeUnit.MINUTES.toNanos(2);
    private static final int MAILBOXES_MANY = 10_000;
    private static final String Y = "CPU of each, ms";

    /// Small messages down few connections: what only waits.
    private static final SmtpLoad FILLING = new SmtpLoad(20, 100, 72, true);

    private final BenchRun run;

    private Series(BenchRun run) {
        this.run = run;
    }

    static void run(BenchRun run) throws IOException {
        Series series = new Series(run);
        if (run.wants(RowGroup.MANY)) {
            series.many();
        }
        if (run.wants(RowGroup.QUEUE)) {
            series.queue();
        }
        if (run.wants(RowGroup.MAILBOXES)) {
            series.mailboxes();
        }
        if (run.wants(RowGroup.GROWING)) {
            series.growing();
        }
    }

    /// Both doors take 1,000 recipients at once, so that one message to 10,000 comes as ten.
    private void many() throws IOException {
        Plot plot = new Plot(
                "a message of 4 KiB to N mailboxes of a domain that has 10,000",
                "mailboxes that get it",
                "deliveries, " + Y);
        List<String> more = Server.many(MAILBOXES_MANY).subList(Server.MANY, MAILBOXES_MANY);
        try (Servers servers = new Servers(run, "many")) {
            List<Server> all = new ArrayList<>();
            for (Server.Ours one : servers.ours()) {
                one.addMailboxes(more);
                run.warmUp(one);
                all.add(one);
            }
            servers.postfix(PostfixServer.Setting.with(more)).ifPresent(all::add);
            for (int recipients : steps(10, MAILBOXES_MANY)) {
                ListLoad load = new ListLoad(recipients, Math.max(1, run.messages() / recipients));
                note(plot, recipients, run.rounds().list(all, load));
            }
        }
        print(plot, "many");
    }

    private void queue() throws IOException {
        Plot plot = new Plot("a message of 1 KiB while N others wait for other hosts", "messages that wait", Y);
        try (Servers servers = new Servers(run, "queue")) {
            List<Server> ours = new ArrayList<>();
            for (Server.Ours one : servers.ours()) {
                one.control(
                        Map.of("concurrencyremote", List.of("0"), "rcpthosts", List.of(Server.DOMAIN, "wait.test")));
                run.warmUp(one);
                ours.add(one);
            }
            int waiting = 0;
            for (int step : steps(1_000, run.size().seriesMax())) {
                for (Server one : ours) {
                    FILLING.run(one.smtp(), step - waiting, List.of("u@wait.test"));
                }
                waiting = step;
                deliver(plot, step, ours, ", while %,d others wait".formatted(step));
            }
        }
        print(plot, "queue");
    }

    private void mailboxes() throws IOException {
        Plot plot = new Plot("a message of 1 KiB into a domain of N mailboxes", "mailboxes", Y);
        try (Servers servers = new Servers(run, "mailboxes")) {
            List<Server.Ours> ours = servers.ours(Server.first());
            int there = Server.MAILBOXES;
            for (int step : Stream.concat(
                            Stream.of(there), steps(100, Math.min(run.size().seriesMax(), 100_000)).stream())
                    .toList()) {
                for (Server.Ours one : ours) {
                    if (step > there) {
                        one.addMailboxes(Server.many(step - Server.MAILBOXES)
                                .subList(there - Server.MAILBOXES, step - Server.MAILBOXES));
                    }
                    run.warmUp(one);
                }
                there = step;
                deliver(plot, step, new ArrayList<>(ours), ", %,d mailboxes".formatted(step));
            }
        }
        print(plot, "mailboxes");
    }

    private void growing() throws IOException {
        Plot plot = new Plot("a message of 1 KiB into a mailbox of N", "messages that are there", Y);
        try (Servers servers = new Servers(run, "growing")) {
            List<Server> ours = new ArrayList<>(servers.ours());
            for (Server one : ours) {
                run.warmUp(one);
            }
            String local = Server.first().getFirst();
            int there = 0;
            for (int step : steps(10, Math.min(run.size().seriesMax(), 100_000))) {
                for (Server one : ours) {
                    Mailboxes.fill(one, local, there, step - there);
                }
                there = step;
                SmtpLoad load = run.load(1, BenchRun.BODY_BYTES);
                String title = "into a mailbox of %,d, %s".formatted(step, load.name());
                run.rounds()
                        .through(title, ours, run.messages(), server -> into(server, local, load))
                        .forEach((server, outcome) -> plot.add(server.name(), step, outcome.cpuMillis()));
            }
        }
        print(plot, "growing");
    }

    /// Until they are in `new/`; then they are put away.
    private Rounds.Through into(Server server, String local, SmtpLoad load) throws IOException {
        Path fresh = server.maildir(local).resolve("new");
        long start = System.nanoTime();
        Sample accepted = load.run(server.smtp(), run.messages(), List.of(local + "@" + Server.DOMAIN));
        while (count(fresh) < run.messages()) {
            if (System.nanoTime() - start > DELIVERY_NANOS_MAX) {
                throw new IOException(server.name() + " has delivered too little to " + local);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        Sample done = new Sample(run.messages(), System.nanoTime() - start, accepted.latencies());
        Path aside = Files.createDirectories(server.maildir(local).resolveSibling("aside-new"));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(fresh)) {
            for (Path file : files) {
                Files.move(file, aside.resolve(file.getFileName()));
            }
        }
        return new Rounds.Through(accepted, done);
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    private void deliver(Plot plot, int step, List<Server> servers, String title) throws IOException {
        note(plot, step, run.rounds().deliver(title, servers, run.load(1, BenchRun.BODY_BYTES), run.messages()));
    }

    private static void note(Plot plot, int step, Map<Server, Rounds.Outcome> outcomes) {
        outcomes.forEach((server, outcome) -> plot.add(server.name(), step, outcome.cpuMillis()));
    }

    private void print(Plot plot, String name) throws IOException {
        Path file = Files.createDirectories(run.plots()).resolve(name + ".svg");
        Files.writeString(file, plot.svg());
        run.out().print(plot.table());
        run.out().println("  as a picture: " + file);
        run.out().println();
    }

    /// Powers of ten.
    static List<Integer> steps(int from, int to) {
        return IntStream.iterate(from, step -> step <= to, step -> step * 10)
                .boxed()
                .toList();
    }
}
