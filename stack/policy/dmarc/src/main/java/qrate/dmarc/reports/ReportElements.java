package qrate.dmarc.reports;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import qrate.dmarc.DomainNames;
import qrate.dmarc.reports.AggregateReport.Dkim;
import qrate.dmarc.reports.AggregateReport.Evaluated;
import qrate.dmarc.reports.AggregateReport.Identifiers;
import qrate.dmarc.reports.AggregateReport.Metadata;
import qrate.dmarc.reports.AggregateReport.Period;
import qrate.dmarc.reports.AggregateReport.Policies;
import qrate.dmarc.reports.AggregateReport.Published;
import qrate.dmarc.reports.AggregateReport.Reason;
import qrate.dmarc.reports.AggregateReport.Row;
import qrate.dmarc.reports.AggregateReport.Spf;
import qrate.dmarc.reports.ReportReader.Unreadable;
import qrate.dns.Hosts;

/// Makes a report of a document's elements as they open and close. Of what stands twice the first counts.
final class ReportElements {
    /// Most children of one element that are kept.
    private static final int CHILDREN_MAX = 32;

    private static final int SIGNATURES_MAX = 100; // RFC 9990 §3.1.3
    private static final int REASONS_MAX = 20;
    private static final long SECONDS_MAX = 253_402_300_799L; // the year 9999
    private static final long COUNT_MAX = 1_000_000_000_000L;

    private final Deque<Element> open = new ArrayDeque<>();
    private Map<String, String> metadata = Map.of();
    private Map<String, String> dates = Map.of();
    private Map<String, String> policy = Map.of();
    private final List<Row> rows = new ArrayList<>();
    private RowParts parts = new RowParts();

    private static final class Element {
        private final String path;
        private final String name;
        private final StringBuilder text = new StringBuilder();
        private Map<String, String> children = Map.of();
        private boolean leaf = true;

        Element(String path, String name) {
            this.path = path;
            this.name = name;
        }

        void put(String child, String value) {
            children = children.isEmpty() ? new HashMap<>() : children;
            if (children.size() < CHILDREN_MAX) {
                children.putIfAbsent(child, value);
            }
        }
    }

    private static final class RowParts {
        private Map<String, String> row = Map.of();
        private Map<String, String> evaluated = Map.of();
        private Map<String, String> identifiers = Map.of();
        private final List<Reason> reasons = new ArrayList<>();
        private final List<Dkim> dkim = new ArrayList<>();
        private final List<Spf> spf = new ArrayList<>();
    }

    int depth() {
        return open.size();
    }

    void open(String name) throws Unreadable {
        Element parent = open.peek();
        if (parent == null && !name.equals("feedback")) {
            throw new Unreadable("no DMARC report");
        }
        if (parent != null) {
            parent.leaf = false;
        }
        open.push(new Element(parent == null ? "" : parent.path + "/" + name, name));
    }

    void text(char[] chars, int from, int count) {
        Element element = open.peek();
        if (element != null) {
            int room = ReportReader.TEXT_CHARS_MAX - element.text.length();
            element.text.append(chars, from, Math.min(count, room));
        }
    }

    void close() throws Unreadable {
        Element element = open.pop();
        Element parent = open.peek();
        if (element.leaf && parent != null) {
            parent.put(element.name, element.text.toString().strip());
            return;
        }
        Map<String, String> found = element.children;
        switch (element.path) {
            case "/report_metadata" -> metadata = found;
            case "/report_metadata/date_range" -> dates = found;
            case "/policy_published" -> policy = found;
            case "/record/row" -> parts.row = found;
            case "/record/row/policy_evaluated" -> parts.evaluated = found;
            case "/record/row/policy_evaluated/reason" -> {
                if (parts.reasons.size() < REASONS_MAX) {
                    parts.reasons.add(new Reason(word(found, "type"), text(found, "comment")));
                }
            }
            case "/record/identifiers", "/record/identities" -> parts.identifiers = found;
            case "/record/auth_results/dkim" -> {
                if (parts.dkim.size() < SIGNATURES_MAX) {
                    parts.dkim.add(new Dkim(word(found, "domain"), text(found, "selector"), word(found, "result")));
                }
            }
            case "/record/auth_results/spf" -> {
                if (parts.spf.size() < SIGNATURES_MAX) {
                    parts.spf.add(new Spf(word(found, "domain"), word(found, "scope"), word(found, "result")));
                }
            }
            case "/record" -> row();
            default -> {
                // nothing that is asked for
            }
        }
    }

    private void row() throws Unreadable {
        Optional<String> source = Hosts.literal(text(parts.row, "source_ip")).map(Hosts::text);
        if (source.isEmpty()) {
            throw new Unreadable("a record without the address of a client");
        }
        if (rows.size() == ReportReader.ROWS_MAX) {
            throw new Unreadable("more than " + ReportReader.ROWS_MAX + " records");
        }
        Evaluated evaluated = new Evaluated(
                word(parts.evaluated, "disposition"),
                word(parts.evaluated, "dkim"),
                word(parts.evaluated, "spf"),
                parts.reasons);
        Identifiers identifiers = new Identifiers(
                word(parts.identifiers, "header_from"),
                word(parts.identifiers, "envelope_from"),
                word(parts.identifiers, "envelope_to"));
        Spf spf = parts.spf.stream()
                .filter(one -> one.scope().equals("mfrom"))
                .findFirst()
                .orElse(parts.spf.isEmpty() ? new Spf("", "", "") : parts.spf.getFirst());
        long count = number(parts.row, "count", COUNT_MAX);
        rows.add(new Row(source.get(), count, evaluated, identifiers, parts.dkim, spf));
        parts = new RowParts();
    }

    AggregateReport report() throws Unreadable {
        Period period = new Period(
                Instant.ofEpochSecond(number(dates, "begin", SECONDS_MAX)),
                Instant.ofEpochSecond(number(dates, "end", SECONDS_MAX)));
        if (text(metadata, "report_id").isEmpty()) {
            throw new Unreadable("no report_id");
        }
        Metadata told = new Metadata(
                text(metadata, "org_name"),
                text(metadata, "email"),
                text(metadata, "extra_contact_info"),
                text(metadata, "report_id"),
                period,
                text(metadata, "error"),
                text(metadata, "generator"));
        String domain =
                DomainNames.of(text(policy, "domain")).orElseThrow(() -> new Unreadable("no domain of a policy"));
        Published published = new Published(
                domain,
                new Policies(word(policy, "p"), word(policy, "sp"), word(policy, "np")),
                word(policy, "adkim"),
                word(policy, "aspf"),
                word(policy, "fo"),
                word(policy, "testing"),
                word(policy, "discovery_method"));
        return new AggregateReport(told, published, rows);
    }

    private static String text(Map<String, String> found, String name) {
        return found.getOrDefault(name, "");
    }

    private static String word(Map<String, String> found, String name) {
        return text(found, name).toLowerCase(Locale.ROOT);
    }

    private static long number(Map<String, String> found, String name, long max) throws Unreadable {
        String digits = text(found, name);
        boolean good = !digits.isEmpty()
                && digits.length() <= 18
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && Long.parseLong(digits) <= max;
        if (!good) {
            throw new Unreadable("no number: " + name);
        }
        return Long.parseLong(digits);
    }
}
