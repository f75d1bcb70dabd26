package qrate.reported;

import java.util.Arrays;
import java.util.Locale;

/// What is known of who sent a report, by what our own gate found when it came.
public enum SenderProof {
    /// it is signed by the domain that it is from
    SIGNED,
    /// nothing vouches for it: anybody can have written it
    UNSIGNED,
    /// nobody looked: there is no gate, or it came from inside
    UNKNOWN;

    /// As it stands in files and in JSON.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The one of that word; {@link #UNKNOWN} for another.
    static SenderProof of(String word) {
        return Arrays.stream(values())
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElse(UNKNOWN);
    }
}
