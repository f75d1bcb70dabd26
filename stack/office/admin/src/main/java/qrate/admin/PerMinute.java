package qrate.admin;

import java.time.Duration;
import java.time.InstantSource;

/// Lets so much happen in each minute and no more, whoever asks for it.
final class PerMinute {
    private static final long MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();

    private final InstantSource clock;
    private final int max;
    private long minute;
    private int used;

    PerMinute(InstantSource clock, int max) {
        this.clock = clock;
        this.max = max;
    }

    /// Whether one more may happen now; it counts if so.
    synchronized boolean admits() {
        long now = clock.millis() / MINUTE_MILLIS;
        if (now != minute) {
            minute = now;
            used = 0;
        }
        if (used >= max) {
            return false;
        }
        used++;
        return true;
    }
}
