package qrate.srs;

/// What became of an address.
public sealed interface SrsResult {
    /// Another stands in its place.
    record Changed(String address) implements SrsResult {}

    /// It stays as it is.
    ///
    /// @param why in words
    record Unchanged(String why) implements SrsResult {}

    /// It looks like one of ours, or cannot be made one.
    ///
    /// @param why in words
    record Refused(String why) implements SrsResult {}
}
