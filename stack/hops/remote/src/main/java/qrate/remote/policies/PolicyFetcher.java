package qrate.remote.policies;

import java.io.IOException;

/// Fetches policies; tests bring their own.
@FunctionalInterface
public interface PolicyFetcher {
    /// The policy file of a domain (RFC 8461 §3.3).
    ///
    /// @param domain in ASCII, lower case
    /// @throws IOException says in words why there is none
    byte[] fetch(String domain) throws IOException;
}
