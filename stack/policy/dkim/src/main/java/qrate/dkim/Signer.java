package qrate.dkim;

import java.io.IOException;

/// Whoever holds private keys: in production another process, behind a door of its own.
@FunctionalInterface
public interface Signer {
    /// Signs a hash, as {@link Algorithm#sign} does.
    ///
    /// @param hash SHA-256, 32 bytes, for either algorithm
    /// @return the signature
    /// @throws IOException when it cannot at present, or has no such key
    byte[] sign(SigningKey key, byte[] hash) throws IOException;
}
