package qrate.zone;

import java.util.List;

/// What one resolver sees of a row.
///
/// @param values as they stand in a zone, texts without quotes; what is not to be kept apart from ours is not in it
/// @param note what is wrong, or why nobody can tell, in half a sentence; empty where the state says all
public record RowSeen(State state, List<String> values, String note) {
    /// How a row stands.
    public enum State {
        /// as it should be
        RIGHT,
        /// not there, and it need not be
        NOT_NEEDED,
        /// not there
        MISSING,
        /// something else is there
        WRONG,
        /// one resolver sees it and another does not
        DIFFERS,
        /// nobody could tell
        UNKNOWN
    }

    public RowSeen {
        values = List.copyOf(values);
    }

    static RowSeen right(List<String> values) {
        return new RowSeen(State.RIGHT, values, "");
    }

    static RowSeen missing() {
        return new RowSeen(State.MISSING, List.of(), "");
    }

    static RowSeen wrong(List<String> values, String note) {
        return new RowSeen(State.WRONG, values, note);
    }

    static RowSeen unknown(String why) {
        return new RowSeen(State.UNKNOWN, List.of(), why);
    }
}
