package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Envelope;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.queue.Queue;
import qrate.queue.StepJournal;
import qrate.testkit.SimulatedDisk;

/// The scheduler on the real journal, stopped at every single step of the disk.
class CrashTest {
    private static final Verdict OK = new Verdict.Delivered("ok");

    @TempDir
    Path folder;

    /// Messages whose acceptance was seen, by what their local recipient is called.
    private final Map<String, Long> accepted = new HashMap<>();

    private Bench bench;

    /// Delivers `well`, refuses `never`, defers `later` the first time; the sender is remote and takes every bounce.
    private void scenario(SimulatedDisk disk) throws IOException {
        Queue queue = StepJournal.open(disk, bench.clock);
        bench.boot(queue);
        for (String user : List.of("well", "never", "later")) {
            Verdict verdict = queue.accept(
                    Envelope.of("ann@far.example", user + "@here.example", "both-" + user + "@here.example"),
                    Bench.body("Subject: " + user + "\n\nhello\n"));
            if (verdict instanceof Verdict.Delivered(var text)) {
                accepted.put(user, Long.parseLong(text.substring(text.lastIndexOf(' ') + 1)));
            }
            bench.run();
        }
        finish();
    }

    private void finish() {
        for (int i = 0; i < 6; i++) {
            bench.pass(Duration.ofMinutes(10));
        }
    }

    private Bench fresh(int n) {
        Bench made = new Bench(folder.resolve("run" + n), Map.of("locals", "here.example"));
        Set<String> seen = new HashSet<>();
        made.local.rule = delivery -> {
            String address = delivery.recipient().address();
            if (address.contains("never")) {
                return Optional.of(new Verdict.Never("5.1.1 nobody"));
            }
            boolean first = seen.add(address);
            return Optional.of(address.startsWith("later") && first ? new Verdict.Later("busy") : OK);
        };
        made.remote.always(OK);
        return made;
    }

    @Test
    void endsEveryAcceptedMessageOnceWhereverItIsStopped() throws IOException {
        bench = fresh(0);
        SimulatedDisk whole = new SimulatedDisk(1);
        scenario(whole);
        check(StepJournal.open(whole, bench.clock), "without a crash");
        long steps = whole.steps();
        assertTrue(steps > 20, "only " + steps + " steps");
        for (int step = 0; step < steps; step++) {
            accepted.clear();
            bench = fresh(step + 1);
            SimulatedDisk disk = new SimulatedDisk(step * 31L);
            disk.crashAt(step);
            try {
                scenario(disk);
            } catch (SimulatedDisk.Crash _) {
                // that is the point
            }
            SimulatedDisk after = disk.restart();
            Queue queue = StepJournal.open(after, bench.clock);
            bench.boot(queue);
            finish();
            check(queue, "crash at step " + step);
        }
    }

    /// Nothing is owed, everyone got it, and there was one bounce for the refused.
    private void check(Queue queue, String when) throws IOException {
        List<Long> owed = new ArrayList<>();
        queue.owed(each -> owed.add(each.id()));
        assertEquals(List.of(), owed, when);
        Set<String> started = Set.copyOf(bench.local.recipients());
        for (String user : accepted.keySet()) {
            assertTrue(started.contains(user + "@here.example"), when + ": " + user);
            assertTrue(started.contains("both-" + user + "@here.example"), when + ": both-" + user);
        }
        Set<Long> bounces = bench.remote.jobs.stream().map(Spawner.Job::id).collect(Collectors.toSet());
        if (accepted.containsKey("never")) {
            assertEquals(1, bounces.size(), when);
        } else {
            assertTrue(bounces.size() <= 1, when);
        }
    }
}
