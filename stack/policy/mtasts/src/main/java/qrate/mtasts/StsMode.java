package qrate.mtasts;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a policy wants of senders (RFC 8461 §5).
public enum StsMode {
    /// mail goes to nobody but the hosts named, over verified TLS
    ENFORCE,
    /// mail goes on as without a policy
    TESTING,
    /// the domain has no policy any more
    NONE;

    /// The word that stands in policies: lower case.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<StsMode> of(String word) {
        return Arrays.stream(values()).filter(mode -> mode.word().equals(word)).findFirst();
    }
}
