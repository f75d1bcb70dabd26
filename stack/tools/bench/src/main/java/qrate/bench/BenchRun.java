package qrate.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// A run, as its options say it.
///
/// @param shape of Qrate
/// @param top the checkout
/// @param root a folder for the servers' files
/// @param plots a folder for pictures
/// @param jvm JVM options of Qrate
/// @param groups what is measured
/// @param size how much
/// @param out where the tables go
record BenchRun(
        Shape shape,
        Path top,
        Path root,
        Path plots,
        List<String> jvm,
        Set<RowGroup> groups,
        Size size,
        PrintWriter out) {
    /// A JVM is warm when this many batches in a row took no less CPU than the best before, or a twentieth less.
    private static final int WARM_UP_BATCHES = 4;

    /// The second compiler begins when a method was called 100,000 times (`images/base/flags`): before so many
    /// messages a batch that takes no less than others says nothing.
    private static final int WARM_UP_MESSAGES_MIN = 60_000;

    private static final int WARM_UP_MESSAGES_MAX = 120_000;

    /// A message's text in most measures.
    static final int BODY_BYTES = 1024;

    /// What is measured: one process, containers, or both in one run.
    enum Shape {
        EMBEDDED,
        COMPOSE,
        BOTH
    }

    /// How much is measured.
    ///
    /// @param rounds of each measure
    /// @param messages a round
    /// @param connections at once
    /// @param seriesMax the last step of each series
    record Size(int rounds, int messages, int connections, int seriesMax) {}

    /// What is done again and again until its CPU no longer falls.
    @FunctionalInterface
    interface Batch {
        void run() throws IOException;
    }

    int messages() {
        return size.messages;
    }

    boolean wants(RowGroup group) {
        return groups.contains(group);
    }

    Rounds rounds() {
        return new Rounds(size.rounds, out);
    }

    /// Most of the measures' load.
    SmtpLoad load(int perConnection, int bytes) {
        return new SmtpLoad(size.connections, perConnection, bytes, false);
    }

    /// Until a batch costs no less CPU than those before it.
    void warmUp(Server server, Batch batch) throws IOException {
        double best = Double.MAX_VALUE;
        int sent = 0;
        for (int still = 0; going(still, sent); sent += messages()) {
            double before = server.cpuSeconds();
            batch.run();
            double cpu = server.cpuSeconds() - before;
            still = cpu < 0.95 * best ? 0 : still + 1;
            best = Math.min(best, cpu);
            server.clear();
        }
        out.printf("%s warmed up by %d messages%n%n", server.name(), sent);
    }

    private static boolean going(int still, int sent) {
        return sent < WARM_UP_MESSAGES_MIN || (still < WARM_UP_BATCHES && sent < WARM_UP_MESSAGES_MAX);
    }

    /// The same with mail into its mailboxes.
    void warmUp(Server server) throws IOException {
        warmUp(server, () -> {
            load(1, BODY_BYTES).run(server.smtp(), messages());
            Rounds.awaitDelivered(server, messages());
        });
    }
}
