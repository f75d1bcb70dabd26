package qrate.pop3d;

/// How far a session is (RFC 1939 §3); the open box itself is the session's, since it is I/O.
sealed interface Pop3State {
    /// Nobody is logged in.
    ///
    /// @param utf8 whether the client has said UTF8
    record Nobody(boolean utf8) implements Pop3State {}

    /// USER was said.
    record Named(String user, boolean utf8) implements Pop3State {}

    /// A box is open.
    record Reading() implements Pop3State {}
}
