package qrate.send;

import java.time.Duration;
import qrate.qcontrol.Channel;

/// When a message is tried again: a pure function of its birth and its last attempt (qmail-send(8)).
final class Schedule {
    /// How long nobody is asked again after a spawner gave no answer, in milliseconds.
    static final long NO_ANSWER_MILLIS = Duration.ofSeconds(5).toMillis();

    /// How often a spawner that is not ready is looked at, in milliseconds.
    static final long READY_LOOK_MILLIS = 50;

    /// How long until a failed read, settle or bounce is tried again, in milliseconds; qmail-send waits as long.
    static final long TROUBLE_MILLIS = Duration.ofSeconds(10).toMillis();

    private static final int LOCAL_SKIP = 10;
    private static final int REMOTE_SKIP = 20;

    private Schedule() {}

    /// The next attempt at birth + (sqrt(age) + 10 or 20)², with the age at the last attempt, all in whole seconds.
    ///
    /// @param attempted milliseconds since 1970; 0 for never, which is due at once
    static long next(long birth, long attempted, Channel channel) {
        if (attempted == 0) {
            return 0;
        }
        long age = Math.max(0, (attempted - birth) / 1000);
        long step = (long) Math.sqrt((double) age) + skip(channel);
        return birth + step * step * 1000;
    }

    /// Whether an attempt at `now` is the last one.
    static boolean dying(long birth, long now, Duration lifetime) {
        return now - birth > lifetime.toMillis();
    }

    private static int skip(Channel channel) {
        return switch (channel) {
            case LOCAL -> LOCAL_SKIP;
            case REMOTE -> REMOTE_SKIP;
        };
    }
}
