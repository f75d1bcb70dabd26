package qrate.dmarc.reports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.core.RealDisk;
import qrate.dmarc.AuthResult;
import qrate.dmarc.Disposition;
import qrate.dmarc.DmarcOutcome;
import qrate.dmarc.DmarcOutcome.Aligned;
import qrate.dmarc.DmarcOutcome.Result;
import qrate.dmarc.DmarcOutcome.Wish;
import qrate.dmarc.DmarcRecord;
import qrate.dmarc.Evidence;
import qrate.dmarc.PolicyOverride;
import qrate.dmarc.reports.AggregateReport.Dkim;
import qrate.dmarc.reports.AggregateReport.Evaluated;
import qrate.dmarc.reports.AggregateReport.Identifiers;
import qrate.dmarc.reports.AggregateReport.Reason;
import qrate.dmarc.reports.AggregateReport.Row;
import qrate.dmarc.reports.AggregateReport.Spf;
import qrate.testkit.Seeds;
import qrate.testkit.SimulatedDisk;

/// RFC 9990 §3.1, and what a crash leaves of a day.
class ReportBookTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final LocalDate TODAY = LocalDate.parse("2026-11-30");
    private static final String RECORD = "v=DMARC1; p=reject; rua=mailto:d@example.com";
    private static final ReportBook.Sender SENDER =
            new ReportBook.Sender("Ours", "dmarc@mx.example", "mx.example", "Qrate");

    @TempDir
    Path folder;

    private Instant now = NOON;

    private ReportBook book(Disk disk) {
        return new ReportBook(Log.silent(), disk, () -> now);
    }

    private static DmarcOutcome outcome(Result result, String domain, String record, Aligned aligned) {
        DmarcRecord read = DmarcRecord.parse(record).orElseThrow();
        Disposition did = result == Result.FAIL ? read.policies().p() : Disposition.NONE;
        return new DmarcOutcome(
                result,
                domain,
                List.of(new DmarcOutcome.Published(domain, read)),
                aligned,
                new Wish(read.policies().p(), did, List.of()),
                "",
                List.of());
    }

    private static DmarcOutcome failed(String domain) {
        return outcome(Result.FAIL, domain, RECORD, new Aligned(false, Set.of()));
    }

    private static Evidence evidence(Evidence.Dkim... dkim) {
        return new Evidence(
                List.of(), new Evidence.Spf(AuthResult.SOFTFAIL, "evil.example", "h.example"), List.of(dkim));
    }

    private static InetAddress client(int last) {
        return InetAddress.ofLiteral("2001:db8::" + Integer.toHexString(last + 1));
    }

    private static long sum(List<ReportBook.Collected> all) {
        return all.stream()
                .flatMap(one -> one.rows().stream())
                .mapToLong(Row::count)
                .sum();
    }

    @Test
    void messagesThatAreAlikeAreOneRow() throws IOException {
        try (ReportBook book = book(new RealDisk(folder))) {
            for (int i = 0; i < 5; i++) {
                book.add(failed("example.com"), evidence(), client(i % 2));
            }
            AggregateReport report = book.day(TODAY).getFirst().report(SENDER);
            assertEquals(List.of(3L, 2L), report.rows().stream().map(Row::count).toList());
            assertEquals(
                    new Row(
                            "2001:db8:0:0:0:0:0:1",
                            3,
                            new Evaluated("reject", "fail", "fail", List.of()),
                            new Identifiers("example.com", "evil.example", ""),
                            List.of(),
                            new Spf("evil.example", "mfrom", "softfail")),
                    report.rows().getFirst());
            assertEquals(
                    "1795996800.0.example.com@mx.example", report.metadata().id());
            assertEquals(
                    Instant.parse("2026-11-30T23:59:59Z"),
                    report.metadata().period().end());
            assertEquals(report, Samples.good(ReportXml.packed(report)));
        }
    }

    @Test
    void whatPassesUnderAPolicyIsPassAndSignaturesStandInOrderOfPreference() throws IOException {
        try (ReportBook book = book(new RealDisk(folder))) {
            Aligned aligned = new Aligned(false, Set.of("example.com", "a.example.com"));
            book.add(
                    outcome(Result.PASS, "example.com", RECORD, aligned),
                    evidence(
                            new Evidence.Dkim(AuthResult.FAIL, "x.example", "1"),
                            new Evidence.Dkim(AuthResult.PASS, "y.example", "2"),
                            new Evidence.Dkim(AuthResult.PASS, "a.example.com", "3"),
                            new Evidence.Dkim(AuthResult.PASS, "example.com", "4")),
                    client(0));
            Row row = book.day(TODAY).getFirst().rows().getFirst();
            assertEquals(new Evaluated("pass", "pass", "fail", List.of()), row.evaluated());
            assertEquals(
                    List.of(
                            new Dkim("example.com", "4", "pass"),
                            new Dkim("a.example.com", "3", "pass"),
                            new Dkim("y.example", "2", "pass"),
                            new Dkim("x.example", "1", "fail")),
                    row.dkim());
        }
    }

    @Test
    void whySomethingElseWasDoneIsTold() throws IOException {
        try (ReportBook book = book(new RealDisk(folder))) {
            DmarcOutcome failed = failed("example.com");
            PolicyOverride list = new PolicyOverride(PolicyOverride.Kind.MAILING_LIST, "dev, we think");
            book.add(
                    new DmarcOutcome(
                            failed.result(),
                            failed.author(),
                            failed.policy(),
                            failed.aligned(),
                            new Wish(Disposition.REJECT, Disposition.NONE, List.of(list)),
                            "",
                            List.of()),
                    evidence(),
                    client(0));
            assertEquals(
                    new Evaluated("none", "fail", "fail", List.of(new Reason("mailing_list", "dev, we think"))),
                    book.day(TODAY).getFirst().rows().getFirst().evaluated());
        }
    }

    @Test
    void whoWantsNoReportsAndWhatWasNotEvaluatedIsNotCounted() throws IOException {
        try (ReportBook book = book(new RealDisk(folder))) {
            Aligned nobody = new Aligned(false, Set.of());
            book.add(outcome(Result.FAIL, "a.example", "v=DMARC1; p=reject", nobody), evidence(), client(0));
            book.add(outcome(Result.FAIL, "a.example", "v=DMARC1; rua=https://x", nobody), evidence(), client(0));
            book.add(outcome(Result.TEMPERROR, "b.example", RECORD, nobody), evidence(), client(0));
            assertEquals(List.of(), book.day(TODAY));
        }
        assertTrue(!Files.exists(folder.resolve("dmarc")));
    }

    @Test
    void aPolicyThatChangesMakesASecondReportWithItsOwnId() throws IOException {
        try (ReportBook book = book(new RealDisk(folder))) {
            Aligned nobody = new Aligned(false, Set.of());
            book.add(failed("example.com"), evidence(), client(0));
            book.add(outcome(Result.FAIL, "example.com", RECORD + "; t=x", nobody), evidence(), client(0));
            book.add(failed("other.example"), evidence(), client(0));
            List<AggregateReport> reports =
                    book.day(TODAY).stream().map(one -> one.report(SENDER)).toList();
            assertEquals(
                    List.of(
                            "1795996800.0.example.com@mx.example",
                            "1795996800.1.example.com@mx.example",
                            "1795996800.0.other.example@mx.example"),
                    reports.stream().map(r -> r.metadata().id()).toList());
            assertEquals("ignored: t=x", reports.get(1).metadata().error());
        }
    }

    @Test
    void aDayBeginsAtMidnightAndOldOnesGo() throws IOException {
        RealDisk disk = new RealDisk(folder);
        try (ReportBook book = book(disk)) {
            book.add(failed("example.com"), evidence(), client(0));
            now = NOON.plus(Duration.ofHours(12));
            book.add(failed("example.com"), evidence(), client(0));
            book.add(failed("example.com"), evidence(), client(0));
            assertEquals(1, sum(book.day(TODAY)));
            assertEquals(2, sum(book.day(TODAY.plusDays(1))));
            assertEquals(List.of(), book.day(TODAY.minusDays(1)));
            now = NOON.plus(Duration.ofDays(8));
            book.add(failed("example.com"), evidence(), client(0));
            assertEquals(List.of("2026-12-01"), disk.list("dmarc"));
        }
    }

    @Test
    void kindsOfMessagesAreBoundedAndTheReportSaysWhatIsMissing() throws IOException {
        try (ReportBook book = book(new RealDisk(folder))) {
            for (int i = 0; i < ReportDay.ROWS_OF_DOMAIN_MAX + 7; i++) {
                book.add(failed("example.com"), evidence(), client(i));
            }
            book.add(failed("example.com"), evidence(), client(0));
            book.add(failed("other.example"), evidence(), client(0));
        }
        List<ReportBook.Collected> all = book(new RealDisk(folder)).day(TODAY);
        assertEquals(ReportDay.ROWS_OF_DOMAIN_MAX, all.getFirst().rows().size());
        assertEquals(2, all.getFirst().rows().getFirst().count());
        assertEquals(1, all.getLast().rows().size());
        assertEquals(
                "7 more messages are not told here: too many kinds of them",
                all.getFirst().report(SENDER).metadata().error());
    }

    @Test
    void allDomainsTogetherAreBounded() {
        ReportDay day = new ReportDay();
        for (int i = 0; i < ReportDay.ROWS_MAX + 50; i++) {
            day.add("d" + i + ".example", "domain=d" + i + ".example");
        }
        assertEquals(ReportDay.ROWS_MAX, day.counts().size());
        ReportDay large = new ReportDay();
        for (int i = 0; i < 10; i++) {
            large.add("one.example", i + "x".repeat(ReportDay.CHARS_OF_DOMAIN_MAX / 2 - 1));
        }
        assertEquals(2, large.counts().size());
        for (int i = 0; i < 100; i++) {
            large.add("d" + i + ".example", i + "x".repeat(ReportDay.CHARS_OF_DOMAIN_MAX - 3));
        }
        int most = ReportDay.CHARS_MAX / ReportDay.CHARS_OF_DOMAIN_MAX;
        assertEquals(2 + most - 1, large.counts().size());
    }

    @Test
    void aFieldOfALineThatIsNotKnownIsPassedOver() throws IOException {
        try (ReportBook book = book(new RealDisk(folder))) {
            book.add(failed("example.com"), evidence(), client(0));
        }
        Path file = folder.resolve("dmarc/2026-11-30");
        String text = Files.readString(file);
        Files.writeString(file, text.replace("row ", "row later=%zz&new=1&") + "word of later\nrow x y z\nadd 9 9\n");
        assertEquals(1, sum(book(new RealDisk(folder)).day(TODAY)));
    }

    @Test
    void aFileThatADiskSpoiltBreaksNothing() throws IOException {
        Files.createDirectory(folder.resolve("dmarc"));
        Files.write(folder.resolve("dmarc/2026-11-30"), ("row a\nadd 0 1\nrow " + "x\u0000y\n").getBytes(UTF_8));
        try (ReportBook book = book(new RealDisk(folder))) {
            assertEquals(List.of(), book.day(TODAY));
            book.add(failed("example.com"), evidence(), client(0));
            book.add(failed("example.com"), evidence(), client(0));
        }
        assertEquals(2, sum(book(new RealDisk(folder)).day(TODAY)));
    }

    @Test
    void aDiskThatFailsLosesNoCountWhileTheProcessLives() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        ReportBook book = book(disk);
        book.add(failed("example.com"), evidence(), client(0));
        book.flushIfDue();
        disk.fault(new IOException("full"));
        for (int i = 0; i < 3; i++) {
            book.add(failed("example.com"), evidence(), client(i));
            now = now.plusSeconds(61);
            book.flushIfDue();
        }
        disk.fault(null);
        now = now.plusSeconds(61);
        book.flushIfDue();
        disk.crash();
        assertEquals(4, sum(book(disk.restart()).day(TODAY)));
    }

    @Test
    void aCrashAtAnyStepLosesTheLastMinuteAtMostAndMixesNothingUp() {
        Seeds.forAll(150, random -> {
            now = NOON;
            SimulatedDisk disk = new SimulatedDisk(random.nextLong());
            disk.crashAt(random.nextInt(40));
            List<Integer> safe = new ArrayList<>(List.of(0, 0, 0));
            List<Integer> all = new ArrayList<>(List.of(0, 0, 0));
            ReportBook book = book(disk);
            try {
                for (int i = 0; i < 60; i++) {
                    int who = random.nextInt(3);
                    book.add(failed("d" + who + ".example"), evidence(), client(who));
                    all.set(who, all.get(who) + 1);
                    if (random.nextInt(4) == 0) {
                        now = now.plusSeconds(60);
                        book.flushIfDue();
                        safe = new ArrayList<>(all);
                    }
                }
                disk.crash();
            } catch (SimulatedDisk.Crash _) {
                // as it shall
            }
            try (ReportBook next = book(disk.restart())) {
                for (int who = 0; who < 3; who++) {
                    next.add(failed("d" + who + ".example"), evidence(), client(who));
                }
                List<ReportBook.Collected> found = next.day(TODAY);
                for (ReportBook.Collected one : found) {
                    int who = one.policy().domain().charAt(1) - '0';
                    assertEquals(1, one.rows().size());
                    assertEquals(
                            client(who).getHostAddress(), one.rows().getFirst().source());
                    long count = one.rows().getFirst().count();
                    assertTrue(count > safe.get(who) && count <= all.get(who) + 1L, count + " of " + all);
                }
                assertEquals(3, found.size());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
