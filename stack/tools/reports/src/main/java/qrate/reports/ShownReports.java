package qrate.reports;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.dmarc.reports.AggregateReport;

/// What is found, for people and for programs.
record ShownReports(String domain, String address, ReportMailbox mailbox, DomainReports reports) {
    void text(PrintStream out) {
        if (mailbox.left() > 0) {
            out.println("Only the newest " + ReportMailbox.MESSAGES_MAX + " messages were read, not " + mailbox.left()
                    + " older ones.");
        }
        if (mailbox.unreadable() > 0) {
            out.println(mailbox.unreadable() + " of " + mailbox.messages() + " messages in " + Log.escape(address)
                    + " hold something that is no report.");
        }
        if (reports.reports().isEmpty()) {
            out.println("No report about " + domain + " among " + mailbox.messages() + " messages in "
                    + Log.escape(address) + ".");
            return;
        }
        DomainReports.Tally all = reports.all();
        int count = reports.reports().size();
        out.println(domain + ": " + count + (count == 1 ? " report by " : " reports by ")
                + Log.escape(String.join(", ", reports.reporters())));
        reports.policy().ifPresent(one -> out.println("policy that they saw: " + Log.escape(policy(one))));
        out.println(all.messages() + " messages: " + all.passed() + " pass DMARC, " + all.failed() + " fail; "
                + all.quarantined() + " put aside, " + all.rejected() + " refused");
        out.println();
        table(
                out,
                "source",
                reports.sources().stream()
                        .map(one -> cells(one.getKey(), one.getValue()))
                        .toList());
        out.println();
        table(
                out,
                "day",
                reports.days().entrySet().stream()
                        .map(one -> cells(one.getKey().toString(), one.getValue()))
                        .toList());
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

    private static List<String> cells(String name, DomainReports.Tally tally) {
        return List.of(
                Log.escape(name),
                Long.toString(tally.messages()),
                Long.toString(tally.failed()),
                Long.toString(tally.spf()),
                Long.toString(tally.dkim()),
                Log.escape(String.join(", ", tally.authors())));
    }

    private static void table(PrintStream out, String name, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(List.of(name, "messages", "fail", "spf", "dkim", "as"));
        all.addAll(rows);
        int[] widths = new int[all.getFirst().size()];
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder(row.getFirst());
            line.append(" ".repeat(widths[0] - line.length()));
            for (int i = 1; i < widths.length - 1; i++) {
                line.append("  ")
                        .append(" ".repeat(widths[i] - row.get(i).length()))
                        .append(row.get(i));
            }
            out.println(line.append("  ").append(row.getLast()).toString().stripTrailing());
        }
    }

    void json(PrintStream out) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("domain", domain);
        all.put("mailbox", address);
        all.put("messages", mailbox.messages());
        all.put("unreadable", mailbox.unreadable());
        all.put("unread", mailbox.left());
        reports.policy().ifPresent(one -> all.put("policy", policy(one)));
        all.put("reports", reports.reports().stream().map(ShownReports::report).toList());
        all.put("total", tally(reports.all()));
        all.put(
                "sources",
                reports.sources().stream()
                        .map(one -> named("source", one.getKey(), one.getValue()))
                        .toList());
        all.put(
                "days",
                reports.days().entrySet().stream()
                        .map(one -> named("day", one.getKey().toString(), one.getValue()))
                        .toList());
        JsonWriter.print(all, out);
    }

    private static Map<String, Object> report(AggregateReport.Metadata one) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("organization", one.organization());
        shape.put("email", one.email());
        shape.put("id", one.id());
        shape.put("begin", one.period().begin().toString());
        shape.put("end", one.period().end().toString());
        return shape;
    }

    private static Map<String, Object> named(String member, String name, DomainReports.Tally tally) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put(member, name);
        shape.putAll(tally(tally));
        return shape;
    }

    private static Map<String, Object> tally(DomainReports.Tally tally) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("messages", tally.messages());
        shape.put("pass", tally.passed());
        shape.put("fail", tally.failed());
        shape.put("spf", tally.spf());
        shape.put("dkim", tally.dkim());
        shape.put("quarantined", tally.quarantined());
        shape.put("rejected", tally.rejected());
        shape.put("as", List.copyOf(tally.authors()));
        return shape;
    }
}
