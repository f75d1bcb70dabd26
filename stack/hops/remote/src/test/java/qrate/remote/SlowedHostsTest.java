package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import qrate.core.Log;
import qrate.core.Verdict;

class SlowedHostsTest {
    private static final List<Verdict> RATE = List.of(new Verdict.Later(
            "192.0.2.1 does not like recipient.\nRemote host said: 421 4.7.28 unusual rate - gsmtp\n"));
    private static final List<Verdict> TAKEN = List.of(new Verdict.Delivered("250 ok"));

    private Instant now = Instant.parse("2026-01-02T03:00:00Z");
    private final SlowedHosts slowed = new SlowedHosts(() -> now, Log.silent());

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void leavesAHostAloneThatAskedForLessAndNoOther() {
        slowed.heard("far.test", RATE);
        Verdict pause = new Verdict.Later("""
                Left alone until 2026-01-02T03:01:00Z, because far.test has asked for less. (#4.4.5)
                Remote host said: 421 4.7.28 unusual rate - gsmtp
                """);
        assertEquals(Optional.of(pause), slowed.pause("far.test"));
        assertEquals(Optional.empty(), slowed.pause("other.test"));
        assertEquals(20, slowed.connections("other.test", 20));
        pass(SlowedHosts.PAUSE);
        assertEquals(Optional.empty(), slowed.pause("far.test"));
        assertEquals(10, slowed.connections("far.test", 20));
    }

    @Test
    void countsOnceWhatManyConnectionsHearAtTheSameMoment() {
        for (int i = 0; i < 20; i++) {
            slowed.heard("far.test", RATE);
        }
        assertEquals(10, slowed.connections("far.test", 20));
    }

    @Test
    void waitsLongerEachTimeAndLeavesOneConnection() {
        for (int i = 0; i < 12; i++) {
            slowed.heard("far.test", RATE);
            pass(SlowedHosts.PAUSE_MAX.minusSeconds(1));
            assertEquals(i >= 5, slowed.pause("far.test").isPresent(), "time " + i);
            pass(Duration.ofSeconds(1));
            assertFalse(slowed.pause("far.test").isPresent());
        }
        assertEquals(1, slowed.connections("far.test", 20));
        assertEquals(1, slowed.connections("far.test", 1));
    }

    @Test
    void recoversStepByStepWhileMailIsTaken() {
        slowed.heard("far.test", RATE);
        pass(SlowedHosts.PAUSE);
        slowed.heard("far.test", RATE);
        assertEquals(5, slowed.connections("far.test", 20));
        pass(SlowedHosts.PAUSE.multipliedBy(2));
        slowed.heard("far.test", TAKEN);
        assertEquals(5, slowed.connections("far.test", 20), "too early");
        pass(SlowedHosts.STEP);
        slowed.heard("far.test", TAKEN);
        slowed.heard("far.test", TAKEN);
        assertEquals(10, slowed.connections("far.test", 20), "one step at a time");
        pass(SlowedHosts.STEP);
        slowed.heard("far.test", TAKEN);
        assertEquals(20, slowed.connections("far.test", 20));
        assertEquals(0, slowed.size());
    }

    @Test
    void forgetsWhatIsLongAgoAndWhatIsInTheFuture() {
        slowed.heard("far.test", RATE);
        pass(SlowedHosts.FORGOTTEN.plusSeconds(1));
        assertEquals(20, slowed.connections("far.test", 20));
        slowed.heard("far.test", RATE);
        pass(Duration.ofHours(-1));
        assertEquals(Optional.empty(), slowed.pause("far.test"));
    }

    @Test
    void believesHowLongToWaitWithinBounds() {
        assertEquals(Duration.ofMinutes(5), pauseAfter("421 4.7.28 try again in 5 minutes gsmtp"));
        assertEquals(SlowedHosts.PAUSE_MIN, pauseAfter("421 4.7.28 try again in 1 second gsmtp"));
        assertEquals(Duration.ofHours(1), pauseAfter("421 4.7.28 try again in 100 hours gsmtp"));
    }

    private Duration pauseAfter(String reply) {
        SlowedHosts fresh = new SlowedHosts(() -> now, Log.silent());
        Instant start = now;
        fresh.heard("far.test", List.of(new Verdict.Later("x\nRemote host said: " + reply)));
        while (fresh.pause("far.test").isPresent()) {
            pass(Duration.ofSeconds(1));
        }
        return Duration.between(start, now);
    }

    @Test
    void goesOnWhereOnlyAMailboxIsBusyOrGreylistsOrARefusalIsFinal() {
        for (Verdict one : List.of(
                new Verdict.Later("x\nRemote host said: 450 4.2.1 receiving mail too quickly - gsmtp"),
                new Verdict.Later("x\nRemote host said: 450 4.7.1 Greylisted, try again in 300 seconds"),
                new Verdict.Never("x\nRemote host said: 550 5.7.1 rate limited - gsmtp"),
                new Verdict.Later("Connected to 192.0.2.1 but connection died. (#4.4.2)"))) {
            slowed.heard("far.test", List.of(one));
            assertEquals(Optional.empty(), slowed.pause("far.test"), one.text());
        }
    }

    @Test
    void remembersABoundedNumberOfHosts() {
        for (int i = 0; i < SlowedHosts.HOSTS_MAX + 10; i++) {
            slowed.heard("host" + i + ".test", RATE);
        }
        assertEquals(SlowedHosts.HOSTS_MAX, slowed.size());
        assertTrue(slowed.pause("host" + SlowedHosts.HOSTS_MAX + ".test").isPresent());
    }
}
