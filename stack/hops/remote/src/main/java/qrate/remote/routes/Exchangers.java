package qrate.remote.routes;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import qrate.core.DomainName;
import qrate.core.Steps;
import qrate.core.Verdict;
import qrate.dns.Dns;
import qrate.dns.Hosts;
import qrate.dns.Question;

/// Names the servers to try for a host, in order (RFC 5321 §5.1).
public final class Exchangers {
    /// Exchangers looked up at most, of one domain.
    static final int EXCHANGERS_MAX = 20;

    /// Servers tried at most, over all exchangers.
    static final int CANDIDATES_MAX = 32;

    private static final List<InetAddress> LOOPBACK =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

    /// A server to try.
    ///
    /// @param name for TLS; empty for an address literal
    /// @param implicit whether TLS begins with the connection (RFC 8314 §3.3)
    /// @param vouched names under which its TLSA records are looked for, in turn (RFC 7672 §2.2.2); none
    ///     where DNS does not vouch for the way to it, and for relays
    public record Candidate(InetAddress address, int port, String name, boolean implicit, List<String> vouched) {
        public Candidate {
            vouched = List.copyOf(vouched);
        }

        /// One that DNS says nothing of.
        Candidate(InetAddress address, int port, String name, boolean implicit) {
            this(address, port, name, implicit, List.of());
        }
    }

    /// What the look-up came to.
    public sealed interface Plan {
        /// Try these in turn; at least one.
        record Try(List<Candidate> candidates) implements Plan {}

        /// There is nobody to try.
        record Over(Verdict verdict) implements Plan {}
    }

    private record Ranked(int preference, String host, InetAddress address, List<String> vouched) {}

    private final Dns dns;
    private final OwnHosts own;
    private final RandomGenerator random;

    public Exchangers(Dns dns, OwnHosts own, RandomGenerator random) {
        this.dns = dns;
        this.own = own;
        this.random = random;
    }

    /// The servers for a host: a literal's, its route's, or its exchangers'.
    ///
    /// @throws IOException when it cannot be told which hosts are ours
    public Plan plan(String host, Optional<Routes.Route> route) throws IOException {
        return plan(host, route, Steps.none());
    }

    /// The same, explained.
    public Plan plan(String host, Optional<Routes.Route> route, Steps steps) throws IOException {
        if (route.isPresent() && !route.get().relay().isEmpty()) {
            return relay(route.get());
        }
        Optional<InetAddress> literal = Hosts.bracketed(host);
        if (literal.isPresent()) {
            return usable(host, List.of(new Ranked(0, "", literal.get(), List.of())), steps);
        }
        Dns.Reply<Dns.Exchanger> reply = dns.ask(Question.exchangers(host), Dns.QUESTION_MAX);
        return switch (reply.answer()) {
            case Dns.Answer.Failed<Dns.Exchanger>(var why) -> later(host, why);
            case Dns.Answer.NoSuchName<Dns.Exchanger> _ -> noSuchHost(host);
            case Dns.Answer.NoData<Dns.Exchanger> _ -> withoutExchangers(host, reply.authentic(), steps);
            case Dns.Answer.Found<Dns.Exchanger>(var all) -> withExchangers(host, all, reply.authentic(), steps);
        };
    }

    /// A relay's name is the operator's: no MX, and no question whether it is us.
    private Plan relay(Routes.Route route) {
        Optional<InetAddress> literal = Hosts.bracketed(route.relay()).or(() -> Hosts.literal(route.relay()));
        if (literal.isPresent()) {
            return new Plan.Try(List.of(new Candidate(literal.get(), route.port(), "", route.implicit())));
        }
        if (route.relay().equals("localhost") || route.relay().endsWith(".localhost")) {
            return candidates(route, LOOPBACK); // RFC 6761 §6.3: never asked of DNS
        }
        return switch (dns.addresses(route.relay())) {
            case Dns.Answer.Found<InetAddress>(var all) -> candidates(route, all);
            case Dns.Answer.Failed<InetAddress>(var why) -> later(route.relay(), why);
            case Dns.Answer.NoSuchName<InetAddress> _, Dns.Answer.NoData<InetAddress> _ -> noSuchHost(route.relay());
        };
    }

    private static Plan candidates(Routes.Route route, List<InetAddress> addresses) {
        return new Plan.Try(addresses.stream()
                .limit(CANDIDATES_MAX)
                .map(a -> new Candidate(a, route.port(), route.relay(), route.implicit()))
                .toList());
    }

    private Plan withoutExchangers(String host, boolean authentic, Steps steps) throws IOException {
        steps.say("MX: " + host + " has none, so it is tried itself");
        Dns.Reply<InetAddress> reply = dns.located(host);
        List<String> vouched = authentic ? vouched(host, reply) : List.of();
        return switch (reply.answer()) {
            case Dns.Answer.Failed<InetAddress>(var why) -> later(host, why);
            case Dns.Answer.NoSuchName<InetAddress> _ -> noSuchHost(host);
            case Dns.Answer.NoData<InetAddress> _ -> noExchanger();
            case Dns.Answer.Found<InetAddress>(var all) ->
                usable(
                        host,
                        all.stream().map(a -> new Ranked(0, host, a, vouched)).toList(),
                        steps);
        };
    }

    /// Where a host's TLSA records may stand (RFC 7672 §2.2.2): at the end of its aliases and at itself where all of
    /// that is authentic, at itself where its own alias is, else nowhere.
    private List<String> vouched(String host, Dns.Reply<InetAddress> found) {
        String name = DomainName.ascii(host);
        if (found.authentic()) {
            return found.name().equals(name) ? List.of(name) : List.of(found.name(), name);
        }
        boolean aliased = found.answer() instanceof Dns.Answer.Found<InetAddress>
                && !found.name().equals(name);
        return aliased && dns.ask(Question.alias(host), Dns.QUESTION_MAX).authentic() ? List.of(name) : List.of();
    }

    private Plan withExchangers(String host, List<Dns.Exchanger> all, boolean authentic, Steps steps)
            throws IOException {
        if (all.stream().allMatch(mx -> mx.host().isEmpty())) {
            steps.say("MX: " + host + " has the null MX (RFC 7505)");
            return new Plan.Over(new Verdict.Never("The domain " + host + " does not accept mail. (#5.1.10)\n"));
        }
        List<Dns.Exchanger> order = new ArrayList<>(all);
        Collections.shuffle(order, java.util.Random.from(random)); // equal preferences: at random (RFC 5321 §5.1)
        order.sort(Comparator.comparingInt(Dns.Exchanger::preference));
        List<Ranked> ranked = new ArrayList<>();
        Optional<String> failed = Optional.empty();
        for (Dns.Exchanger mx : order.subList(0, Math.min(order.size(), EXCHANGERS_MAX))) {
            Dns.Reply<InetAddress> found = dns.located(mx.host());
            steps.say("MX: " + mx.preference() + " " + mx.host() + ": " + words(found.answer()));
            switch (found.answer()) {
                case Dns.Answer.Found<InetAddress>(var addresses) -> {
                    List<String> vouched = authentic ? vouched(mx.host(), found) : List.of();
                    addresses.forEach(a -> ranked.add(new Ranked(mx.preference(), mx.host(), a, vouched)));
                }
                case Dns.Answer.Failed<InetAddress>(var why) -> failed = Optional.of(why);
                case Dns.Answer.NoSuchName<InetAddress> _, Dns.Answer.NoData<InetAddress> _ -> {
                    // the next exchanger may do
                }
            }
        }
        if (ranked.isEmpty()) {
            return failed.isPresent() ? later(host, failed.get()) : noExchanger();
        }
        return usable(host, ranked, steps);
    }

    private static String words(Dns.Answer<InetAddress> answer) {
        return switch (answer) {
            case Dns.Answer.Found<InetAddress>(var all) ->
                String.join(" ", all.stream().map(Hosts::text).toList());
            case Dns.Answer.Failed<InetAddress>(var why) -> "no answer for its address: " + why;
            case Dns.Answer.NoSuchName<InetAddress> _ -> "no such name";
            case Dns.Answer.NoData<InetAddress> _ -> "no address";
        };
    }

    /// Leaves out ourselves and all that are no better than we are (RFC 5321 §5.1).
    private Plan usable(String host, List<Ranked> ranked, Steps steps) throws IOException {
        int ours = Integer.MAX_VALUE;
        for (Ranked one : ranked) {
            if (own.isOurs(one.host(), one.address())) {
                steps.say("this host: " + Hosts.text(one.address()) + ", so no server of preference " + one.preference()
                        + " or more is tried");
                ours = Math.min(ours, one.preference());
            }
        }
        int limit = ours;
        List<Candidate> candidates = ranked.stream()
                .filter(one -> one.preference() < limit)
                .map(one -> new Candidate(one.address(), Routes.SMTP_PORT, one.host(), false, one.vouched()))
                .distinct()
                .limit(CANDIDATES_MAX)
                .toList();
        if (candidates.isEmpty()) {
            return new Plan.Over(new Verdict.Never("Sorry, mail loops back to myself: I am the best exchanger for "
                    + host + ", but it is not in my locals or virtualdomains. (#5.4.6)\n"));
        }
        return new Plan.Try(candidates);
    }

    private static Plan later(String host, String why) {
        return new Plan.Over(
                new Verdict.Later("DNS lookup of " + host + " failed temporarily: " + why + ". (#4.4.3)\n"));
    }

    private static Plan noSuchHost(String host) {
        return new Plan.Over(new Verdict.Never("Sorry, I couldn't find any host named " + host + ". (#5.1.2)\n"));
    }

    private static Plan noExchanger() {
        return new Plan.Over(new Verdict.Never("Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)\n"));
    }
}
