package qrate.send;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.Reasons;
import qrate.core.SaidOnce;
import qrate.ledger.Ledger;

/// The end of what filters had put aside, after the days of `control/quarantinedays`.
///
/// Nobody is told: such a message is most often from somebody else than it says, and a bounce would reach that one. A
/// clock that is behind, and a control file that cannot be read, keep messages for longer.
final class Expiry {
    /// How often it looks.
    static final Duration LOOK = Duration.ofHours(1);

    /// How long {@link #close} waits for the message that is being ended.
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    private final Control control;
    private final InstantSource clock;
    private final Ledger ledger;
    private final SaidOnce unreadable;
    private Thread looking = new Thread();
    private long looked;
    private volatile boolean closed;

    Expiry(Control control, InstantSource clock, Ledger ledger) {
        this.control = control;
        this.clock = clock;
        this.ledger = ledger;
        this.unreadable = new SaidOnce(ledger::status);
    }

    /// After how many days a message ends; 0 for never.
    synchronized int days() {
        try {
            int days = (int) control.number(ControlFile.QUARANTINEDAYS);
            unreadable.well();
            return days;
        } catch (IOException e) {
            unreadable.say("alert: quarantine: nothing ends: " + Reasons.of(e));
            return 0;
        }
    }

    /// Looks, if it is time to; somewhere else, since that waits for the disk. For one thread.
    void look(PutAside aside) {
        long now = clock.millis();
        if (closed || looking.isAlive() || (now >= looked && now - looked < LOOK.toMillis())) {
            return;
        }
        looked = now;
        looking = Thread.ofVirtual().name("quarantine").start(() -> end(aside));
    }

    /// Ends whatever has been kept for long enough.
    private void end(PutAside aside) {
        int days = days();
        long birth = clock.millis() - Duration.ofDays(days).toMillis();
        int left = 0;
        String why = "";
        long after = 0;
        List<Long> part = days == 0 ? List.of() : aside.old(birth, after);
        while (!part.isEmpty() && !closed) {
            for (long id : part) {
                try {
                    if (!closed) {
                        aside.expire(id, birth);
                    }
                } catch (IOException | RuntimeException e) {
                    left++;
                    why = e instanceof IOException io ? Reasons.of(io) : e.toString();
                }
            }
            after = part.getLast();
            part = aside.old(birth, after);
        }
        if (left > 0) {
            ledger.status(
                    "warning: quarantine: unable to end " + left + " messages, will try again in an hour: " + why);
        }
    }

    /// Ends nothing any more; the ledger has what was ended.
    void close() {
        closed = true;
        try {
            looking.join(CLOSE_MAX.toMillis());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
