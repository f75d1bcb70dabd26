package qrate.doctor;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.ReverseMap;
import qrate.core.DomainName;
import qrate.signer.HeldKey;

/// The records that a mail domain publishes.
///
/// @param domain in ASCII
/// @param records in the order in which they are best made
record DnsRecords(String domain, List<Entry> records) {
    /// Seconds that others may keep a record.
    static final int TTL_SECONDS = 3600;

    private static final int TEXT_CHARS_MAX = 255;
    private static final int SUBMISSION = 587;
    private static final int SUBMISSIONS = 465;
    private static final int POP3S = 995;

    /// One set of records.
    ///
    /// @param name whole, without the final dot
    /// @param values as they stand in a zone, names whole with the final dot, texts without quotes
    /// @param why for whoever publishes it
    /// @param where who can publish it, where that is not whoever has the domain's zone
    record Entry(String name, String type, List<String> values, String why, Optional<String> where) {
        Entry {
            values = List.copyOf(values);
        }

        private static Entry of(String name, String type, String value, String why) {
            return new Entry(name, type, List.of(value), why, Optional.empty());
        }
    }

    /// @param host our own name, `control/me`
    /// @param addresses by which the world reaches us; none leaves its records out
    /// @param keys that its mail is signed with
    static DnsRecords of(String domain, String host, List<InetAddress> addresses, List<HeldKey> keys) {
        String own = DomainName.ascii(domain).toLowerCase(Locale.ROOT);
        String us = DomainName.ascii(host).toLowerCase(Locale.ROOT);
        List<Entry> all = new ArrayList<>();
        all.add(Entry.of(own, "MX", "10 " + us + ".", "mail for the domain comes to us"));
        all.add(Entry.of(
                own, "TXT", "v=spf1 mx -all", "only we send mail of the domain (add `include:` of whoever else does)"));
        keys.forEach(key -> all.add(Entry.of(key.place(), "TXT", key.record(), why(key.state()))));
        all.add(Entry.of(
                "_dmarc." + own,
                "TXT",
                "v=DMARC1; p=none",
                "large providers want one (p=quarantine or p=reject once all mail of the domain is signed)"));
        for (String type : List.of("A", "AAAA")) {
            List<String> values = addresses.stream()
                    .filter(address -> address instanceof Inet4Address == type.equals("A"))
                    .map(InetAddress::getHostAddress)
                    .toList();
            if (!values.isEmpty()) {
                all.add(new Entry(us, type, values, "where we are", zoneOf(us, own)));
            }
        }
        if (!us.equals(own)) {
            all.add(new Entry(us, "TXT", List.of("v=spf1 a -all"), "bounces are ours too", zoneOf(us, own)));
        }
        for (InetAddress address : addresses) {
            Name reverse = ReverseMap.fromAddress(address);
            all.add(new Entry(
                    reverse.toString(true),
                    "PTR",
                    List.of(us + "."),
                    "many servers refuse mail of an address without it",
                    Optional.of("whoever gave you the address")));
        }
        all.addAll(services(own, us));
        return new DnsRecords(own, List.copyOf(all));
    }

    private static String why(HeldKey.State state) {
        return switch (state) {
            case WAITS -> "mail of the domain is signed with this key from when the record is there";
            case SIGNS -> "mail of the domain is signed with this key";
            case RESTS -> "mail of the last days was signed with this key; it goes when it is no longer listed";
        };
    }

    private static Optional<String> zoneOf(String host, String domain) {
        return host.equals(domain) || host.endsWith("." + domain)
                ? Optional.empty()
                : Optional.of("the zone of " + host);
    }

    /// How mail programs find us: RFC 6186, RFC 8314 §5.1.
    private static List<Entry> services(String domain, String host) {
        List<Entry> all = new ArrayList<>();
        Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("_submissions", SUBMISSIONS);
        ours.put("_submission", SUBMISSION);
        ours.put("_pop3s", POP3S);
        ours.forEach((service, port) -> all.add(Entry.of(
                service + "._tcp." + domain,
                "SRV",
                "0 1 " + port + " " + host + ".",
                "mail programs set themselves up")));
        for (String service : List.of("_imap", "_imaps")) {
            all.add(Entry.of(service + "._tcp." + domain, "SRV", "0 0 0 .", "there is no IMAP here"));
        }
        return all;
    }

    /// A zone file's lines (RFC 1035 §5). What stands in another zone is a comment that says whose it is.
    List<String> zone() {
        List<String> lines = new ArrayList<>();
        lines.add("; " + domain + ": what to publish for mail");
        for (Entry entry : records) {
            String front = entry.where().map(_ -> "; ").orElse("");
            lines.add("; " + entry.why()
                    + entry.where().map(w -> " (ask " + w + ")").orElse(""));
            for (String value : entry.values()) {
                lines.add(front + entry.name() + ". " + TTL_SECONDS + " IN " + entry.type() + " "
                        + (entry.type().equals("TXT") ? quoted(value) : value));
            }
        }
        return lines;
    }

    /// Strings of at most 255 characters, in quotes.
    static String quoted(String text) {
        StringBuilder parts = new StringBuilder();
        int from = 0;
        do {
            int to = Math.min(from + TEXT_CHARS_MAX, text.length());
            String part = text.substring(from, to).replace("\\", "\\\\").replace("\"", "\\\"");
            parts.append(parts.isEmpty() ? "" : " ").append('"').append(part).append('"');
            from = to;
        } while (from < text.length());
        return parts.toString();
    }

    /// For Terraform, octoDNS and scripts: a list of `{name, type, ttl, values, why, where}`.
    List<Map<String, Object>> json() {
        return records.stream()
                .map(entry -> {
                    Map<String, Object> members = new LinkedHashMap<>();
                    members.put("name", entry.name());
                    members.put("type", entry.type());
                    members.put("ttl", TTL_SECONDS);
                    members.put("values", entry.values());
                    members.put("why", entry.why());
                    members.put("where", entry.where().orElse(""));
                    return members;
                })
                .toList();
    }
}
