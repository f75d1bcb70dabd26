package qrate.tlsrpt;

import java.util.Arrays;
import java.util.Optional;

/// What a domain had published for a delivery (RFC 8460 §4.4).
public enum PolicyType {
    /// TLSA records (DANE)
    TLSA("tlsa"),
    /// a policy of MTA-STS
    STS("sts"),
    /// neither
    NONE("no-policy-found");

    private final String word;

    PolicyType(String word) {
        this.word = word;
    }

    /// As it stands in reports.
    public String word() {
        return word;
    }

    /// The one that a delivery's report names in its own words; nothing where the delivery was no matter of the
    /// domain's: by a relay, by a file of control/tlshosts, as its sender wanted.
    static Optional<PolicyType> said(String said) {
        return switch (said) {
            case "DANE", "DANE without usable records" -> Optional.of(TLSA);
            case "MTA-STS", TlsNote.TESTING, TlsNote.FETCHING -> Optional.of(STS);
            case "opportunistic" -> Optional.of(NONE);
            default -> Optional.empty();
        };
    }

    /// The one that a report names.
    public static Optional<PolicyType> of(String word) {
        return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
    }
}
