package qrate.apply;

import java.util.List;
import java.util.Map;

/// What stands at a place of the file.
sealed interface Value {
    Mark mark();

    /// How many values it holds, itself among them, each as often as it is named.
    long size();

    /// A place, counted from 1.
    record Mark(int line, int column) {}

    /// A scalar, as it is written.
    ///
    /// @param plain whether it stands there without quotes, and so may be a number, a truth or nothing
    record Text(String text, boolean plain, Mark mark) implements Value {
        @Override
        public long size() {
            return 1;
        }

        boolean isNothing() {
            return plain && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }
    }

    /// A sequence.
    record Items(List<Value> items, Mark mark, long size) implements Value {}

    /// A mapping, in the order of the file.
    record Members(Map<String, Member> members, Mark mark, long size) implements Value {}

    /// One of a mapping.
    ///
    /// @param at where its key stands
    record Member(Mark at, Value value) {}
}
