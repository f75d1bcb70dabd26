package qrate.posix;

/// What stands behind one descriptor of a child.
public sealed interface Wire {
    /// The descriptor that this process has under a number.
    record Passed(int own) implements Wire {}

    /// A pipe that the child reads: see {@link Child#feed}.
    record Fed() implements Wire {}

    /// A pipe that the child writes: see {@link Child#drain}.
    record Drained() implements Wire {}

    /// `/dev/null`.
    record Nothing() implements Wire {}
}
