package qrate.signer;

import qrate.dkim.SigningKey;

/// What others are told of a key.
///
/// @param key its names
/// @param state what it is for now
/// @param record what stands in DNS of it, in TXT at {@link #place}
public record HeldKey(SigningKey key, State state, String record) {
    /// What a key is for.
    public enum State {
        /// nobody has seen its record in DNS: it does not sign yet
        WAITS,
        /// what is sent now is signed with it
        SIGNS,
        /// another one signs; what was sent lately still needs its record
        RESTS
    }

    /// The name that its record has in DNS.
    public String place() {
        return key.selector() + "._domainkey." + key.domain();
    }
}
