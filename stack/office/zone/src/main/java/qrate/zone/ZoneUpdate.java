package qrate.zone;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;
import qrate.dns.Dns;
import qrate.dns.DnsClient;
import qrate.dns.Question;
import qrate.zone.RowSeen.State;

/// Makes a name server of one's own say what a domain should publish. What is there and means the same stays; what is
/// not ours is never removed, and said to be for a human.
///
/// @param resolver for names that are not in the server's zones, and for whether a zone is signed
public record ZoneUpdate(NameServer server, Dns resolver, StsFetch policy, InstantSource clock) {
    /// Most records of one set that are looked at.
    static final int RECORDS_MAX = 100;

    /// One set that changes.
    ///
    /// @param zone that it is in
    /// @param before the whole set, as the server has it
    public record Change(ZoneRow row, Name zone, List<Record> before, List<Record> remove, List<Record> add) {
        public Change {
            before = List.copyOf(before);
            remove = List.copyOf(remove);
            add = List.copyOf(add);
        }

        /// `- ` and `+ ` and a line of a zone file, one a record.
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            remove.forEach(record -> lines.add("- " + line(record)));
            add.forEach(record -> lines.add("+ " + line(record)));
            return lines;
        }

        private static String line(Record record) {
            return record.getName() + " " + record.getTTL() + " IN " + Type.string(record.getType()) + " "
                    + record.rdataToString();
        }
    }

    /// A row that is not as it should be, and is not changed.
    public record ByHand(ZoneRow row, String why) {}

    /// What is to be done.
    public record Plan(List<Change> changes, List<ByHand> byHand) {
        public Plan {
            changes = List.copyOf(changes);
            byHand = List.copyOf(byHand);
        }
    }

    /// Looks at what the server has, and changes nothing.
    ///
    /// @param domain rows that it should have; those of zones that it does not serve are for somebody else
    /// @param parts what the rows were made of
    /// @throws IOException when it does not answer as it should
    public Plan plan(DomainRows domain, Ours ours, DomainRows.Parts parts) throws IOException, InterruptedException {
        List<Change> changes = new ArrayList<>();
        List<ByHand> byHand = new ArrayList<>();
        Here here = new Here(server.place(), resolver);
        RowJudge judge = new RowJudge(here, ours, parts.keys(), clock);
        for (ZoneRow row : domain.rows()) {
            Name name = Name.fromString(row.name(), Name.root);
            Optional<Name> zone = server.zone(name);
            if (zone.isEmpty()) {
                continue;
            }
            here.zones.add(zone.get().toString(true).toLowerCase(Locale.ROOT));
            Optional<String> not = unready(domain.domain(), row, parts);
            if (not.isPresent()) {
                not.filter(why -> !why.isEmpty()).ifPresent(why -> byHand.add(new ByHand(row, why)));
                continue;
            }
            List<Record> before = server.records(name, Type.value(row.type()));
            if (before.size() > RECORDS_MAX) {
                byHand.add(new ByHand(row, "there are " + before.size() + " records at its name"));
                continue;
            }
            switch (wish(row, judge, name.equals(zone.get()), before)) {
                case Wish.Nothing _ -> {}
                case Wish.Human(var why) -> byHand.add(new ByHand(row, why));
                case Wish.Swap(var gone, var values) -> {
                    Change change = change(row, zone.get(), before, gone, values);
                    if (!change.lines().isEmpty()) {
                        changes.add(change);
                    }
                }
            }
        }
        return new Plan(changes, byHand);
    }

    /// Why a row is not to be published now: a reason, empty for one that nobody needs to hear; nothing when it is.
    private Optional<String> unready(String domain, ZoneRow row, DomainRows.Parts parts) throws InterruptedException {
        return switch (row.kind()) {
            case STS -> {
                RowSeen served = policy.look(domain, parts.sts().orElseThrow());
                yield served.state() == State.RIGHT ? Optional.empty() : Optional.of(served.note());
            }
            case TLSA -> {
                String host = row.name().substring(row.name().indexOf("._tcp.") + "._tcp.".length());
                yield resolver.ask(Question.ipv4(host), Dns.QUESTION_MAX).authentic()
                                || resolver.ask(Question.ipv6(host), Dns.QUESTION_MAX)
                                        .authentic()
                        ? Optional.empty()
                        : Optional.of("");
            }
            case CAA, SETUP -> Optional.of("");
            case MX,
                    SPF,
                    HOST_SPF,
                    DKIM,
                    DMARC,
                    REPORTS_HERE,
                    ADDRESS,
                    REVERSE,
                    STS_HOST,
                    TLS_REPORTS,
                    SERVICE,
                    NO_SERVICE -> Optional.empty();
        };
    }

    /// What a row needs.
    private sealed interface Wish {
        /// It is as it should be.
        record Nothing() implements Wish {}

        /// Somebody who knows what is meant must decide.
        record Human(String why) implements Wish {}

        /// Some records go, and values come.
        record Swap(List<Record> gone, List<String> values) implements Wish {}
    }

    /// @param apex whether the row is at the top of its zone, where others have records, too
    private Wish wish(ZoneRow row, RowJudge judge, boolean apex, List<Record> before) throws IOException {
        if (row.type().equals("CNAME")) { // may lead to where this server knows nothing
            Name name = Name.fromString(row.name(), Name.root);
            boolean taken = !before.isEmpty()
                    || !server.records(name, Type.A).isEmpty()
                    || !server.records(name, Type.AAAA).isEmpty();
            return taken ? new Wish.Nothing() : new Wish.Swap(List.of(), row.values());
        }
        RowSeen seen = judge.look(row);
        return switch (seen.state()) {
            case RIGHT -> new Wish.Nothing();
            case UNKNOWN -> new Wish.Human(seen.note());
            case MISSING -> new Wish.Swap(List.of(), row.values());
            // TLSA: whether the zone is signed was asked before, and its own server vouches for nothing
            case NOT_NEEDED -> sameAs(row, before) ? new Wish.Nothing() : new Wish.Swap(before, row.values());
            case WRONG, DIFFERS -> wrong(row, seen, apex, before);
        };
    }

    private static Wish wrong(ZoneRow row, RowSeen seen, boolean apex, List<Record> before) {
        return switch (row.kind()) {
            case DKIM, STS, TLSA, SERVICE, REVERSE -> new Wish.Swap(before, row.values());
            case SPF, HOST_SPF -> spf(row, seen, before);
            case ADDRESS ->
                apex
                        ? new Wish.Human("it is a domain's own address, which a web server may need")
                        : new Wish.Swap(before, row.values());
            case MX, DMARC, REPORTS_HERE, STS_HOST, TLS_REPORTS, CAA, NO_SERVICE, SETUP ->
                new Wish.Human(seen.note().isEmpty() ? "something else is there" : seen.note());
        };
    }

    /// Somebody else's words in it stay.
    private static Wish spf(ZoneRow row, RowSeen seen, List<Record> before) {
        List<Record> ours = before.stream()
                .filter(record -> text(record).toLowerCase(Locale.ROOT).startsWith("v=spf1"))
                .toList();
        if (ours.size() != 1) {
            return new Wish.Human(seen.note());
        }
        String word = row.kind() == ZoneRow.Kind.SPF ? "mx" : "a";
        String text = text(ours.getFirst());
        List<String> terms = List.of(text.toLowerCase(Locale.ROOT).split(" +", -1));
        if (terms.contains(word) || terms.contains("+" + word) || terms.contains("all") || terms.contains("+all")) {
            return new Wish.Human(seen.note());
        }
        String mended = "v=spf1 " + word + text.substring("v=spf1".length());
        return new Wish.Swap(ours, List.of(mended));
    }

    private static String text(Record record) {
        return String.join("", ((TXTRecord) record).getStrings());
    }

    private static boolean sameAs(ZoneRow row, List<Record> before) {
        return before.stream()
                .map(record -> record.rdataToString().toLowerCase(Locale.ROOT))
                .sorted()
                .toList()
                .equals(row.values().stream().sorted().toList());
    }

    private static Change change(ZoneRow row, Name zone, List<Record> before, List<Record> gone, List<String> values)
            throws IOException {
        Name name = Name.fromString(row.name(), Name.root);
        List<Record> add = new ArrayList<>();
        for (String value : values) {
            add.add(Record.fromString(
                    name, Type.value(row.type()), DClass.IN, ZoneRow.TTL_SECONDS, row.data(value), Name.root));
        }
        List<Record> remove =
                gone.stream().filter(record -> !add.contains(record)).toList();
        return new Change(
                row,
                zone,
                before,
                remove,
                add.stream().filter(record -> !gone.contains(record)).toList());
    }

    /// Makes the changes, all of one zone or none. Each set must still be as it was when it was looked at.
    ///
    /// @throws IOException when the server does not make them
    public void send(List<Change> changes) throws IOException {
        Map<Name, Update> updates = new LinkedHashMap<>();
        for (Change change : changes) {
            Update update = updates.computeIfAbsent(change.zone(), Update::new);
            Name name = Name.fromString(change.row().name(), Name.root);
            if (change.before().isEmpty()) {
                update.absent(name, Type.value(change.row().type()));
            } else {
                for (Record record : change.before()) {
                    update.present(bare(record));
                }
            }
            change.remove().forEach(update::delete);
            change.add().forEach(update::add);
        }
        for (Map.Entry<Name, Update> each : updates.entrySet()) {
            Message answer = server.send(each.getValue());
            String zone = each.getKey().toString(true);
            switch (answer.getRcode()) {
                case Rcode.NOERROR -> {}
                case Rcode.NXRRSET, Rcode.YXRRSET, Rcode.NXDOMAIN, Rcode.YXDOMAIN ->
                    throw new IOException(zone + " was changed meanwhile: nothing is done; run it again");
                case Rcode.REFUSED, Rcode.NOTAUTH ->
                    throw new IOException(server + " refuses to change " + zone + " by our key");
                default ->
                    throw new IOException(
                            server + " answers " + Rcode.string(answer.getRcode()) + ": nothing is changed in " + zone);
            }
        }
    }

    /// As RFC 2136 §2.4.2 wants it: all of these together are the whole set; without a TTL.
    private static Record bare(Record record) {
        return Record.newRecord(record.getName(), record.getType(), DClass.IN, 0, record.rdataToWireCanonical());
    }

    /// The server for its own zones, the resolver for all others.
    private static final class Here implements Dns {
        private final List<String> zones = new ArrayList<>();
        private final Dns own;
        private final Dns resolver;

        Here(InetSocketAddress place, Dns resolver) {
            this.own = DnsClient.forgetful(List.of(place));
            this.resolver = resolver;
        }

        @Override
        public <T> Reply<T> ask(Question<T> question, Duration longest) {
            String name = question.name().toLowerCase(Locale.ROOT);
            boolean here = zones.stream().anyMatch(zone -> name.equals(zone) || name.endsWith("." + zone));
            return (here ? own : resolver).ask(question, longest);
        }
    }
}
