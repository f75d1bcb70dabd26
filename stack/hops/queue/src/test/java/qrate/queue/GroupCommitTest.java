package qrate.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Verdict;
import qrate.testkit.Seeds;
import qrate.testkit.SimulatedDisk;

/// Many callers, one sync: all of them wait before the test lets the committer take its step.
class GroupCommitTest {
    private static final int CALLERS = 6;

    /// Callers enqueue and wait; only the test commits.
    private static final class Gathering extends JournalFixture.Inline {
        private Optional<Committer> committing = Optional.empty();

        Committer committer() {
            return committing.orElseThrow();
        }

        @Override
        public void start(Committer committer, Runnable clean) {
            committing = Optional.of(committer);
        }

        @Override
        public void submit(Committer committer, List<? extends Op> ops) throws IOException {
            for (Op op : ops) {
                committer.start(op);
            }
            Workers.await(ops);
        }

        @Override
        public boolean submit(Committer committer, Op op) throws IOException {
            committer.start(op);
            return op.await();
        }
    }

    private static Journal open(SimulatedDisk disk, Workers workers) throws IOException {
        return new Journal(
                new Journal.World(disk, JournalFixture.CLOCK, new Random(1), Log.silent(), JournalFixture.SMALL),
                workers);
    }

    /// One round: everybody accepts or settles, then one commit. Gives the ids that were accepted.
    private static List<Long> round(Journal journal, Gathering workers, List<Long> settling, ExecutorService threads) {
        List<Future<Optional<Long>>> calls = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Callable<Optional<Long>> call = i < settling.size() ? settle(journal, settling.get(i)) : accept(journal);
            calls.add(threads.submit(call));
            int started = i + 1;
            Awaitility.await()
                    .pollInterval(java.time.Duration.ofMillis(1))
                    .until(() -> workers.committer().waiting() == started);
        }
        try {
            workers.committer().drain();
        } catch (SimulatedDisk.Crash _) {
            // the callers have been told
        }
        List<Long> ids = new ArrayList<>();
        for (Future<Optional<Long>> call : calls) {
            try {
                call.get().ifPresent(ids::add);
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        }
        return ids;
    }

    private static Callable<Optional<Long>> accept(Journal journal) {
        return () -> journal.accept(Envelope.of("a@x", "b@y"), JournalFixture.body("hello\n"))
                        instanceof Verdict.Delivered delivered
                ? Optional.of(JournalFixture.id(delivered))
                : Optional.empty();
    }

    private static Callable<Optional<Long>> settle(Journal journal, long id) {
        return () -> {
            try {
                journal.settle(id, List.of(new Queue.Ending.Done(0)));
                return Optional.of(-id);
            } catch (IOException _) {
                return Optional.empty();
            }
        };
    }

    @Test
    void writesOnceForAllThatWait() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        Gathering workers = new Gathering();
        Journal journal = open(disk, workers);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long before = disk.steps();
            assertEquals(CALLERS, round(journal, workers, List.of(), threads).size());
            assertEquals(2, disk.steps() - before, "one write and one sync");
        }
    }

    @Test
    void losesNothingOfABatchThatWasAnsweredWhateverTheStepOfTheCrash() {
        Seeds.forAll(2, random -> {
            for (int step = 0; step < 16; step++) {
                SimulatedDisk disk = new SimulatedDisk(random.nextLong());
                try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    Gathering workers = new Gathering();
                    Journal journal = open(disk, workers);
                    disk.crashAt(disk.steps() + step);
                    Set<Long> answered = new HashSet<>();
                    Set<Long> settled = new HashSet<>();
                    Set<Long> tried = new HashSet<>();
                    List<Long> settling = List.of();
                    while (!disk.down()) {
                        tried.addAll(settling);
                        List<Long> ids = round(journal, workers, settling, threads);
                        ids.forEach(id -> (id < 0 ? settled : answered).add(Math.abs(id)));
                        settling = ids.stream().filter(id -> id > 0).limit(3).toList();
                    }
                    check(JournalFixture.open(disk.restart()), answered, settled, tried);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    private static void check(Journal journal, Set<Long> answered, Set<Long> settled, Set<Long> tried) {
        Set<Long> owed = new HashSet<>();
        journal.owed(o -> owed.add(o.id()));
        for (long id : answered) {
            assertTrue(owed.contains(id) || tried.contains(id), "lost: " + id);
            assertTrue(!(owed.contains(id) && settled.contains(id)), "came back: " + id);
        }
    }
}
