package qrate.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.core.Client;
import qrate.core.Envelope;
import qrate.core.Verdict;
import qrate.queue.Queue.Ending.Done;
import qrate.queue.Queue.Ending.Failed;
import qrate.queue.Queue.Fate;
import qrate.testkit.SimulatedDisk;

/// Messages that are held, reported, and recapitulated for the ledger.
class JournalMarksTest {
    private static final Envelope ONE = Envelope.of("ann@example.test", "bob@example.test");
    private static final Envelope TWO = Envelope.of("ann@example.test", "bob@example.test", "eve@example.test");

    private final SimulatedDisk disk = new SimulatedDisk(1);

    private static long accept(Journal journal, Envelope envelope) {
        return JournalFixture.id(journal.accept(envelope, JournalFixture.body("x".repeat(60))));
    }

    private static List<Queue.Owed> owed(Journal journal) {
        List<Queue.Owed> owed = new ArrayList<>();
        journal.owed(owed::add);
        return owed;
    }

    private List<String> recaps() throws IOException {
        List<String> told = new ArrayList<>();
        JournalFixture.open(disk).recaps(recap -> told.add(recap.message().id() + " " + recap.fate()));
        return told;
    }

    @Test
    void keepsAMessageHeldOverRestartsAndMovesUntilItIsLetGo() throws IOException {
        Journal journal = JournalFixture.open(disk);
        long held = accept(journal, ONE);
        assertTrue(journal.hold(held, true));
        assertFalse(journal.hold(held + 1000, true), "there is no such message");
        for (int i = 0; i < 200; i++) {
            long id = accept(journal, ONE);
            journal.settle(id, List.of(new Done(0)));
        }
        journal.clean();
        journal.clean();
        assertFalse(disk.exists(Segment.file(1)), "the message was moved out of its segment");
        Journal again = JournalFixture.open(disk);
        assertEquals(List.of(true), owed(again).stream().map(Queue.Owed::held).toList());
        assertTrue(again.hold(held, false));
        assertEquals(
                List.of(false),
                owed(JournalFixture.open(disk)).stream().map(Queue.Owed::held).toList());
    }

    @Test
    void holdsAMessageFromItsFirstMomentOnAndSaysSoOnlyOnce() throws IOException {
        Journal journal = JournalFixture.open(disk);
        List<Queue.Owed> came = new ArrayList<>();
        journal.onAccepted(came::add);
        long id = accept(journal, new Envelope("ann@example.test", "BODY=8BITMIME", ONE.recipients()).toHold());
        assertEquals(List.of(true), came.stream().map(Queue.Owed::held).toList());
        Journal again = JournalFixture.open(disk);
        assertEquals(List.of(true), owed(again).stream().map(Queue.Owed::held).toList());
        Envelope kept = again.read(id).envelope();
        assertFalse(kept.held(), "what is sent on once it is let go is not held again");
        assertEquals("BODY=8BITMIME", kept.parameters());
        assertTrue(again.hold(id, false));
        assertEquals(
                List.of(false),
                owed(JournalFixture.open(disk)).stream().map(Queue.Owed::held).toList());
    }

    @Test
    void remembersWhyAMessageWasHeldAndWhoseItIsOverARestart() throws IOException {
        Journal journal = JournalFixture.open(disk);
        Client ann = new Client("192.0.2.7", "", "pc", "ESMTPSA", "ann@a.test", "", "submission").firstHand();
        Envelope envelope = new Envelope("ann@a.test", "", ann, ONE.recipients());
        long id = accept(journal, envelope.toHold("more than 2 messages"));
        Envelope kept = JournalFixture.open(disk).read(id).envelope();
        assertFalse(kept.held());
        assertEquals("more than 2 messages", kept.heldFor());
        assertEquals(ann, kept.client());
        assertEquals("", kept.leaving().parameters());
    }

    @Test
    void takesAReportAndWhatItTellsOfTogetherAndOnlyOnce() throws IOException {
        Journal journal = JournalFixture.open(disk);
        long id = accept(journal, TWO);
        Queue.Told first = new Queue.Told(List.of(new Done(0)), false);
        assertInstanceOf(Verdict.Delivered.class, journal.reported(id, ONE, JournalFixture.body("done\n"), first));
        assertInstanceOf(Verdict.Never.class, journal.reported(id, ONE, JournalFixture.body("done\n"), first));
        assertInstanceOf(Queue.State.Delivered.class, journal.read(id).states().getFirst());
        Journal again = JournalFixture.open(disk);
        assertInstanceOf(Queue.State.Delivered.class, again.read(id).states().getFirst());
        assertInstanceOf(Verdict.Never.class, again.reported(id, ONE, JournalFixture.body("done\n"), first));
        Queue.Told last = new Queue.Told(List.of(new Done(1)), false);
        again.reported(id, ONE, JournalFixture.body("done\n"), last);
        assertEquals(2, JournalFixture.open(disk).size(), "both reports, and the message is over");
    }

    @Test
    void remembersThatASenderWasWarned() throws IOException {
        Journal journal = JournalFixture.open(disk);
        long id = accept(journal, ONE);
        Queue.Told late = new Queue.Told(List.of(), true);
        assertFalse(journal.read(id).warned());
        assertInstanceOf(Verdict.Delivered.class, journal.reported(id, ONE, JournalFixture.body("late\n"), late));
        assertTrue(journal.read(id).warned());
        for (int i = 0; i < 200; i++) {
            journal.settle(accept(journal, ONE), List.of(new Done(0)));
        }
        journal.clean();
        Journal again = JournalFixture.open(disk);
        assertTrue(again.read(id).warned());
        assertInstanceOf(Verdict.Never.class, again.reported(id, ONE, JournalFixture.body("late\n"), late));
    }

    @Test
    void recapitulatesNothingWhereNobodyKeptALedger() throws IOException {
        Journal journal = JournalFixture.open(disk);
        journal.settle(accept(journal, ONE), List.of(new Done(0)));
        assertEquals(List.of(), recaps());
    }

    @Test
    void recapitulatesEachMessageOnceThatWasTouchedBehindTheMark() throws IOException {
        Journal journal = JournalFixture.open(disk);
        journal.settle(accept(journal, ONE), List.of(new Done(0)));
        long old = accept(journal, ONE);
        journal.traced(journal.mark());
        long delivered = accept(journal, ONE);
        journal.settle(delivered, List.of(new Done(0)));
        long half = accept(journal, TWO);
        journal.settle(half, List.of(new Done(0)));
        journal.deferred(half, Instant.ofEpochSecond(5));
        long refused = accept(journal, ONE);
        journal.settle(refused, List.of(new Failed(0, "no")));
        long bounce = JournalFixture.id(journal.bounced(refused, ONE, JournalFixture.body("b")));
        long gone = accept(journal, ONE);
        journal.drop(gone);
        journal.drop(old);
        assertEquals(
                List.of(
                        old + " " + new Fate.Dropped(),
                        gone + " " + new Fate.Dropped(),
                        refused + " " + new Fate.Bounced(bounce),
                        bounce + " " + new Fate.Queued(false),
                        half + " " + new Fate.Queued(true),
                        delivered + " " + new Fate.Delivered()),
                recaps());
        JournalFixture.open(disk).recaps(recap -> {
            assertTrue(recap.message().envelope().recipients().size() >= 1);
            if (recap.message().id() == half) {
                assertEquals(
                        List.of(new Queue.State.Delivered(), new Queue.State.Pending()),
                        recap.message().states());
            }
            if (recap.fate() instanceof Fate.Delivered) {
                assertEquals(
                        List.of(new Queue.State.Delivered()), recap.message().states());
            }
            if (recap.message().id() == refused) {
                assertEquals(
                        List.of(new Queue.State.Refused("no")), recap.message().states());
            }
        });
    }

    @Test
    void cleansNothingWhoseEndTheLedgerDoesNotHave() throws IOException {
        Journal journal = JournalFixture.open(disk);
        journal.recaps(_ -> {});
        journal.traced(journal.mark());
        for (int i = 0; i < 100; i++) {
            journal.settle(accept(journal, ONE), List.of(new Done(0)));
        }
        journal.clean();
        assertTrue(disk.exists(Segment.file(1)));
        assertEquals(100, recaps().size());
        journal.traced(journal.mark());
        journal.clean();
        assertFalse(disk.exists(Segment.file(1)));
        assertEquals(List.of(), recaps());
    }

    @Test
    void cleansOnAFullDiskOnceTheLedgerIsWritten() throws IOException {
        Journal journal = JournalFixture.open(disk);
        journal.recaps(_ -> {});
        for (int i = 0; i < 100; i++) {
            journal.settle(accept(journal, ONE), List.of(new Done(0)));
        }
        disk.room(0);
        journal.traced(journal.mark());
        journal.clean();
        assertFalse(disk.exists(Segment.file(1)), "a full disk must not keep the cleaner from making room");
    }
}
