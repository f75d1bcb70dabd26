package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HostPermitsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final HostPermits permits = new HostPermits();

    @Test
    void givesNoMoreThanTheLimitAndForgetsIdleHosts() throws Exception {
        assertTrue(permits.acquire("a.test", 2, Duration.ZERO));
        assertTrue(permits.acquire("a.test", 2, Duration.ZERO));
        assertFalse(permits.acquire("a.test", 2, Duration.ZERO));
        assertTrue(permits.acquire("b.test", 1, Duration.ZERO));
        assertEquals(2, permits.hosts());
        permits.release("a.test");
        permits.release("a.test");
        permits.release("b.test");
        assertEquals(0, permits.hosts());
    }

    @Test
    void seesAnotherLimitWhileTheHostIsBusy() throws Exception {
        assertTrue(permits.acquire("a.test", 4, Duration.ZERO));
        assertTrue(permits.acquire("a.test", 4, Duration.ZERO));
        assertFalse(permits.acquire("a.test", 2, Duration.ZERO), "fewer from now on");
        permits.release("a.test");
        assertTrue(permits.acquire("a.test", 2, Duration.ZERO));
        assertTrue(permits.acquire("a.test", 3, Duration.ZERO), "more from now on");
    }

    @Test
    void servesThoseWhoWaitAsPlacesGetFree() throws Exception {
        assertTrue(permits.acquire("a.test", 1, Duration.ZERO));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> first = threads.submit(() -> permits.acquire("a.test", 1, LONG));
            Future<Boolean> second = threads.submit(() -> permits.acquire("a.test", 1, LONG));
            assertFalse(permits.acquire("a.test", 1, Duration.ofMillis(20)));
            permits.release("a.test");
            permits.release(whenServed(first, second));
            assertTrue(first.get(30, TimeUnit.SECONDS));
            assertTrue(second.get(30, TimeUnit.SECONDS));
            permits.release("a.test");
        }
        assertEquals(0, permits.hosts());
    }

    @Test
    void servesThoseWhoWaitWhenTheLimitRises() throws Exception {
        assertTrue(permits.acquire("a.test", 1, Duration.ZERO));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> waits = threads.submit(() -> permits.acquire("a.test", 1, LONG));
            assertFalse(permits.acquire("a.test", 1, Duration.ofMillis(20)));
            threads.submit(() -> permits.acquire("a.test", 3, LONG)).get(30, TimeUnit.SECONDS);
            assertTrue(waits.get(30, TimeUnit.SECONDS));
        }
    }

    private static String whenServed(Future<Boolean> first, Future<Boolean> second) throws InterruptedException {
        while (!first.isDone() && !second.isDone()) {
            Thread.onSpinWait();
        }
        return "a.test";
    }
}
