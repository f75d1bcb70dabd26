package qrate.dmarc;

import java.util.Locale;

/// Why a domain's wish is not followed (RFC 9990 §3.1.6).
///
/// @param comment words for people; may be empty
public record PolicyOverride(PolicyOverride.Kind kind, String comment) {
    /// The kinds that reports know.
    public enum Kind {
        /// a rule of the receiver
        LOCAL_POLICY,
        /// it came by a mailing list
        MAILING_LIST,
        /// something else, which the comment says
        OTHER,
        /// the domain tests (`t=y`)
        POLICY_TEST_MODE,
        /// it came by a forwarder that is known here
        TRUSTED_FORWARDER;

        /// The word in reports.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
