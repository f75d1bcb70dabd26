package qrate.doctor;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import qrate.dns.Dns;

/// What stands in DNS about each domain, against what should: {@link Published}.
record ZoneCheck(Ours ours, Dns dns) implements Check {
    /// Domains that are looked at, at most.
    static final int DOMAINS_MAX = 200;

    private static final int AT_ONCE = 16;
    private static final String AREA = "dns";

    @Override
    public List<Finding> look() {
        List<Finding> all = new ArrayList<>();
        List<String> domains = ours.domains().stream().limit(DOMAINS_MAX).toList();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<List<Finding>>> looks = domains.stream()
                    .map(domain -> threads.submit(() -> domain(domain)))
                    .toList();
            for (Future<List<Finding>> look : looks) {
                all.addAll(look.get());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        if (ours.domains().size() > domains.size()) {
            all.add(Finding.doubtful(
                    AREA, "only the first " + DOMAINS_MAX + " domains were looked at", "name the others by --domain"));
        }
        return all;
    }

    private List<Finding> domain(String domain) {
        if (domain.equals(ours.host()) || NameCheck.isPrivate(domain)) {
            return List.of(); // no mail domain of its own, or one for trials
        }
        List<Finding> all = new ArrayList<>(exchangers(domain));
        all.add(texts(domain));
        return all;
    }

    private static String tell(String domain) {
        return "./qrate dns " + domain + " says what to publish";
    }

    private List<Finding> exchangers(String domain) {
        return switch (dns.exchangers(domain)) {
            case Dns.Answer.Found<Dns.Exchanger>(var found) -> exchangers(domain, found);
            case Dns.Answer.NoSuchName<Dns.Exchanger> _ ->
                List.of(Finding.broken(AREA, domain + " does not exist in DNS", tell(domain)));
            case Dns.Answer.NoData<Dns.Exchanger> _ ->
                List.of(Finding.broken(AREA, domain + " has no MX record: its mail does not come here", tell(domain)));
            case Dns.Answer.Failed<Dns.Exchanger>(var why) ->
                List.of(Finding.doubtful(AREA, domain + ": DNS does not answer for MX: " + why, "try again"));
        };
    }

    private List<Finding> exchangers(String domain, List<Dns.Exchanger> found) {
        if (found.stream().anyMatch(mx -> mx.host().isEmpty())) {
            return List.of(Finding.broken(
                    AREA, domain + " publishes that it takes no mail at all (a null MX, RFC 7505)", tell(domain)));
        }
        List<Dns.Exchanger> sorted = found.stream()
                .sorted(Comparator.comparingInt(Dns.Exchanger::preference))
                .toList();
        List<Finding> all = new ArrayList<>();
        boolean here = false;
        for (Dns.Exchanger mx : sorted) {
            boolean us = mx.host().equals(ours.host()) || leadsHere(mx.host());
            here |= us;
            if (!us && dns.addresses(mx.host()) instanceof Dns.Answer.NoSuchName<InetAddress>) {
                all.add(Finding.broken(AREA, domain + ": its MX " + mx.host() + " does not exist", tell(domain)));
            }
        }
        if (here) {
            all.add(Finding.well(AREA, domain + ": its mail comes here"));
        } else {
            all.add(Finding.doubtful(
                    AREA,
                    domain + ": its mail goes to " + sorted.getFirst().host() + ", not to " + ours.host(),
                    tell(domain)));
        }
        return all;
    }

    private boolean leadsHere(String host) {
        return dns.addresses(host) instanceof Dns.Answer.Found<InetAddress>(var found)
                && found.stream().anyMatch(ours.addresses()::contains);
    }

    private Finding texts(String domain) {
        return switch (dns.texts(domain)) {
            case Dns.Answer.Found<String>(var found) ->
                spf(domain, found.stream().filter(ZoneCheck::isSpf).toList());
            case Dns.Answer.NoSuchName<String> _, Dns.Answer.NoData<String> _ -> spf(domain, List.of());
            case Dns.Answer.Failed<String>(var why) ->
                Finding.doubtful(AREA, domain + ": DNS does not answer for TXT: " + why, "try again");
        };
    }

    /// RFC 7208 §4.5.
    private static boolean isSpf(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.equals("v=spf1") || lower.startsWith("v=spf1 ");
    }

    private Finding spf(String domain, List<String> records) {
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
        return namesUs(domain, terms)
                ? Finding.well(AREA, domain + ": its SPF record names this server")
                : Finding.doubtful(
                        AREA,
                        domain + ": its SPF record does not name this server in a way that was understood: "
                                + records.getFirst(),
                        "add mx, or a:" + ours.host());
    }

    /// Whether a term that needs no further look leads to us; what `include:` says is the provider's own.
    private boolean namesUs(String domain, List<String> terms) {
        return terms.stream()
                .map(term -> term.startsWith("+") ? term.substring(1) : term)
                .anyMatch(term -> switch (term) {
                    case "mx" ->
                        dns.exchangers(domain) instanceof Dns.Answer.Found<Dns.Exchanger>(var found)
                                && found.stream().anyMatch(mx -> mx.host().equals(ours.host()) || leadsHere(mx.host()));
                    case "a" -> leadsHere(domain);
                    default ->
                        term.equals("a:" + ours.host())
                                || Stream.of("ip4:", "ip6:")
                                        .anyMatch(tag -> term.startsWith(tag)
                                                && ours.addresses().stream()
                                                        .anyMatch(address -> Prefix.of(term.substring(tag.length()))
                                                                .filter(prefix -> prefix.holds(address))
                                                                .isPresent()));
                });
    }
}
