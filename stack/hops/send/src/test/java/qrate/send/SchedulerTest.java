package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import qrate.core.Spawner;
import qrate.core.Verdict;

class SchedulerTest extends SchedulerOnBench {
    @Test
    void delivers_settles_andSaysSoInQmailsWords() {
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        assertEquals(List.of("bob@here.example"), bench.local.recipients());
        assertEquals(List.of(1L), queue.ids(), "still owed until the answer");

        bench.local.answerAll(new Verdict.Delivered("did 1+0+0\n"));
        bench.run();

        assertEquals(List.of(), queue.ids());
        assertEquals(List.of("1:[0]"), bench.local.settled);
        assertEquals("""
                new msg 1
                info msg 1: bytes 18 from <ann@far.example> qp 1 uid 7
                starting delivery 1: msg 1 to local bob@here.example
                status: local 1/3 remote 0/2
                delivery 1: success: did_1+0+0/
                status: local 0/3 remote 0/2
                end msg 1
                """, bench.log());
    }

    @Test
    void keepsToTheLimitsOfEachChannel() {
        Bench.send(
                queue,
                "ann@far.example",
                IntStream.range(0, 10).mapToObj(i -> "u" + i + "@here.example").toArray(String[]::new));
        for (int i = 0; i < 5; i++) {
            Bench.send(queue, "ann@far.example", "x@h" + i + ".example");
        }
        bench.run();
        int rounds = 0;
        while (!queue.ids().isEmpty()) {
            assertTrue(bench.local.open.size() <= 3);
            assertTrue(bench.remote.open.size() <= 2);
            assertTrue(++rounds < 20);
            bench.local.answerAll(OK);
            bench.remote.answerAll(OK);
            bench.run();
        }
        assertEquals(10, bench.local.recipients().stream().distinct().count());
        assertEquals(10, bench.local.recipients().size());
        assertEquals(5, bench.remote.recipients().size());
    }

    @Test
    void doesNotLetABlockedChannelHoldTheOther() {
        for (int i = 0; i < 500; i++) {
            Bench.send(queue, "ann@far.example", "x@h" + i + ".example");
        }
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.local.always(OK);
        bench.run();
        assertEquals(List.of("bob@here.example"), bench.local.recipients());
        assertEquals(2, bench.remote.jobs.size());
        assertEquals(500, bench.scheduler.stat().messages());
    }

    @Test
    void letsNewcomersPassABacklogInTurn() {
        for (int i = 0; i < 100; i++) {
            Bench.send(queue, "ann@far.example", "old@h" + i + ".example");
        }
        bench.boot(queue).run();
        Bench.send(queue, "ann@far.example", "new@far.example");
        bench.run();
        for (int i = 0; i < 3; i++) {
            bench.remote.answerAll(OK);
            bench.run();
        }
        assertTrue(bench.remote.recipients().contains("new@far.example"));
    }

    @Test
    void sendsRecipientsOfOneHostAsOneJobUpToTheLimit() {
        Bench.send(
                queue,
                "ann@far.example",
                IntStream.range(0, 250)
                        .mapToObj(i -> "u" + i + "@" + (i % 2 == 0 ? "One" : "one") + ".example")
                        .toArray(String[]::new));
        bench.remote.always(OK);
        bench.run();
        assertEquals(
                List.of(100, 100, 50),
                bench.remote.jobs.stream().map(job -> job.deliveries().size()).toList());
        assertEquals("one.example", bench.remote.jobs.getFirst().host());
    }

    @Test
    void givesEachRecipientItsOwnSenderUnderVerp() {
        Bench.send(queue, "list-@here.example-@[]", "a@far.example", "b@far.example");
        bench.remote.always(OK);
        bench.run();
        assertEquals(
                List.of("list-a=far.example@here.example", "list-b=far.example@here.example"),
                bench.remote.jobs.stream().map(Spawner.Job::sender).toList());
    }

    @Test
    void startsNothingAfterTermAndRecordsWhatComesIn() {
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        bench.scheduler.stop();
        Bench.send(queue, "ann@far.example", "eve@here.example");
        bench.run();
        assertEquals(1, bench.scheduler.places().busy());
        bench.local.answerAll(OK);
        bench.run();
        assertEquals(0, bench.scheduler.places().busy());
        assertEquals(List.of("bob@here.example"), bench.local.recipients());
        assertEquals(List.of(2L), queue.ids());
        assertTrue(bench.log().contains("status: local 0/3 remote 0/2 exitasap"));
    }

    @Test
    void endsAMessageByHandWithAndWithoutABounce() {
        bench.local.always(LATER);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        Bench.send(queue, "ann@far.example", "eve@here.example");
        bench.run();
        assertTrue(bench.scheduler.byHand().order(1, Active.Order.BOUNCE));
        assertTrue(bench.scheduler.byHand().order(2, Active.Order.DROP));
        assertFalse(bench.scheduler.byHand().order(99, Active.Order.DROP));
        bench.run();
        assertEquals(1, queue.bounces(1));
        assertEquals(0, queue.bounces(2));
        assertEquals(List.of(3L), queue.ids());
    }

    @Test
    void waitsForADeliveryOnItsWayBeforeItDrops() {
        Bench.send(queue, "ann@far.example", "a@here.example", "b@here.example", "c@here.example", "d@here.example");
        bench.run();
        assertTrue(bench.scheduler.byHand().order(1, Active.Order.DROP));
        bench.run();
        assertEquals(List.of(1L), queue.ids());
        bench.local.answerAll(LATER);
        bench.run();
        assertEquals(List.of(), queue.ids());
        assertEquals(3, bench.local.recipients().size());
        assertEquals(0, bench.scheduler.stat().messages());
    }

    @Test
    void listsInOrderOfIdWhereverAMessageWaits() {
        for (int i = 0; i < 20; i++) {
            Bench.send(queue, "ann@far.example", "x@h" + i + ".example");
        }
        bench.run();
        assertEquals(
                List.of(6L, 7L, 8L),
                bench.scheduler.waiting(3, 5).stream().map(Desk.Waiting::id).toList());
        assertEquals(20, bench.scheduler.stat().messages());
        assertEquals(2, bench.scheduler.stat().remote());
    }

    @Test
    void countsAMessageFromTheMomentItIsAccepted() {
        Bench.send(queue, "ann@far.example", "bob@here.example");
        assertEquals(1, bench.scheduler.stat().messages());
    }

    @Test
    void seesAChangeOfLocalsWithoutASignalAndKeepsTheOldWhenUnreadable() throws Exception {
        bench.local.always(OK);
        bench.remote.always(LATER);
        Bench.send(queue, "ann@far.example", "bob@there.example");
        bench.run();
        Files.writeString(folder.resolve("control/locals"), "here.example\nthere.example\n");
        bench.pass(Duration.ofSeconds(400));
        assertEquals(List.of("bob@there.example"), bench.local.recipients());

        Files.write(folder.resolve("control/locals"), new byte[] {(byte) 0xff});
        Bench.send(queue, "ann@far.example", "eve@there.example");
        bench.pass(Duration.ofSeconds(2));
        assertEquals(List.of("bob@there.example", "eve@there.example"), bench.local.recipients());
        assertTrue(bench.log().contains("alert: unable to reread controls"));
    }
}
