package qrate.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is remembered, and how long it makes wait.
class RenewalStateTest {
    private static final Instant NOW = Instant.parse("2026-11-29T13:00:00Z");

    @TempDir
    Path tls;

    private RenewalState again(RenewalState memory, Optional<Instant> next) throws IOException {
        Files.createDirectories(tls.resolve("acme"));
        memory.write(tls, next);
        return RenewalState.of(tls);
    }

    @Test
    void everythingLastsAndTheShellFindsTheNextTimeInFront() throws IOException {
        RenewalState full = RenewalState.NONE
                .succeeded(NOW, "https://ca.test/directory")
                .withAdvice(Optional.of(new RenewalState.Advice("a1", NOW, NOW.plusSeconds(60), NOW.plusSeconds(30))))
                .withAsk(NOW.plusSeconds(99))
                .attempted(NOW)
                .attempted(NOW.plusSeconds(1))
                .failed(NOW, Optional.of(NOW.plusSeconds(5)), "two\nlines and \u001b[31m more");
        assertEquals(full, again(full, Optional.of(NOW)));
        assertEquals(
                "next " + NOW.getEpochSecond(),
                Files.readAllLines(RenewalState.file(tls)).getFirst());
        assertFalse(full.failure().orElseThrow().why().contains("\n"));
        assertEquals(RenewalState.NONE, again(RenewalState.NONE, Optional.empty()));
    }

    @Test
    void linesOfALaterVersionAreSkippedAndDamageIsNoMemory() throws IOException {
        Files.createDirectories(tls.resolve("acme"));
        Files.writeString(RenewalState.file(tls), "next 5\nsomething new here\nrenewed " + NOW + "\n");
        assertEquals(Optional.of(NOW), RenewalState.of(tls).renewed());
        for (String damaged : new String[] {"renewed yesterday\n", "failure 1 2\n", "attempts x\n", "advice a\n"}) {
            Files.writeString(RenewalState.file(tls), damaged);
            assertThrows(IOException.class, () -> RenewalState.of(tls), damaged);
        }
        Files.delete(RenewalState.file(tls));
        assertEquals(RenewalState.NONE, RenewalState.of(tls));
    }

    @Test
    void eachFailureWaitsTwiceAsLongUpToADay() {
        Duration before = Duration.ZERO;
        for (int failures = 1; failures < 40; failures++) {
            Duration wait = RenewalState.waiting(failures);
            assertTrue(wait.compareTo(before) >= 0 && wait.compareTo(RenewalState.WAIT_MAX) <= 0, wait.toString());
            before = wait;
        }
        assertEquals(RenewalState.WAIT_MIN, RenewalState.waiting(1));
        assertEquals(RenewalState.WAIT_MIN.multipliedBy(4), RenewalState.waiting(3));
        assertEquals(RenewalState.WAIT_MAX, before);
    }

    @Test
    void aCaIsObeyedForAWeekAtMost() {
        RenewalState.Failure later = RenewalState.NONE
                .failed(NOW, Optional.of(NOW.plus(Duration.ofDays(2))), "x")
                .failure()
                .orElseThrow();
        assertEquals(NOW.plus(Duration.ofDays(2)), later.again());
        assertEquals(later.again(), later.held());
        RenewalState.Failure never = RenewalState.NONE
                .failed(NOW, Optional.of(Instant.MAX), "x")
                .failure()
                .orElseThrow();
        assertEquals(NOW.plus(Duration.ofDays(7)), never.again());
        // one that says "at once" does not make us hurry
        RenewalState.Failure soon =
                RenewalState.NONE.failed(NOW, Optional.of(NOW), "x").failure().orElseThrow();
        assertEquals(NOW.plus(RenewalState.WAIT_MIN), soon.again());
        assertEquals(
                RenewalState.WHY_CHARS_MAX + 6,
                RenewalState.NONE
                        .failed(NOW, Optional.empty(), "x".repeat(5000))
                        .failure()
                        .orElseThrow()
                        .why()
                        .length());
    }

    @Test
    void ordersAreCountedForAnHour() {
        RenewalState memory = RenewalState.NONE;
        for (int i = 0; i < RenewalState.ATTEMPTS_AN_HOUR_MAX; i++) {
            assertTrue(memory.mayOrder(NOW.plusSeconds(i)));
            memory = memory.attempted(NOW.plusSeconds(i));
        }
        assertFalse(memory.mayOrder(NOW.plusSeconds(60)));
        assertEquals(NOW.plusSeconds(3600), memory.mayOrderAt(NOW.plusSeconds(60)));
        assertTrue(memory.mayOrder(NOW.plusSeconds(3601)));
        assertTrue(memory.mayOrder(NOW.minusSeconds(60)), "a clock that was set back");
    }
}
