package qrate.httpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Who gives way to whom, and when patience ends.
class SeatsTest {
    private static final Limits LIMITS = new Limits(8, 4, 1000, 400, 2, 1);

    private final AtomicLong millis = new AtomicLong();
    private final Seats seats = new Seats(LIMITS, millis::get);
    private final List<String> ended = new ArrayList<>();

    private Optional<Seats.Seat> take(String client) {
        return seats.take(client, false, (was, late) -> ended.add(client + " " + was + (late ? " late" : "")));
    }

    private Seats.Seat taken(String client, Seats.Phase phase) {
        Seats.Seat seat = take(client).orElseThrow();
        seats.enter(seat, phase);
        return seat;
    }

    private void afterSeconds(int seconds) {
        millis.addAndGet(seconds * 1000L);
        seats.sweep();
    }

    @Test
    void aClientThatHasItsShareGetsNoMoreButForItsOwnIdleOnes() {
        for (int i = 0; i < LIMITS.connectionsEach(); i++) {
            taken("a", Seats.Phase.BODY);
        }
        assertTrue(take("a").isEmpty());
        assertEquals(List.of(), ended);
        taken("b", Seats.Phase.IDLE);
        taken("b", Seats.Phase.BODY);
        taken("b", Seats.Phase.BODY);
        taken("b", Seats.Phase.BODY);
        assertTrue(take("b").isPresent());
        assertEquals(List.of("b IDLE"), ended);
    }

    @Test
    void ofAClientThatHasItsShareWhatStandsStillGivesWay() {
        for (int i = 0; i < LIMITS.connectionsEach(); i++) {
            taken("a", i == 0 ? Seats.Phase.WORK : Seats.Phase.HEADER);
        }
        millis.addAndGet(Seats.STILL_MIN.toMillis() - 1);
        assertTrue(take("a").isEmpty());
        millis.incrementAndGet();
        assertTrue(take("a").isPresent());
        assertEquals(List.of("a HEADER"), ended);
    }

    @Test
    void theGreediestGivesWayAndOfItTheIdlest() {
        for (int i = 0; i < 4; i++) {
            taken("a", i == 3 ? Seats.Phase.IDLE : Seats.Phase.HEADER);
            millis.incrementAndGet();
        }
        for (String client : List.of("b", "b", "c", "c")) {
            taken(client, Seats.Phase.IDLE);
        }
        assertTrue(take("d").isPresent());
        assertTrue(take("e").isPresent());
        assertEquals(List.of("a IDLE", "a HEADER"), ended);
    }

    @Test
    void whoeverIsWorkedOnNeverGivesWay() {
        for (int i = 0; i < LIMITS.connections(); i++) {
            taken("a" + i / 4, Seats.Phase.WORK);
        }
        assertTrue(take("b").isEmpty());
        assertEquals(List.of(), ended);
    }

    @Test
    void bytesAreSharedAsSeatsAre() {
        Seats.Seat one = taken("a", Seats.Phase.BODY);
        Seats.Seat two = taken("a", Seats.Phase.BODY);
        assertTrue(seats.hold(one, 300));
        assertFalse(seats.hold(two, 200), "a share is of all connections of a client");
        assertTrue(seats.hold(one, 300), "one thing may be larger than a share");
        Seats.Seat three = taken("b", Seats.Phase.BODY);
        assertTrue(seats.hold(three, 390));
        Seats.Seat four = taken("c", Seats.Phase.BODY);
        assertTrue(seats.hold(four, 100));
        assertEquals(List.of("a BODY"), ended);
        assertFalse(seats.hold(one, 1), "what gave way holds nothing");
    }

    @Test
    void behindAProxyEachClientHasAShareOfItsOwn() {
        List<Seats.Seat> behind = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Seats.Seat seat = seats.take("proxy", true, (_, _) -> {}).orElseThrow();
            seats.asks(seat, "client" + i % 2);
            seats.enter(seat, Seats.Phase.BODY);
            behind.add(seat);
        }
        assertTrue(seats.hold(behind.get(0), 300));
        assertTrue(seats.hold(behind.get(1), 300));
        assertFalse(seats.hold(behind.get(2), 200));
    }

    @Test
    void patienceEnds() {
        taken("a", Seats.Phase.IDLE);
        Seats.Seat header = taken("b", Seats.Phase.IDLE);
        seats.moved(header, 1);
        taken("c", Seats.Phase.WORK);
        afterSeconds(10);
        seats.moved(header, 1);
        afterSeconds(6);
        assertEquals(List.of("b HEADER late"), ended, "a byte now and then does not make a header");
        afterSeconds(50);
        assertEquals(List.of("b HEADER late", "a IDLE late"), ended);
        afterSeconds(3600);
        assertEquals(2, ended.size(), "what is worked on takes as long as it takes");
    }

    @Test
    void bodiesAndAnswersHaveAMinimumRate() {
        Seats.Seat body = taken("a", Seats.Phase.BODY);
        for (int i = 0; i < 11; i++) {
            seats.moved(body, 1);
            afterSeconds(1);
        }
        assertEquals(List.of("a BODY late"), ended);
        Seats.Seat fast = taken("b", Seats.Phase.BODY);
        for (int i = 0; i < 61; i++) {
            seats.moved(fast, 2 * Seats.BODY_BYTES_PER_SECOND_MIN);
            afterSeconds(1);
        }
        assertEquals(List.of("a BODY late", "b BODY late"), ended, "and an end in any case");
        Seats.Seat answer = taken("c", Seats.Phase.ANSWER);
        for (int i = 0; i < 100; i++) {
            seats.moved(answer, Seats.ANSWER_BYTES_PER_SECOND_MIN);
            afterSeconds(1);
        }
        assertEquals(2, ended.size());
        afterSeconds(21);
        assertEquals(3, ended.size());
    }

    @Test
    void whenFewSeatsAreLeftPatienceIsShorter() {
        for (int i = 0; i < 6; i++) {
            taken("a" + i / 3, Seats.Phase.IDLE);
        }
        afterSeconds(16);
        assertEquals(List.of("a0 IDLE late"), ended, "until there is room again");
    }

    @Test
    void limitsComeFromTheHeapThatThereIs() {
        Limits small = Limits.of(96L << 20);
        Limits large = Limits.of(256L << 20);
        for (Limits limits : List.of(small, large)) {
            assertTrue(limits.connectionsEach() >= 16, limits::toString);
            assertTrue(limits.bytesEach() > HttpListener.BODY_BYTES_MAX * 4L, limits::toString);
        }
        assertTrue((long) small.connections() * Limits.CONNECTION_BYTES + small.bytes() <= (96L << 20) / 6);
        assertTrue((long) large.connections() * Limits.CONNECTION_BYTES + large.bytes() <= (256L << 20) / 8);
    }
}
