package qrate.send;

import java.io.IOException;
import qrate.core.Control;
import qrate.qcontrol.Channel;

/// Whether a way out of the queue is shut.
public final class Hold {
    private Hold() {}

    /// Whether qmail-send starts nothing on a way, since its concurrency is 0.
    ///
    /// @throws IOException when a control file cannot be read
    public static boolean on(Control control, Channel channel) throws IOException {
        return Settings.read(control).most(channel) == 0;
    }
}
