package qrate.signer;

import java.io.IOException;
import java.util.List;
import qrate.dkim.Signer;
import qrate.dkim.SigningKey;

/// The keys of the domains here: in this process, or behind the signer's door.
public interface KeyHolder extends Signer {
    /// A domain's keys, those that sign first, RSA before Ed25519. A domain that is here and has none gets a pair.
    ///
    /// @param domain in ASCII, lower case
    /// @return none for a domain that is not here
    List<HeldKey> keys(String domain) throws IOException;

    /// Says whether a key's record stands in DNS now.
    void seen(SigningKey key, boolean there) throws IOException;

    /// Makes a pair that shall sign from when its records are seen; one that still waits is enough.
    ///
    /// @return as {@link #keys}
    List<HeldKey> rotate(String domain) throws IOException;
}
