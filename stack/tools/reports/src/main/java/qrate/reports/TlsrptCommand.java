package qrate.reports;

import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.reported.ReportHead.Kind;
import qrate.reported.ReportSummary;
import qrate.reported.SessionTally;
import qrate.reported.SummaryJson;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;

/// `tlsrpt`: what TLS the mail of others to a domain had, by their reports (tlsrpt(8)).
public final class TlsrptCommand implements Program {
    private final MailboxCommand command;

    public TlsrptCommand(InstantSource clock) {
        this(clock, SnapshotDirectory::new);
    }

    TlsrptCommand(InstantSource clock, BiFunction<State, InstantSource, Directory> directories) {
        command = new MailboxCommand("tlsrpt", ReportBoxes.TLS, clock, directories, TlsrptCommand::show);
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        return command.run(arguments, stdio);
    }

    private static void show(MailboxCommand.Asked asked, ReportMailbox mailbox, Stdio stdio) throws IOException {
        ReportSummary summary = asked.read(mailbox);
        if (!asked.json()) {
            print(asked, mailbox, summary, stdio.out());
            return;
        }
        Map<String, Object> shape = asked.shape(mailbox);
        shape.put("reports", summary.reports(Kind.TLS).size());
        shape.put("reporters", List.copyOf(summary.reporters(Kind.TLS)));
        SummaryJson.proofs(summary, Kind.TLS, shape);
        SummaryJson.tls(summary, shape);
        JsonWriter.print(shape, stdio.out());
    }

    private static void print(
            MailboxCommand.Asked asked, ReportMailbox mailbox, ReportSummary summary, PrintStream out) {
        asked.printUnread(mailbox, out);
        asked.printDoubtful(summary, Kind.TLS, out);
        int count = summary.reports(Kind.TLS).size();
        if (count == 0) {
            out.println("No report about the TLS of mail to " + asked.domain() + " among " + mailbox.messages()
                    + " messages in " + Log.escape(asked.address()) + ".");
            return;
        }
        out.println(asked.domain() + ": " + count + (count == 1 ? " report by " : " reports by ")
                + Log.escape(String.join(", ", summary.reporters(Kind.TLS))));
        SessionTally all = summary.allSessions();
        out.println(all.good() + " sessions went well, " + all.failed() + " failed");
        out.println();
        out.println("policy that they found: well, failed");
        summary.policies().forEach(one -> print(one.key(), one.value(), out));
        out.println("day: well, failed");
        summary.sessionDays().forEach((day, of) -> print(day.toString(), of, out));
        if (!summary.kinds().isEmpty()) {
            out.println("what failed: sessions");
            summary.kinds().forEach(one -> out.println("  " + Log.escape(words(one.key())) + ": " + one.value()));
        }
    }

    private static String words(ReportSummary.TlsFailure failure) {
        return failure.result() + (failure.host().isEmpty() ? "" : " at " + failure.host());
    }

    private static void print(String name, SessionTally tally, PrintStream out) {
        out.println("  " + Log.escape(name) + ": " + tally.good() + ", " + tally.failed());
    }
}
