package qrate.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
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

    private List<Telling.Message> toldAt(Instant now, Notice... standing) {
        List<Telling.Message> all = new ArrayList<>();
        for (Optional<Telling.Message> next = telling.next(List.of(standing), now);
                next.isPresent();
                next = telling.next(List.of(standing), now)) {
            telling.heard(next.get());
            all.add(next.get());
        }
        return all;
    }

    @Test
    void whatCameAndWentWhileAPlaceWasAwayIsToldWhenItIsBack() {
        telling.look(List.of(DISK), after(100));
        telling.failed("no connection", after(100));
        telling.look(List.of(ANN), after(200));
        assertEquals("no connection", telling.why());
        assertEquals(
                List.of(
                        new Telling.Message(DISK, true),
                        new Telling.Message(DISK, false),
                        new Telling.Message(ANN, true)),
                toldAt(after(200), ANN));
        assertEquals("", telling.why(), "there is nothing left that somebody is not told");
        telling.look(List.of(ANN), after(300));
        assertEquals(List.of(), toldAt(after(300), ANN));
    }

    @Test
    void whatIsBackByThenOrLastedNoMinuteIsNotToldTwice() {
        telling.failed("no connection", after(100));
        telling.look(List.of(DISK), after(100));
        telling.look(List.of(), after(200));
        Notice again = new Notice(DISK.about(), after(300), "full again");
        telling.look(List.of(again), after(300));
        Notice blink = new Notice(ANN.about(), after(370), "full");
        telling.look(List.of(again, blink), after(380));
        telling.look(List.of(again), after(390));
        assertEquals(List.of(new Telling.Message(again, true)), toldAt(after(400), again));
    }

    @Test
    void littlePilesUpWhileAPlaceIsAway() {
        telling.failed("no connection", after(100));
        for (int i = 0; i < 3 * Telling.MISSED_MAX; i++) {
            telling.look(List.of(new Notice(new Notice.About(Notice.Event.PROBLEM, "p" + i), T, "x")), after(100 + i));
        }
        telling.look(List.of(), after(1000));
        List<Telling.Message> told = toldAt(after(5000));
        assertEquals(2 * Telling.MISSED_MAX, told.size());
        assertEquals("p200", told.getFirst().notice().about().subject(), "of more, the newest");
    }
}
