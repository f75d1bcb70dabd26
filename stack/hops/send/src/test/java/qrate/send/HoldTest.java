package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Envelope;
import qrate.core.Verdict;

/// Messages that an administrator holds, as the scheduler sees them.
class HoldTest {
    private static final Verdict OK = new Verdict.Delivered("ok");
    private static final Verdict LATER = new Verdict.Later("4.2.1 mailbox busy");

    @TempDir
    Path folder;

    private Bench bench;
    private MemoryQueue queue;

    @BeforeEach
    void boot() {
        bench = new Bench(folder, Map.of("locals", "here.example", "concurrencylocal", "1"));
        queue = new MemoryQueue(bench.clock);
        bench.boot(queue);
    }

    private void hold(long id, boolean held) throws IOException {
        assertTrue(queue.hold(id, held));
        if (held) {
            bench.scheduler.byHand().hold(id);
        } else {
            bench.scheduler.byHand().release(id);
        }
        bench.run();
    }

    private List<Boolean> held() {
        return bench.scheduler.waiting(10, 0).stream().map(Desk.Waiting::held).toList();
    }

    @Test
    void startsNothingOfANewcomerUntilItIsLetGoAndAnnouncesItThen() throws IOException {
        bench.local.always(OK);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        hold(1, true);
        bench.pass(Duration.ofDays(2));
        assertEquals(List.of(), bench.local.recipients());
        assertEquals(List.of(true), held());
        assertEquals(1, bench.scheduler.stat().messages());
        assertFalse(bench.log().contains("new msg"));
        hold(1, false);
        assertEquals(List.of("bob@here.example"), bench.local.recipients());
        assertTrue(bench.log().contains("new msg 1\ninfo msg 1: "));
        assertEquals(List.of(), queue.ids());
    }

    @Test
    void startsNothingOfAMessageThatCameToBeHeld() throws IOException {
        bench.local.always(OK);
        queue.accept(Envelope.of("ann@far.example", "bob@here.example").toHold(), Bench.body("Subject: x\n\nhello\n"));
        bench.pass(Duration.ofDays(2));
        assertEquals(List.of(), bench.local.recipients());
        assertEquals(List.of(true), held());
        assertFalse(bench.log().contains("new msg"));
        hold(1, false);
        assertEquals(List.of("bob@here.example"), bench.local.recipients());
        assertTrue(bench.log().contains("new msg 1\ninfo msg 1: "));
        assertEquals(List.of(), queue.ids());
    }

    @Test
    void waitsForWhatFliesAndStartsNoSecondAttempt() throws IOException {
        Bench.send(queue, "ann@far.example", "bob@here.example", "eve@here.example");
        bench.run();
        assertEquals(1, bench.local.jobs.size(), "one slot");
        hold(1, true);
        bench.local.answerAll(LATER);
        bench.pass(Duration.ofDays(1));
        assertEquals(1, bench.local.jobs.size());
        assertEquals(List.of(true), held());
        bench.local.always(OK);
        hold(1, false);
        bench.pass(Duration.ofSeconds(1));
        assertEquals(List.of(), queue.ids(), bench.log());
    }

    @Test
    void endsWhenTheLastDeliveryOfAHeldMessageLands() throws IOException {
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        hold(1, true);
        bench.local.answerAll(OK);
        bench.run();
        assertEquals(List.of(), queue.ids());
        assertEquals(0, bench.scheduler.stat().messages());
    }

    @Test
    void keepsItHeldOverARestartThroughRetriesAndUntilItsEndByHand() throws IOException {
        bench.local.always(LATER);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        hold(1, true);
        bench.boot(queue);
        bench.pass(Duration.ofDays(1));
        assertEquals(1, bench.local.jobs.size());
        assertTrue(bench.scheduler.byHand().retry(1));
        bench.scheduler.byHand().retryAll();
        bench.run();
        assertEquals(1, bench.local.jobs.size());
        assertTrue(bench.scheduler.byHand().order(1, Active.Order.DROP));
        bench.run();
        assertEquals(List.of(), queue.ids());
    }

    @Test
    void keepsItHeldWhenItsEndByHandFails() throws IOException {
        bench.local.always(OK);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        hold(1, true);
        queue.full(true);
        assertTrue(bench.scheduler.byHand().order(1, Active.Order.DROP));
        bench.run();
        bench.pass(Duration.ofDays(1));
        assertEquals(List.of(), bench.local.recipients());
        queue.full(false);
        bench.pass(Duration.ofMinutes(1));
        assertEquals(List.of(), bench.local.recipients());
        assertEquals(List.of(), queue.ids(), "what was promised is done when the disk works again");
    }

    @Test
    void announcesAMessageThatCouldNotBeReadForItsEndByHandWhenItIsTried() {
        bench.local.always(OK);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        queue.unreadable(true);
        assertFalse(bench.scheduler.byHand().order(1, Active.Order.BOUNCE));
        queue.unreadable(false);
        bench.pass(Duration.ofMinutes(1));
        assertEquals(List.of("bob@here.example"), bench.local.recipients());
        assertTrue(bench.log().contains("new msg 1\ninfo msg 1: "), bench.log());
    }

    @Test
    void keepsItHeldWhenItCannotBeReadForItsEndByHand() throws IOException {
        bench.local.always(OK);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        hold(1, true);
        queue.unreadable(true);
        assertFalse(bench.scheduler.byHand().order(1, Active.Order.DROP));
        queue.unreadable(false);
        bench.pass(Duration.ofDays(1));
        assertEquals(List.of(), bench.local.recipients());
        assertEquals(List.of(true), held());
        hold(1, false);
        assertEquals(List.of("bob@here.example"), bench.local.recipients());
        assertTrue(bench.log().contains("new msg 1\ninfo msg 1: "));
    }
}
