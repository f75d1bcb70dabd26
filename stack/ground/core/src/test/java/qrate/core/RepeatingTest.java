package qrate.core;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RepeatingTest {
    @Test
    void takesTurnsFromItsStartUntilItIsClosed() {
        AtomicInteger turns = new AtomicInteger();
        try (Repeating repeating = new Repeating("turns", Duration.ofMillis(1), turns::incrementAndGet)) {
            assertEquals(0, turns.get());
            repeating.start();
            await().until(() -> turns.get() > 3);
        }
        int last = turns.get();
        await().during(Duration.ofMillis(20)).until(() -> turns.get() == last);
    }

    @Test
    void closingInterruptsTheTurnUnderWayAndWaitsForItsEnd() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Repeating repeating = new Repeating("waits", Duration.ofHours(1), () -> {
            try {
                begun.countDown();
                new CountDownLatch(1).await();
            } finally {
                ended.set(true);
            }
        });
        repeating.start();
        begun.await();
        repeating.close();
        assertTrue(ended.get());
    }

    /// As a database does that waits.
    @Test
    @Timeout(60)
    void aTurnThatSwallowsTheInterruptIsTheLast() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger turns = new AtomicInteger();
        Repeating repeating = new Repeating("swallows", Duration.ofHours(1), () -> {
            turns.incrementAndGet();
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException _) {
                // it goes on as if nothing had been
            }
        });
        repeating.start();
        begun.await();
        repeating.close();
        assertEquals(1, turns.get());
    }
}
