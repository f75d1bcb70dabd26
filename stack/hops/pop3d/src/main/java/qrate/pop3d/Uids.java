package qrate.pop3d;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Unique ids: the name of a message without its flags, as qmail-pop3d gives them.
final class Uids {
    /// Longest unique id (RFC 1939 §7).
    static final int UID_CHARS_MAX = 70;

    private Uids() {}

    /// The name if POP3 allows it as an id, else a digest of it.
    ///
    /// @param unique a character a byte
    static String of(String unique) {
        boolean fits = !unique.isEmpty()
                && unique.length() <= UID_CHARS_MAX
                && unique.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        if (fits) {
            return unique;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(unique.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
