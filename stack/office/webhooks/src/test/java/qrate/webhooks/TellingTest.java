package qrate.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TellingTest {
    private static final Instant T = Instant.parse("2026-06-01T12:00:00Z");
    private static final Notice DISK = new Notice(new Notice.About(Notice.Event.PROBLEM, "disk"), T, "full");
    private static final Notice ANN = new Notice(new Notice.About(Notice.Event.MAILBOX, "ann@x.test"), T, "full");

    private final Telling telling = new Telling();

    private static Instant after(long seconds) {
        return T.plusSeconds(seconds);
    }

    @Test
    void whatHasLastedAMinuteIsToldOnceAndItsEndOnce() {
        assertEquals(Optional.empty(), telling.next(List.of(DISK), after(59)));
        Telling.Message begins = new Telling.Message(DISK, true);
        assertEquals(Optional.of(begins), telling.next(List.of(DISK), after(60)));
        telling.heard(begins);
        assertEquals(Optional.empty(), telling.next(List.of(DISK), after(61)));
        Telling.Message ends = new Telling.Message(DISK, false);
        assertEquals(Optional.of(ends), telling.next(List.of(), after(62)));
        telling.heard(ends);
        assertEquals(Optional.empty(), telling.next(List.of(), after(63)));
    }

    @Test
    void whatIsNotHeardIsSaidAgainLessAndLessOften() {
        Instant now = after(100);
        long[] waits = {10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600};
        for (long wait : waits) {
            assertEquals(Optional.of(new Telling.Message(DISK, true)), telling.next(List.of(DISK), now));
            telling.failed("it answers 500", now);
            assertEquals("it answers 500", telling.why());
            assertEquals(Optional.empty(), telling.next(List.of(DISK), now.plusSeconds(wait - 1)));
            now = now.plusSeconds(wait);
        }
        telling.heard(telling.next(List.of(DISK, ANN), now).orElseThrow());
        assertEquals("", telling.why());
        assertEquals(Optional.of(new Telling.Message(ANN, true)), telling.next(List.of(DISK, ANN), now), "at once");
    }

    @Test
    void nothingPilesUpWhileAPlaceIsAway() {
        telling.failed("no connection", after(100));
        Instant back = after(100).plus(Duration.ofDays(1));
        assertEquals(
                Optional.of(new Telling.Message(ANN, true)),
                telling.next(List.of(ANN), back),
                "not DISK, which is over");
        assertEquals(Optional.empty(), telling.next(List.of(), back));
        assertEquals("", telling.why(), "there is nothing left that somebody is not told");
    }
}
