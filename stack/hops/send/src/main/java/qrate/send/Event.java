package qrate.send;

import java.util.List;
import java.util.Optional;
import qrate.queue.Queue.Owed;

/// What comes to the scheduler from other threads.
sealed interface Event {
    /// The queue accepted a message.
    record Came(Owed owed) implements Event {}

    /// A spawner answered.
    record Answered(Active active, DeliveryAnswer answer) implements Event {}

    /// The host of a flight lets it wait, or does so no longer.
    record Waits(Flight flight, boolean waits) implements Event {}

    /// Endings were written to the queue, or could not be.
    ///
    /// @param trouble why not
    record Settled(Active active, List<DeliveryAnswer> answers, Optional<String> trouble) implements Event {}

    /// A message was ended, with or without a bounce, or could not be.
    ///
    /// @param notes for the ledger alone, before the lines
    /// @param lines for the log
    /// @param over whether the message is gone
    record Ended(Active active, List<String> notes, List<String> lines, boolean over) implements Event {}

    /// The attempt was written to the queue, and the message goes back to wait.
    ///
    /// @param trouble why it could not be written, or empty
    record Rested(Active active, String trouble) implements Event {}
}
