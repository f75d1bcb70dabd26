package qrate.remote.session;

import qrate.remote.tls.Assurance;

/// Whether mail may go to a server.
public sealed interface Passage {
    /// It may.
    ///
    /// @param assurance how sure one must be that it is the one
    record Open(Assurance assurance) implements Passage {}

    /// Not now; another server of the domain may do.
    ///
    /// @param why a sentence, with the code of a temporary failure
    /// @param note for the domain ({@link qrate.tlsrpt.TlsNote}), or empty
    record Shut(String why, String note) implements Passage {}

    /// Never, since the sender wants a sure way and this is none; another server of the domain may do.
    ///
    /// @param why a sentence, with the code of a permanent failure
    record Barred(String why) implements Passage {}
}
