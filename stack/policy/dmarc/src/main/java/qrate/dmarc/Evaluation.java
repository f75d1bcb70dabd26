package qrate.dmarc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import qrate.dmarc.DmarcOutcome.Published;
import qrate.dmarc.DmarcOutcome.Result;
import qrate.dmarc.DmarcOutcome.Wish;

/// One Author Domain of one message: finds its policy, looks for a domain that vouches for it, and asks what is
/// to be done where there is none (RFC 9989 §4.10.1, §4.10.2, §5.3).
final class Evaluation {
    private final String author;
    private final Evidence evidence;
    private final TreeWalk walks;
    private final List<String> trace;
    private final Map<String, Alignment> compared = new HashMap<>();

    /// Whether a domain vouches for the author's, if it may speak.
    private enum Alignment {
        ALIGNED,
        NOT,
        UNKNOWN
    }

    /// @param author as A-labels, lower case
    Evaluation(String author, Evidence evidence, TreeWalk walks, List<String> trace) {
        this.author = author;
        this.evidence = evidence;
        this.walks = walks;
        this.trace = trace;
    }

    /// An outcome where no policy holds.
    static DmarcOutcome without(Result result, String author, String reason, List<String> trace) {
        Wish nothing = new Wish(Disposition.NONE, Disposition.NONE, List.of());
        return new DmarcOutcome(result, author, List.of(), DmarcOutcome.Aligned.NOBODY, nothing, reason, trace);
    }

    DmarcOutcome outcome() {
        Optional<Published> policy;
        switch (walks.at(author)) {
            case TreeWalk.Step.Published(var record) -> policy = Optional.of(new Published(author, record));
            case TreeWalk.Step.Unknown(var why) -> {
                return unknown(why);
            }
            case TreeWalk.Step.Silent _ -> {
                TreeWalk.Walk walk = walks.from(author);
                if (!walk.isWhole()) {
                    return unknown(walk.failure());
                }
                policy = walk.policy().map(spot -> new Published(spot.domain(), spot.record()));
            }
        }
        if (policy.isEmpty()) {
            return without(Result.NONE, author, "no DMARC policy for " + author, trace);
        }
        if (!policy.get().record().policies().usable()) {
            String why = "the DMARC record at " + policy.get().domain() + " has a policy that makes no sense";
            return without(Result.PERMERROR, author, why, trace);
        }
        return judged(policy.get());
    }

    private DmarcOutcome unknown(String why) {
        return without(
                Result.TEMPERROR, author, "the DMARC policy of " + author + " cannot be found now: " + why, trace);
    }

    private DmarcOutcome judged(Published policy) {
        DmarcRecord record = policy.record();
        Evidence.Spf spf = evidence.spf();
        Alignment vouched = compare("SPF", spf.result(), spf.domain(), record.strictSpf());
        boolean undecided = vouched == Alignment.UNKNOWN;
        Set<String> signers = new TreeSet<>();
        for (Evidence.Dkim dkim : evidence.dkim()) {
            Alignment signed = compare("DKIM", dkim.result(), dkim.domain(), record.strictDkim());
            undecided |= signed == Alignment.UNKNOWN;
            if (signed == Alignment.ALIGNED) {
                DomainNames.of(dkim.domain()).ifPresent(signers::add);
            }
        }
        DmarcOutcome.Aligned aligned = new DmarcOutcome.Aligned(vouched == Alignment.ALIGNED, signers);
        boolean own = policy.domain().equals(author);
        Disposition asked = own ? record.policies().p() : record.policies().sp();
        if (aligned.any()) {
            String who = String.join(" and ", aligned.dkim().isEmpty() ? List.of("SPF") : aligned.dkim());
            return outcome(Result.PASS, policy, aligned, passing(asked), who + " vouches for " + author + " (DMARC)");
        }
        if (!own && !undecided && record.policies().np() != asked) {
            TreeWalk.Existence existence = walks.existence(author);
            undecided = existence == TreeWalk.Existence.UNKNOWN;
            asked = existence == TreeWalk.Existence.NO ? record.policies().np() : asked;
        }
        if (undecided) {
            String reason = "what DMARC says of " + author + " cannot be told now, since DNS gives no answer";
            return outcome(Result.TEMPERROR, policy, aligned, passing(asked), reason);
        }
        return failed(policy, asked);
    }

    private static Wish passing(Disposition asked) {
        return new Wish(asked, Disposition.NONE, List.of());
    }

    private DmarcOutcome failed(Published policy, Disposition asked) {
        boolean test = policy.record().testing() && asked != Disposition.NONE;
        Wish wish = new Wish(
                asked,
                test ? asked.milder() : asked,
                test ? List.of(new PolicyOverride(PolicyOverride.Kind.POLICY_TEST_MODE, "t=y")) : List.of());
        String reason = "neither SPF nor DKIM vouches for " + author + "; the DMARC policy of " + policy.domain()
                + " is " + asked.word() + (test ? ", in test mode" : "");
        return outcome(Result.FAIL, policy, DmarcOutcome.Aligned.NOBODY, wish, reason);
    }

    private DmarcOutcome outcome(
            Result result, Published policy, DmarcOutcome.Aligned aligned, Wish wish, String reason) {
        return new DmarcOutcome(result, author, List.of(policy), aligned, wish, reason, trace);
    }

    /// Compares a domain that vouches for the message, or might, had DNS answered: that is UNKNOWN then.
    private Alignment compare(String mechanism, AuthResult result, String text, boolean strict) {
        Optional<String> domain = DomainNames.of(text);
        if (domain.isEmpty() || (result != AuthResult.PASS && result != AuthResult.TEMPERROR)) {
            trace.add(mechanism + " " + result.word()
                    + domain.map(d -> " for " + d).orElse(""));
            return Alignment.NOT;
        }
        Alignment alignment = alignment(domain.get(), strict);
        trace.add(mechanism + " " + result.word() + " for " + domain.get() + ": "
                + switch (alignment) {
                    case ALIGNED -> "aligned";
                    case NOT -> "not aligned";
                    case UNKNOWN -> "nobody can tell now whether it is aligned";
                });
        return alignment == Alignment.ALIGNED && result == AuthResult.TEMPERROR ? Alignment.UNKNOWN : alignment;
    }

    private Alignment alignment(String domain, boolean strict) {
        if (domain.equals(author)) {
            return Alignment.ALIGNED;
        }
        if (strict) {
            return Alignment.NOT;
        }
        Alignment known = compared.get(domain);
        return known == null ? relaxed(domain) : known;
    }

    private Alignment relaxed(String domain) {
        if (!DomainNames.last(domain, 1).equals(DomainNames.last(author, 1))) {
            return Alignment.NOT; // nothing stands above both
        }
        TreeWalk.Walk ours = walks.from(author);
        if (!ours.isWhole()) {
            return Alignment.UNKNOWN;
        }
        if (!DomainNames.isWithin(domain, ours.organization())) {
            return Alignment.NOT; // an organization stands above its names
        }
        if (compared.size() == Dmarc.IDENTIFIERS_MAX) {
            return Alignment.NOT;
        }
        TreeWalk.Walk other = walks.from(domain);
        boolean same = other.organization().equals(ours.organization());
        Alignment found = !other.isWhole() ? Alignment.UNKNOWN : same ? Alignment.ALIGNED : Alignment.NOT;
        compared.put(domain, found);
        return found;
    }
}
