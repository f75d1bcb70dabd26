package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PerMinuteTest {
    @Test
    void admitsSoManyInEachMinute() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-06-01T12:00:59Z"));
        PerMinute limit = new PerMinute(now::get, 2);
        assertTrue(limit.admits());
        assertTrue(limit.admits());
        assertFalse(limit.admits());
        now.set(Instant.parse("2026-06-01T12:01:00Z"));
        assertTrue(limit.admits());
        assertTrue(limit.admits());
        assertFalse(limit.admits());
    }
}
