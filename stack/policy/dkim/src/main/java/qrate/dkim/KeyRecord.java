package qrate.dkim;

import java.security.PublicKey;
import java.util.List;
import java.util.Locale;

/// A public key as a domain publishes it, in TXT at `SELECTOR._domainkey.DOMAIN` (RFC 6376 §3.6.1, RFC 8463
/// §4).
///
/// @param kind `k=`: `rsa`, `ed25519` or another
/// @param data `p=`; empty when the key is revoked
/// @param testing `t=y`: the domain tries DKIM out
/// @param strict `t=s`: `i=` must be of the very domain of `d=`
/// @param sha256 whether `h=` allows SHA-256
/// @param email whether `s=` means mail
record KeyRecord(String kind, byte[] data, boolean testing, boolean strict, boolean sha256, boolean email) {
    /// Longest record read, in bytes: a key of 16,384 bits fits.
    static final int RECORD_BYTES_MAX = 4 << 10;

    /// Reads a record; bytes as characters.
    ///
    /// @throws MalformedField when it is none that is known here
    static KeyRecord of(String text) throws MalformedField {
        if (text.length() > RECORD_BYTES_MAX) {
            throw new MalformedField("it is longer than " + RECORD_BYTES_MAX + " bytes");
        }
        TagList tags = TagList.of(text);
        if (tags.value("v").isPresent()
                && !(tags.first().equals("v") && tags.required("v").equals("DKIM1"))) {
            throw new MalformedField("its version is not known");
        }
        // its grammar wants a flag; others take `t=` for none, and such keys are out there
        List<String> flags = tags.value("t").orElse("").isEmpty() ? List.of() : tags.parts("t");
        List<String> hashes = tags.parts("h");
        List<String> services = tags.parts("s");
        return new KeyRecord(
                tags.value("k").orElse("rsa").toLowerCase(Locale.ROOT),
                tags.base64("p"),
                has(flags, "y"),
                has(flags, "s"),
                hashes.isEmpty() || has(hashes, "sha256"),
                services.isEmpty() || has(services, "*") || has(services, "email"));
    }

    private static boolean has(List<String> parts, String wanted) {
        return parts.stream().anyMatch(wanted::equalsIgnoreCase);
    }

    /// The key, for signatures by an algorithm.
    ///
    /// @throws MalformedField when it is not meant for them
    PublicKey key(Algorithm algorithm) throws MalformedField {
        if (data.length == 0) {
            throw new MalformedField("the key is revoked");
        }
        if (!kind.equals(algorithm.kind())) {
            throw new MalformedField("the key is of another kind than the signature");
        }
        if (!sha256) {
            throw new MalformedField("the key is not for SHA-256");
        }
        if (!email) {
            throw new MalformedField("the key is not for mail");
        }
        return algorithm.key(data);
    }
}
