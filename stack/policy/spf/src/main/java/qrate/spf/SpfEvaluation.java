package qrate.spf;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import qrate.dns.Dns;
import qrate.dns.Questions;
import qrate.spf.SpfRuling.Match;
import qrate.spf.SpfTerm.Mechanism;

/// `check_host` (RFC 7208 §4): what records say of a client. It goes into records of records no deeper than
/// {@link SpfLookups#TERMS_MAX}, since each costs a look-up.
final class SpfEvaluation {
    private final SpfLookups lookups;
    private final SpfClientNames names;
    private final SpfSubject subject;
    private final String receiver;
    private final Optional<SpfRecord> rules;

    /// @param receiver the host that checks
    /// @param rules our own mechanisms
    SpfEvaluation(SpfLookups lookups, SpfSubject subject, String receiver, Optional<SpfRecord> rules) {
        this.lookups = lookups;
        this.names = new SpfClientNames(lookups, subject.client().address());
        this.subject = subject;
        this.receiver = receiver;
        this.rules = rules;
    }

    /// What the subject's domain says.
    SpfRuling ruling() {
        SpfRuling ruling = published(subject.domain(), lookups.part(1), true);
        return ruling instanceof SpfRuling.Unpublished && isAskable(subject.domain())
                ? ours(subject.domain()).orElse(ruling)
                : ruling;
    }

    /// What a record says that is taken as the subject's domain's.
    SpfRuling ruling(SpfRecord record) {
        return ruled(record, subject.domain(), false);
    }

    /// RFC 7208 §4.3: at least two labels.
    static boolean isAskable(String domain) {
        return domain.indexOf('.') > 0 && SpfMacro.isName(domain);
    }

    private SpfRuling published(String domain, Questions by, boolean first) {
        if (!isAskable(domain)) {
            return new SpfRuling.Unpublished();
        }
        List<String> texts;
        switch (lookups.texts(domain, by)) {
            case Dns.Answer.Found<String>(var all) ->
                texts = all.stream().filter(SpfRecord::claims).toList();
            case Dns.Answer.NoSuchName<String> _, Dns.Answer.NoData<String> _ -> texts = List.of();
            case Dns.Answer.Failed<String>(var why) -> {
                return failed(by, domain, why);
            }
        }
        if (texts.isEmpty()) {
            return new SpfRuling.Unpublished();
        }
        if (texts.size() > 1) {
            return new SpfRuling.Broken(false, domain + " has " + texts.size() + " SPF records", "", domain);
        }
        return switch (SpfRecord.parse(texts.getFirst())) {
            case SpfRecord.Parsed.Good(var record) -> ruled(record, domain, first);
            case SpfRecord.Parsed.Bad(var faults) ->
                new SpfRuling.Broken(false, "the record of " + domain + ": " + faults.getFirst(), "", domain);
        };
    }

    private SpfRuling ruled(SpfRecord record, String domain, boolean first) {
        boolean all = false;
        for (SpfTerm.Directive directive : record.directives()) {
            all |= directive.mechanism() instanceof Mechanism.All;
            Optional<SpfRuling> mine = all && first ? ours(domain) : Optional.empty();
            if (mine.isPresent()) {
                return mine.get();
            }
            switch (withinLimits(match(directive.mechanism(), domain))) {
                case Match.Yes _ -> {
                    return new SpfRuling.Ruled(directive.qualifier(), directive.text(), domain, record);
                }
                case Match.No _ -> {}
                case SpfRuling.Broken(var temporary, var why, var inner, var _)
                when inner.isEmpty() -> {
                    return new SpfRuling.Broken(temporary, why, directive.text(), domain);
                }
                case SpfRuling.Broken broken -> {
                    return broken;
                }
            }
        }
        Optional<SpfRuling> mine = first ? ours(domain) : Optional.empty();
        return mine.orElseGet(() -> record.redirect()
                .map(target -> redirected(target, domain))
                .orElseGet(() -> new SpfRuling.Ruled(SpfTerm.Qualifier.NEUTRAL, "default", domain, record)));
    }

    /// RFC 7208 §6.1.
    private SpfRuling redirected(SpfMacro target, String domain) {
        String name = target.name(values(domain));
        return switch (published(name, lookups.terms(), false)) {
            case SpfRuling.Unpublished _ ->
                new SpfRuling.Broken(false, "redirect to " + name + ", which has no SPF record", "redirect", domain);
            case SpfRuling other -> other;
        };
    }

    /// Our own mechanisms, in the place of a domain's end. One of them that cannot be evaluated is passed over.
    private Optional<SpfRuling> ours(String domain) {
        SpfEvaluation aside = new SpfEvaluation(lookups.anew(), subject, receiver, Optional.empty());
        for (SpfTerm.Directive directive : rules.map(SpfRecord::directives).orElse(List.of())) {
            if (aside.match(directive.mechanism(), domain) instanceof Match.Yes) {
                return Optional.of(new SpfRuling.Ours(directive.qualifier(), directive.text()));
            }
        }
        return Optional.empty();
    }

    private Match match(Mechanism mechanism, String domain) {
        return switch (mechanism) {
            case Mechanism.All _ -> new Match.Yes();
            case Mechanism.Ip(var network) ->
                Match.of(network.holds(subject.client().address()));
            case Mechanism.Include(var target) -> include(target.name(values(domain)));
            case Mechanism.A(var target, var four, var six) -> {
                String name = name(target, domain);
                yield SpfMacro.isName(name) ? reaches(name, bits(four, six), lookups.terms()) : new Match.No();
            }
            case Mechanism.Mx(var target, var four, var six) -> mx(name(target, domain), bits(four, six));
            case Mechanism.Ptr(var target) -> ptr(name(target, domain));
            case Mechanism.Exists(var target) -> exists(target.name(values(domain)));
        };
    }

    private String name(SpfMacro target, String domain) {
        return target.equals(SpfMacro.NONE) ? domain : target.name(values(domain));
    }

    private int bits(int four, int six) {
        return subject.client().address().getAddress().length * 8 == SpfNetwork.IPV4_BITS ? four : six;
    }

    /// RFC 7208 §5.2.
    private Match include(String name) {
        return switch (published(name, lookups.terms(), false)) {
            case SpfRuling.Ruled ruled -> Match.of(ruled.qualifier() == SpfTerm.Qualifier.PASS);
            case SpfRuling.Ours ours -> Match.of(ours.qualifier() == SpfTerm.Qualifier.PASS);
            case SpfRuling.Unpublished _ -> broken("include of " + name + ", which has no SPF record");
            case SpfRuling.Broken broken -> broken;
        };
    }

    /// Whether one of a host's addresses lies around the client's (RFC 7208 §5.3).
    private Match reaches(String host, int bits, Questions by) {
        InetAddress client = subject.client().address();
        return switch (lookups.addresses(host, client, by)) {
            case Dns.Answer.Found<InetAddress>(var all) ->
                Match.of(all.stream().anyMatch(one -> new SpfNetwork(one.getAddress(), bits).holds(client)));
            case Dns.Answer.NoSuchName<InetAddress> _, Dns.Answer.NoData<InetAddress> _ -> new Match.No();
            case Dns.Answer.Failed<InetAddress>(var why) -> failed(by, host, why);
        };
    }

    /// RFC 7208 §5.4, §4.6.4.
    private Match mx(String name, int bits) {
        if (!SpfMacro.isName(name)) {
            return new Match.No();
        }
        return switch (lookups.exchangers(name, lookups.terms())) {
            case Dns.Answer.Found<Dns.Exchanger>(var all)
            when all.size() > SpfLookups.HOSTS_MAX ->
                broken(name + " has more than " + SpfLookups.HOSTS_MAX + " MX records");
            case Dns.Answer.Found<Dns.Exchanger>(var all) -> anyHost(all, bits);
            case Dns.Answer.NoSuchName<Dns.Exchanger> _, Dns.Answer.NoData<Dns.Exchanger> _ -> new Match.No();
            case Dns.Answer.Failed<Dns.Exchanger>(var why) -> failed(lookups.terms(), name, why);
        };
    }

    private Match anyHost(List<Dns.Exchanger> all, int bits) {
        Questions hosts = lookups.part(SpfLookups.HOSTS_MAX);
        List<Dns.Exchanger> inTurn = all.stream()
                .sorted(Comparator.comparingInt(Dns.Exchanger::preference).thenComparing(Dns.Exchanger::host))
                .toList();
        for (Dns.Exchanger one : inTurn) {
            Match match = SpfMacro.isName(one.host()) ? reaches(one.host(), bits, hosts) : new Match.No();
            if (!(match instanceof Match.No)) {
                return match;
            }
        }
        return new Match.No();
    }

    /// RFC 7208 §5.5: an error of DNS is no match.
    private Match ptr(String name) {
        return Match.of(names.validated(lookups.terms()).stream().anyMatch(one -> SpfClientNames.isWithin(one, name)));
    }

    /// The client's name takes look-ups without a place of its own to say that there were too many.
    private Match withinLimits(Match match) {
        return match instanceof Match.No && lookups.terms().spent().isPresent()
                ? failed(lookups.terms(), "the client's name", "")
                : match;
    }

    /// RFC 7208 §5.7: A, for IPv6 too.
    private Match exists(String name) {
        if (!SpfMacro.isName(name)) {
            return new Match.No();
        }
        return switch (lookups.ipv4(name, lookups.terms())) {
            case Dns.Answer.Found<InetAddress> _ -> new Match.Yes();
            case Dns.Answer.NoSuchName<InetAddress> _, Dns.Answer.NoData<InetAddress> _ -> new Match.No();
            case Dns.Answer.Failed<InetAddress>(var why) -> failed(lookups.terms(), name, why);
        };
    }

    SpfMacroValues values(String domain) {
        return new SpfMacroValues(subject, domain, receiver, lookups.now(), () -> names.best(domain, lookups.terms()));
    }

    private static SpfRuling.Broken broken(String why) {
        return new SpfRuling.Broken(false, why, "", "");
    }

    /// What could not be asked: the domain's fault where it asks for too much, nobody's else.
    private static SpfRuling.Broken failed(Questions by, String name, String why) {
        return by.spent()
                .map(limit -> switch (limit) {
                    case ASKED -> broken("more than " + SpfLookups.TERMS_MAX + " look-ups");
                    case VOID -> broken("more than " + SpfLookups.VOIDS_MAX + " look-ups that find nothing");
                    case TIME ->
                        new SpfRuling.Broken(
                                true, "it took more than " + SpfLookups.TIME_MAX.toSeconds() + " seconds", "", "");
                })
                .orElseGet(() -> new SpfRuling.Broken(true, name + ": " + why, "", ""));
    }
}
