package qrate.snapshots;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/// What the owner of a mailbox has answered while away (RFC 3834).
///
/// @param on whether anything is answered
/// @param from when it begins; {@link Instant#EPOCH} where it has begun already
/// @param until when it ends, not itself; {@link Instant#EPOCH} where nobody knows
/// @param days after which the same sender is answered again
/// @param subject one line; empty for `Auto: ` and the subject of the message that is answered (RFC 3834 §3.1.5)
/// @param text of the answer
/// @param zone whose days the owner speaks of, by its name (`Asia/Taipei`); empty for UTC. Pages show the times in it
public record Vacation(boolean on, Instant from, Instant until, int days, String subject, String text, String zone) {
    /// Longest subject, in characters.
    public static final int SUBJECT_CHARS_MAX = 200;

    /// Longest text, in characters.
    public static final int TEXT_CHARS_MAX = 4000;

    /// Days between two answers to one sender, where nobody says anything else (RFC 3834 §2: seven days).
    public static final int DAYS = 7;

    /// Most of these.
    public static final int DAYS_MAX = 365;

    /// One of UTC's days.
    public Vacation(boolean on, Instant from, Instant until, int days, String subject, String text) {
        this(on, from, until, days, subject, text, "");
    }

    /// Nobody is away.
    public static final Vacation NONE = new Vacation(false, Instant.EPOCH, Instant.EPOCH, DAYS, "", "");

    /// Whether messages are answered at a moment.
    public boolean isAt(Instant now) {
        boolean ended = !until.equals(Instant.EPOCH) && !now.isBefore(until);
        return on && !now.isBefore(from) && !ended;
    }

    /// Whether a zone of this name is known here.
    public static boolean isZone(String name) {
        return ZoneId.getAvailableZoneIds().contains(name);
    }

    /// How long a sender is not answered again.
    public Duration interval() {
        return Duration.ofDays(days);
    }
}
