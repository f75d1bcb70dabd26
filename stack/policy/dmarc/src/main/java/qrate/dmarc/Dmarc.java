package qrate.dmarc;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import qrate.dmarc.DmarcOutcome.Result;
import qrate.dns.Dns;
import qrate.dns.Questions;

/// Says whether a message comes from its author's domain, and what that domain asks to do if it does not (RFC
/// 9989 §5.3). For any number of threads.
public final class Dmarc {
    /// Longest that one message or name takes, whatever the number of questions.
    public static final Duration TIME_MAX = Duration.ofSeconds(30);

    /// Most domains of SPF and DKIM whose organization is looked for; further ones count if they are the
    /// author's own.
    static final int IDENTIFIERS_MAX = 10;

    /// Walks for the author and each identifier, and the question whether the author's domain exists.
    private static final int QUESTIONS_MAX = TreeWalk.QUERIES_MAX * (1 + IDENTIFIERS_MAX) + 1;

    private final Dns dns;
    private final InstantSource clock;
    private final Function<DmarcOutcome, Optional<PolicyOverride>> exceptions;

    /// @param exceptions asked about each message that a domain wants refused or set aside; what they give is
    ///     why that is not done
    public Dmarc(Dns dns, InstantSource clock, Function<DmarcOutcome, Optional<PolicyOverride>> exceptions) {
        this.dns = dns;
        this.clock = clock;
        this.exceptions = exceptions;
    }

    /// Evaluates a message. With several author domains each is evaluated, and the strictest answer holds (RFC
    /// 9989 §11.5).
    public DmarcOutcome evaluate(Evidence evidence) {
        AuthorDomains authors = AuthorDomains.of(evidence.from());
        List<String> trace = new ArrayList<>();
        if (!authors.fault().isEmpty()) {
            trace.add(authors.fault());
            return Evaluation.without(Result.PERMERROR, "", "DMARC cannot be applied: " + authors.fault(), trace);
        }
        TreeWalk walks = new TreeWalk(questions(), trace);
        DmarcOutcome outcome = authors.all().stream()
                .map(author -> new Evaluation(author, evidence, walks, trace).outcome())
                .max(Comparator.comparingInt(Dmarc::strictness))
                .orElseThrow();
        return excepted(outcome, trace);
    }

    /// The organizational domain of a name (RFC 9989 §4.10.2); empty when DNS could not tell, or it is no domain.
    public Optional<String> organization(String domain) {
        return DomainNames.of(domain)
                .map(name -> new TreeWalk(questions(), new ArrayList<>()).from(name))
                .filter(TreeWalk.Walk::isWhole)
                .map(TreeWalk.Walk::organization);
    }

    private Questions questions() {
        // a walk finds nothing at most of its names, so that these have no limit of their own
        return Questions.of(dns, new Questions.Limits(QUESTIONS_MAX, QUESTIONS_MAX, TIME_MAX), clock);
    }

    /// Ranks what several authors lead to; a wish that may yet turn out stands above one that asks for nothing.
    private static int strictness(DmarcOutcome outcome) {
        return switch (outcome.result()) {
            case PASS -> 0;
            case NONE -> 1;
            case PERMERROR -> 2;
            case FAIL ->
                switch (outcome.wish().disposition()) {
                    case NONE -> 3;
                    case QUARANTINE -> 5;
                    case REJECT -> 6;
                };
            case TEMPERROR -> 4;
        };
    }

    private DmarcOutcome excepted(DmarcOutcome outcome, List<String> trace) {
        DmarcOutcome.Wish wish = outcome.wish();
        Optional<PolicyOverride> exception =
                wish.disposition() == Disposition.NONE ? Optional.empty() : exceptions.apply(outcome);
        if (exception.isEmpty()) {
            return outcome.with(wish, trace);
        }
        List<PolicyOverride> overrides = new ArrayList<>(wish.overrides());
        overrides.add(exception.get());
        trace.add("not done here: " + exception.get().kind().word());
        return outcome.with(new DmarcOutcome.Wish(wish.asked(), Disposition.NONE, overrides), trace);
    }
}
