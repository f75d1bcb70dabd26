package qrate.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import qrate.core.Envelope;
import qrate.core.Verdict;
import qrate.queue.Queue.Ending;
import qrate.queue.Queue.State;
import qrate.testkit.Seeds;
import qrate.testkit.SimulatedDisk;

/// Stops the machine at every single step of the disk, and looks at what the restart finds.
class JournalCrashTest {
    private static final int RECIPIENTS = 3;

    /// What the world outside was told, and therefore may hold the queue to.
    private static final class Told {
        final Map<Long, String> bodies = new TreeMap<>();
        final Map<Long, Set<Integer>> settled = new HashMap<>();
        /// Settled by a call that did not return: may be either.
        final Map<Long, Set<Integer>> trying = new HashMap<>();
        final Set<Long> over = new HashSet<>();
        final Set<Long> maybeOver = new HashSet<>();
        final Set<Long> ids = new HashSet<>();
        /// Held or let go by a call that returned.
        final Map<Long, Boolean> held = new HashMap<>();
        /// Recipients that a report was made for, by the message they belong to.
        final Map<Long, Integer> reported = new HashMap<>();
        /// A bounce that was being accepted, by the message it ends.
        final Map<Long, String> bouncing = new HashMap<>();
        int number;
    }

    @Test
    void losesNothingAcceptedAndRepeatsNothingSettledWhateverTheStepOfTheCrash() {
        Seeds.forAll(6, random -> {
            long seed = random.nextLong();
            long steps = run(seed, Long.MAX_VALUE, 0);
            assertTrue(steps > 30, "the story is too short: " + steps);
            for (long step = 0; step < steps; step++) {
                run(seed, step, 0);
            }
        });
    }

    @Test
    void bringsNoEndedMessageBackWhenCleaningIsCutShort() {
        Seeds.forAll(40, random -> {
            for (int step = 0; step < 6; step++) {
                SimulatedDisk disk = new SimulatedDisk(random.nextLong());
                try {
                    Journal journal = JournalFixture.open(disk);
                    List<Long> ids = new ArrayList<>();
                    for (int i = 0; i < 120; i++) {
                        Envelope envelope = Envelope.of("a@x", "b@y");
                        ids.add(JournalFixture.id(journal.accept(envelope, JournalFixture.body("x".repeat(60)))));
                    }
                    for (long id : ids) {
                        journal.settle(id, List.of(new Ending.Done(0)));
                    }
                    disk.crashAt(disk.steps() + step);
                    journal.clean();
                    disk.crash();
                } catch (SimulatedDisk.Crash _) {
                    // as asked
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                try {
                    assertEquals(0, JournalFixture.open(disk.restart()).size());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    @Test
    void survivesACrashDuringTheRestartAsWell() {
        Seeds.forAll(2, random -> {
            long seed = random.nextLong();
            long steps = run(seed, Long.MAX_VALUE, 0);
            for (long step = random.nextInt(7); step < steps; step += 7) {
                for (int again = 1; again < 8; again++) {
                    run(seed, step, again);
                }
            }
        });
    }

    /// Plays a story up to a crash, restarts (crashing `restarts - 1` times on the way, at ever later steps), checks,
    /// plays on, and checks again.
    private static long run(long seed, long crashAt, int restarts) {
        SimulatedDisk disk = new SimulatedDisk(seed);
        disk.crashAt(crashAt);
        Told told = new Told();
        Random random = new Random(seed);
        try {
            play(JournalFixture.open(disk), random, told);
            disk.crash();
        } catch (SimulatedDisk.Crash _) {
            // as asked
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long steps = disk.steps();
        SimulatedDisk next = disk.restart();
        for (int i = 1; i <= restarts; i++) {
            next.crashAt(i % 5);
            try {
                check(JournalFixture.open(next), told);
                break;
            } catch (SimulatedDisk.Crash _) {
                next = next.restart();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        next.crashAt(Long.MAX_VALUE);
        try {
            Journal journal = JournalFixture.open(next);
            check(journal, told);
            play(journal, random, told);
            check(JournalFixture.open(next), told);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return steps;
    }

    private static void play(Journal journal, Random random, Told told) throws IOException {
        for (int i = 0; i < 30; i++) {
            List<Long> live = told.bodies.keySet().stream()
                    .filter(id -> !told.over.contains(id) && !told.maybeOver.contains(id))
                    .toList();
            int what = random.nextInt(13);
            if (what < 4 || live.isEmpty()) {
                accept(journal, random, told);
                continue;
            }
            long id = live.get(random.nextInt(live.size()));
            switch (what) {
                case 4, 5, 6 -> settle(journal, id, random, told);
                case 7 -> journal.deferred(id, Instant.ofEpochSecond(random.nextInt(1000)));
                case 8 -> bounce(journal, id, told);
                case 9 -> hold(journal, id, random.nextBoolean(), told);
                case 10 -> report(journal, id, told);
                case 11 -> journal.traced(journal.mark());
                default -> journal.clean();
            }
        }
        journal.clean();
    }

    private static void accept(Journal journal, Random random, Told told) {
        String text = "message " + told.number++ + " " + "x".repeat(random.nextInt(200)) + "\n";
        Envelope envelope = Envelope.of("a@example.test", "0@x", "1@x", "2@x");
        note(journal.accept(envelope, JournalFixture.body(text)), text, told);
    }

    private static long note(Verdict verdict, String text, Told told) {
        long id = JournalFixture.id(verdict);
        assertTrue(told.ids.add(id), "id given twice: " + id);
        told.bodies.put(id, text);
        return id;
    }

    private static void settle(Journal journal, long id, Random random, Told told) throws IOException {
        Set<Integer> numbers = new HashSet<>();
        List<Ending> endings = new ArrayList<>();
        for (int n = 0; n < RECIPIENTS; n++) {
            if (random.nextInt(2) == 0) {
                numbers.add(n);
                endings.add(random.nextInt(4) == 0 ? new Ending.Failed(n, "why " + n) : new Ending.Done(n));
            }
        }
        told.trying.computeIfAbsent(id, _ -> new HashSet<>()).addAll(numbers);
        if (told.trying.get(id).size() == RECIPIENTS) {
            told.maybeOver.add(id);
        }
        journal.settle(id, endings);
        told.settled.computeIfAbsent(id, _ -> new HashSet<>()).addAll(numbers);
    }

    private static void hold(Journal journal, long id, boolean held, Told told) throws IOException {
        told.held.remove(id); // until it is durable it may be either
        if (journal.hold(id, held)) {
            told.held.put(id, held);
        }
    }

    /// A success report for one recipient: with the report durable, the recipient's end is too.
    private static void report(Journal journal, long id, Told told) throws IOException {
        int number = told.settled.getOrDefault(id, Set.of()).size() % RECIPIENTS;
        boolean over = !(journal.read(id).states().get(number) instanceof State.Pending);
        told.trying.computeIfAbsent(id, _ -> new HashSet<>()).add(number);
        if (told.trying.get(id).size() == RECIPIENTS) {
            told.maybeOver.add(id);
        }
        String text = "report of " + id + " " + number + "\n";
        told.reported.put(id, number);
        Queue.Told what = new Queue.Told(List.of(new Ending.Done(number)), false);
        Verdict verdict = journal.reported(id, Envelope.of("", "0@x", "1@x", "2@x"), JournalFixture.body(text), what);
        told.reported.remove(id);
        if (over) {
            assertTrue(verdict instanceof Verdict.Never, "reported twice: " + id + " " + number);
        } else {
            note(verdict, text, told);
            told.settled.computeIfAbsent(id, _ -> new HashSet<>()).add(number);
        }
    }

    private static void bounce(Journal journal, long id, Told told) {
        String text = "bounce of " + id + "\n";
        told.maybeOver.add(id);
        told.bouncing.put(id, text);
        note(journal.bounced(id, Envelope.of("", "0@x", "1@x", "2@x"), JournalFixture.body(text)), text, told);
        told.bouncing.remove(id);
        told.over.add(id);
    }

    private static void check(Journal journal, Told told) throws IOException {
        Map<Long, Queue.Message> found = new TreeMap<>();
        List<Long> ids = new ArrayList<>();
        journal.owed(owed -> ids.add(owed.id()));
        for (long id : ids) {
            found.put(id, journal.read(id));
        }
        journal.owed(owed -> {
            if (told.held.containsKey(owed.id())) {
                assertEquals(told.held.get(owed.id()), owed.held(), "held: " + owed.id());
            }
        });
        told.held.clear();
        Set<String> texts = new HashSet<>();
        for (Queue.Message message : found.values()) {
            texts.add(JournalFixture.text(message.body()));
        }
        for (Map.Entry<Long, String> accepted : told.bodies.entrySet()) {
            long id = accepted.getKey();
            if (told.over.contains(id)) {
                assertTrue(!found.containsKey(id), "came back: " + id);
            } else if (!found.containsKey(id)) {
                assertTrue(told.maybeOver.contains(id), "lost: " + id);
            } else {
                assertEquals(
                        accepted.getValue(), JournalFixture.text(found.get(id).body()));
                states(found.get(id), told);
            }
        }
        told.bouncing.forEach((id, text) -> assertTrue(
                found.containsKey(id) != texts.contains(text), "neither or both of a message and its bounce"));
        // what nobody was told of may be there too, once; from now on it is like any other
        for (Map.Entry<Long, Queue.Message> extra : found.entrySet()) {
            told.ids.add(extra.getKey());
            told.bodies.putIfAbsent(
                    extra.getKey(), JournalFixture.text(extra.getValue().body()));
        }
        told.reported.forEach((id, number) -> {
            boolean sent = texts.contains("report of " + id + " " + number + "\n");
            boolean ended = !found.containsKey(id) || found.get(id).states().get(number) instanceof State.Delivered;
            assertEquals(ended, sent, "a report without its end, or an end without its report");
        });
        told.reported.clear();
        told.bouncing.clear();
        for (long id : told.maybeOver) {
            if (!found.containsKey(id)) {
                told.over.add(id);
            }
        }
    }

    private static void states(Queue.Message message, Told told) {
        Set<Integer> settled = told.settled.getOrDefault(message.id(), Set.of());
        Set<Integer> trying = told.trying.getOrDefault(message.id(), Set.of());
        for (int n = 0; n < RECIPIENTS; n++) {
            switch (message.states().get(n)) {
                case State.Pending _ -> assertTrue(!settled.contains(n), "owed again: " + message.id() + " " + n);
                case State.Delivered _ -> assertTrue(trying.contains(n), "settled by itself: " + message.id());
                case State.Refused(String why) -> {
                    assertTrue(trying.contains(n), "settled by itself: " + message.id());
                    assertEquals("why " + n, why);
                }
            }
        }
    }
}
