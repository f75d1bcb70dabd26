package qrate.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;
import qrate.reported.Complaint;
import qrate.reported.MessageTally;
import qrate.reported.ReportHead;
import qrate.reported.ReportSummary;
import qrate.reported.ReportSummary.TlsFailure;
import qrate.reported.SenderProof;
import qrate.reported.SessionTally;
import qrate.reported.SummaryFile;

/// What others have reported of example.test's mail.
final class ReportedMail {
    private ReportedMail() {}

    /// @param strange what stands wherever a reporter says something in its own words
    static void make(Rig rig, String strange) throws IOException {
        Instant now = Instant.now();
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(2);
        Instant begin = day.atStartOfDay(ZoneOffset.UTC).toInstant();
        ReportSummary summary = new ReportSummary(now.minus(Duration.ofDays(10)));
        summary.begin(new ReportHead(ReportHead.Kind.DMARC, strange, strange, strange, "example.test", begin, begin));
        summary.begin(new ReportHead(ReportHead.Kind.TLS, strange, strange, "", "", begin, begin));
        summary.begin(new ReportHead(
                ReportHead.Kind.DMARC, strange, "doubtful", "", "example.test", begin, begin, SenderProof.UNSIGNED));
        Complaint.Reporter by = new Complaint.Reporter(strange, strange);
        summary.complain(new Complaint(now, "example.test", by, strange, strange, SenderProof.SIGNED));
        summary.policy("p=none (example.test)");
        summary.messages(day, "198.51.100.7", tally(1_200, 0, strange));
        summary.messages(day, "198.51.100.9", tally(40, 40, strange));
        summary.sessions(day, "sts", new SessionTally(500, 3));
        summary.failures(day, new TlsFailure("certificate-expired", strange), 3);
        Files.createDirectories(SummaryFile.folder(rig.state));
        SummaryFile.write(rig.state, "example.test", summary);
    }

    private static MessageTally tally(long messages, long passed, String strange) {
        return new MessageTally(
                messages,
                passed,
                passed,
                passed,
                0,
                0,
                0,
                new TreeSet<>(Set.of(strange)),
                new TreeSet<>(Set.of(strange)));
    }
}
