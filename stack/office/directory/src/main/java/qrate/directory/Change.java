package qrate.directory;

/// What came of a change.
public sealed interface Change {
    /// It is done, and durable.
    record Done() implements Change {}

    /// Nothing was changed.
    record Refused(Refusal refusal) implements Change {
        /// What kind of thing is in the way.
        public Reason reason() {
            return refusal.reason();
        }
    }

    /// Kinds of refusal, so that each door can answer in its own codes.
    enum Reason {
        /// a name, password or value that cannot be
        INVALID,
        /// it is there already
        EXISTS,
        /// there is no such domain, mailbox or alias
        MISSING,
        /// the domain's limits do not allow it
        LIMIT,
        /// more would go than was named, and nobody has agreed to that
        MORE,
        /// it is no longer what whoever changes it has seen
        CHANGED
    }

    /// Refuses.
    static Change refuse(Refusal.Key key, Object... arguments) {
        return new Refused(Refusal.of(key, arguments));
    }
}
