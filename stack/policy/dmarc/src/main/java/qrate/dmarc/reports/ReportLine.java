package qrate.dmarc.reports;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.dmarc.AuthResult;
import qrate.dmarc.Disposition;
import qrate.dmarc.DmarcOutcome;
import qrate.dmarc.DmarcOutcome.Published;
import qrate.dmarc.DmarcOutcome.Result;
import qrate.dmarc.DmarcRecord;
import qrate.dmarc.Evidence;
import qrate.dmarc.PolicyOverride;
import qrate.dmarc.reports.AggregateReport.Dkim;
import qrate.dmarc.reports.AggregateReport.Evaluated;
import qrate.dmarc.reports.AggregateReport.Identifiers;
import qrate.dmarc.reports.AggregateReport.Reason;
import qrate.dmarc.reports.AggregateReport.Row;
import qrate.dmarc.reports.AggregateReport.Spf;
import qrate.dns.Hosts;

/// All that a report tells of a message, as one line: `name=value&…` without blanks. Messages of one line are
/// one row. Readers pass over names that they do not know.
final class ReportLine {
    /// Longest line, in characters. Signatures that do not fit are left out.
    static final int LINE_CHARS_MAX = 8_000;

    private static final int SIGNATURES_MAX = 20;
    private static final int VALUE_CHARS_MAX = 300;

    private ReportLine() {}

    /// Nothing where a domain is told nothing: it has no `rua`, or DMARC was not applied.
    static Optional<String> of(DmarcOutcome outcome, Evidence evidence, InetAddress source) {
        Optional<Published> published =
                outcome.published().filter(policy -> !policy.record().rua().isEmpty());
        boolean applied = outcome.result() == Result.PASS || outcome.result() == Result.FAIL;
        if (published.isEmpty() || !applied) {
            return Optional.empty();
        }
        boolean enforced = outcome.result() == Result.PASS && outcome.wish().asked() != Disposition.NONE;
        Evidence.Spf spf = evidence.spf();
        StringBuilder line = new StringBuilder();
        put(line, "domain", published.get().domain());
        line.append("&record=")
                .append(URLEncoder.encode(published.get().record().text(), UTF_8));
        put(line, "ip", Hosts.text(source));
        put(line, "did", enforced ? "pass" : outcome.wish().disposition().word());
        put(line, "dkim", outcome.aligned().dkim().isEmpty() ? "fail" : "pass");
        put(line, "spf", outcome.aligned().spf() ? "pass" : "fail");
        put(line, "author", outcome.author());
        put(line, "from", spf.mailFrom());
        put(line, "s", spf.result().word() + "," + spf.domain());
        for (PolicyOverride override : outcome.wish().overrides()) {
            put(line, "why", override.kind().word() + "," + override.comment());
        }
        List<Evidence.Dkim> ordered = evidence.dkim().stream()
                .sorted(Comparator.comparingInt(one -> order(one, outcome)))
                .limit(SIGNATURES_MAX)
                .toList();
        for (Evidence.Dkim dkim : ordered) {
            int before = line.length();
            put(line, "d", dkim.result().word() + "," + dkim.domain() + "," + dkim.selector());
            if (line.length() > LINE_CHARS_MAX) {
                line.setLength(before);
                break;
            }
        }
        return line.length() > LINE_CHARS_MAX ? Optional.empty() : Optional.of(line.substring(1));
    }

    /// RFC 9990 §3.1.3: strictly aligned, aligned, passed, others.
    private static int order(Evidence.Dkim dkim, DmarcOutcome outcome) {
        boolean passed = dkim.result() == AuthResult.PASS;
        return passed && dkim.domain().equalsIgnoreCase(outcome.author())
                ? 0
                : passed && outcome.aligned().dkim().contains(dkim.domain()) ? 1 : passed ? 2 : 3;
    }

    private static void put(StringBuilder line, String name, String value) {
        String bounded = value.length() > VALUE_CHARS_MAX ? value.substring(0, VALUE_CHARS_MAX) : value;
        line.append('&').append(name).append('=').append(URLEncoder.encode(bounded, UTF_8));
    }

    /// A line's fields, each with its values.
    static Map<String, List<String>> fields(String line) {
        Map<String, List<String>> fields = new HashMap<>();
        for (String pair : line.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                try {
                    String value = URLDecoder.decode(pair.substring(equals + 1), UTF_8);
                    fields.computeIfAbsent(pair.substring(0, equals), _ -> new ArrayList<>())
                            .add(value);
                } catch (IllegalArgumentException _) {
                    // what a disk made of it
                }
            }
        }
        return fields;
    }

    /// The policy of a line; nothing when it is none of ours.
    static Optional<Published> policy(Map<String, List<String>> fields) {
        String domain = first(fields, "domain");
        return domain.isEmpty()
                ? Optional.empty()
                : DmarcRecord.parse(first(fields, "record")).map(record -> new Published(domain, record));
    }

    static Row row(Map<String, List<String>> fields, long count) {
        List<Reason> reasons = fields.getOrDefault("why", List.of()).stream()
                .map(why -> why.split(",", 2))
                .map(why -> new Reason(why[0], why.length > 1 ? why[1] : ""))
                .toList();
        List<Dkim> dkim = fields.getOrDefault("d", List.of()).stream()
                .map(one -> one.split(",", 3))
                .filter(one -> one.length == 3)
                .map(one -> new Dkim(one[1], one[2], one[0]))
                .toList();
        String[] spf = first(fields, "s").split(",", 2);
        return new Row(
                first(fields, "ip"),
                count,
                new Evaluated(first(fields, "did"), first(fields, "dkim"), first(fields, "spf"), reasons),
                new Identifiers(first(fields, "author"), first(fields, "from"), ""),
                dkim,
                new Spf(spf.length > 1 ? spf[1] : "", "mfrom", spf[0]));
    }

    static String first(Map<String, List<String>> fields, String name) {
        return fields.getOrDefault(name, List.of("")).getFirst();
    }
}
