package qrate.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
    /// How long after its start the memory of a process is that of an idle one.
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int POP3_MESSAGES = 100;

    /// Sign-ins of a mailbox in a round.
    private static final int LOGINS_EACH = 10;
    private static final int BODY_BYTES = 1024;

    /// A JVM is warm when this many batches in a row took no less CPU a message than the best before, or a twentieth
    /// less.
    private static final int WARM_UP_BATCHES = 4;

    private static final int WARM_UP_MESSAGES_MAX = 100_000;

    /// Messages that compile the hot paths of the generator, as measured.
    private static final int WARM_UP_MESSAGES = 20_000;

    /// What is measured: one process, containers, or both in one run.
    enum Shape {
        EMBEDDED,
        COMPOSE,
        BOTH
    }

    @Option(
            names = "--shape",
            defaultValue = "embedded",
            description = "embedded: one process (default); compose: containers, as root; both: in the same run.")
    Shape shape;

    @Option(names = "--top", hidden = true, description = "The checkout.")
    Path top = Path.of("");

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
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        if (micro.isPresent()) {
            return steps(micro.get());
        }
        Path root = folder == null ? Files.createTempDirectory("qrate-bench") : Files.createDirectories(folder);
        Processes.run("chmod", "755", root.toString()); // the peers' daemons have users of their own
        List<Server> started = new ArrayList<>();
        try {
            long idleFrom = System.nanoTime();
            List<Server.Ours> ours = new ArrayList<>();
            if (shape != Shape.COMPOSE) {
                ours.add(add(started, new QrateServer(root.resolve("qrate"), jvm)));
            }
            if (shape != Shape.EMBEDDED) {
                ours.add(add(started, new ComposeServer(top, root.resolve("compose"))));
            }
            List<Server.Holding> postfix = new ArrayList<>();
            if (PostfixServer.installed()) {
                postfix.add(add(started, new PostfixServer(root.resolve("postfix"), true)));
                postfix.add(add(started, new PostfixServer(root.resolve("postfix-0"), false)));
            } else {
                out.println("postfix is not installed (package postfix): Qrate is measured without it");
            }
            List<Server> readers = new ArrayList<>(ours);
            List<Server> doors = new ArrayList<>(ours);
            if (DovecotServer.installed()) {
                readers.add(dovecot(started, root, DovecotServer.Passwords.IN_CLEAR));
                doors.add(dovecot(started, root, DovecotServer.Passwords.HASHED));
                doors.add(dovecot(started, root, DovecotServer.Passwords.HASHED_AND_CACHED));
            } else {
                out.println(
                        "dovecot with its POP3 is not installed (package dovecot-pop3d): POP3 is measured without it");
            }
            ceiling();
            // what starting took is given back after a while
            LockSupport.parkNanos(IDLE_NANOS - (System.nanoTime() - idleFrom));
            memory("idle", ours);
            measure(ours, postfix);
            Rounds pop = new Rounds(rounds, out);
            pop.pop3(readers, new Pop3Load(Server.MAILBOXES, POP3_MESSAGES));
            pop.logins(doors, Server.MAILBOXES, LOGINS_EACH);
            accepting(ours, postfix);
            memory("after the load", ours);
            return 0;
        } finally {
            for (Server server : started.reversed()) {
                server.close();
            }
            Processes.run("rm", "-rf", root.toString());
        }
    }

    private static <S extends Server> S add(List<Server> started, S server) {
        started.add(server);
        return server;
    }

    private void memory(String when, List<Server.Ours> ours) throws IOException {
        for (Server.Ours one : ours) {
            ProcessTree.Memory memory = one.memory();
            out.printf(
                    "memory of %s, %s: %.1f MiB of its own, %.1f with the files that it maps%n",
                    one.name(), when, memory.own() / 1024.0, memory.all() / 1024.0);
        }
        out.println();
    }

    private static Server dovecot(List<Server> started, Path root, DovecotServer.Passwords passwords)
            throws IOException {
        return add(started, new DovecotServer(root.resolve("dovecot-" + passwords), passwords));
    }

    private void measure(List<Server.Ours> ours, List<Server.Holding> postfix) throws IOException {
        Rounds all = new Rounds(rounds, out);
        for (Server.Ours one : ours) {
            if (one instanceof ComposeServer containers) {
                out.printf("%s: %s%n%n", one.name(), containers.starts());
            }
        }
        all.cold(ours.stream().filter(one -> one instanceof ComposeServer).toList(), load(1, BODY_BYTES), messages);
        for (Server.Ours one : ours) {
            warmUp(one, false);
        }
        List<Server> mail = new ArrayList<>(ours);
        mail.addAll(postfix);
        all.deliver(mail, load(1, BODY_BYTES), messages);
        all.deliver(mail, load(20, 4 * BODY_BYTES), messages);
        all.deliver(mail, new SmtpLoad(1, 1, BODY_BYTES, false), messages / 2);
        all.deliver(mail, new SmtpLoad(5, 1, 1 << 20, false), Math.max(1, messages / 10));
        for (int recipients = 10; recipients <= Server.MANY; recipients *= 10) {
            all.list(mail, new ListLoad(recipients, messages / recipients));
        }
    }

    /// A restarted JVM is cold again, so these come last.
    private void accepting(List<Server.Ours> ours, List<Server.Holding> postfix) throws IOException {
        List<Server.Holding> held = new ArrayList<>();
        ours.stream().filter(one -> one instanceof Server.Holding).forEach(one -> held.add((Server.Holding) one));
        if (held.isEmpty()) {
            return;
        }
        held.addAll(postfix);
        Rounds all = new Rounds(rounds, out);
        for (Server.Holding server : held) {
            server.hold(true);
        }
        for (Server.Holding server : held) {
            if (server instanceof Server.Ours) {
                warmUp(server, true);
            }
        }
        all.accept(held, load(1, BODY_BYTES), messages);
        all.accept(held, new SmtpLoad(connections, 1, BODY_BYTES, true), messages);
        all.accept(held, load(20, BODY_BYTES), messages);
    }

    private static int steps(String names) throws IOException {
        try {
            new Runner(new OptionsBuilder().include(names).build()).run();
            return 0;
        } catch (RunnerException e) {
            throw new IOException(e);
        }
    }

    private SmtpLoad load(int perConnection, int bytes) {
        return new SmtpLoad(connections, perConnection, bytes, false);
    }

    private void ceiling() throws IOException {
        try (NullSink sink = new NullSink()) {
            for (SmtpLoad load :
                    List.of(load(1, BODY_BYTES), load(20, 4 * BODY_BYTES), new SmtpLoad(1, 1, BODY_BYTES, false))) {
                load.run(sink.address(), WARM_UP_MESSAGES);
                out.printf(
                        "the generator alone, into a null sink, %s: %.0f messages/s%n",
                        load.name(), load.run(sink.address(), messages).perSecond());
            }
        }
        out.println();
    }

    /// Until a batch costs no less CPU than those before it.
    ///
    /// @param held whether it only accepts
    private void warmUp(Server server, boolean held) throws IOException {
        double best = Double.MAX_VALUE;
        int sent = 0;
        for (int still = 0; still < WARM_UP_BATCHES && sent < WARM_UP_MESSAGES_MAX; sent += messages) {
            double before = server.cpuSeconds();
            load(1, BODY_BYTES).run(server.smtp(), messages);
            if (!held) {
                Rounds.awaitDelivered(server, messages);
            }
            double cpu = server.cpuSeconds() - before;
            still = cpu < 0.95 * best ? 0 : still + 1;
            best = Math.min(best, cpu);
            server.clear();
        }
        out.printf("%s warmed up by %d messages%n%n", server.name(), sent);
    }
}
