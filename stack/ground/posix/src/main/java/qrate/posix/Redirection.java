package qrate.posix;

/// What stands behind one descriptor of a child.
public sealed interface Redirection {
    /// The descriptor that this process has under a number.
    record Passed(int own) implements Redirection {}

    /// A pipe that the child reads: see {@link Child#feed}.
    record Fed() implements Redirection {}

    /// A pipe that the child writes: see {@link Child#drain}.
    record Drained() implements Redirection {}

    /// `/dev/null`.
    record Nothing() implements Redirection {}
}
