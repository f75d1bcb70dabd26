package qrate.remote;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.remote.session.Course;

class SpeakingTurnsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private Instant now = Instant.parse("2026-01-02T03:00:00Z");
    private final List<Boolean> said = new CopyOnWriteArrayList<>();
    private final Spawner.Answers answers = new Spawner.Answers() {
        @Override
        public void answer(int number, Verdict verdict) {
            throw new AssertionError("no answer is a turn's");
        }

        @Override
        public void waits(boolean waits) {
            said.add(waits);
        }
    };

    private SpeakingTurns turns(Duration patience) {
        return new SpeakingTurns(new Limits(50, LONG, LONG, LONG, LONG, patience), () -> now);
    }

    private SpeakingTurns.Turn take(SpeakingTurns turns, int atOnce, String host) throws InterruptedException {
        SpeakingTurns.Turn turn = turns.take(atOnce, answers, Course.FREE);
        turn.asks(host);
        return turn;
    }

    private SpeakingTurns.Turn waiting(SpeakingTurns turns, String host) throws InterruptedException {
        int before = turns.waiting();
        SpeakingTurns.Turn turn = take(turns, 1, host);
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> turns.waiting() == before + 1);
        return turn;
    }

    @Test
    void givesAwayTheTurnOfADeliveryWhoseHostLetsItWait() throws Exception {
        SpeakingTurns turns = turns(Duration.ofMillis(1));
        try (SpeakingTurns.Turn first = waiting(turns, "silent.test")) {
            turns.take(1, answers, Course.FREE).close();
            assertEquals(List.of(true), said);
            assertTrue(first.mayGoOn());
            assertEquals(List.of(true, false), said);
            assertEquals(0, turns.waiting());
        }
    }

    @Test
    void leavesItsTurnToWhomTheHostAnswers() throws Exception {
        SpeakingTurns turns = turns(LONG);
        try (SpeakingTurns.Turn turn = take(turns, 1, "quick.test")) {
            assertTrue(turn.mayGoOn());
            turn.dials();
            assertTrue(turn.mayGoOn());
        }
        assertEquals(List.of(), said);
        assertEquals(0, turns.waiting());
    }

    @Test
    void letsNoMoreSpeakAtOnceThanThereAreTurnsHoweverManyComeBack() throws Exception {
        SpeakingTurns turns = new SpeakingTurns(
                new Limits(50, LONG, LONG, LONG, Duration.ofMillis(20), Duration.ofMillis(1)), () -> now);
        try (SpeakingTurns.Turn second = waiting(turns, "b.test")) {
            try (SpeakingTurns.Turn first = waiting(turns, "a.test")) {
                assertTrue(first.mayGoOn());
                assertFalse(second.mayGoOn(), "the first one has it");
            }
            assertEquals(0, turns.waiting());
        }
        turns.take(1, answers, Course.FREE).close();
    }

    @Test
    void sendsNoFurtherConnectionsToAHostThatLetsSomebodyWait() throws Exception {
        SpeakingTurns turns = turns(Duration.ofMillis(1));
        try (SpeakingTurns.Turn first = waiting(turns, "silent.test");
                SpeakingTurns.Turn second = take(turns, 1, "silent.test");
                SpeakingTurns.Turn other = take(turns, 2, "other.test")) {
            assertEquals(1, second.connections(10));
            assertEquals(10, other.connections(10));
            assertEquals(Optional.empty(), second.hopeless(), "it may wait behind the first");
            assertTrue(first.mayGoOn());
        }
    }

    @Test
    void defersAtOnceWhoseHostGaveNoAnswerMeanwhileAndTriesAgainLater() throws Exception {
        SpeakingTurns turns = turns(Duration.ofMillis(1));
        SpeakingTurns.Turn first = waiting(turns, "silent.test");
        try (SpeakingTurns.Turn second = take(turns, 1, "silent.test")) {
            first.close();
            Verdict verdict = second.hopeless().orElseThrow();
            assertTrue(verdict.text().endsWith("got no answer from silent.test. (#4.4.1)\n"), verdict.text());
        }
        now = now.plusMillis(1);
        try (SpeakingTurns.Turn third = take(turns, 1, "silent.test")) {
            assertEquals(Optional.empty(), third.hopeless());
        }
    }

    @Test
    void defersAtOnceAndHurriesWhenManyWait() throws Exception {
        SpeakingTurns turns = turns(Duration.ofMillis(1));
        List<SpeakingTurns.Turn> all = new ArrayList<>();
        all.add(waiting(turns, "silent.test"));
        while (turns.waiting() < SpeakingTurns.WAITING_MAX / 4) {
            all.add(waiting(turns, "h" + all.size() + ".test"));
        }
        try (SpeakingTurns.Turn next = take(turns, 1, "silent.test")) {
            assertTrue(next.hopeless().isPresent());
            assertFalse(next.hurries());
        }
        while (turns.waiting() <= SpeakingTurns.WAITING_MAX / 2) {
            all.add(waiting(turns, "h" + all.size() + ".test"));
        }
        assertTrue(all.getLast().hurries());
        while (turns.waiting() < SpeakingTurns.WAITING_MAX) {
            all.add(waiting(turns, "h" + all.size() + ".test"));
        }
        said.clear();
        try (SpeakingTurns.Turn keeps = take(turns, 1, "h.test")) {
            assertTrue(keeps.mayGoOn());
        }
        all.forEach(SpeakingTurns.Turn::close);
        assertEquals(0, turns.waiting());
        turns.take(1, answers, Course.FREE).close();
    }
}
