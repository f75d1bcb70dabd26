package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the scheduler does with answers, and with a queue or a spawner that fails.
class SettlingTest extends SchedulerOnBench {
    @Test
    void takesASecondAnswerForABug() {
        Bench.send(queue, "ann@far.example", "bob@here.example", "eve@here.example");
        bench.run();
        bench.local.open.getFirst().answer(OK);
        bench.local.open.getFirst().answer(NEVER);
        bench.local.open.getFirst().answers().answer(9, OK);
        bench.run();
        assertEquals(
                2,
                bench.log()
                        .lines()
                        .filter(line -> line.contains("delivery report out of range"))
                        .count());
        bench.local.open.getLast().answer(OK);
        bench.run();
        assertEquals(List.of(), queue.ids());
    }

    @Test
    void keepsAMessageItCannotRead() {
        queue.unreadable(true);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.local.always(OK);
        bench.run();
        bench.pass(Duration.ofSeconds(30));
        assertTrue(bench.log().contains("warning: trouble reading msg 1"));
        queue.unreadable(false);
        bench.pass(Duration.ofSeconds(10));
        assertEquals(List.of(), queue.ids());
        assertEquals(1, bench.local.jobs.size());
    }

    @Test
    void keepsAnAnswerItCannotRecordAndDoesNotDeliverAgain() {
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.local.always(OK);
        queue.full(true);
        bench.run();
        for (int i = 0; i < 10; i++) {
            bench.scheduler.byHand().retryAll();
            bench.pass(Duration.ofSeconds(10));
        }
        assertEquals(1, bench.local.jobs.size());
        assertEquals(List.of(1L), queue.ids());
        assertEquals(List.of(), bench.local.settled);
        queue.full(false);
        bench.pass(Duration.ofSeconds(10));
        assertEquals(List.of(), queue.ids());
        assertEquals(List.of("1:[0]"), bench.local.settled);
    }

    @Test
    void makesTheBounceLaterWhenTheQueueIsFull() {
        Bench.send(queue, "ann@here.example", "bob@here.example");
        bench.local.rule =
                delivery -> Optional.of(delivery.recipient().address().startsWith("bob") ? NEVER : OK);
        bench.executor = task -> {
            task.run();
            if (queue.isRefused(1)) {
                queue.full(true); // the settling works, the bounce does not
            }
        };
        bench.run();
        assertTrue(bench.log().contains("trouble injecting bounce message"));
        bench.executor = Runnable::run;
        queue.full(false);
        bench.pass(Duration.ofSeconds(10));
        assertEquals(1, queue.bounces(1));
        assertEquals(List.of(), queue.ids());
        assertEquals(
                1,
                bench.local.recipients().stream()
                        .filter(r -> r.startsWith("bob"))
                        .count());
    }

    @Test
    void bouncesAfterARestartWhatHadFailedBefore() {
        Bench.send(queue, "ann@here.example", "bob@here.example");
        bench.local.always(NEVER);
        bench.executor = bench.tasks::add;
        bench.run();
        for (int left = bench.tasks.size(); left > 0; left--) {
            bench.tasks.poll().run(); // settled; the bounce never ran
        }
        bench.executor = Runnable::run;
        bench.local.always(OK);
        bench.boot(queue).run();
        assertEquals(1, queue.bounces(1));
        assertEquals(List.of("bob@here.example", "ann@here.example"), bench.local.recipients());
    }

    @Test
    void collectsAnswersThatComeWhileOthersAreBeingRecorded() {
        Bench.send(queue, "ann@far.example", "a@here.example", "b@here.example", "c@here.example");
        bench.executor = bench.tasks::add;
        bench.run();
        bench.tasks.clear();
        bench.local.open.get(0).answer(OK);
        bench.run();
        bench.local.open.get(1).answer(OK);
        bench.local.open.get(2).answer(OK);
        bench.run();
        assertEquals(1, bench.tasks.size());
        bench.tasks.poll().run();
        bench.run();
        assertEquals(1, bench.tasks.size());
        bench.tasks.poll().run();
        bench.run();
        assertEquals(List.of("1:[0]", "1:[1, 2]"), bench.local.settled);
        assertEquals(List.of(), queue.ids());
    }

    @Test
    void survivesASpawnerThatThrows() {
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.local.rule = _ -> {
            throw new IllegalStateException("broken");
        };
        bench.run();
        bench.local.always(OK);
        bench.pass(Duration.ofSeconds(5));
        assertEquals(List.of(), queue.ids());
    }
}
