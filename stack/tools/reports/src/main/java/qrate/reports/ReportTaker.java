package qrate.reports;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import qrate.dmarc.DomainNames;
import qrate.dmarc.reports.AggregateReport;
import qrate.dmarc.reports.ReportReader;
import qrate.message.Parts;
import qrate.reported.Complaint;
import qrate.reported.MessageTally;
import qrate.reported.ReportHead;
import qrate.reported.ReportSummary;
import qrate.reported.SessionTally;

/// Adds what an attachment says, whichever kind of report it is, to the summaries that it is about.
record ReportTaker(Summaries summaries) implements ReportMailbox.Reading {
    private static final String PASS = "pass";

    /// Who has summaries.
    @FunctionalInterface
    interface Summaries {
        /// The one that takes what is said of a domain; nothing where nobody is to hear of it.
        ///
        /// @param domain in ASCII, lower case
        Optional<ReportSummary> about(String domain) throws IOException;
    }

    @Override
    public boolean isReport(Parts.Leaf part, ReportOrigin origin) throws IOException {
        byte[] attachment = part.content();
        if (part.type().equals(FeedbackReport.TYPE)) {
            Optional<FeedbackReport> report = FeedbackReport.read(attachment);
            if (report.isPresent()) {
                take(report.get(), origin);
            }
            return report.isPresent();
        }
        if (TlsReportReader.mayBe(attachment)) {
            Optional<TlsReported> report = read(attachment);
            if (report.isPresent()) {
                take(report.get(), origin);
            }
            return report.isPresent();
        }
        return switch (ReportReader.read(new ByteArrayInputStream(attachment))) {
            case ReportReader.Read.Good(var report) -> {
                take(report, origin);
                yield true;
            }
            case ReportReader.Read.Bad _ -> false;
        };
    }

    private static Optional<TlsReported> read(byte[] attachment) {
        try {
            return Optional.of(TlsReportReader.read(attachment));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// About the first domain that has a summary here.
    private void take(FeedbackReport report, ReportOrigin origin) throws IOException {
        for (String domain : report.domains()) {
            Optional<ReportSummary> summary = summaries.about(domain);
            if (summary.isPresent()) {
                Complaint.Reporter by = new Complaint.Reporter(origin.from().orElse(report.by()), origin.id());
                summary.get()
                        .complain(
                                new Complaint(origin.at(), domain, by, report.type(), report.source(), origin.proof()));
                return;
            }
        }
    }

    private void take(AggregateReport report, ReportOrigin origin) throws IOException {
        AggregateReport.Metadata by = report.metadata();
        Optional<String> about = DomainNames.of(report.published().domain());
        Optional<ReportSummary> summary = about.isEmpty() ? Optional.empty() : summaries.about(about.get());
        if (summary.isEmpty()) {
            return;
        }
        ReportHead head = new ReportHead(
                ReportHead.Kind.DMARC,
                by.organization(),
                by.id(),
                by.email(),
                about.get(),
                by.period().begin(),
                by.period().end(),
                origin.proof(ReportHead.Kind.DMARC));
        if (summary.get().begin(head)) {
            summary.get().policy(policy(report.published()));
            report.rows().forEach(row -> summary.get().messages(head.day(), row.source(), tally(row)));
        }
    }

    private static String policy(AggregateReport.Published published) {
        StringBuilder text = new StringBuilder("p=" + published.policies().p());
        add(text, "sp", published.policies().sp());
        add(text, "np", published.policies().np());
        add(text, "adkim", published.adkim());
        add(text, "aspf", published.aspf());
        add(text, "t", published.testing());
        return text.append(" (").append(published.domain()).append(')').toString();
    }

    private static void add(StringBuilder text, String tag, String value) {
        if (!value.isEmpty()) {
            text.append(' ').append(tag).append('=').append(value);
        }
    }

    private static MessageTally tally(AggregateReport.Row row) {
        AggregateReport.Evaluated evaluated = row.evaluated();
        boolean spf = evaluated.spf().equals(PASS);
        boolean dkim = evaluated.dkim().equals(PASS);
        boolean forwarded = evaluated.reasons().stream()
                .anyMatch(reason -> List.of("forwarded", "trusted_forwarder", "mailing_list")
                        .contains(reason.type()));
        long count = row.count();
        return new MessageTally(
                count,
                spf || dkim ? count : 0,
                spf ? count : 0,
                dkim ? count : 0,
                evaluated.disposition().equals("quarantine") ? count : 0,
                evaluated.disposition().equals("reject") ? count : 0,
                forwarded ? count : 0,
                new TreeSet<>(List.of(row.identifiers().headerFrom())),
                vouchers(row, spf, dkim));
    }

    /// Whose SPF or signature passed without being the author's.
    private static TreeSet<String> vouchers(AggregateReport.Row row, boolean spf, boolean dkim) {
        TreeSet<String> names = new TreeSet<>();
        if (!spf && row.spf().result().equals(PASS)) {
            names.add(row.spf().domain());
        }
        if (!dkim) {
            row.dkim().stream().filter(one -> one.result().equals(PASS)).forEach(one -> names.add(one.domain()));
        }
        return names;
    }

    /// One report may be about several domains, and about several policies of each.
    private void take(TlsReported report, ReportOrigin origin) throws IOException {
        ReportHead head = new ReportHead(
                ReportHead.Kind.TLS,
                report.organization(),
                report.id(),
                "",
                "",
                report.begin(),
                report.end(),
                origin.proof(ReportHead.Kind.TLS));
        LocalDate day = LocalDate.ofInstant(report.begin(), ZoneOffset.UTC);
        IdentityHashMap<ReportSummary, Boolean> begun = new IdentityHashMap<>();
        for (TlsReported.Policy policy : report.policies()) {
            Optional<ReportSummary> summary = summaries.about(policy.domain());
            if (summary.isPresent() && begun.computeIfAbsent(summary.get(), one -> one.begin(head))) {
                summary.get().sessions(day, policy.type(), new SessionTally(policy.successes(), policy.failed()));
                policy.failures().forEach((failure, count) -> summary.get().failures(day, failure, count));
            }
        }
    }
}
