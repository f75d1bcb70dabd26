package qrate.dkim;

/// A hash of a body that a signature asks for; always SHA-256.
///
/// @param relaxed by the canonicalization of RFC 6376 §3.4.4, or else by that of §3.4.3
/// @param length how many bytes of the canonical body it covers, at most; {@link #WHOLE} for all
public record BodyHash(boolean relaxed, long length) {
    /// No limit.
    public static final long WHOLE = Long.MAX_VALUE;

    /// What we sign.
    public static final BodyHash OURS = new BodyHash(true, WHOLE);
}
