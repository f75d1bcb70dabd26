package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.core.Verdict;
import qrate.ledger.LedgerProof;
import qrate.qcontrol.Channel;
import qrate.qcontrol.QueueControl.Item;
import qrate.qcontrol.QueueControl.Line;
import qrate.qcontrol.QueueControl.Progress;
import qrate.queue.Queue;
import qrate.queue.Queue.State;
import qrate.queue.StepJournal;
import qrate.testkit.SimulatedDisk;

/// The ledger and the journal on one disk, stopped at every single step of it: after the restart every message that was
/// accepted is accounted for, and no success report was sent twice.
class LedgerCrashTest {
    private static final Verdict OK = new Verdict.Delivered("ok");

    @TempDir
    Path folder;

    /// Queue ids that somebody was given.
    private final Set<Long> accepted = new TreeSet<>();

    private Bench bench(int n, SimulatedDisk disk) {
        Bench made = new Bench(folder.resolve("run" + n), Map.of("locals", "here.example"), disk);
        Set<String> seen = new HashSet<>();
        made.local.rule = delivery -> {
            String address = delivery.recipient().address();
            if (address.startsWith("never")) {
                return Optional.of(new Verdict.Never("5.1.1 nobody"));
            }
            boolean first = seen.add(address);
            return Optional.of(address.startsWith("later") && first ? new Verdict.Later("busy") : OK);
        };
        made.remote.always(OK);
        return made;
    }

    private void scenario(Bench bench, SimulatedDisk disk) throws IOException {
        Queue queue = StepJournal.open(disk, bench.clock);
        bench.boot(queue);
        int n = 0;
        for (String user : List.of("well", "never", "later", "held", "gone", "well")) {
            n++;
            Envelope envelope = new Envelope(
                    "ann" + n + "@far.example",
                    "",
                    List.of(
                            new Recipient(user + "@here.example", ""),
                            new Recipient("told@here.example", "NOTIFY=SUCCESS,FAILURE")));
            if (queue.accept(envelope, Bench.body("Message-ID: <" + n + "@x>\n\nhello\n"))
                    instanceof Verdict.Delivered(var text)) {
                accepted.add(Long.parseLong(text.substring(text.lastIndexOf(' ') + 1)));
            }
            long last = accepted.isEmpty() ? 0 : Long.MAX_VALUE;
            for (long id : accepted) {
                last = id;
            }
            if (user.equals("held") && queue.hold(last, true)) {
                bench.scheduler.byHand().hold(last);
            }
            if (user.equals("gone")) {
                bench.scheduler.byHand().order(last, Active.Order.DROP);
            }
            bench.run();
            bench.pass(Duration.ofSeconds(4));
            bench.trace.flushIfDue();
        }
        finish(bench);
    }

    private static void finish(Bench bench) {
        for (int i = 0; i < 4; i++) {
            bench.pass(Duration.ofMinutes(10));
        }
        bench.scheduler.settled();
    }

    private static Map<Long, Item> items(Queue queue) throws IOException {
        List<Long> ids = new ArrayList<>();
        queue.owed(owed -> ids.add(owed.id()));
        Map<Long, Item> items = new HashMap<>();
        for (long id : ids) {
            List<Line> lines = queue.read(id).states().stream()
                    .map(state -> new Line(
                            "x",
                            Channel.LOCAL,
                            switch (state) {
                                case State.Pending _ -> Progress.PENDING;
                                case State.Delivered _ -> Progress.DELIVERED;
                                case State.Refused _ -> Progress.REFUSED;
                            },
                            ""))
                    .toList();
            items.put(id, new Item(id, Instant.EPOCH, "", 1, Instant.EPOCH, false, lines));
        }
        return items;
    }

    /// A scenario that was stopped, and what went on from there.
    private record Stopped(Bench before, Bench again, SimulatedDisk after, Queue queue) {}

    private Stopped stopped(int step, long seed) throws IOException {
        accepted.clear();
        SimulatedDisk disk = new SimulatedDisk(seed);
        disk.crashAt(step);
        Bench before = bench(1 + 2 * step, disk);
        try {
            scenario(before, disk);
        } catch (SimulatedDisk.Crash _) {
            // that is the point
        }
        SimulatedDisk after = disk.restart();
        Bench again = bench(2 + 2 * step, after);
        again.now = before.now.plusSeconds(1);
        Queue queue = StepJournal.open(after, again.clock);
        again.boot(queue);
        finish(again);
        return new Stopped(before, again, after, queue);
    }

    @Test
    void accountsForEveryMessageWhereverItIsStopped() throws IOException {
        SimulatedDisk whole = new SimulatedDisk(1);
        Bench first = bench(0, whole);
        scenario(first, whole);
        Queue left = StepJournal.open(whole, first.clock);
        assertEquals(List.of(), LedgerProof.problems(whole, items(left)), "without a crash");
        assertEquals(1, items(left).size(), "the held one");
        long steps = whole.steps();
        assertTrue(steps > 60, "only " + steps + " steps");
        for (int step = 0; step < steps; step++) {
            Stopped run = stopped(step, step * 17L);
            SimulatedDisk after = run.after;
            Queue queue = run.queue;
            String when = "crash at step " + step + ": " + LedgerProof.lines(after);
            assertEquals(List.of(), LedgerProof.problems(after, items(queue)), when);
            assertTrue(LedgerProof.messages(after) >= accepted.size(), when);
            Set<Long> waiting = items(queue).keySet();
            for (long id : accepted) {
                // one that was held before its first attempt is in the queue, and in no line yet
                assertTrue(
                        waiting.contains(id)
                                || LedgerProof.lines(after).stream().anyMatch(line -> line.contains("msg " + id + ":")),
                        id + " is missing, " + when);
            }
        }
    }

    @Test
    void neverReportsASuccessTwice() throws IOException {
        SimulatedDisk whole = new SimulatedDisk(1);
        scenario(bench(0, whole), whole);
        long steps = whole.steps();
        for (int step = 0; step < steps; step++) {
            Stopped run = stopped(step, step * 23L);
            Map<String, Set<Long>> told = new HashMap<>();
            for (Bench bench : List.of(run.before, run.again)) {
                bench.remote.jobs.forEach(job -> told.computeIfAbsent(
                                job.deliveries().getFirst().recipient().address(), _ -> new TreeSet<>())
                        .add(job.id()));
            }
            // one success report a message; the refused one bounces besides
            told.forEach((to, ids) ->
                    assertTrue(ids.size() <= (to.startsWith("ann2@") ? 2 : 1), "reported twice to " + to + ": " + ids));
        }
    }

    @Test
    void knowsAMessageThatEverybodyDeferredBeforeTheLedgerWasSynced() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(3);
        Bench before = bench(0, disk);
        Queue queue = StepJournal.open(disk, before.clock);
        before.boot(queue);
        Bench.send(queue, "ann@far.example", "well@here.example");
        before.run(); // after this the ledger is synced no more for ten seconds
        before.pass(Duration.ofSeconds(2));
        before.local.always(new Verdict.Later("busy"));
        Bench.send(queue, "ann@far.example", "bob@here.example");
        before.run();
        SimulatedDisk after = disk.restart();
        Bench again = bench(1, after);
        again.now = before.now.plusSeconds(1);
        Queue left = StepJournal.open(after, again.clock);
        again.boot(left);
        finish(again);
        assertEquals(List.of(), LedgerProof.problems(after, items(left)), () -> lines(after));
        assertEquals(2, LedgerProof.messages(after), () -> lines(after));
    }

    private static String lines(SimulatedDisk disk) {
        try {
            return String.join("\n", LedgerProof.lines(disk));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
