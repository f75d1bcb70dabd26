package qrate.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.core.Verdict;
import qrate.queue.Queue.Ending.Done;
import qrate.queue.Queue.Ending.Failed;
import qrate.testkit.SimulatedDisk;

class JournalTest {
    private static final Envelope TO_TWO = new Envelope(
            "ann@example.test",
            "RET=HDRS",
            List.of(new Recipient("bob@example.test", "NOTIFY=NEVER"), Recipient.of("jürgen@example.test")));

    private final SimulatedDisk disk = new SimulatedDisk(1);

    @Test
    void givesBackWhatItAccepted() throws IOException {
        Journal journal = JournalFixture.open(disk);
        for (String text : List.of("", "short\n", "long\n".repeat(1000))) {
            long id = JournalFixture.id(journal.accept(TO_TWO, JournalFixture.body(text)));
            Queue.Message message = journal.read(id);
            assertEquals(TO_TWO, message.envelope());
            assertEquals(text, JournalFixture.text(message.body()));
            assertEquals(List.of(new Queue.State.Pending(), new Queue.State.Pending()), message.states());
            assertEquals(Instant.ofEpochSecond(1_764_000_000), message.birth());
        }
    }

    @Test
    void tellsTheListenerOrTheListButNotBoth() throws IOException {
        Journal first = JournalFixture.open(disk);
        long before = JournalFixture.id(first.accept(TO_TWO, JournalFixture.body("a\n")));
        Journal journal = JournalFixture.open(disk);
        List<Long> told = new ArrayList<>();
        journal.onAccepted(owed -> told.add(owed.id()));
        long after = JournalFixture.id(journal.accept(TO_TWO, JournalFixture.body("b\n")));
        List<Long> listed = new ArrayList<>();
        journal.owed(owed -> listed.add(owed.id()));
        assertEquals(List.of(after), told);
        assertEquals(List.of(before), listed);
        assertTrue(after > before);
    }

    @Test
    void acceptsWhateverItsListenerDoes() throws IOException {
        Journal journal = JournalFixture.open(disk);
        journal.onAccepted(_ -> {
            throw new IllegalStateException("a bug");
        });
        long id = JournalFixture.id(journal.accept(TO_TWO, JournalFixture.body("a\n")));
        assertEquals(TO_TWO, journal.read(id).envelope());
    }

    @Test
    void keepsStatesReasonsAndAttemptsOverARestart() throws IOException {
        Journal journal = JournalFixture.open(disk);
        long id = JournalFixture.id(journal.accept(TO_TWO, JournalFixture.body("a\n")));
        journal.settle(id, List.of(new Failed(1, "no such user")));
        journal.settle(id, List.of(new Done(1))); // the first ending counts
        journal.deferred(id, Instant.ofEpochMilli(1234));
        Journal again = JournalFixture.open(disk);
        assertEquals(
                List.of(new Queue.State.Pending(), new Queue.State.Refused("no such user")),
                again.read(id).states());
        List<Queue.Owed> owed = new ArrayList<>();
        again.owed(owed::add);
        assertEquals(List.of(new Queue.Owed(id, 1_764_000_000_000L, 1234, false)), owed);
    }

    @Test
    void forgetsAMessageWhoseEveryRecipientIsDone() throws IOException {
        Journal journal = JournalFixture.open(disk);
        long id = JournalFixture.id(journal.accept(TO_TWO, JournalFixture.body("long\n".repeat(1000))));
        journal.settle(id, List.of(new Done(0)));
        journal.settle(id, List.of(new Done(1)));
        assertThrows(Queue.Gone.class, () -> journal.read(id));
        assertEquals(List.of(), disk.list(Bodies.FOLDER));
        journal.settle(id, List.of(new Done(1)));
        journal.drop(id);
        assertEquals(0, JournalFixture.open(disk).size());
    }

    @Test
    void endsAMessageWithItsBounce() throws IOException {
        Journal journal = JournalFixture.open(disk);
        long id = JournalFixture.id(journal.accept(TO_TWO, JournalFixture.body("a\n")));
        journal.settle(id, List.of(new Failed(0, "no"), new Failed(1, "nor this")));
        assertEquals(1, journal.size());
        Envelope back = Envelope.of("", "ann@example.test");
        long bounce = JournalFixture.id(journal.bounced(id, back, JournalFixture.body("Hi.\n")));
        assertThrows(Queue.Gone.class, () -> journal.read(id));
        assertInstanceOf(Verdict.Never.class, journal.bounced(id, back, JournalFixture.body("Hi.\n")));
        assertEquals(back, JournalFixture.open(disk).read(bounce).envelope());
    }

    @Test
    void refusesWhatIsOverALimit() throws IOException {
        Journal journal = JournalFixture.open(disk);
        String[] many = new String[Limits.RECIPIENTS_MAX + 1];
        java.util.Arrays.fill(many, "b@x");
        assertEquals(
                new Verdict.Never("too many recipients (#5.5.3)"),
                journal.accept(Envelope.of("a@x", many), JournalFixture.body("a\n")));
        java.util.Arrays.fill(many, "b".repeat(900) + "@x");
        Envelope long8 = Envelope.of("a@x", java.util.Arrays.copyOf(many, 10_000));
        assertEquals(
                new Verdict.Never("envelope too large for the queue (#5.5.3)"),
                journal.accept(long8, JournalFixture.body("a\n")));
        Body endless = new Body() {
            @Override
            public long size() {
                return Limits.BODY_BYTES_MAX + 1;
            }

            @Override
            public InputStream open() {
                throw new IllegalStateException("nobody reads it");
            }
        };
        assertEquals(
                new Verdict.Never("message too large for the queue (#5.3.4)"),
                journal.accept(Envelope.of("a@x", "b@x"), endless));
        assertEquals(0, journal.size());
    }

    @Test
    void letsOnlyOneProcessIn(@TempDir Path folder) throws IOException {
        try (Journal journal = Journal.open(folder, InstantSource.system(), Log.silent())) {
            assertEquals(0, journal.size());
            assertThrows(IOException.class, () -> Journal.open(folder, InstantSource.system(), Log.silent()));
        }
        Journal.open(folder, InstantSource.system(), Log.silent()).close();
    }

    @Test
    void acceptsFromManyThreadsAtOnceOnARealDisk(@TempDir Path folder) throws Exception {
        int callers = 20;
        int each = 100;
        Set<Long> ids = new HashSet<>();
        try (Journal journal = Journal.open(folder, InstantSource.system(), Log.silent());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Long>>> results = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                Callable<List<Long>> caller = () -> {
                    List<Long> mine = new ArrayList<>();
                    for (int n = 0; n < each; n++) {
                        mine.add(JournalFixture.id(journal.accept(TO_TWO, JournalFixture.body("x".repeat(1000)))));
                    }
                    return mine;
                };
                results.add(threads.submit(caller));
            }
            for (Future<List<Long>> result : results) {
                ids.addAll(result.get());
            }
        }
        assertEquals(callers * each, ids.size());
        try (Journal journal = Journal.open(folder, InstantSource.system(), Log.silent())) {
            Set<Long> owed = new HashSet<>();
            journal.owed(o -> owed.add(o.id()));
            assertEquals(ids, owed);
            journal.accept(TO_TWO, JournalFixture.body("y"));
            assertEquals(callers * each + 1, journal.size());
        }
    }
}
