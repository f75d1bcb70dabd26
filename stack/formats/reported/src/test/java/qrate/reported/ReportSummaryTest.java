package qrate.reported;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.State;
import qrate.reported.ReportHead.Kind;
import qrate.reported.ReportSummary.TlsFailure;
import qrate.testkit.Fuzz;

class ReportSummaryTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Instant SINCE = NOW.minus(Duration.ofDays(ReportSummary.DAYS_SHOWN));
    private static final LocalDate DAY = LocalDate.parse("2026-11-28");

    @TempDir
    Path root;

    private State state() throws IOException {
        State state = new State(root);
        Files.createDirectories(SummaryFile.folder(state));
        return state;
    }

    private static ReportHead head(Kind kind, String organization, String id, LocalDate day) {
        Instant begin = Instant.parse(day + "T00:00:00Z");
        return new ReportHead(kind, organization, id, "d@r.test", "a.test", begin, begin.plusSeconds(86_399));
    }

    private static MessageTally tally(long messages, long passed, String author) {
        return new MessageTally(
                messages, passed, passed, 0, 0, 0, 0, new TreeSet<>(List.of(author)), new TreeSet<>(List.of("v.test")));
    }

    @Test
    void aReportCountsOnceByWhoMadeItAndHowHeNamedIt() {
        ReportSummary summary = new ReportSummary(SINCE);
        assertTrue(summary.begin(head(Kind.DMARC, "Big", "1", DAY)));
        assertFalse(summary.begin(head(Kind.DMARC, "Big", "1", DAY)));
        assertTrue(summary.begin(head(Kind.DMARC, "Other", "1", DAY)));
        assertTrue(summary.begin(head(Kind.TLS, "Big", "1", DAY)));
        assertFalse(summary.begin(head(Kind.DMARC, "Big", "2", LocalDate.parse("2026-10-01"))), "too old");
        assertEquals(List.of("Big", "Other"), List.copyOf(summary.reporters(Kind.DMARC)));
    }

    @Test
    void sourcesSpanTheDaysOnWhichTheyWereSeenAndThoseThatFailStandFirst() {
        ReportSummary summary = new ReportSummary(SINCE);
        summary.messages(DAY, "192.0.2.1", tally(10, 10, "a.test"));
        summary.messages(DAY.plusDays(1), "192.0.2.1", tally(5, 5, "b.test"));
        summary.messages(DAY, "192.0.2.9", tally(2, 1, "a.test"));
        assertEquals(
                List.of("192.0.2.9", "192.0.2.1"),
                summary.sources().stream().map(ReportSummary.Spanned::key).toList());
        ReportSummary.Spanned<String, MessageTally> second = summary.sources().get(1);
        assertEquals(DAY, second.since());
        assertEquals(DAY.plusDays(1), second.last());
        assertEquals(15, second.value().messages());
        assertEquals(List.of("a.test", "b.test"), List.copyOf(second.value().authors()));
        assertEquals(12, summary.messageDays().get(DAY).messages());
        assertEquals(1, summary.allMessages().failed());
    }

    @Test
    void sumsOfWhateverNumbersStandAtTheLargest() {
        ReportSummary summary = new ReportSummary(SINCE);
        for (int i = 0; i < 3; i++) {
            summary.messages(DAY, "192.0.2.1", tally(Long.MAX_VALUE, Long.MAX_VALUE, "a.test"));
            summary.sessions(DAY, "sts", new SessionTally(Long.MAX_VALUE, 1));
        }
        assertEquals(Long.MAX_VALUE, summary.allMessages().messages());
        assertEquals(0, summary.allMessages().failed());
        assertEquals(new SessionTally(Long.MAX_VALUE, 3), summary.allSessions());
    }

    @Test
    void whatHasNoRoomIsOneRow() {
        ReportSummary summary = new ReportSummary(SINCE);
        for (int i = 0; i < ReportSummary.SOURCES_A_DAY_MAX + 6; i++) {
            summary.messages(DAY, "source-" + i, tally(1, 0, "a.test"));
        }
        assertEquals(ReportSummary.SOURCES_A_DAY_MAX + 1, summary.sources().size());
        assertEquals(ReportSummary.OTHERS, summary.sources().getFirst().key());
        assertEquals(6, summary.sources().getFirst().value().messages());
        for (int i = 0; i < ReportSummary.FAILURES_A_DAY_MAX + 6; i++) {
            summary.failures(DAY, new TlsFailure("certificate-expired", "mx" + i), 1);
        }
        assertEquals(
                new TlsFailure(ReportSummary.OTHERS, ""),
                summary.kinds().getFirst().key());
    }

    @Test
    void comesBackFromItsFileAsItWasWithoutDaysThatAreOver() throws IOException {
        State state = state();
        ReportSummary summary = new ReportSummary(SINCE);
        summary.begin(head(Kind.DMARC, "Big\tMail\n", "1", DAY));
        summary.begin(head(Kind.TLS, "Größe", "2", DAY));
        summary.policy("p=none (a.test)");
        summary.messages(DAY, "192.0.2.1", tally(10, 4, "a,b.test"));
        summary.messages(DAY.minusDays(20), "192.0.2.2", tally(1, 1, ""));
        summary.sessions(DAY, "sts", new SessionTally(5, 1));
        summary.failures(DAY, new TlsFailure("certificate-expired", "mx.a.test"), 1);
        SummaryFile.write(state, "a.test", summary);
        ReportSummary again = new ReportSummary(SINCE);
        SummaryFile.read(state, "a.test", again);
        assertEquals(summary.reports(), again.reports());
        assertEquals("Big?Mail?", again.reports().getFirst().organization());
        assertEquals(summary.messages(), again.messages());
        assertEquals(summary.sessions(), again.sessions());
        assertEquals(summary.failures(), again.failures());
        assertEquals("p=none (a.test)", again.policy());
        ReportSummary later = new ReportSummary(SINCE.plus(Duration.ofDays(10)));
        SummaryFile.read(state, "a.test", later);
        assertEquals(List.of(DAY), new ArrayList<>(later.messageDays().keySet()));
        assertEquals(
                "r--",
                java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(
                                SummaryFile.folder(state).resolve("a.test")))
                        .substring(3, 6));
    }

    @Test
    void theFullestSummaryHasAFileThatIsRead() throws IOException {
        State state = state();
        ReportSummary summary = new ReportSummary(SINCE);
        String wide = "字".repeat(200);
        String long_ = "x".repeat(200);
        Instant begin = Instant.parse("2026-11-28T00:00:00Z");
        for (int i = 0; i < ReportSummary.REPORTS_MAX + 5; i++) {
            summary.begin(new ReportHead(Kind.DMARC, wide, i + wide, long_, long_, begin, begin));
        }
        assertTrue(summary.isFull());
        for (int day = 0; day <= ReportSummary.DAYS_SHOWN; day++) {
            LocalDate at = DAY.minusDays(day);
            for (int i = 0; i <= ReportSummary.SOURCES_A_DAY_MAX; i++) {
                long most = Long.MAX_VALUE;
                TreeSet<String> names = new TreeSet<>(List.of("a" + long_, "b" + long_, "c" + long_, "d" + long_));
                summary.messages(
                        at, i + "." + long_, new MessageTally(most, most, most, most, most, most, most, names, names));
            }
            for (int i = 0; i <= ReportSummary.FAILURES_A_DAY_MAX; i++) {
                summary.failures(at, new TlsFailure(i + long_, long_), Long.MAX_VALUE);
            }
        }
        SummaryFile.write(state, "a.test", summary);
        ReportSummary again = new ReportSummary(SINCE);
        SummaryFile.read(state, "a.test", again);
        assertEquals(ReportSummary.REPORTS_MAX, again.reports().size());
        assertEquals(summary.allMessages(), again.allMessages());
    }

    @Test
    void whatStandsInAFileThatIsNoneOfOursIsPassedOver() throws IOException {
        State state = state();
        Path file = SummaryFile.folder(state).resolve("a.test");
        Files.writeString(
                file,
                "new\tword\nmessages\t" + DAY + "\t192.0.2.1\t3\t1\t1\t0\t0\t0\t0\ta.test\t\tnew field\n"
                        + "messages\tyesterday\t192.0.2.1\t3\nmessages\t" + DAY
                        + "\t192.0.2.2\t-3\t1\t1\t0\t0\t0\t0\t\t\n\nDMARC\t\nsessions\t" + DAY + "\tsts\t1");
        ReportSummary summary = new ReportSummary(SINCE);
        SummaryFile.read(state, "a.test", summary);
        assertEquals(1, summary.sources().size());
        assertEquals(3, summary.allMessages().messages());
        assertEquals(Map.of(), summary.sessions());
        Files.write(file, new byte[SummaryFile.BYTES_MAX + 1]);
        assertThrows(IOException.class, () -> SummaryFile.read(state, "a.test", new ReportSummary(SINCE)));
        Files.delete(file);
        Files.createSymbolicLink(file, root.resolve("elsewhere"));
        assertThrows(IOException.class, () -> SummaryFile.read(state, "a.test", new ReportSummary(SINCE)));
    }

    /// Entry points: {@link SummaryFile#read}.
    @Test
    void files() throws IOException {
        State state = state();
        Fuzz.Outcome outcome = Fuzz.run(
                "summaries of reports",
                Fuzz.corpus(
                        "DMARC\t2026-11-28T00:00:00Z\t2026-11-28T23:59:59Z\ta.test\tBig\t1\td@r.test\n",
                        "messages\t2026-11-28\t192.0.2.1\t3\t1\t1\t0\t0\t0\t0\ta.test\tb.test\npolicy\tp=none\n",
                        "sessions\t2026-11-28\tsts\t1\t2\nfailure\t2026-11-28\tcertificate-expired\tmx\t2\n"),
                bytes -> {
                    Files.write(SummaryFile.folder(state).resolve("a.test"), bytes);
                    ReportSummary summary = new ReportSummary(SINCE);
                    SummaryFile.read(state, "a.test", summary);
                    assertTrue(summary.allMessages().messages() >= 0
                            && summary.allSessions().failed() >= 0);
                    for (ReportHead head : summary.reports()) {
                        assertFalse(new String(head.organization().getBytes(UTF_8), UTF_8).contains("\t"));
                    }
                });
        assertTrue(outcome.runs() > 0);
    }

    private static Complaint complaint(int number, SenderProof proof) {
        Instant at = Instant.parse("2026-11-28T00:00:00Z").plusSeconds(number);
        return new Complaint(
                at, "a.test", new Complaint.Reporter("y.test", "<" + number + "@y>"), "abuse", "192.0.2.1", proof);
    }

    @Test
    void complaintsAreBoundedAndWhatAnybodyCanWriteDrivesOutNothingElse() {
        ReportSummary summary = new ReportSummary(Instant.parse("2026-11-01T00:00:00Z"));
        for (int i = 0; i < ReportSummary.COMPLAINTS_MAX; i++) {
            summary.complain(complaint(i, SenderProof.SIGNED));
        }
        for (int i = 1_000; i < 1_500; i++) {
            summary.complain(complaint(i, SenderProof.UNSIGNED));
        }
        summary.complain(complaint(5, SenderProof.SIGNED));
        assertEquals(ReportSummary.COMPLAINTS_MAX, summary.newestComplaints().size());
        assertTrue(summary.newestComplaints().stream().allMatch(one -> one.proof() == SenderProof.SIGNED));
        summary.complain(complaint(2_000, SenderProof.SIGNED));
        assertEquals("<2000@y>", summary.newestComplaints().getFirst().from().id());
        assertEquals(ReportSummary.COMPLAINTS_MAX, summary.newestComplaints().size());
        assertEquals(101L, summary.complainers().getFirst().value());
        for (int i = 0; i < 2 * ReportSummary.COMPLAINERS_A_DAY_MAX; i++) {
            summary.complain(new Complaint(
                    Instant.parse("2026-11-29T00:00:00Z"),
                    "a.test",
                    new Complaint.Reporter("r" + i + ".test", "1"),
                    "abuse",
                    "",
                    SenderProof.UNKNOWN));
        }
        assertTrue(summary.complainers().size() <= 2 + ReportSummary.COMPLAINERS_A_DAY_MAX);
    }

    @Test
    void doubtfulReportsAreBoundedAndOneIsTheTrueOneOnceThatCame() {
        ReportSummary summary = new ReportSummary(Instant.parse("2026-11-01T00:00:00Z"));
        Instant begin = Instant.parse("2026-11-28T00:00:00Z");
        for (int i = 0; i < 2 * ReportSummary.DOUBTFUL_MAX; i++) {
            assertFalse(summary.begin(
                    new ReportHead(Kind.DMARC, "R", "" + i, "", "a.test", begin, begin, SenderProof.UNSIGNED)));
        }
        assertEquals(ReportSummary.DOUBTFUL_MAX, summary.doubtful().size());
        ReportHead last = summary.doubtful().getLast();
        ReportHead good = new ReportHead(Kind.DMARC, "R", last.id(), "", "a.test", begin, begin, SenderProof.SIGNED);
        assertTrue(summary.begin(good));
        assertFalse(summary.begin(last));
        assertEquals(ReportSummary.DOUBTFUL_MAX - 1, summary.doubtful().size());
    }

    /// A file of the release before has heads without that word.
    @Test
    void aFileOfTheReleaseBeforeIsRead() throws IOException {
        State state = new State(root);
        Files.createDirectories(SummaryFile.folder(state));
        Files.writeString(
                SummaryFile.folder(state).resolve("a.test"),
                "DMARC\t2026-11-28T00:00:00Z\t2026-11-28T23:59:59Z\ta.test\tBig\t1\td@r.test\n");
        ReportSummary summary = new ReportSummary(Instant.parse("2026-11-01T00:00:00Z"));
        SummaryFile.read(state, "a.test", summary);
        assertEquals(SenderProof.UNKNOWN, summary.reports().getFirst().proof());
        assertEquals("d@r.test", summary.reports().getFirst().email());
    }
}
