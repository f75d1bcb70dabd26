package qrate.milter;

import java.io.IOException;
import java.util.List;
import qrate.core.Body;
import qrate.core.Spool;

/// What milters made of a message.
///
/// @param verdict of all of them
/// @param message the message as they have left it, with the SMTP server's own fields; the same as before
///     where nobody changed it and there were none. Valid until {@link #close}
/// @param envelope changes of sender and recipients, in order; none unless the message is taken
/// @param spam whether one of them has marked it as spam
/// @param held bodies of theirs, which this one closes
public record MilterOutcome(
        MilterVerdict verdict,
        Body message,
        List<MilterReply.EnvelopeChange> envelope,
        boolean spam,
        List<Spool.Held> held)
        implements AutoCloseable {
    public MilterOutcome {
        envelope = List.copyOf(envelope);
        held = List.copyOf(held);
    }

    @Override
    public void close() throws IOException {
        for (Spool.Held one : held) {
            one.close();
        }
    }
}
