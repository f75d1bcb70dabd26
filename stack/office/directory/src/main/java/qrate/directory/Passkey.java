package qrate.directory;

/// What is kept of an authenticator that somebody signs in with (Web Authentication Level 2). None of it is secret.
///
/// @param label what its owner calls it
/// @param credential what it is asked for by
/// @param key of its signatures, as X.509 has it (RFC 5280 §4.1.2.7), in Base64
/// @param counter of its signatures, where it counts them; else 0
public record Passkey(String label, Credential credential, String key, long counter) {
    /// What an authenticator is asked for by.
    ///
    /// @param site name of the host that it was made at: a browser asks it at no other
    /// @param id its name for the key, in Base64 (RFC 4648 §5)
    /// @param handle its name for the account, the same for all of a holder
    public record Credential(String site, String id, String handle) {
        /// What is kept to find it by: an id may be a thousand bytes.
        String digest() {
            return Tokens.sha256(id);
        }
    }
}
