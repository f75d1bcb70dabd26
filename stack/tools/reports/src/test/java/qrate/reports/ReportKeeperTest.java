package qrate.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.reports.Reported.mailed;
import static qrate.reports.Reported.report;
import static qrate.reports.Reported.row;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;
import qrate.core.State;
import qrate.dmarc.reports.AggregateReport;
import qrate.dmarc.reports.ReportXml;
import qrate.reported.Complaint;
import qrate.reported.ReportHead;
import qrate.reported.ReportHead.Kind;
import qrate.reported.ReportSummary;
import qrate.reported.SenderProof;
import qrate.reported.SummaryFile;
import qrate.snapshots.Directory;

class ReportKeeperTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    /// `second.test` is another name of `example.test`; the postmaster of `alias.test` is example.test's.
    private static final Map<String, Directory.Route> ROUTES = Map.of(
            "postmaster@example.test", mailbox("example.test"),
            "postmaster@second.test", mailbox("example.test"),
            "abuse@example.test", new Directory.Route.Forward(List.of("postmaster@example.test")),
            "postmaster@other.test", mailbox("other.test"),
            "postmaster@alias.test", new Directory.Route.Forward(List.of("x@far.test", "postmaster@example.test")));

    @TempDir
    Path root;

    private State state;
    private Instant now = NOW;
    private int letters;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private static Directory.Route mailbox(String domain) {
        return new Directory.Route.Mailbox(
                "postmaster@" + domain, "domains/" + domain + "/postmaster", 0, 0, List.of(), true);
    }

    @BeforeEach
    void set() throws IOException {
        state = new State(root);
        Files.createDirectories(state.control());
        for (String domain : List.of("example.test", "other.test", "alias.test")) {
            Files.createDirectories(maildir(domain).resolve("new"));
            Files.createDirectories(maildir(domain).resolve("cur"));
        }
    }

    private Path maildir(String domain) {
        return state.maildirs().resolve("domains/" + domain + "/postmaster/Maildir");
    }

    private Path came(String domain, AggregateReport report) throws IOException {
        return came(domain, mailed("application/gzip", ReportXml.packed(report)));
    }

    private Path came(String domain, String message) throws IOException {
        Path folder = maildir(domain).resolve("new");
        Path file = Files.writeString(folder.resolve(++letters + ".M1.host"), message, ISO_8859_1);
        Files.setLastModifiedTime(folder, FileTime.from(now));
        return Files.setLastModifiedTime(file, FileTime.from(now));
    }

    /// A keeper after a start.
    private ReportKeeper keeper() {
        Directory directory = address -> ROUTES.getOrDefault(address.toString(), new Directory.Route.NotOurs());
        Log log = new Log(new PrintStream(said, true, UTF_8), Log.Stamp.NONE, InstantSource.system());
        return new ReportKeeper(state, directory, () -> now, log);
    }

    private void look() throws InterruptedException {
        keeper().look();
    }

    private ReportSummary kept(String domain) throws IOException {
        ReportSummary summary = new ReportSummary(now.minus(Duration.ofDays(ReportSummary.DAYS_SHOWN)));
        SummaryFile.read(state, domain, summary);
        return summary;
    }

    private static AggregateReport about(String domain, String id) {
        return report("Big", id, domain, "2026-11-28", row("192.0.2.1", 10, "none", "pass", "pass"));
    }

    @Test
    void keepsWhatReportsOfBothKindsSayOfADomain() throws Exception {
        came("example.test", about("example.test", "1"));
        came("example.test", mailed("application/tlsrpt+json", TlsReportReaderTest.REPORT.getBytes(UTF_8)));
        came("example.test", "Subject: hello\n\nno report\n");
        look();
        ReportSummary kept = kept("example.test");
        assertEquals(10, kept.allMessages().messages());
        assertEquals("p=none adkim=r aspf=r t=n (example.test)", kept.policy());
        assertEquals(303, kept.allSessions().failed());
        assertEquals(2, kept.kinds().size());
        assertEquals("", said.toString(UTF_8));
    }

    /// As the gate leaves it on top, under the name of this host or another's.
    private static String found(String by, String results, String message) {
        return "Delivered-To: postmaster@example.test\nReceived: (qmail 1 invoked by uid 7791); 28 Nov 2026\n"
                + "Authentication-Results: " + by + ";\n\t" + results + "\nReceived: from r.test (HELO r.test)\n"
                + "Authentication-Results: mx.example.test;\n\tdkim=pass header.d=r.test; dmarc=pass header.from=r.test\n"
                + message;
    }

    /// RFC 8460 §3: reports on TLS must be signed; SPF, which DMARC takes, is not enough for them.
    @Test
    void whatNothingVouchesForIsToldAndCountsForNothing() throws Exception {
        Files.writeString(state.control().resolve("me"), "mx.example.test\n");
        String dmarc = mailed("application/gzip", ReportXml.packed(about("example.test", "1")));
        String tls = mailed("application/tlsrpt+json", TlsReportReaderTest.REPORT.getBytes(UTF_8));
        String forged = "dkim=pass header.d=evil.test; spf=pass; dmarc=fail header.from=r.test";
        came("example.test", found("mx.example.test", forged, dmarc));
        came("example.test", found("mx.example.test", "spf=pass; dmarc=pass header.from=r.test", tls));
        look();
        ReportSummary kept = kept("example.test");
        assertEquals(List.of(), kept.reports());
        assertEquals(0, kept.allMessages().messages() + kept.allSessions().failed());
        assertEquals(
                List.of("Big"),
                kept.doubtful(Kind.DMARC).stream().map(ReportHead::organization).toList());
        assertEquals(1, kept.doubtful(Kind.TLS).size());

        came("example.test", found("mx.example.test", "spf=pass; dmarc=pass header.from=r.test", dmarc));
        String signed = "dkim=pass header.d=r.test; dmarc=none header.from=mail.r.test";
        came("example.test", found("mx.example.test", signed, tls));
        look();
        kept = kept("example.test");
        assertEquals(List.of(), kept.doubtful(), "the true ones took their places");
        assertEquals(10, kept.allMessages().messages());
        assertEquals(303, kept.allSessions().failed());
        assertTrue(kept.reports().stream().allMatch(head -> head.proof() == SenderProof.SIGNED));
    }

    @Test
    void whereNobodyLookedOrAnotherSaysItNothingIsKnownAndAllCounts() throws Exception {
        Files.writeString(state.control().resolve("me"), "mx.example.test\n");
        String fail = "dmarc=fail header.from=r.test";
        came("example.test", about("example.test", "1"));
        came(
                "example.test",
                found("other.test", fail, mailed("application/gzip", ReportXml.packed(about("example.test", "2")))));
        look();
        ReportSummary kept = kept("example.test");
        assertEquals(20, kept.allMessages().messages());
        assertTrue(kept.reports().stream().allMatch(head -> head.proof() == SenderProof.UNKNOWN));
    }

    private static String complaint(String id, String fields) {
        return "From: fbl@yahoo.example\nMessage-ID: <" + id + ">\nMIME-Version: 1.0\n"
                + "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n"
                + "Content-Type: text/plain\n\nSomebody complained.\n--b\n"
                + "Content-Type: message/feedback-report\n\n" + fields + "\n--b\n"
                + "Content-Type: message/rfc822\n\nFrom: ann@example.test\nTo: eve@yahoo.example\n\nbuy\n--b--\n";
    }

    /// RFC 5965, appendix B.
    @Test
    void complaintsAreCountedByDomainAndReporterAndTellNobodysName() throws Exception {
        Files.writeString(state.control().resolve("me"), "mx.example.test\n");
        String fields = """
                Feedback-Type: abuse
                User-Agent: SomeGenerator/1.0
                Version: 1
                Original-Mail-From: <ann@example.test>
                Original-Rcpt-To: <eve@yahoo.example>
                Reporting-MTA: dns; mail.yahoo.example
                Source-IP: 192.0.2.1
                Reported-Domain: example.test
                """;
        String good = "dkim=pass header.d=yahoo.example; dmarc=pass header.from=yahoo.example";
        for (String message : List.of(
                found("mx.example.test", good, complaint("1@y", fields)),
                found("mx.example.test", good, complaint("1@y", fields)), // the same once more
                found("mx.example.test", good, complaint("2@y", fields)),
                found("mx.example.test", "dmarc=fail header.from=yahoo.example", complaint("3@y", fields)),
                complaint("4@y", fields.replace("Reported-Domain: example.test\n", "")),
                complaint("5@y", "Feedback-Type: abuse\nReported-Domain: elsewhere.test\n"))) {
            came("example.test", message);
            now = now.plusSeconds(1);
        }
        look();
        look();
        ReportSummary kept = kept("example.test");
        assertEquals(
                List.of("example.test yahoo.example 2", "example.test mail.yahoo.example 1"),
                kept.complainers().stream()
                        .map(one -> one.key().domain() + " " + one.key().reporter() + " " + one.value())
                        .toList());
        assertEquals(
                List.of("UNKNOWN", "UNSIGNED", "SIGNED", "SIGNED"),
                kept.newestComplaints().stream().map(one -> one.proof().name()).toList());
        Complaint first = kept.newestComplaints().getLast();
        assertEquals("abuse 192.0.2.1 " + NOW, first.type() + " " + first.source() + " " + first.at());
        String file = Files.readString(SummaryFile.folder(state).resolve("example.test"));
        assertFalse(file.contains("eve") || file.contains("ann"), file);
        assertEquals("", said.toString(UTF_8));
    }

    @Test
    void eachMessageIsReadOnceAlsoAfterARestartAndUnderAnotherName() throws Exception {
        Path file = came("example.test", about("example.test", "1"));
        ReportKeeper keeper = keeper();
        keeper.look();
        Path read = maildir("example.test").resolve("cur/" + file.getFileName() + ":2,S");
        Files.move(file, read);
        Files.writeString(read, mailed("application/gzip", ReportXml.packed(about("example.test", "2"))), ISO_8859_1);
        keeper.look();
        look();
        assertEquals(1, kept("example.test").reports().size(), "the name says that it is read");
        came("example.test", about("example.test", "3"));
        keeper.look();
        assertEquals(2, kept("example.test").reports().size());
    }

    @Test
    void aReportCountsOnceThoughACrashCameBeforeItsMessageWasNoted() throws Exception {
        came("example.test", about("example.test", "1"));
        look();
        Files.delete(state.maildirs().resolve(".reports/read/domains/example.test/postmaster"));
        came("example.test", about("example.test", "1"));
        look();
        assertEquals(10, kept("example.test").allMessages().messages());
    }

    @Test
    void aReportGoesToTheDomainThatItIsAboutAndToNoneWhoseReportsComeElsewhere() throws Exception {
        came("example.test", about("sub.example.test", "1"));
        came("example.test", about("second.test", "2"));
        came("example.test", about("alias.test", "3"));
        came("example.test", about("other.test", "4"));
        came("example.test", about("far.test", "5"));
        look();
        assertEquals(1, kept("example.test").reports().size());
        assertEquals(1, kept("second.test").reports().size());
        assertEquals(1, kept("alias.test").reports().size(), "its postmaster is an alias");
        assertEquals(0, kept("other.test").reports().size());
        assertFalse(Files.exists(SummaryFile.folder(state).resolve("far.test")));
        Files.writeString(state.control().resolve("dmarcmailbox"), "postmaster@example.test\n");
        came("example.test", about("other.test", "6"));
        look();
        assertEquals(1, kept("other.test").reports().size());
    }

    @Test
    void oldDaysGoAndSoDoDomainsThatAreNoMore() throws Exception {
        came("example.test", about("example.test", "1"));
        look();
        now = NOW.plus(Duration.ofDays(20));
        came("example.test", report("Big", "2", "example.test", "2026-12-19", row("192.0.2.2", 1, "none", "pass", "")));
        look();
        assertEquals(2, kept("example.test").reports().size());
        now = NOW.plus(Duration.ofDays(35));
        came("example.test", report("Big", "3", "example.test", "2027-01-03", row("192.0.2.3", 1, "none", "pass", "")));
        look();
        String text = Files.readString(SummaryFile.folder(state).resolve("example.test"));
        assertFalse(text.contains("2026-11-28"), text);
        assertTrue(text.contains("2026-12-19"), text);
        Files.writeString(SummaryFile.folder(state).resolve("gone.test"), "");
        Path read = Files.createDirectories(state.maildirs().resolve(".reports/read/domains/gone.test"));
        Files.writeString(read.resolve("postmaster"), "1\n");
        look();
        assertFalse(Files.exists(SummaryFile.folder(state).resolve("gone.test")));
        assertFalse(Files.exists(read.resolve("postmaster")));
    }

    @Test
    void aMessageThatCannotBeReadKeepsNoOtherAndIsTriedAgain() throws Exception {
        Files.createDirectories(SummaryFile.folder(state));
        Path full = SummaryFile.folder(state).resolve("second.test");
        Files.write(full, new byte[9 << 20]);
        came("example.test", about("second.test", "1"));
        came("example.test", about("example.test", "2"));
        ReportKeeper keeper = keeper();
        keeper.look();
        keeper.look();
        assertEquals(1, kept("example.test").reports().size());
        String log = said.toString(UTF_8);
        assertEquals(1, log.lines().count(), log);
        assertTrue(log.startsWith("lspawn: warning: reports that came: the file of reports about second.test"), log);
        Files.delete(full);
        keeper.look();
        assertEquals(1, kept("second.test").reports().size());
    }

    @Test
    void moreThanABatchIsReadInOneLookAndAFloodOfReportsIsBounded() throws Exception {
        for (int i = 0; i < ReportKeeper.BATCH_MESSAGES_MAX + 1; i++) {
            came("example.test", about("example.test", "id-" + i));
        }
        look();
        assertEquals(
                ReportKeeper.BATCH_MESSAGES_MAX + 1,
                kept("example.test").reports(Kind.DMARC).size());
    }

    @Test
    void onlyOwnerAndGroupReadWhatIsKept() throws Exception {
        came("example.test", about("example.test", "1"));
        look();
        assertEquals(
                "rwxr-x---",
                java.nio.file.attribute.PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(SummaryFile.folder(state))));
    }
}
