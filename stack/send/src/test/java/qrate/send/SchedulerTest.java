package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Spawner;
import qrate.core.Verdict;

class SchedulerTest {
    private static final Verdict OK = new Verdict.Delivered("ok");
    private static final Verdict LATER = new Verdict.Later("4.2.1 mailbox busy");
    private static final Verdict NEVER = new Verdict.Never("5.1.1 no such user");

    @TempDir
    Path folder;

    private Bench bench;
    private MemoryQueue queue;

    @BeforeEach
    void boot() {
        bench = new Bench(
                folder,
                Map.of(
                        "locals", "here.example",
                        "concurrencylocal", "3",
                        "concurrencyremote", "2",
                        "queuelifetime", "1000"));
        queue = new MemoryQueue(bench.clock);
        bench.boot(queue);
    }

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
    void writesTheSameLinesToTheLedgerOfTheDay() throws Exception {
        bench.local.always(OK);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        bench.trace.close();
        List<String> ledger = Files.readAllLines(folder.resolve("ledger/2026-01-01"));
        assertEquals(
                List.of(
                        "running",
                        "new msg 1",
                        "info msg 1: bytes 18 from <ann@far.example> qp 1 uid 7 recipients 1",
                        "from msg 1: unknown",
                        "starting delivery 1: msg 1 to local bob@here.example recipient 0",
                        "delivery 1: success: ok/",
                        "end msg 1"),
                ledger.stream()
                        .map(line -> line.substring(line.indexOf(' ') + 1))
                        .toList());
        assertTrue(ledger.stream().allMatch(line -> line.startsWith("2026-01-01T00:00:00Z ")));
    }

    @Test
    void keepsTheLedgerThirtyDaysAndOtherFilesForEver() throws Exception {
        Path other = Files.createDirectories(folder.resolve("other/ledger"));
        for (String name : List.of("2025-12-01", "2025-12-02", "notes")) {
            Files.writeString(other.resolve(name), "x\n");
        }
        bench = new Bench(folder.resolve("other"), Map.of());
        bench.boot(queue);
        assertFalse(Files.exists(other.resolve("2025-12-01")));
        assertTrue(Files.exists(other.resolve("2025-12-02")));
        assertTrue(Files.exists(other.resolve("notes")));
    }

    @Test
    void goesOnWhenTheLedgerCannotBeWritten() throws Exception {
        Files.createDirectories(folder.resolve("other"));
        Files.writeString(folder.resolve("other/ledger"), "a file where the folder should be");
        bench = new Bench(folder.resolve("other"), Map.of("locals", "here.example"));
        bench.boot(queue);
        bench.local.always(OK);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        assertEquals(List.of(), queue.ids());
        assertEquals(
                1,
                bench.log()
                        .lines()
                        .filter(line -> line.contains("unable to write the ledger"))
                        .count());
    }

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

    @Test
    void startsNothingAfterTermAndRecordsWhatComesIn() {
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        bench.scheduler.stop();
        Bench.send(queue, "ann@far.example", "eve@here.example");
        bench.run();
        assertEquals(1, bench.scheduler.busy());
        bench.local.answerAll(OK);
        bench.run();
        assertEquals(0, bench.scheduler.busy());
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
