package qrate.send;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Disk;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.RealDisk;
import qrate.ledger.Ledger;
import qrate.queue.Queue;

/// The scheduler on a bench: a clock the test moves, steps the test takes, a disk task only when the test lets it run.
final class Bench {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    Instant now = START;
    final InstantSource clock = () -> now;
    final Spy local = new Spy();
    final Spy remote = new Spy();
    final ByteArrayOutputStream log = new ByteArrayOutputStream();
    final Deque<Runnable> tasks = new ArrayDeque<>();
    final Path folder;
    final Ledger trace;
    final Control control;
    Executor executor = Runnable::run;
    Scheduler scheduler;

    Bench(Path folder, Map<String, String> controls) {
        this(folder, controls, new RealDisk(folder));
    }

    /// @param disk where the ledger stands
    Bench(Path folder, Map<String, String> controls, Disk disk) {
        this.folder = folder;
        try {
            Files.createDirectories(folder.resolve("control"));
            Files.writeString(folder.resolve("control/me"), "mx.example.test\n");
            for (Map.Entry<String, String> entry : controls.entrySet()) {
                Files.writeString(folder.resolve("control").resolve(entry.getKey()), entry.getValue() + "\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.control = new Control(folder.resolve("control"), clock);
        this.trace = new Ledger(
                new Log(new PrintStream(log, true, StandardCharsets.UTF_8), Log.Stamp.NONE, clock), disk, clock);
    }

    /// Starts a scheduler, as after a restart.
    Bench boot(Queue queue) {
        return boot(new Send.Hops(queue, local, remote));
    }

    Bench boot(Send.Hops hops) {
        try {
            Ways ways = new Ways(control, trace, clock);
            scheduler = new Scheduler(
                    hops,
                    Settings.read(control),
                    ways::current,
                    new Scheduler.Surroundings(clock, trace, task -> executor.execute(task), () -> {}, 7));
            scheduler.load();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /// Steps until there is nothing to do at this moment.
    void run() {
        for (int i = 0; i < 10_000; i++) {
            long next = scheduler.step();
            if (next > clock.millis()) {
                return;
            }
        }
        throw new AssertionError("the scheduler spins");
    }

    void pass(Duration time) {
        now = now.plus(time);
        run();
    }

    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    static Body body(String text) {
        return Body.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static void send(Queue queue, String sender, String... recipients) {
        queue.accept(Envelope.of(sender, recipients), body("Subject: x\n\nhello\n"));
    }

    static String text(Queue queue, long id) {
        try (InputStream in = queue.read(id).body().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> recipients(Queue queue, long id) {
        try {
            return queue.read(id).envelope().recipients().stream()
                    .map(qrate.core.Recipient::address)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
