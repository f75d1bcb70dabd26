package qrate.spf;

/// How evaluating a domain's record ended (RFC 7208 §4.6).
sealed interface SpfRuling {
    /// There is none.
    record Unpublished() implements SpfRuling {}

    /// Something matched, or nothing and the record ended.
    ///
    /// @param mechanism as its record has it, `default` at the end
    /// @param domain whose record it is
    record Ruled(SpfTerm.Qualifier qualifier, String mechanism, String domain, SpfRecord record) implements SpfRuling {}

    /// One of ours matched.
    record Ours(SpfTerm.Qualifier qualifier, String mechanism) implements SpfRuling {}

    /// It could not be evaluated.
    ///
    /// @param temporary whether another try may
    /// @param mechanism where, as its record has it; may be empty
    /// @param domain whose record it is
    record Broken(boolean temporary, String why, String mechanism, String domain) implements SpfRuling, Match {}

    /// Whether a mechanism matches.
    sealed interface Match {
        record Yes() implements Match {}

        record No() implements Match {}

        static Match of(boolean yes) {
            return yes ? new Yes() : new No();
        }
    }
}
