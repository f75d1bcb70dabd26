package qrate.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import qrate.dns.Dns;
import qrate.tcpserver.NetworkList;
import qrate.zone.Ours;

/// What stands in DNS about each domain, against what should: {@link qrate.zone.DomainRows}.
record ZoneCheck(Ours ours, Dns dns) implements Check {
    private static final int NETWORK_FROM = "ip4:".length();
    private static final String AREA = "dns";

    /// One MX, and where its name leads.
    private record Exchanger(String host, Dns.Answer<InetAddress> addresses) {}

    @Override
    public List<Finding> look() throws IOException {
        List<Finding> all = DomainLooks.of(ours, this::domain);
        if (ours.domains().size() > DomainLooks.DOMAINS_MAX) {
            all.add(Finding.doubtful(
                    AREA,
                    "only the first " + DomainLooks.DOMAINS_MAX + " domains were looked at",
                    "name the others by --domain"));
        }
        return all;
    }

    private List<Finding> domain(String domain) {
        if (domain.equals(ours.host()) || NameCheck.isPrivate(domain)) {
            return List.of(); // no mail domain of its own, or one for trials
        }
        Dns.Answer<Dns.Exchanger> mx = dns.exchangers(domain);
        List<Exchanger> hosts = mx instanceof Dns.Answer.Found<Dns.Exchanger>(var found)
                ? found.stream()
                        .sorted(Comparator.comparingInt(Dns.Exchanger::preference))
                        .map(one -> new Exchanger(one.host(), dns.addresses(one.host())))
                        .toList()
                : List.of();
        List<Finding> all = new ArrayList<>(exchangers(domain, mx, hosts));
        all.add(texts(domain, hosts));
        return all;
    }

    private static String tell(String domain) {
        return "./qrate dns " + domain + " lists what to publish";
    }

    private List<Finding> exchangers(String domain, Dns.Answer<Dns.Exchanger> answer, List<Exchanger> hosts) {
        return switch (answer) {
            case Dns.Answer.Found<Dns.Exchanger> _ -> exchangers(domain, hosts);
            case Dns.Answer.NoSuchName<Dns.Exchanger> _ ->
                List.of(Finding.broken(AREA, domain + " does not exist in DNS", tell(domain)));
            case Dns.Answer.NoData<Dns.Exchanger> _ ->
                List.of(Finding.broken(AREA, domain + " has no MX record: its mail does not come here", tell(domain)));
            case Dns.Answer.Failed<Dns.Exchanger>(var why) ->
                List.of(Finding.doubtful(AREA, domain + ": DNS does not answer for MX: " + why, "try again"));
        };
    }

    private List<Finding> exchangers(String domain, List<Exchanger> hosts) {
        if (hosts.stream().anyMatch(mx -> mx.host().isEmpty())) {
            return List.of(Finding.broken(
                    AREA, domain + " publishes that it takes no mail at all (a null MX, RFC 7505)", tell(domain)));
        }
        List<Finding> all = new ArrayList<>();
        for (Exchanger mx : hosts) {
            if (!isUs(mx) && mx.addresses() instanceof Dns.Answer.NoSuchName<InetAddress>) {
                all.add(Finding.broken(AREA, domain + ": its MX " + mx.host() + " does not exist", tell(domain)));
            }
        }
        if (hosts.stream().anyMatch(this::isUs)) {
            all.add(Finding.well(AREA, domain + ": its mail comes here"));
        } else {
            all.add(Finding.doubtful(
                    AREA,
                    domain + ": its mail goes to " + hosts.getFirst().host() + ", not to " + ours.host(),
                    tell(domain)));
        }
        return all;
    }

    private boolean isUs(Exchanger mx) {
        return mx.host().equals(ours.host()) || leadHere(mx.addresses());
    }

    private boolean leadHere(Dns.Answer<InetAddress> addresses) {
        return addresses instanceof Dns.Answer.Found<InetAddress>(var found)
                && found.stream().anyMatch(ours.addresses()::contains);
    }

    private Finding texts(String domain, List<Exchanger> hosts) {
        return switch (dns.texts(domain)) {
            case Dns.Answer.Found<String>(var found) ->
                spf(domain, hosts, found.stream().filter(ZoneCheck::isSpf).toList());
            case Dns.Answer.NoSuchName<String> _, Dns.Answer.NoData<String> _ -> spf(domain, hosts, List.of());
            case Dns.Answer.Failed<String>(var why) ->
                Finding.doubtful(AREA, domain + ": DNS does not answer for TXT: " + why, "try again");
        };
    }

    /// RFC 7208 §4.5.
    private static boolean isSpf(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.equals("v=spf1") || lower.startsWith("v=spf1 ");
    }

    private Finding spf(String domain, List<Exchanger> hosts, List<String> records) {
        if (records.isEmpty()) {
            return Finding.doubtful(
                    AREA, domain + " has no SPF record: large providers refuse or hide its mail", tell(domain));
        }
        if (records.size() > 1) {
            return Finding.broken(
                    AREA, domain + " has " + records.size() + " SPF records, which counts as an error", tell(domain));
        }
        List<String> terms = List.of(records.getFirst().toLowerCase(Locale.ROOT).split(" +"));
        if (terms.contains("+all") || terms.contains("all")) {
            return Finding.broken(AREA, domain + ": its SPF record lets everybody send as it (+all)", tell(domain));
        }
        return namesUs(domain, hosts, terms)
                ? Finding.well(AREA, domain + ": its SPF record names this server")
                : Finding.doubtful(
                        AREA,
                        domain + ": its SPF record does not name this server in a way that was understood: "
                                + records.getFirst(),
                        "add mx, or a:" + ours.host());
    }

    /// Whether a term that needs no further look leads to us; what `include:` says is the provider's own.
    private boolean namesUs(String domain, List<Exchanger> hosts, List<String> terms) {
        return terms.stream()
                .map(term -> term.startsWith("+") ? term.substring(1) : term)
                .anyMatch(term -> switch (term) {
                    case "mx" -> hosts.stream().anyMatch(this::isUs);
                    case "a" -> leadHere(dns.addresses(domain));
                    default ->
                        term.equals("a:" + ours.host())
                                || ((term.startsWith("ip4:") || term.startsWith("ip6:"))
                                        && ours.addresses().stream()
                                                .anyMatch(own -> NetworkList.covers(
                                                        List.of(term.substring(NETWORK_FROM)), own)));
                });
    }
}
