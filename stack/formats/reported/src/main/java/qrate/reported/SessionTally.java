package qrate.reported;

/// Sessions of other servers with ours.
///
/// @param good that had TLS as we want it
/// @param failed that had not
public record SessionTally(long good, long failed) {
    /// None.
    public static final SessionTally NONE = new SessionTally(0, 0);

    /// Both together.
    public SessionTally plus(SessionTally other) {
        return new SessionTally(Cleaned.sum(good, other.good), Cleaned.sum(failed, other.failed));
    }
}
