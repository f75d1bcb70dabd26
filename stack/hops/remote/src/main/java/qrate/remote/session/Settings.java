package qrate.remote.session;

import java.io.IOException;
import java.time.Duration;
import qrate.core.Control;
import qrate.core.ControlFile;

/// The control files of one delivery (qmail-control(5)), read when it starts.
///
/// @param helo our name
/// @param connect how long connecting may take
/// @param greeting how long the server may take to greet
/// @param remote how long each answer may take, and each piece of a message
/// @param perHost connections to one host at a time
public record Settings(String helo, Duration connect, Duration greeting, Duration remote, int perHost) {
    /// How long the greeting may take (RFC 5321 §4.5.3.2.1).
    static final Duration GREETING_MAX = Duration.ofMinutes(5);

    /// How long connecting, and the greeting, may take while many wait for hosts that do not answer.
    static final Duration HURRY = Duration.ofSeconds(10);

    public static Settings of(Control control) throws IOException {
        Duration remote = control.seconds(ControlFile.TIMEOUTREMOTE);
        return new Settings(
                control.lineOrMe("helohost"),
                control.seconds(ControlFile.TIMEOUTCONNECT),
                least(remote, GREETING_MAX),
                remote,
                (int) control.number(ControlFile.CONCURRENCYPERHOST));
    }

    /// The same with less time for a host that says nothing.
    public Settings hurried() {
        return new Settings(helo, least(connect, HURRY), least(greeting, HURRY), remote, perHost);
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
