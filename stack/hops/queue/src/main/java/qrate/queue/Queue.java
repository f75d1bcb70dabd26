package qrate.queue;

import java.io.IOException;
import java.time.Duration;
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

    /// Holds a message or lets it go again; durable on return, so that it is still held after a restart.
    ///
    /// @return false when the message is over
    boolean hold(long id, boolean held) throws IOException;

    /// Accepts a report about a message and records what it tells of, in one record, so that a crash leaves both or
    /// neither and nothing is reported twice.
    ///
    /// @return as {@link #accept}; {@link Verdict.Never} when that was reported already, or the message is over
    Verdict reported(long id, Envelope envelope, Body report, Told told);

    /// How far the journal has been written now; for {@link #traced}.
    Mark mark();

    /// Says that the ledger durably holds everything recorded before a mark, which a restart need not recapitulate.
    void traced(Mark mark);

    /// Gives what the ledger may lack after a crash: every message that something was recorded of after the last mark.
    /// From then on nothing is cleaned away before it is {@link #traced}.
    void recaps(Consumer<Recap> each) throws IOException;

    /// Begins a new segment and, for a time, changes nothing of those before it, so that their copy is the queue as it
    /// was at this moment: nothing of them is deleted or moved, and no body that stands in a file of its own goes.
    ///
    /// @param lease how long, unless {@link #keepFrozen} says longer; whoever copies may die
    /// @return the number of the new segment: those below it, and what stands in `bodies/`, are the copy
    /// @throws IOException when no new segment can be begun (a full disk)
    long freeze(Duration lease) throws IOException;

    /// Goes on with a freeze.
    ///
    /// @param lease how long from now; zero ends it
    /// @return false when it had ended already, so that what was copied since is no whole copy
    boolean keepFrozen(Duration lease);

    /// A message that is owed to somebody; small, since a million of these are held at once.
    ///
    /// @param id queue id, unique for ever, rising
    /// @param birth when it was accepted, in milliseconds since 1970
    /// @param attempted when its last attempt was made, in milliseconds since 1970; 0 for never
    /// @param held whether it waits for an administrator
    record Owed(long id, long birth, long attempted, boolean held) {}

    /// A message and how far it got.
    ///
    /// @param states one for each recipient, in the envelope's order
    /// @param warned whether the sender was told that it is late
    record Message(long id, Instant birth, Envelope envelope, Body body, List<State> states, boolean warned) {}

    /// What a report tells of.
    ///
    /// @param endings ends that are recorded with the report
    /// @param late whether it warns that the message is late
    record Told(List<Ending> endings, boolean late) {
        public Told {
            endings = List.copyOf(endings);
        }
    }

    /// A place in the journal.
    record Mark(long segment, long offset) implements Comparable<Mark> {
        @Override
        public int compareTo(Mark other) {
            int bySegment = Long.compare(segment, other.segment);
            return bySegment != 0 ? bySegment : Long.compare(offset, other.offset);
        }
    }

    /// A message as the journal knows it after a crash.
    record Recap(Message message, Fate fate) {}

    /// What became of a message.
    sealed interface Fate {
        /// It is in the queue.
        ///
        /// @param attempted whether an attempt was recorded, so that the start takes it for no newcomer
        record Queued(boolean attempted) implements Fate {}

        /// Delivered to all.
        record Delivered() implements Fate {}

        /// Ended with a bounce.
        record Bounced(long bounce) implements Fate {}

        /// Ended without: deleted by hand, or nobody wanted the bounce.
        record Dropped() implements Fate {}
    }

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
