package qrate.remote.session;

import qrate.remote.tls.Assurance;

/// Whether mail may go to a server.
public sealed interface Passage {
    /// It may.
    ///
    /// @param assurance how sure one must be that it is the one
    /// @param note for the domain ({@link qrate.tlsrpt.TlsNote}), lines with their ends, or empty
    record Open(Assurance assurance, String note) implements Passage {
        /// One of which the domain is told nothing.
        public Open(Assurance assurance) {
            this(assurance, "");
        }
    }

    /// Not now; another server of the domain may do.
    ///
    /// @param why a sentence, with the code of a temporary failure
    /// @param note for the domain, as above
    record Shut(String why, String note) implements Passage {}

    /// Never, since the sender wants a sure way and this is none; another server of the domain may do.
    ///
    /// @param why a sentence, with the code of a permanent failure
    record Barred(String why) implements Passage {}
}
