package qrate.spf;

import java.util.Optional;

/// What stands in a record (RFC 7208 §4.6.1).
sealed interface SpfTerm {
    /// What a mechanism says of a client that it matches.
    enum Qualifier {
        PASS('+'),
        FAIL('-'),
        SOFTFAIL('~'),
        NEUTRAL('?');

        private final char sign;

        Qualifier(char sign) {
            this.sign = sign;
        }

        static Optional<Qualifier> of(char sign) {
            for (Qualifier one : values()) {
                if (one.sign == sign) {
                    return Optional.of(one);
                }
            }
            return Optional.empty();
        }
    }

    /// A mechanism with its sign.
    ///
    /// @param text as it was written
    record Directive(Qualifier qualifier, Mechanism mechanism, String text) implements SpfTerm {}

    /// `redirect=` with the record to go on with.
    record Redirect(SpfMacro domain) implements SpfTerm {}

    /// `exp=` with the name of an explanation.
    record Exp(SpfMacro domain) implements SpfTerm {}

    /// A modifier that nobody here knows, well formed: it means nothing.
    record Unknown() implements SpfTerm {}

    /// Who is meant (RFC 7208 §5). An empty domain is the one whose record it is.
    sealed interface Mechanism {
        record All() implements Mechanism {}

        record Include(SpfMacro domain) implements Mechanism {}

        /// @param four bits of IPv4 addresses that count, 0 to 32
        /// @param six bits of IPv6 addresses that count, 0 to 128
        record A(SpfMacro domain, int four, int six) implements Mechanism {}

        /// @param four bits of IPv4 addresses that count, 0 to 32
        /// @param six bits of IPv6 addresses that count, 0 to 128
        record Mx(SpfMacro domain, int four, int six) implements Mechanism {}

        record Ptr(SpfMacro domain) implements Mechanism {}

        /// `ip4` or `ip6`.
        record Ip(SpfNetwork network) implements Mechanism {}

        record Exists(SpfMacro domain) implements Mechanism {}
    }
}
