package qrate.dmarc;

import java.util.Locale;
import java.util.Optional;

/// What a domain asks to be done with mail that nobody vouches for (RFC 9989 §4.7 `p`, `sp`, `np`), mildest
/// first.
public enum Disposition {
    /// nothing
    NONE,
    /// it is suspicious
    QUARANTINE,
    /// it is to be refused
    REJECT;

    /// The word in records and reports.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What a word says, whatever its case.
    static Optional<Disposition> of(String word) {
        for (Disposition one : values()) {
            if (one.word().equalsIgnoreCase(word)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    /// One step milder, which a domain that tests expects (RFC 9989 §4.7 `t`).
    Disposition milder() {
        return this == REJECT ? QUARANTINE : NONE;
    }
}
