package qrate.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RememberedTest {
    private Instant now = Instant.parse("2026-11-29T10:00:00Z");
    private final AtomicInteger looks = new AtomicInteger();
    private final Remembered<Integer> answer =
            new Remembered<>(looks::incrementAndGet, Duration.ofSeconds(2), () -> now);

    @Test
    void oneLookServesEverybodyForTwoSeconds() {
        assertEquals(1, answer.get());
        now = now.plusMillis(1999);
        assertEquals(1, answer.get());
        now = now.plusMillis(1);
        assertEquals(2, answer.get());
    }

    @Test
    void aClockSetBackKeepsNoOldAnswer() {
        assertEquals(1, answer.get());
        now = now.minusSeconds(3600);
        assertEquals(2, answer.get());
    }

    @Test
    void aLookThatFailsIsMadeAgain() {
        Remembered<Integer> failing = new Remembered<>(
                () -> {
                    if (looks.incrementAndGet() == 1) {
                        throw new IllegalStateException("once");
                    }
                    return looks.get();
                },
                Duration.ofSeconds(2),
                () -> now);
        assertThrows(IllegalStateException.class, failing::get);
        assertEquals(2, failing.get());
    }
}
