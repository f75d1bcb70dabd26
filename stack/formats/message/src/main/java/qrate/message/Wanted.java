package qrate.message;

import java.util.Set;

/// What a {@link HeaderReader} is asked for.
///
/// @param names of the fields that are kept, lower case; none for all of them
/// @param strict whether a line that is no field, and continues none, begins the body; or else it is passed over, as
///     some programs do, so that whatever anybody takes for a field is one
public record Wanted(Set<String> names, boolean strict, Limits limits) {
    /// How much of a header is looked at and kept; whoever says nothing has the usual limits.
    ///
    /// @param lines most lines
    /// @param bytes most bytes, of those that are kept and those that are not
    /// @param fields most fields that are kept
    /// @param fieldBytes longest that is kept whole, its name and line ends counted
    /// @param keptBytes most bytes that are kept in all
    public record Limits(int lines, long bytes, int fields, int fieldBytes, int keptBytes) {
        /// Enough for what anybody means well with: delivery takes a message with more lines for one that loops.
        public static final Limits USUAL = new Limits(10_000, Long.MAX_VALUE, 200, 8 << 10, 64 << 10);

        /// All fields of a header that is kept whole, as long as that is no longer.
        public static Limits whole(int bytes) {
            return new Limits(bytes, bytes, bytes, bytes, bytes);
        }

        /// Other limits of length.
        public Limits within(int lines, long bytes) {
            return new Limits(lines, bytes, fields, fieldBytes, keptBytes);
        }
    }

    /// Longest header that is kept whole, in bytes, where nobody has a reason for another number.
    public static final int HEADER_BYTES_MAX = 256 << 10;

    public Wanted {
        names = Set.copyOf(names);
    }

    /// Some fields, wherever they stand.
    public static Wanted some(String... names) {
        return new Wanted(Set.of(names), false, Limits.USUAL);
    }

    /// No field: only where the header ends.
    public static Wanted end() {
        return some("");
    }

    /// All fields up to the first line that is none.
    ///
    /// @param bytes most bytes of the header
    public static Wanted all(int bytes) {
        return new Wanted(Set.of(), true, Limits.whole(bytes));
    }

    /// The same with other limits.
    public Wanted within(Limits other) {
        return new Wanted(names, strict, other);
    }
}
