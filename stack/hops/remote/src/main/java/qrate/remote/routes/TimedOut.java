package qrate.remote.routes;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import qrate.core.Log;
import qrate.remote.routes.TimeoutTable.Entry;

/// Leaves servers alone for a while that timed out (qmail-tcpto(8)): the first time-out is remembered, another one two
/// minutes later or more keeps everyone away for an hour, an answer forgets both.
///
/// A table that cannot be read or written is said once in the log, and nobody is left alone.
public final class TimedOut {
    /// How long a server is left alone.
    static final Duration REST = Duration.ofHours(1);

    /// Time-outs before it is.
    public static final int TIMES = 2;

    /// Time-outs closer together than this count as one.
    public static final Duration APART = Duration.ofMinutes(2);

    private final InstantSource clock;
    private final TimeoutTable table;
    private final Log log;
    private boolean said;

    public TimedOut(InstantSource clock, TimeoutTable table, Log log) {
        this.clock = clock;
        this.table = table;
        this.log = log;
    }

    /// Whether a server should be left alone now.
    public boolean resting(InetAddress server) {
        try {
            return table.find(server)
                    .filter(entry -> entry.times() >= TIMES && since(entry) < REST.toMillis())
                    .isPresent();
        } catch (IOException e) {
            complain(e);
            return false;
        }
    }

    /// Notes that connecting to a server timed out.
    public void timedOut(InetAddress server) {
        try {
            table.change(server, before -> {
                Optional<Entry> recent = before.filter(entry -> since(entry) < REST.toMillis());
                if (recent.filter(entry -> since(entry) < APART.toMillis()).isPresent()) {
                    return recent;
                }
                int times = recent.map(Entry::times).orElse(0) + 1;
                return Optional.of(new Entry(server, Math.min(times, Entry.TIMES_MAX), clock.millis()));
            });
        } catch (IOException e) {
            complain(e);
        }
    }

    /// Notes that a server answered.
    public void answered(InetAddress server) {
        try {
            if (table.find(server).isPresent()) {
                table.change(server, _ -> Optional.empty());
            }
        } catch (IOException e) {
            complain(e);
        }
    }

    private long since(Entry entry) {
        long millis = clock.millis() - entry.lastMillis();
        return millis < 0 ? Long.MAX_VALUE : millis; // the clock was set back: forget
    }

    private synchronized void complain(IOException e) {
        if (!said) {
            said = true;
            log.line("remote: warning: table of hosts that timed out: " + e);
        }
    }
}
