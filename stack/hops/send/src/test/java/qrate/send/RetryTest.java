package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import qrate.core.Spawner;
import qrate.core.Verdict;

/// When the scheduler tries again, over restarts too, and when it gives up.
class RetryTest extends SchedulerOnBench {
    @Test
    void triesAgainAtTheTimesOfTheSchedule() {
        bench.local.always(LATER);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        List<Long> tries = new ArrayList<>();
        for (int second = 0; second <= 900; second++) {
            int before = bench.local.jobs.size();
            bench.run();
            if (bench.local.jobs.size() > before) {
                tries.add(Duration.between(Bench.START, bench.now).toSeconds());
            }
            bench.now = bench.now.plusSeconds(1);
        }
        assertEquals(List.of(0L, 100L, 400L, 900L), tries);
    }

    @Test
    void keepsTheTwoChannelsApart() {
        bench.local.always(LATER);
        bench.remote.always(LATER);
        Bench.send(queue, "ann@far.example", "bob@here.example", "eve@far.example");
        bench.run();
        bench.pass(Duration.ofSeconds(100));
        assertEquals(2, bench.local.jobs.size());
        assertEquals(1, bench.remote.jobs.size());
        bench.pass(Duration.ofMinutes(5));
        assertEquals(3, bench.local.jobs.size());
        assertEquals(2, bench.remote.jobs.size());
    }

    @Test
    void keepsAChannelsTimeWhileTheMessageWaitsForASlotOfTheOther() {
        bench.local.always(LATER);
        bench.remote.always(LATER);
        Bench.send(queue, "ann@far.example", "bob@here.example", "eve@far.example");
        bench.run();
        bench.now = bench.now.plusSeconds(90);
        bench.local.rule = _ -> Optional.empty();
        Bench.send(queue, "ann@far.example", "x@here.example", "y@here.example", "z@here.example");
        bench.run();
        bench.pass(Duration.ofSeconds(10)); // bob is due, and every local slot is taken
        bench.local.answerAll(OK);
        bench.run();
        assertEquals("bob@here.example", bench.local.recipients().getLast());
        assertEquals(List.of("eve@far.example"), bench.remote.recipients(), "not due before 400 seconds");
    }

    @Test
    void remembersTheLastAttemptOverARestart() {
        bench.local.always(LATER);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        assertEquals(Bench.START, queue.attempted(1));
        bench.boot(queue).pass(Duration.ofSeconds(99));
        assertEquals(1, bench.local.jobs.size());
        bench.pass(Duration.ofSeconds(1));
        assertEquals(2, bench.local.jobs.size());
    }

    @Test
    void startsAgainAfterARestartWhoeverWasOnTheWay() {
        Bench.send(queue, "ann@far.example", "bob@here.example", "eve@here.example");
        bench.run();
        bench.local.open.removeFirst().answer(OK);
        bench.run();
        bench.boot(queue).run();
        assertEquals(List.of("bob@here.example", "eve@here.example", "eve@here.example"), bench.local.recipients());
    }

    @Test
    void neverStartsARecipientThatIsOnItsWay() {
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        bench.scheduler.byHand().retryAll();
        bench.pass(Duration.ofDays(3));
        assertTrue(bench.scheduler.byHand().retry(1));
        bench.run();
        assertEquals(1, bench.local.jobs.size());
    }

    @Test
    void triesEverythingNowWhenTold() {
        bench.local.always(LATER);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        bench.scheduler.byHand().retryAll();
        bench.run();
        assertEquals(2, bench.local.jobs.size());
    }

    @Test
    void triesOnceMoreAfterTheLifetimeAndThenGivesUp() {
        bench.local.always(LATER);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        bench.pass(Duration.ofSeconds(1000));
        assertEquals(0, queue.bounces(1));
        bench.remote.always(OK);
        bench.pass(Duration.ofSeconds(1000));
        assertEquals(1, queue.bounces(1));
        assertTrue(bench.log()
                .contains("failure: 4.2.1_mailbox_busy/I'm_not_going_to_try_again;"
                        + "_this_message_has_been_in_the_queue_too_long./"));
    }

    @Test
    void doesNotTakeASilentSpawnerForAnAttempt() {
        bench.local.always(new Verdict.Later(Spawner.NO_ANSWER + " lspawn"));
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        bench.pass(Duration.ofSeconds(2000));
        assertEquals(0, queue.bounces(1));
        bench.local.always(OK);
        bench.pass(Duration.ofMillis(Schedule.NO_ANSWER_MILLIS));
        assertEquals(List.of(), queue.ids());
    }

    @Test
    void waitsForASpawnerThatIsNotReadyAndLetsTheOtherGoOn() {
        bench.local.ready = false;
        bench.local.always(OK);
        bench.remote.always(OK);
        Bench.send(queue, "ann@here.example", "bob@here.example");
        Bench.send(queue, "ann@here.example", "bob@far.example", "eve@here.example");
        Bench.send(queue, "ann@here.example", "eve@far.example");
        bench.run();
        assertEquals(List.of("bob@far.example", "eve@far.example"), bench.remote.recipients());
        assertEquals(List.of(), bench.local.recipients());
        assertFalse(bench.log().contains("deferral"), bench.log());
        assertEquals(0, bench.scheduler.places().busy());
        bench.local.ready = true;
        bench.pass(Duration.ofMillis(Schedule.NO_ANSWER_MILLIS));
        assertEquals(List.of("bob@here.example", "eve@here.example"), bench.local.recipients());
        assertEquals(List.of(), queue.ids());
    }

    @Test
    void aSpawnerThatIsAwayForLongKeepsNoRoomFromTheOther() {
        bench.remote.ready = false;
        bench.local.always(OK);
        bench.remote.always(OK);
        for (int i = 0; i <= Scheduler.ACTIVE_MAX; i++) {
            Bench.send(queue, "ann@here.example", "bob@far.example", "eve@here.example");
        }
        bench.run();
        bench.pass(Duration.ofMillis(Schedule.NO_ANSWER_MILLIS));
        Bench.send(queue, "ann@here.example", "last@here.example");
        bench.run();
        assertEquals("last@here.example", bench.local.recipients().getLast());
        bench.remote.ready = true;
        bench.pass(Duration.ofMillis(Schedule.READY_LOOK_MILLIS));
        assertEquals(Scheduler.ACTIVE_MAX + 1, bench.remote.recipients().size());
        assertEquals(List.of(), queue.ids());
    }

    @Test
    void readsNothingWhileNoSpawnerIsReady() {
        bench.local.ready = false;
        bench.remote.ready = false;
        Bench.send(queue, "ann@here.example", "bob@here.example");
        bench.run();
        assertFalse(bench.log().contains("new msg"), bench.log());
        assertEquals(1, bench.scheduler.stat().messages());
        assertEquals(bench.now.toEpochMilli() + Schedule.READY_LOOK_MILLIS, bench.scheduler.step());
        bench.remote.ready = true;
        bench.local.ready = true;
        bench.local.always(OK);
        bench.run();
        assertEquals(List.of(), queue.ids());
    }

    @Test
    void takesTheWordsOfAStrangerForNoMissingSpawner() {
        bench.remote.always(new Verdict.Later("192.0.2.1 does not like recipient.\nRemote host said: 450 "
                + Spawner.NO_ANSWER + " us\nGiving up.\n"));
        Bench.send(queue, "ann@here.example", "bob@far.example");
        bench.run();
        bench.pass(Duration.ofMillis(Schedule.NO_ANSWER_MILLIS));
        assertEquals(1, bench.remote.jobs.size());
    }

    @Test
    void keepsItsSlotsWhenAnAnswerComesTwice() {
        Bench.send(queue, "ann@here.example", "bob@far.example", "eve@here.example");
        bench.run();
        Spy.Started first = bench.remote.open.getFirst();
        first.answer(new Verdict.Later(Spawner.NO_ANSWER + " rspawn"));
        bench.run();
        bench.pass(Duration.ofMillis(Schedule.NO_ANSWER_MILLIS));
        assertEquals(2, bench.remote.jobs.size());
        first.answer(LATER);
        bench.run();
        assertEquals(1, bench.scheduler.stat().remote(), "the second attempt still flies");
        bench.remote.open.getLast().answer(OK);
        bench.run();
        assertEquals(0, bench.scheduler.stat().remote());
        bench.local.answerAll(OK);
        bench.run();
        assertEquals(List.of(), queue.ids());
    }
}
