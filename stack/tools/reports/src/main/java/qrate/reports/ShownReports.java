package qrate.reports;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.reported.MessageTally;
import qrate.reported.ReportHead.Kind;
import qrate.reported.ReportSummary;
import qrate.reported.SummaryJson;

/// What is found of mail in a domain's name, for people and for programs.
record ShownReports(MailboxCommand.Asked asked, ReportMailbox mailbox, ReportSummary summary) {
    void print(PrintStream out) {
        if (asked.json()) {
            json(out);
        } else {
            text(out);
        }
    }

    private void text(PrintStream out) {
        asked.printUnread(mailbox, out);
        asked.printDoubtful(summary, Kind.DMARC, out);
        int count = summary.reports(Kind.DMARC).size();
        if (count == 0) {
            out.println("No report about " + asked.domain() + " among " + mailbox.messages() + " messages in "
                    + Log.escape(asked.address()) + ".");
            return;
        }
        out.println(asked.domain() + ": " + count + (count == 1 ? " report by " : " reports by ")
                + Log.escape(String.join(", ", summary.reporters(Kind.DMARC))));
        out.println("policy that they saw: " + Log.escape(summary.policy()));
        MessageTally all = summary.allMessages();
        out.println(all.messages() + " messages: " + all.passed() + " pass DMARC, " + all.failed() + " fail; "
                + all.quarantined() + " put aside, " + all.rejected() + " refused");
        out.println();
        table(
                out,
                "source",
                summary.sources().stream()
                        .map(one -> cells(one.key(), one.value()))
                        .toList());
        out.println();
        table(
                out,
                "day",
                summary.messageDays().entrySet().stream()
                        .map(one -> cells(one.getKey().toString(), one.getValue()))
                        .toList());
    }

    private static List<String> cells(String name, MessageTally tally) {
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

    private void json(PrintStream out) {
        Map<String, Object> shape = asked.shape(mailbox);
        if (!summary.policy().isEmpty()) {
            shape.put("policy", summary.policy());
        }
        shape.put(
                "reports",
                summary.reports(Kind.DMARC).stream().map(SummaryJson::report).toList());
        SummaryJson.proofs(summary, Kind.DMARC, shape);
        SummaryJson.mail(summary, Integer.MAX_VALUE, shape);
        JsonWriter.print(shape, out);
    }
}
