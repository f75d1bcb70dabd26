package qrate.send;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.qcontrol.Channel;

/// What qmail-send reads from its control files once, when it starts (qmail-send(8)).
///
/// @param local most local deliveries at once; 0 holds them
/// @param remote most remote transactions at once; 0 holds them
/// @param lifetime how long temporary failures are taken as temporary
record Settings(int local, int remote, Duration lifetime, Bounces bounces) {
    /// How bounces are made.
    ///
    /// @param from `bouncefrom@bouncehost`
    /// @param host the name this host goes by in a bounce
    /// @param doubleTo `doublebounceto@doublebouncehost`
    /// @param copyBytes largest original that is sent back whole (`bouncemaxbytes`), in bytes
    /// @param late age at which a sender is told that a message waits (`delaywarning`); zero for never, as in qmail
    /// @param lifetime when it is given up, for that warning
    record Bounces(String from, String host, String doubleTo, int copyBytes, Duration late, Duration lifetime) {}

    static Settings read(Control control) throws IOException {
        Duration lifetime = control.seconds(ControlFile.QUEUELIFETIME);
        String bounceHost = host(control, "bouncehost");
        Bounces bounces = new Bounces(
                control.value(ControlFile.BOUNCEFROM) + "@" + bounceHost,
                bounceHost,
                control.value(ControlFile.DOUBLEBOUNCETO) + "@" + host(control, "doublebouncehost"),
                (int) control.number(ControlFile.BOUNCEMAXBYTES),
                control.seconds(ControlFile.DELAYWARNING),
                lifetime);
        return new Settings(
                (int) control.number(ControlFile.CONCURRENCYLOCAL),
                (int) control.number(ControlFile.CONCURRENCYREMOTE),
                lifetime,
                bounces);
    }

    int most(Channel channel) {
        return switch (channel) {
            case LOCAL -> local;
            case REMOTE -> remote;
        };
    }

    private static String host(Control control, String name) throws IOException {
        Optional<String> own = control.line(name);
        return own.isPresent() ? own.get() : control.line("me").orElse(name);
    }
}
