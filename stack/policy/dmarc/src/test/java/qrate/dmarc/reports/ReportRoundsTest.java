package qrate.dmarc.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.core.RealDisk;
import qrate.dmarc.AuthResult;
import qrate.dmarc.Disposition;
import qrate.dmarc.Dmarc;
import qrate.dmarc.DmarcOutcome;
import qrate.dmarc.DmarcRecord;
import qrate.dmarc.Evidence;
import qrate.dns.DnsClient;
import qrate.testkit.DnsServer;

class ReportRoundsTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final Instant NEXT_NOON = NOON.plus(Duration.ofDays(1));
    private static final ReportBook.Sender SENDER =
            new ReportBook.Sender("mx.example", "dmarc@ours.example", "ours.example", "Qrate");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final Log log = new Log(new PrintStream(logged, true, ISO_8859_1), Log.Stamp.NONE, InstantSource.system());
    private DnsServer server;
    private Instant now = NOON;

    @BeforeEach
    void start() throws IOException {
        server = DnsServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private ReportBook book() {
        return new ReportBook(log, new RealDisk(folder), () -> now);
    }

    private ReportRounds rounds(ReportBook book, Disk disk) {
        DnsClient dns = DnsClient.forgetful(Map.of("QRATE_DNS", server.hostAndPort()));
        return new ReportRounds(
                book,
                disk,
                new Destinations(new Dmarc(dns, () -> now, _ -> Optional.empty()), dns, () -> now),
                () -> now,
                log);
    }

    private ReportRounds rounds(ReportBook book) {
        return rounds(book, new RealDisk(folder));
    }

    private static void count(ReportBook book, String domain, String rua) {
        DmarcRecord record = DmarcRecord.parse("v=DMARC1; p=none; rua=" + rua).orElseThrow();
        book.add(
                new DmarcOutcome(
                        DmarcOutcome.Result.FAIL,
                        domain,
                        List.of(new DmarcOutcome.Published(domain, record)),
                        new DmarcOutcome.Aligned(false, Set.of()),
                        new DmarcOutcome.Wish(Disposition.NONE, Disposition.NONE, List.of()),
                        "",
                        List.of()),
                new Evidence(List.of(), new Evidence.Spf(AuthResult.NONE, domain, ""), List.of()),
                InetAddress.ofLiteral("192.0.2.1"));
    }

    private List<ReportParcel> parcels() throws IOException {
        List<ReportParcel> all = new ArrayList<>();
        if (Files.exists(folder.resolve("reports"))) {
            try (var files = Files.list(folder.resolve("reports"))) {
                for (Path file : files.sorted().toList()) {
                    all.add(ReportParcel.read(Files.readAllBytes(file)).orElseThrow());
                }
            }
        }
        return all;
    }

    private void emptied() throws IOException {
        try (var files = Files.list(folder.resolve("reports"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void theDayBeforeIsReportedOnce() throws IOException {
        try (ReportBook book = book()) {
            count(book, "example.com", "mailto:d@example.com,mailto:e@example.com");
            count(book, "example.com", "mailto:d@example.com,mailto:e@example.com");
            ReportRounds rounds = rounds(book);
            rounds.look(SENDER);
            assertEquals(List.of(), parcels(), "the day is not over");
            now = NEXT_NOON;
            count(book, "today.example", "mailto:d@today.example");
            rounds.look(SENDER);
            ReportParcel parcel = parcels().getFirst();
            assertEquals(1, parcels().size());
            assertEquals("example.com", parcel.domain());
            assertEquals(List.of("d@example.com", "e@example.com"), parcel.to());
            assertEquals("ours.example!example.com!1795996800!1796083199!0.xml.gz", parcel.file());
            AggregateReport report = Samples.good(parcel.packed());
            assertEquals(parcel.id(), report.metadata().id());
            assertEquals("mx.example", report.metadata().organization());
            assertEquals(2, report.rows().getFirst().count());
            emptied();
            now = now.plus(Duration.ofHours(2));
            rounds.look(SENDER);
            assertEquals(List.of(), parcels(), "it was made before");
        }
        try (ReportBook book = book()) {
            rounds(book).look(SENDER);
            assertEquals(List.of(), parcels(), "and a restart knows that");
            now = now.plus(Duration.ofDays(1));
            rounds(book).look(SENDER);
            assertEquals("today.example", parcels().getFirst().domain());
        }
    }

    @Test
    void eachReceiverBeginsAtItsOwnMomentAfterMidnight() throws IOException {
        Duration moment = ReportRounds.moment(SENDER.receiver());
        assertTrue(!moment.isNegative() && moment.compareTo(ReportRounds.SPREAD) < 0);
        assertTrue(!moment.equals(ReportRounds.moment("other.example")));
        try (ReportBook book = book()) {
            count(book, "example.com", "mailto:d@example.com");
            ReportRounds rounds = rounds(book);
            now = Instant.parse("2026-12-01T00:00:00Z").plus(moment).minusSeconds(1);
            rounds.look(SENDER);
            assertEquals(List.of(), parcels());
            now = now.plusSeconds(1);
            rounds.look(SENDER);
            assertEquals(1, parcels().size());
        }
    }

    @Test
    void whoDidNotAskGetsNoneAndTheLogSaysWhy() throws IOException {
        try (ReportBook book = book()) {
            count(book, "example.com", "mailto:victim@elsewhere.test,mailto:r@agrees.test");
            count(book, "forger.test", "mailto:victim@elsewhere.test");
            server.put("example.com._report._dmarc.agrees.test", "TXT", "\"v=DMARC1\"");
            now = NEXT_NOON;
            rounds(book).look(SENDER);
            assertEquals(1, parcels().size());
            assertEquals(List.of("r@agrees.test"), parcels().getFirst().to());
            assertTrue(
                    logged.toString(ISO_8859_1)
                            .contains("no report about forger.test to victim@elsewhere.test: nothing"),
                    logged.toString(ISO_8859_1));
        }
    }

    @Test
    void aDomainAboutWhichDnsIsSilentKeepsNobodyWaitingAndIsTriedAgain() throws IOException {
        try (ReportBook book = book()) {
            count(book, "slow.test", "mailto:d@slow-reports.test");
            count(book, "example.com", "mailto:d@example.com");
            server.fault("_dmarc.slow.test", DnsServer.Fault.SERVFAIL);
            now = NEXT_NOON;
            ReportRounds rounds = rounds(book);
            rounds.look(SENDER);
            assertEquals("example.com", parcels().getFirst().domain());
            assertEquals(1, parcels().size());
            server.mend();
            server.put("slow.test._report._dmarc.slow-reports.test", "TXT", "\"v=DMARC1\"");
            now = now.plus(ReportRounds.AGAIN_AFTER).minusSeconds(1);
            rounds.look(SENDER);
            assertEquals(1, parcels().size(), "not before its time");
            now = now.plusSeconds(1);
            rounds.look(SENDER);
            assertEquals(
                    Set.of("example.com", "slow.test"),
                    Set.copyOf(parcels().stream().map(ReportParcel::domain).toList()));
        }
    }

    @Test
    void inTheEveningDnsIsWaitedForNoLonger() throws IOException {
        try (ReportBook book = book()) {
            count(book, "slow.test", "mailto:d@slow-reports.test,mailto:d@slow.test");
            server.fault("_dmarc.slow.test", DnsServer.Fault.SERVFAIL);
            now = NEXT_NOON;
            ReportRounds rounds = rounds(book);
            rounds.look(SENDER);
            assertEquals(List.of(), parcels());
            now = Instant.parse("2026-12-01T00:00:00Z").plus(ReportRounds.GIVE_UP_AFTER);
            rounds.look(SENDER);
            assertEquals(List.of("d@slow.test"), parcels().getFirst().to());
        }
    }

    @Test
    void reportsThatNobodyFetchesDoNotFillTheDisk() throws IOException {
        Files.createDirectories(folder.resolve("reports"));
        for (int i = 0; i < ReportRounds.WAITING_MAX; i++) {
            Files.createFile(folder.resolve("reports/" + i));
        }
        try (ReportBook book = book()) {
            count(book, "example.com", "mailto:d@example.com");
            now = NEXT_NOON;
            ReportRounds rounds = rounds(book);
            assertThrows(IOException.class, () -> rounds.look(SENDER));
            emptied();
            rounds.look(SENDER);
            assertEquals(1, parcels().size(), "and go on once there is room");
        }
    }

    @Test
    void aDayHasItsLimitOfReports() throws IOException {
        try (ReportBook book = book()) {
            for (int i = 0; i < ReportRounds.A_DAY_MAX + 5; i++) {
                count(book, "d" + i + ".example", "mailto:d@d" + i + ".example");
            }
            now = NEXT_NOON;
            rounds(book).look(SENDER);
            assertEquals(ReportRounds.A_DAY_MAX, parcels().size());
            assertTrue(logged.toString(ISO_8859_1).contains("for 5 domains"), logged.toString(ISO_8859_1));
        }
    }
}
