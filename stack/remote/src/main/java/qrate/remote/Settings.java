package qrate.remote;

import java.io.IOException;
import java.time.Duration;
import qrate.core.Control;

/// The control files of one delivery (qmail-control(5)), read when it starts.
///
/// @param helo our name
/// @param connect how long connecting may take
/// @param remote how long each answer may take, and each piece of a message
/// @param perHost connections to one host at a time
record Settings(String helo, Duration connect, Duration remote, int perHost) {
    /// Default of timeoutconnect in seconds.
    static final long CONNECT_SECONDS = 60;

    /// Default of timeoutremote in seconds.
    static final long REMOTE_SECONDS = 1200;

    /// Default of concurrencyperhost.
    static final long PER_HOST = 10;

    /// Longest time-out taken, in seconds.
    static final long SECONDS_MAX = 86_400;

    /// Largest concurrencyperhost taken.
    static final long PER_HOST_MAX = 1_000;

    static Settings of(Control control) throws IOException {
        return new Settings(
                control.lineOrMe("helohost"),
                seconds(control, "timeoutconnect", CONNECT_SECONDS),
                seconds(control, "timeoutremote", REMOTE_SECONDS),
                (int) Math.clamp(control.number("concurrencyperhost").orElse(PER_HOST), 1, PER_HOST_MAX));
    }

    private static Duration seconds(Control control, String name, long standard) throws IOException {
        return Duration.ofSeconds(Math.clamp(control.number(name).orElse(standard), 1, SECONDS_MAX));
    }
}
