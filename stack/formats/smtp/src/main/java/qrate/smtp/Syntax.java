package qrate.smtp;

/// A command breaks the grammar; never leaves this package.
final class Syntax extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param reply what the client is told
    Syntax(String reply) {
        super(reply, null, false, false); // an outcome, not a fault: no stack trace
    }
}
