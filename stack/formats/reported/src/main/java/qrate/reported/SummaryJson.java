package qrate.reported;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import qrate.reported.ReportSummary.Spanned;

/// A summary for programs.
public final class SummaryJson {
    private SummaryJson() {}

    /// A report: `{organization, email, id, begin, end}`.
    public static Map<String, Object> report(ReportHead head) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("organization", head.organization());
        shape.put("email", head.email());
        shape.put("id", head.id());
        shape.put("begin", head.begin().toString());
        shape.put("end", head.end().toString());
        return shape;
    }

    /// Puts `unsigned`, `unsignedReporters` and `unchecked`: how many reports count for nothing, whose they say they
    /// are,
    /// and of how many that count nobody has looked at the sender.
    public static void proofs(ReportSummary summary, ReportHead.Kind kind, Map<String, Object> into) {
        List<ReportHead> doubtful = summary.doubtful(kind);
        into.put("unsigned", doubtful.size());
        into.put(
                "unsignedReporters",
                doubtful.stream()
                        .map(ReportHead::organization)
                        .distinct()
                        .sorted()
                        .toList());
        into.put(
                "unchecked",
                summary.reports(kind).stream()
                        .filter(head -> head.proof() == SenderProof.UNKNOWN)
                        .count());
    }

    /// Puts `total`, `reporters` and `newest` of complaints about mail in the domain's name.
    public static void complaints(ReportSummary summary, Map<String, Object> into) {
        into.put("total", summary.complainers().stream().map(Spanned::value).reduce(0L, Cleaned::sum));
        into.put(
                "reporters",
                summary.complainers().stream().map(SummaryJson::complainer).toList());
        into.put(
                "newest",
                summary.newestComplaints().stream().map(SummaryJson::complaint).toList());
    }

    private static Map<String, Object> complainer(Spanned<ReportSummary.Complainer, Long> one) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("domain", one.key().domain());
        shape.put("reporter", one.key().reporter());
        shape.put("complaints", one.value());
        shape.put("since", one.since().toString());
        shape.put("last", one.last().toString());
        return shape;
    }

    private static Map<String, Object> complaint(Complaint one) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("at", one.at().toString());
        shape.put("domain", one.domain());
        shape.put("reporter", one.from().name());
        shape.put("type", one.type());
        shape.put("source", one.source());
        shape.put("proof", one.proof().word());
        return shape;
    }

    /// Sources of mail.
    ///
    /// @param most that are named
    public static List<Map<String, Object>> sources(ReportSummary summary, int most) {
        return summary.sources().stream().limit(most).map(SummaryJson::source).toList();
    }

    /// Sessions that failed.
    public static List<Map<String, Object>> failures(ReportSummary summary) {
        return summary.kinds().stream().map(SummaryJson::failure).toList();
    }

    /// Puts `total`, `sources` and `days` of mail in the domain's name.
    ///
    /// @param most sources that are named
    public static void mail(ReportSummary summary, int most, Map<String, Object> into) {
        into.put("total", tally(summary.allMessages()));
        into.put(
                "sources",
                summary.sources().stream().limit(most).map(SummaryJson::source).toList());
        into.put(
                "days",
                summary.messageDays().entrySet().stream().map(SummaryJson::day).toList());
    }

    private static Map<String, Object> source(Spanned<String, MessageTally> one) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("source", one.key());
        shape.putAll(tally(one.value()));
        shape.put("since", one.since().toString());
        shape.put("last", one.last().toString());
        return shape;
    }

    private static Map<String, Object> day(Map.Entry<LocalDate, MessageTally> one) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("day", one.getKey().toString());
        shape.putAll(tally(one.getValue()));
        return shape;
    }

    private static Map<String, Object> tally(MessageTally tally) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("messages", tally.messages());
        shape.put("pass", tally.passed());
        shape.put("fail", tally.failed());
        shape.put("spf", tally.spf());
        shape.put("dkim", tally.dkim());
        shape.put("quarantined", tally.quarantined());
        shape.put("rejected", tally.rejected());
        shape.put("forwarded", tally.forwarded());
        shape.put("as", List.copyOf(tally.authors()));
        shape.put("vouchers", List.copyOf(tally.vouchers()));
        return shape;
    }

    /// Puts `total`, `policies`, `days` and `failures` of the TLS of mail to the domain.
    public static void tls(ReportSummary summary, Map<String, Object> into) {
        into.put("total", tally(summary.allSessions()));
        Map<String, Object> policies = new LinkedHashMap<>();
        summary.policies().forEach(one -> policies.put(one.key(), tally(one.value())));
        into.put("policies", policies);
        Map<String, Object> days = new LinkedHashMap<>();
        summary.sessionDays().forEach((day, of) -> days.put(day.toString(), tally(of)));
        into.put("days", days);
        into.put("failures", failures(summary));
    }

    private static Map<String, Object> failure(Spanned<ReportSummary.TlsFailure, Long> one) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("result", one.key().result());
        shape.put("host", one.key().host());
        shape.put("sessions", one.value());
        shape.put("since", one.since().toString());
        shape.put("last", one.last().toString());
        return shape;
    }

    private static Map<String, Object> tally(SessionTally tally) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("successes", tally.good());
        shape.put("failures", tally.failed());
        return shape;
    }
}
