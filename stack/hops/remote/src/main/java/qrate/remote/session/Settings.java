package qrate.remote.session;

import java.io.IOException;
import java.time.Duration;
import qrate.core.Control;
import qrate.core.ControlFile;

/// The control files of one delivery (qmail-control(5)), read when it starts.
///
/// @param helo our name
/// @param connect how long connecting may take
/// @param remote how long each answer may take, and each piece of a message
/// @param perHost connections to one host at a time
public record Settings(String helo, Duration connect, Duration remote, int perHost) {
    public static Settings of(Control control) throws IOException {
        return new Settings(
                control.lineOrMe("helohost"),
                control.seconds(ControlFile.TIMEOUTCONNECT),
                control.seconds(ControlFile.TIMEOUTREMOTE),
                (int) control.number(ControlFile.CONCURRENCYPERHOST));
    }
}
