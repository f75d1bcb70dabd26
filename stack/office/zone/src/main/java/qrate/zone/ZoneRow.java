package qrate.zone;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One set of records that a domain publishes.
///
/// @param name whole, in ASCII, without the final dot
/// @param values as they stand in a zone, names whole with the final dot, texts without quotes; at least one
/// @param why for whoever publishes it
/// @param where who can publish it, where that is not whoever has the domain's zone
public record ZoneRow(Kind kind, String name, String type, List<String> values, String why, Optional<String> where) {
    /// Seconds that others may keep a record.
    public static final int TTL_SECONDS = 3600;

    private static final int TEXT_CHARS_MAX = 255;

    /// How much depends on a row.
    public enum Need {
        /// mail does not come, or is refused elsewhere, without it
        REQUIRED,
        /// it makes things better
        ADVISED,
        /// only where something else is so: it stands in a zone file as a comment
        OPTIONAL
    }

    /// What a row is for.
    public enum Kind {
        /// where mail goes
        MX(Need.REQUIRED),
        /// who sends for the domain
        SPF(Need.REQUIRED),
        /// who sends bounces
        HOST_SPF(Need.ADVISED),
        /// a key that mail is signed with
        DKIM(Need.REQUIRED),
        /// what others do with mail that is not the domain's
        DMARC(Need.REQUIRED),
        /// that reports on other domains are taken here (RFC 9990 §4)
        REPORTS_HERE(Need.ADVISED),
        /// where this host is
        ADDRESS(Need.REQUIRED),
        /// what an address leads back to
        REVERSE(Need.REQUIRED),
        /// where the policy on TLS is fetched (RFC 8461 §3.3)
        STS_HOST(Need.ADVISED),
        /// which policy on TLS there is (RFC 8461 §3.1)
        STS(Need.ADVISED),
        /// where reports on TLS go (RFC 8460 §3)
        TLS_REPORTS(Need.ADVISED),
        /// what the certificate's key is (RFC 7672)
        TLSA(Need.OPTIONAL),
        /// which CA may give certificates (RFC 8659)
        CAA(Need.OPTIONAL),
        /// where mail programs find a service (RFC 6186)
        SERVICE(Need.ADVISED),
        /// that a service is not there
        NO_SERVICE(Need.OPTIONAL),
        /// where mail programs fetch their settings
        SETUP(Need.OPTIONAL);

        private final Need need;

        Kind(Need need) {
            this.need = need;
        }

        /// How much depends on it.
        public Need need() {
            return need;
        }
    }

    public ZoneRow {
        values = List.copyOf(values);
    }

    static ZoneRow of(Kind kind, String name, String type, String value, String why) {
        return new ZoneRow(kind, name, type, List.of(value), why, Optional.empty());
    }

    /// Whether it stands in a zone file as a comment: it is another's zone, or something else must be so first.
    boolean isComment() {
        return where.isPresent() || kind == Kind.TLSA || kind == Kind.CAA || kind == Kind.SETUP;
    }

    /// Its lines in a zone file (RFC 1035 §5), one a value.
    public List<String> lines() {
        return values.stream()
                .map(value -> name + ". " + TTL_SECONDS + " IN " + type + " " + data(value))
                .toList();
    }

    /// A value as a zone file has it.
    String data(String value) {
        return type.equals("TXT") ? quoted(value) : value;
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

    /// `{name, type, ttl, values, why, where}`.
    public Map<String, Object> json() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", name);
        members.put("type", type);
        members.put("ttl", TTL_SECONDS);
        members.put("values", values);
        members.put("why", why);
        members.put("where", where.orElse(""));
        return members;
    }
}
