package qrate.zone;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import qrate.dmarc.DmarcRecord;
import qrate.dns.Dns;
import qrate.dns.Question;
import qrate.signer.HeldKey;
import qrate.spf.Spf;
import qrate.spf.SpfClient;
import qrate.spf.SpfPolicy;
import qrate.spf.SpfRecord;
import qrate.spf.SpfResult;

/// Says whether a row is in DNS as one resolver sees it. What means the same is right: another SPF record that lets us
/// send, a stricter DMARC policy.
///
/// @param keys that the domain's mail is signed with
record RowJudge(Dns dns, Ours ours, List<HeldKey> keys, InstantSource clock) {
    private static final int SHOWN_MAX = 10;
    private static final int SHOWN_CHARS_MAX = 500;

    RowSeen look(ZoneRow row) {
        return switch (row.kind()) {
            case MX -> exchangers(row);
            case SPF, HOST_SPF -> texts(row, SpfRecord::claims, found -> spf(row, found));
            case DKIM -> texts(row, _ -> true, found -> dkim(row, found));
            case DMARC -> texts(row, text -> DmarcRecord.parse(text).isPresent(), RowJudge::dmarc);
            case REPORTS_HERE -> texts(row, text -> text.startsWith("v=DMARC1"), RowSeen::right);
            case ADDRESS -> addresses(row);
            case REVERSE, SERVICE, NO_SERVICE -> among(row);
            case STS_HOST -> leads(row);
            case SETUP -> row.type().equals("SRV") ? among(row) : leads(row);
            case STS -> texts(row, text -> text.startsWith("v=STSv1"), found -> same(row, found));
            case TLS_REPORTS -> texts(row, text -> text.startsWith("v=TLSRPTv1"), RowJudge::reports);
            case TLSA -> tlsa(row);
            case CAA -> authorities(row);
        };
    }

    // --- what is there ----------------------------------------------------------------------------------------------

    private <T> RowSeen asked(Question<T> question, Function<T, String> text, Function<List<String>, RowSeen> judge) {
        return switch (dns.ask(question, Dns.QUESTION_MAX).answer()) {
            case Dns.Answer.Found<T>(List<T> all) -> {
                List<String> shown = all.stream().map(text).sorted().toList();
                yield shown(judge.apply(shown));
            }
            case Dns.Answer.NoSuchName<T> _, Dns.Answer.NoData<T> _ -> RowSeen.missing();
            case Dns.Answer.Failed<T>(var why) -> RowSeen.unknown(why);
        };
    }

    private static RowSeen shown(RowSeen seen) {
        List<String> values = seen.values().stream()
                .limit(SHOWN_MAX)
                .map(value -> value.length() > SHOWN_CHARS_MAX ? value.substring(0, SHOWN_CHARS_MAX) + "…" : value)
                .toList();
        return new RowSeen(seen.state(), values, seen.note());
    }

    /// Judges the texts of one kind; where there are none of it, it is missing.
    private RowSeen texts(ZoneRow row, Predicate<String> kind, Function<List<String>, RowSeen> judge) {
        return asked(Question.texts(row.name()), text -> text, all -> {
            List<String> found = all.stream().filter(kind).toList();
            return found.isEmpty() ? RowSeen.missing() : judge.apply(found);
        });
    }

    private RowSeen among(ZoneRow row) {
        Function<List<String>, RowSeen> judge =
                found -> found.containsAll(row.values()) ? RowSeen.right(found) : RowSeen.wrong(found, "");
        if (row.type().equals("PTR")) {
            return ours.addresses().stream()
                    .map(Question::names)
                    .filter(question -> question.name().equals(row.name()))
                    .findFirst()
                    .map(question -> asked(question, RowJudge::dotted, judge))
                    .orElseGet(RowSeen::missing);
        }
        return asked(
                Question.services(row.name()),
                one -> one.priority() + " " + one.weight() + " " + one.port() + " " + dotted(one.host()),
                judge);
    }

    private static String dotted(String host) {
        return host + ".";
    }

    private RowSeen exchangers(ZoneRow row) {
        return asked(Question.exchangers(row.name()), mx -> mx.preference() + " " + dotted(mx.host()), found -> {
            String us =
                    row.values().getFirst().substring(row.values().getFirst().indexOf(' '));
            if (found.stream().anyMatch(mx -> mx.endsWith(" ."))) {
                return RowSeen.wrong(found, "it says that the domain takes no mail at all (RFC 7505)");
            }
            return found.stream().anyMatch(mx -> mx.endsWith(us))
                    ? RowSeen.right(found)
                    : RowSeen.wrong(found, "its mail goes elsewhere");
        });
    }

    private RowSeen addresses(ZoneRow row) {
        Question<InetAddress> question = row.type().equals("A") ? Question.ipv4(row.name()) : Question.ipv6(row.name());
        return asked(question, InetAddress::getHostAddress, found -> {
            if (!found.containsAll(row.values())) {
                return RowSeen.wrong(found, "");
            }
            return row.values().containsAll(found)
                    ? RowSeen.right(found)
                    : RowSeen.wrong(found, "some of these are not ours, and mail that is sent there waits");
        });
    }

    /// A name that must lead to some web server: another may stand before ours.
    private RowSeen leads(ZoneRow row) {
        return switch (dns.addresses(row.name())) {
            case Dns.Answer.Found<InetAddress>(var all) ->
                RowSeen.right(all.stream().map(InetAddress::getHostAddress).toList());
            case Dns.Answer.NoSuchName<InetAddress> _, Dns.Answer.NoData<InetAddress> _ -> RowSeen.missing();
            case Dns.Answer.Failed<InetAddress>(var why) -> RowSeen.unknown(why);
        };
    }

    // --- what it means ----------------------------------------------------------------------------------------------

    private static RowSeen same(ZoneRow row, List<String> found) {
        String wanted = bare(row.values().getFirst());
        return found.size() == 1 && bare(found.getFirst()).equals(wanted)
                ? RowSeen.right(found)
                : RowSeen.wrong(found, found.size() > 1 ? "there must be one" : "");
    }

    private static String bare(String text) {
        String bare = text.replaceAll("\\s", "");
        return bare.endsWith(";") ? bare.substring(0, bare.length() - 1) : bare;
    }

    private RowSeen spf(ZoneRow row, List<String> found) {
        if (found.size() > 1) {
            return RowSeen.wrong(found, "there are " + found.size() + " SPF records, which counts as an error");
        }
        for (String term : found.getFirst().toLowerCase(Locale.ROOT).split(" +", -1)) {
            if (term.equals("all") || term.equals("+all")) {
                return RowSeen.wrong(found, "it lets everybody send (+all)");
            }
        }
        List<InetAddress> addresses = ours.addresses().isEmpty()
                        && dns.addresses(ours.host()) instanceof Dns.Answer.Found<InetAddress>(var all)
                ? all
                : ours.addresses();
        if (addresses.isEmpty()) {
            return new RowSeen(RowSeen.State.UNKNOWN, found, "no address of ours is known to try it with");
        }
        Spf spf = new Spf(dns, clock, SpfPolicy.of(ours.host()));
        for (InetAddress address : addresses) {
            SpfClient client = new SpfClient(address, row.name());
            SpfResult result = row.kind() == ZoneRow.Kind.SPF
                    ? spf.mailFrom(client, "postmaster@" + row.name())
                    : spf.helo(client);
            if (result instanceof SpfResult.TempError) {
                return new RowSeen(RowSeen.State.UNKNOWN, found, result.reason());
            }
            if (!(result instanceof SpfResult.Pass)) {
                return RowSeen.wrong(found, result.reason());
            }
        }
        return RowSeen.right(found);
    }

    private RowSeen dkim(ZoneRow row, List<String> found) {
        Optional<HeldKey> key =
                keys.stream().filter(one -> one.place().equals(row.name())).findFirst();
        boolean there = key.isPresent() && found.stream().anyMatch(key.get()::isPublishedBy);
        if (!there) {
            return RowSeen.wrong(found, "it is another key, or a damaged one");
        }
        return found.size() == 1
                ? RowSeen.right(found)
                : RowSeen.wrong(found, "there are more texts than the key at its name (RFC 6376 §3.6.2.2)");
    }

    private static RowSeen dmarc(List<String> found) {
        if (found.size() > 1) {
            return RowSeen.wrong(found, "there are " + found.size() + " DMARC records, of which none counts");
        }
        DmarcRecord record = DmarcRecord.parse(found.getFirst()).orElseThrow();
        return record.policies().usable()
                ? RowSeen.right(found)
                : RowSeen.wrong(found, String.join("; ", record.faults()));
    }

    private static RowSeen reports(List<String> found) {
        return found.size() == 1 && found.getFirst().contains("rua=")
                ? RowSeen.right(found)
                : RowSeen.wrong(found, found.size() > 1 ? "there must be one" : "it names nobody (rua=)");
    }

    /// TLSA counts only where a resolver that checks signatures vouches for it (RFC 7672 §2.1).
    private RowSeen tlsa(ZoneRow row) {
        String host = row.name().substring(row.name().indexOf("._tcp.") + "._tcp.".length());
        boolean signed = dns.ask(Question.ipv4(host), Dns.QUESTION_MAX).authentic()
                || dns.ask(Question.ipv6(host), Dns.QUESTION_MAX).authentic();
        RowSeen seen = asked(
                Question.associations(row.name()),
                one -> one.usage() + " " + one.selector() + " " + one.matching() + " " + one.data(),
                found -> found.containsAll(row.values())
                        ? RowSeen.right(found)
                        : RowSeen.wrong(
                                found,
                                found.stream().anyMatch(row.values()::contains)
                                        ? "a key is missing: mail will wait after the next renewal"
                                        : "it is not our key: whoever checks it sends us no mail"));
        if (signed || seen.state() == RowSeen.State.UNKNOWN) {
            return seen;
        }
        return new RowSeen(
                RowSeen.State.NOT_NEEDED,
                seen.values(),
                "no resolver that checks DNSSEC says that the zone of " + host + " is signed");
    }

    /// The nearest set above the name counts (RFC 8659 §3).
    private RowSeen authorities(ZoneRow row) {
        String ca = row.values().getFirst();
        String name = row.name();
        while (name.contains(".")) {
            RowSeen seen = asked(
                    Question.authorities(name),
                    one -> (one.critical() ? "128 " : "0 ") + one.tag() + " \"" + one.value() + "\"",
                    found -> authority(found, ca));
            if (seen.state() != RowSeen.State.MISSING) {
                return seen;
            }
            name = name.substring(name.indexOf('.') + 1);
        }
        return new RowSeen(RowSeen.State.NOT_NEEDED, List.of(), "every CA may give certificates for the name");
    }

    private static RowSeen authority(List<String> found, String wanted) {
        String ca = wanted.substring(wanted.indexOf('"')).replace("\"", "");
        List<String> named = new ArrayList<>();
        for (String one : found) {
            if (one.contains(" issue ")) {
                named.add(one.substring(one.indexOf('"') + 1)
                        .split("[;\"]", -1)[0]
                        .strip());
            }
        }
        return named.isEmpty() || named.contains(ca)
                ? RowSeen.right(found)
                : RowSeen.wrong(found, "our CA may give us no certificate: the next renewal fails");
    }
}
