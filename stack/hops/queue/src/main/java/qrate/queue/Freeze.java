package qrate.queue;

import java.time.Duration;
import java.time.InstantSource;

/// Whether what is written stays as it is, for whoever copies it. It ends by itself, since a copier may die.
final class Freeze {
    private final InstantSource clock;
    private long untilMillis;

    Freeze(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void begin(Duration lease) {
        untilMillis = clock.millis() + lease.toMillis();
    }

    /// @param lease from now; zero ends it
    /// @return false when it had ended
    synchronized boolean keep(Duration lease) {
        boolean held = holds();
        untilMillis = held ? clock.millis() + lease.toMillis() : 0;
        return held;
    }

    synchronized boolean holds() {
        return clock.millis() < untilMillis;
    }
}
