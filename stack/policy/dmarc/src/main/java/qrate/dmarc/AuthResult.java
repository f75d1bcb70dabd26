package qrate.dmarc;

import java.util.Locale;
import java.util.Optional;

/// What SPF or DKIM said (RFC 8601 §2.7.1, §2.7.2).
public enum AuthResult {
    /// nothing to check
    NONE,
    /// vouched for
    PASS,
    /// not vouched for
    FAIL,
    /// SPF: probably not
    SOFTFAIL,
    /// refused by rules of the receiver
    POLICY,
    /// no opinion
    NEUTRAL,
    /// nobody could tell now
    TEMPERROR,
    /// nobody can tell
    PERMERROR;

    /// The word in fields and reports.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What a word says, whatever its case.
    public static Optional<AuthResult> of(String word) {
        for (AuthResult one : values()) {
            if (one.word().equalsIgnoreCase(word)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
