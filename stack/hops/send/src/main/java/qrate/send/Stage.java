package qrate.send;

import java.util.Optional;

/// Where one recipient of a message in work stands, with what there is to know of it there and nothing else.
///
/// Each stage has the ways out of it as methods, so that no other can be written. docs/internals.md has them as a
/// table,
/// with what must be durable at each.
sealed interface Stage {
    /// To be started as soon as there is a slot.
    ///
    /// @param late what its last temporary failure said, if there was one since the message was read
    record Owed(Optional<String> late) implements Stage {
        Flying flying(Flight flight) {
            return new Flying(flight);
        }

        Deferred deferred() {
            return new Deferred(late);
        }
    }

    /// With the spawner: never started twice.
    record Flying(Flight flight) implements Stage {
        Answered answered(DeliveryAnswer answer) {
            return new Answered(answer);
        }
    }

    /// Answered, and the answer is not durable yet: not started again either.
    record Answered(DeliveryAnswer answer) implements Stage {
        /// @param refused whether it failed for good
        Over over(boolean refused) {
            return new Over(refused);
        }

        Deferred deferred(String why) {
            return new Deferred(Optional.of(why));
        }
    }

    /// Owed, but not before its channel's next time.
    ///
    /// @param late as of {@link Owed}
    record Deferred(Optional<String> late) implements Stage {
        Owed owed() {
            return new Owed(late);
        }
    }

    /// Over, durably.
    ///
    /// @param refused whether it failed for good
    record Over(boolean refused) implements Stage {}
}
