package qrate.send;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import qrate.core.Control;
import qrate.qcontrol.Channel;

/// What qmail-send reads from its control files once, when it starts (qmail-send(8)).
///
/// @param local most local deliveries at once; 0 holds them
/// @param remote most remote transactions at once; 0 holds them
/// @param lifetime how long temporary failures are taken as temporary
record Settings(int local, int remote, Duration lifetime, Bounces bounces) {
    /// Largest value of concurrencylocal and concurrencyremote.
    static final int CONCURRENCY_MAX = 1000;

    // DEVIATION: qmail-send's default is 10 processes; a delivery to a Maildir here is a virtual thread that mostly
    // waits for a sync it shares with the others, so more at once is faster and costs little.
    private static final int LOCAL_DEFAULT = 100;
    private static final int REMOTE_DEFAULT = 20;
    private static final long LIFETIME_SECONDS_DEFAULT = 604_800;
    private static final long BOUNCE_BYTES_DEFAULT = 1 << 20;
    private static final long BOUNCE_BYTES_MAX = 16 << 20;

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
        Duration lifetime = Duration.ofSeconds(
                Math.min(Integer.MAX_VALUE, control.number("queuelifetime").orElse(LIFETIME_SECONDS_DEFAULT)));
        String bounceHost = host(control, "bouncehost");
        Bounces bounces = new Bounces(
                control.line("bouncefrom").orElse("MAILER-DAEMON") + "@" + bounceHost,
                bounceHost,
                control.line("doublebounceto").orElse("postmaster") + "@" + host(control, "doublebouncehost"),
                (int) Math.min(
                        BOUNCE_BYTES_MAX, control.number("bouncemaxbytes").orElse(BOUNCE_BYTES_DEFAULT)),
                Duration.ofSeconds(Math.min(
                        Integer.MAX_VALUE, control.number("delaywarning").orElse(0))),
                lifetime);
        return new Settings(
                concurrency(control, "concurrencylocal", LOCAL_DEFAULT),
                concurrency(control, "concurrencyremote", REMOTE_DEFAULT),
                lifetime,
                bounces);
    }

    int most(Channel channel) {
        return switch (channel) {
            case LOCAL -> local;
            case REMOTE -> remote;
        };
    }

    private static int concurrency(Control control, String name, int otherwise) throws IOException {
        return (int) Math.min(CONCURRENCY_MAX, control.number(name).orElse(otherwise));
    }

    private static String host(Control control, String name) throws IOException {
        Optional<String> own = control.line(name);
        return own.isPresent() ? own.get() : control.line("me").orElse(name);
    }
}
