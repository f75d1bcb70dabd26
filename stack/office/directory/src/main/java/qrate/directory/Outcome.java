package qrate.directory;

import java.util.List;

/// What came of a change in its transaction.
sealed interface Outcome {
    /// It is done once the transaction is.
    ///
    /// @param lines each edit that was done; none where all was as it should be
    record Done(List<Line> lines) implements Outcome {}

    /// Nothing is.
    record Not(Change.Refused why) implements Outcome {}

    /// An edit that was done.
    ///
    /// @param edit with its names as they are stored
    /// @param change from what was there to what is now; empty where the edit says all
    record Line(Edit edit, String change) {}

    static Outcome done(Edit edit) {
        return done(edit, "");
    }

    static Outcome done(Edit edit, String change) {
        return new Done(List.of(new Line(edit, change)));
    }

    static Outcome not(Refusal.Key key, Object... arguments) {
        return new Not(new Change.Refused(Refusal.of(key, arguments)));
    }
}
