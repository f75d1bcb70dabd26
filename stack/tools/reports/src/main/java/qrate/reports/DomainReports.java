package qrate.reports;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import qrate.dmarc.reports.AggregateReport;

/// What reports say of one domain and those below it: by source, by day, by reporter.
final class DomainReports {
    /// Most sources that are told apart; those beyond are one.
    static final int SOURCES_MAX = 10_000;

    /// The source of what has no room.
    static final String OTHERS = "others";

    private static final int NAMES_MAX = 5;
    private static final int DAYS_MAX = 1_000;

    private final String domain;
    private final Instant since;
    private final Set<String> known = new HashSet<>();
    private final List<AggregateReport.Metadata> reports = new ArrayList<>();
    private final Map<String, Tally> sources = new HashMap<>();
    private final Map<LocalDate, Tally> days = new TreeMap<>();
    private final Tally all = new Tally();
    private AggregateReport.Published policy;

    /// Messages, and what became of them. A message passes DMARC where an aligned SPF or DKIM passed.
    static final class Tally {
        private long messages;
        private long passed;
        private long spf;
        private long dkim;
        private long quarantined;
        private long rejected;
        private final Set<String> authors = new TreeSet<>();

        private void add(AggregateReport.Row row) {
            boolean bySpf = row.evaluated().spf().equals("pass");
            boolean byDkim = row.evaluated().dkim().equals("pass");
            messages = sum(messages, row.count());
            passed = sum(passed, bySpf || byDkim ? row.count() : 0);
            spf = sum(spf, bySpf ? row.count() : 0);
            dkim = sum(dkim, byDkim ? row.count() : 0);
            quarantined = sum(quarantined, row.evaluated().disposition().equals("quarantine") ? row.count() : 0);
            rejected = sum(rejected, row.evaluated().disposition().equals("reject") ? row.count() : 0);
            if (authors.size() < NAMES_MAX) {
                authors.add(row.identifiers().headerFrom());
            }
        }

        /// Whoever sends reports may write any number into them.
        private static long sum(long one, long other) {
            long sum = one + other;
            return sum < 0 ? Long.MAX_VALUE : sum;
        }

        long messages() {
            return messages;
        }

        long passed() {
            return passed;
        }

        long failed() {
            return messages - passed;
        }

        long spf() {
            return spf;
        }

        long dkim() {
            return dkim;
        }

        long quarantined() {
            return quarantined;
        }

        long rejected() {
            return rejected;
        }

        /// Some of the domains in From.
        Set<String> authors() {
            return authors;
        }
    }

    /// @param domain in ASCII, lower case
    /// @param since reports of a time that ended before are passed over
    DomainReports(String domain, Instant since) {
        this.domain = domain;
        this.since = since;
    }

    /// Takes a report if it is about the domain, and not known.
    void add(AggregateReport report) {
        String about = report.published().domain();
        AggregateReport.Period period = report.metadata().period();
        boolean isOurs = about.equals(domain) || about.endsWith("." + domain);
        if (!isOurs
                || period.end().isBefore(since)
                || !known.add(report.metadata().organization() + "\n"
                        + report.metadata().id() + "\n" + about)) {
            return;
        }
        reports.add(report.metadata());
        if (policy == null || about.equals(domain)) {
            policy = report.published();
        }
        LocalDate day = LocalDate.ofInstant(period.begin(), ZoneOffset.UTC);
        for (AggregateReport.Row row : report.rows()) {
            String source = sources.size() < SOURCES_MAX || sources.containsKey(row.source()) ? row.source() : OTHERS;
            sources.computeIfAbsent(source, _ -> new Tally()).add(row);
            if (days.size() < DAYS_MAX || days.containsKey(day)) {
                days.computeIfAbsent(day, _ -> new Tally()).add(row);
            }
            all.add(row);
        }
    }

    List<AggregateReport.Metadata> reports() {
        return reports;
    }

    /// Who reported, by name.
    Set<String> reporters() {
        Set<String> names = new TreeSet<>();
        reports.forEach(one -> names.add(one.organization()));
        return names;
    }

    /// The policy that a report named last; nothing without any report.
    java.util.Optional<AggregateReport.Published> policy() {
        return java.util.Optional.ofNullable(policy);
    }

    Tally all() {
        return all;
    }

    Map<LocalDate, Tally> days() {
        return days;
    }

    /// Those with most failures first, then those with most messages.
    List<Map.Entry<String, Tally>> sources() {
        return sources.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Tally> one) ->
                                -one.getValue().failed())
                        .thenComparingLong(one -> -one.getValue().messages())
                        .thenComparing(Map.Entry::getKey))
                .toList();
    }
}
