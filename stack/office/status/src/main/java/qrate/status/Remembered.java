package qrate.status;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/// An answer that is good for a moment: whoever asks meanwhile gets the same one, and one look at a time is enough.
public final class Remembered<T> implements Supplier<T> {
    /// How long an answer about health and figures is good.
    public static final Duration FOR = Duration.ofSeconds(2);

    private record Answer<T>(T value, Instant until) {}

    private final Supplier<T> look;
    private final Duration good;
    private final InstantSource clock;
    private Answer<T> last = new Answer<>(null, Instant.MIN);

    /// @param good how long an answer counts from when its look ended
    public Remembered(Supplier<T> look, Duration good, InstantSource clock) {
        this.look = look;
        this.good = good;
        this.clock = clock;
    }

    @Override
    public synchronized T get() {
        Instant now = clock.instant();
        // a clock set back must not keep an old answer for as long
        if (!now.isBefore(last.until) || now.isBefore(last.until.minus(good))) {
            T value = look.get();
            last = new Answer<>(value, clock.instant().plus(good));
        }
        return last.value;
    }
}
