package qrate.send;

/// What is done with a message in work as a whole; where its recipients stand is their {@link Stage}.
///
/// Each has the ways out of it as methods, so that no other can be written. docs/internals.md has them as a
/// table. A message that leaves work is none of these: it waits, as a few numbers ({@link Backlog}), or is gone.
sealed interface Work {
    /// Deliveries are started, and their answers gathered. Every message in work begins so.
    record Open() implements Work {
        Recording recording() {
            return new Recording();
        }

        Resting resting() {
            return new Resting();
        }

        Ending ending() {
            return new Ending();
        }
    }

    /// Answers are being written to the queue; deliveries are started all the same.
    record Recording() implements Work {
        Open open() {
            return new Open();
        }

        Troubled troubled(long until) {
            return new Troubled(until);
        }
    }

    /// Something could not be written: nothing is written before a time.
    ///
    /// @param until in milliseconds since 1970
    record Troubled(long until) implements Work {
        Open open() {
            return new Open();
        }
    }

    /// Nothing flies, somebody is owed, and the attempt is being written: nothing is started any more.
    record Resting() implements Work {
        Open open() {
            return new Open();
        }
    }

    /// Its end is being written: nothing is started any more.
    record Ending() implements Work {
        Troubled troubled(long until) {
            return new Troubled(until);
        }
    }
}
