package qrate.spf;

import java.util.List;

/// What a check was about and what it came upon.
///
/// @param mechanism what matched, as its record has it (`mx/24`, `-all`), or what could not be evaluated;
///     `default` when nothing matched, empty when there was no record
/// @param source the domain whose record holds it, behind `redirect`; empty when there was no record
/// @param authority by whose word: only a domain's own counts for DMARC
/// @param lookups in the order in which they were made; of more than {@link SpfLookups#TRACE_MAX} the first
public record SpfFindings(
        SpfSubject subject, String mechanism, String source, Authority authority, List<SpfLookup> lookups) {
    /// Whose word a result is.
    public enum Authority {
        /// the domain's, by the record that it publishes, or does not
        DOMAIN,
        /// ours: the local rules matched ({@link SpfPolicy#withRules})
        RULES,
        /// nobody's: the domain publishes nothing, and this is what it might ({@link SpfPolicy#withGuess})
        GUESS
    }

    public SpfFindings {
        lookups = List.copyOf(lookups);
    }
}
