package qrate.spf;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import qrate.dns.Dns;
import qrate.dns.Questions;

/// Asks domains whether a client may speak in their name (RFC 7208). For many threads; each check ends within
/// {@link SpfLookups#TIME_MAX} and one question of DNS more.
public final class Spf {
    /// Longest explanation, in characters: what fits into one line of an SMTP reply (RFC 5321 §4.5.3.1.5).
    public static final int EXPLANATION_CHARS_MAX = 450;

    private final Dns dns;
    private final InstantSource clock;
    private final SpfPolicy policy;

    /// @param clock for the time that a check may take, and the macro `t`
    public Spf(Dns dns, InstantSource clock, SpfPolicy policy) {
        this.dns = dns;
        this.clock = clock;
        this.policy = policy;
    }

    /// By the reverse-path (RFC 7208 §2.4).
    ///
    /// @param reversePath the address without brackets and quotes, empty for nobody: then the postmaster of the
    ///     HELO name is asked about
    public SpfResult mailFrom(SpfClient client, String reversePath) {
        return check(SpfSubject.mailFrom(client, reversePath));
    }

    /// By the HELO name (RFC 7208 §2.3).
    public SpfResult helo(SpfClient client) {
        return check(SpfSubject.helo(client));
    }

    private SpfResult check(SpfSubject subject) {
        SpfLookups lookups = SpfLookups.of(dns, clock);
        SpfEvaluation evaluation = new SpfEvaluation(lookups, subject, policy.receiver(), policy.rules());
        SpfRuling ruling = evaluation.ruling();
        SpfFindings.Authority authority = SpfFindings.Authority.DOMAIN;
        if (ruling instanceof SpfRuling.Unpublished
                && policy.guess().isPresent()
                && SpfEvaluation.isAskable(subject.domain())) {
            lookups = lookups.anew();
            evaluation = new SpfEvaluation(lookups, subject, policy.receiver(), Optional.empty());
            ruling = evaluation.ruling(policy.guess().get());
            authority = SpfFindings.Authority.GUESS;
        }
        return switch (ruling) {
            case SpfRuling.Unpublished _ ->
                new SpfResult.None(new SpfFindings(subject, "", "", authority, lookups.trace()));
            case SpfRuling.Broken(var temporary, var why, var mechanism, var domain) -> {
                SpfFindings found = new SpfFindings(subject, mechanism, domain, authority, lookups.trace());
                yield temporary ? new SpfResult.TempError(found, why) : new SpfResult.PermError(found, why);
            }
            case SpfRuling.Ours(var qualifier, var mechanism) -> {
                var ours = new SpfFindings(
                        subject, mechanism, "our own rules", SpfFindings.Authority.RULES, lookups.trace());
                yield result(qualifier, ours, usual(evaluation, subject.domain()));
            }
            case SpfRuling.Ruled ruled -> {
                Explanation explanation = ruled.qualifier() == SpfTerm.Qualifier.FAIL
                        ? explanation(evaluation, lookups, ruled)
                        : new Explanation("", false);
                var found = new SpfFindings(subject, ruled.mechanism(), ruled.domain(), authority, lookups.trace());
                yield result(ruled.qualifier(), found, explanation);
            }
        };
    }

    private record Explanation(String text, boolean published) {}

    private static SpfResult result(SpfTerm.Qualifier qualifier, SpfFindings found, Explanation explanation) {
        return switch (qualifier) {
            case PASS -> new SpfResult.Pass(found);
            case FAIL -> new SpfResult.Fail(found, explanation.text(), explanation.published());
            case SOFTFAIL -> new SpfResult.SoftFail(found);
            case NEUTRAL -> new SpfResult.Neutral(found);
        };
    }

    /// RFC 7208 §6.2: what goes wrong with an explanation changes no result; ours stands for it.
    private Explanation explanation(SpfEvaluation evaluation, SpfLookups lookups, SpfRuling.Ruled ruled) {
        SpfMacroValues values = evaluation.values(ruled.domain());
        return ruled.record()
                .explanation()
                .map(name -> name.name(values))
                .filter(SpfMacro::isName)
                .flatMap(name -> text(name, lookups, lookups.part(1)))
                .flatMap(text -> SpfMacro.explanation(text, new SpfFaults()))
                .flatMap(text -> printable(text, values))
                .map(text -> new Explanation(text, true))
                .orElseGet(() -> usual(evaluation, ruled.domain()));
    }

    private static Optional<String> text(String name, SpfLookups lookups, Questions by) {
        return lookups.texts(name, by) instanceof Dns.Answer.Found<String>(List<String> all)
                        && all.size() == 1
                        && all.getFirst().length() <= SpfRecord.RECORD_CHARS_MAX
                ? Optional.of(all.getFirst())
                : Optional.empty();
    }

    private Explanation usual(SpfEvaluation evaluation, String domain) {
        return new Explanation(
                policy.explanation()
                        .flatMap(text -> printable(text, evaluation.values(domain)))
                        .orElse(""),
                false);
    }

    private static Optional<String> printable(SpfMacro text, SpfMacroValues values) {
        return text.text(values, EXPLANATION_CHARS_MAX)
                .filter(told -> !told.isBlank() && told.chars().allMatch(c -> c >= ' ' && c <= '~'));
    }
}
