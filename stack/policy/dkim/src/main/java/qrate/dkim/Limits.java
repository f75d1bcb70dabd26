package qrate.dkim;

import java.time.Duration;

/// How much is done for one message, whatever its sender wants.
///
/// @param signatures DKIM signatures that are looked at; of others it is only said that they are there
/// @param bodyHashes different hashes of the body that are made
/// @param checks public-key operations, those for ARC among them; one of RSA takes some 0.1 ms, one of
///     Ed25519 some 1 ms
/// @param time for all look-ups and checks, from the start of an {@link Inquiry}
/// @param drift how far a clock elsewhere may be wrong
public record Limits(int signatures, int bodyHashes, int checks, Duration time, Duration drift) {
    /// Enough for any honest message: those with more than four signatures are rare.
    public static final Limits USUAL = new Limits(10, 6, 70, Duration.ofSeconds(20), Duration.ofMinutes(5));
}
