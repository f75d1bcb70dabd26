package qrate.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Verdict;

/// The queue as qmail-send sees it: what is owed, to whom, and the durable record of each end.
public interface Queue extends Intake {
    /// Gives everything still owed, oldest first, one at a time; for the start. A message accepted later comes
    /// through {@link #onAccepted(Consumer)}; none comes twice if that was called first.
    void owed(Consumer<Owed> each) throws IOException;

    /// Names the one listener for newly accepted messages; called once they are durable, and must return at once.
    void onAccepted(Consumer<Owed> newcomer);

    /// Reads a message and how far it got.
    ///
    /// @throws Gone when it is over
    /// @throws IOException when it cannot be read now; the queue goes on without it and tries again later
    Message read(long id) throws IOException;

    /// Records ends of deliveries; durable on return, many callers share a sync. A message whose every recipient is
    /// {@link Ending.Done} is over and gone with that; one with an {@link Ending.Failed} is over with
    /// {@link #bounced} or {@link #drop}. A recipient's first ending counts; for a message that is over nothing
    /// happens.
    ///
    /// @throws IOException when it could not be made durable; it may be called again
    void settle(long id, List<Ending> endings) throws IOException;

    /// Records that an attempt was made and somebody is still owed; durable on return. For a message that is over
    /// nothing happens.
    void deferred(long id, Instant attempted) throws IOException;

    /// Accepts a bounce for a message and ends the message, in one record, so that a crash leaves both or neither.
    ///
    /// @return as {@link #accept}; {@link Verdict.Never} when the message is over already, by a drop or a bounce
    Verdict bounced(long id, Envelope envelope, Body bounce);

    /// Ends a message whatever is still owed: dropped double bounces, deletion by hand.
    void drop(long id) throws IOException;

    /// A message that is owed to somebody; small, since a million of these are held at once.
    ///
    /// @param id queue id, unique for ever, rising
    /// @param birth when it was accepted, in milliseconds since 1970
    /// @param attempted when its last attempt was made, in milliseconds since 1970; 0 for never
    record Owed(long id, long birth, long attempted) {}

    /// A message and how far it got.
    ///
    /// @param states one for each recipient, in the envelope's order
    record Message(long id, Instant birth, Envelope envelope, Body body, List<State> states) {}

    /// How far one recipient got.
    sealed interface State {
        /// Still owed.
        record Pending() implements State {}

        /// Over and well.
        record Delivered() implements State {}

        /// Over, and to be bounced.
        ///
        /// @param why for the bounce
        record Refused(String why) implements State {}
    }

    /// How one delivery ended for good.
    sealed interface Ending {
        /// Index of the recipient in the envelope, from 0.
        int number();

        /// Delivered.
        record Done(int number) implements Ending {}

        /// Failed for good.
        ///
        /// @param why what the bounce will say; at most {@link #WHY_CHARS_MAX} are kept
        record Failed(int number, String why) implements Ending {}
    }

    /// The message is over: delivered, bounced or dropped meanwhile.
    final class Gone extends IOException {
        private static final long serialVersionUID = 1L;

        Gone(long id) {
            super("message " + id + " is not in the queue");
        }
    }

    /// Longest reason kept for a bounce, in characters.
    int WHY_CHARS_MAX = 2000;
}
