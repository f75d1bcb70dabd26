package qrate.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Disk;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.queue.Queue.Ending.Done;
import qrate.testkit.SimulatedDisk;

/// A copy of a queue that goes on meanwhile.
class JournalFreezeTest {
    private static final Envelope ONE = Envelope.of("ann@example.test", "bob@example.test");
    private static final Duration LEASE = Duration.ofMinutes(5);

    private final AtomicLong seconds = new AtomicLong(1_764_000_000);
    private final InstantSource clock = () -> Instant.ofEpochSecond(seconds.get());
    private final SimulatedDisk disk = new SimulatedDisk(1);

    private Journal open(Disk on) throws IOException {
        return new Journal(
                new Journal.World(on, clock, new Random(7), Log.silent(), JournalFixture.SMALL),
                new JournalFixture.Inline());
    }

    private static long accept(Journal journal, String text) {
        return JournalFixture.id(journal.accept(ONE, JournalFixture.body(text)));
    }

    /// Many messages that end at once, enough for the cleaner to move what is owed and to delete old segments.
    private static void traffic(Journal journal) throws IOException {
        for (int i = 0; i < 200; i++) {
            journal.settle(accept(journal, "y".repeat(60)), List.of(new Done(0)));
        }
        journal.clean();
        journal.clean();
    }

    /// What a copier takes: the segments below a number, and the bodies.
    private SimulatedDisk copy(long below) throws IOException {
        SimulatedDisk copy = new SimulatedDisk(2);
        for (String folder : List.of(Segment.FOLDER, Bodies.FOLDER)) {
            copy.makeFolder(folder);
            for (String name : disk.list(folder)) {
                if (folder.equals(Bodies.FOLDER) || Segment.number(name).orElseThrow() < below) {
                    try (Disk.Appender out = copy.create(folder + "/" + name);
                            InputStream in = disk.read(folder + "/" + name, 0)) {
                        out.write(in.readAllBytes());
                        out.sync();
                    }
                }
            }
            copy.syncFolder(folder);
        }
        copy.syncFolder("");
        return copy;
    }

    @Test
    void aCopyMadeWhileMailGoesOnIsTheQueueOfThatMoment() throws IOException {
        Journal journal = open(disk);
        long small = accept(journal, "small");
        String large = "x".repeat(500);
        long apart = accept(journal, large);
        traffic(journal);
        long below = journal.freeze(LEASE);
        long later = accept(journal, "later");
        journal.settle(apart, List.of(new Done(0)));
        traffic(journal);
        Journal restored = open(copy(below));
        assertEquals(2, restored.size(), "what ended or came later is no part of it");
        assertEquals("small", JournalFixture.text(restored.read(small).body()));
        assertEquals(large, JournalFixture.text(restored.read(apart).body()));
        assertThrows(Queue.Gone.class, () -> restored.read(later));
    }

    @Test
    void whatWasKeptForACopyGoesOnceTheFreezeEnds() throws IOException {
        Journal journal = open(disk);
        long apart = accept(journal, "x".repeat(500));
        long below = journal.freeze(LEASE);
        journal.settle(apart, List.of(new Done(0)));
        traffic(journal);
        assertTrue(disk.exists(Segment.file(below - 1)));
        assertTrue(journal.keepFrozen(Duration.ZERO));
        traffic(journal);
        assertFalse(disk.exists(Segment.file(below - 1)));
        assertEquals(List.of(), disk.list(Bodies.FOLDER));
    }

    @Test
    void aFreezeThatNobodyGoesOnWithEndsByItself() throws IOException {
        Journal journal = open(disk);
        journal.freeze(LEASE);
        seconds.addAndGet(200);
        assertTrue(journal.keepFrozen(LEASE));
        seconds.addAndGet(301);
        assertFalse(journal.keepFrozen(LEASE));
        assertFalse(journal.keepFrozen(LEASE), "it does not come back");
    }

    @Test
    void aRestoredQueueGivesOutNoIdThatTheOldOneMayHaveGivenOut() throws IOException {
        Journal journal = open(disk);
        accept(journal, "before");
        long below = journal.freeze(LEASE);
        seconds.addAndGet(60);
        long after = accept(journal, "after the copy");
        assertTrue(accept(open(copy(below)), "on the new machine") > after);
    }

    @Test
    void eachFreezeHasASegmentOfItsOwnWhateverIsWrittenMeanwhile(@TempDir Path folder) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (Journal journal = Journal.open(folder, InstantSource.system(), Log.silent());
                ExecutorService load = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                writers.add(load.submit(() -> {
                    while (!over.get()) {
                        journal.settle(accept(journal, "y"), List.of(new Done(0)));
                    }
                    return null;
                }));
            }
            try {
                long last = 0;
                for (int i = 0; i < 100; i++) {
                    long number = journal.freeze(LEASE);
                    assertTrue(number > last, number + " after " + last);
                    last = number;
                    assertTrue(journal.keepFrozen(Duration.ZERO));
                }
            } finally {
                over.set(true);
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
    }
}
