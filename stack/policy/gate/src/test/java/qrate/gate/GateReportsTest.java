package qrate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.RealDisk;
import qrate.dmarc.reports.AggregateReport;
import qrate.dmarc.reports.ReportBook;
import qrate.dns.DnsClient;

/// What the gate counts for reports of DMARC, and that it makes them.
class GateReportsTest {
    private static final LocalDate DAY = LocalDate.parse("2026-11-30");
    private static final String FORGED = GateFixture.MESSAGE;

    @TempDir
    Path folder;

    private GateFixture gate;
    private volatile Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private Path own;

    @BeforeEach
    void start() throws IOException {
        gate = new GateFixture(folder);
        gate.publish("_dmarc.author.test", "v=DMARC1; p=reject; rua=mailto:d@author.test");
        gate.control("dmarcreports", "dmarc@here.test");
        gate.client = "198.51.100.1"; // not author.test's
        own = Files.createDirectories(folder.resolve("gate"));
    }

    @AfterEach
    void stop() throws IOException {
        gate.close();
    }

    private DmarcReporting reporting() {
        return DmarcReporting.start(
                new Control(folder.resolve("control"), () -> now),
                own,
                DnsClient.forgetful(Map.of("QRATE_DNS", gate.server.hostAndPort())),
                () -> now,
                Log.silent());
    }

    /// The rows of the day after these messages.
    private List<AggregateReport.Row> counted(String... messages) throws IOException {
        try (DmarcReporting reporting = reporting()) {
            for (String message : messages) {
                reporting.count(InetAddress.ofLiteral(gate.client), gate.judged(message));
            }
        }
        try (ReportBook book = new ReportBook(Log.silent(), new RealDisk(own), () -> now)) {
            return book.day(DAY).stream().flatMap(one -> one.rows().stream()).toList();
        }
    }

    private AggregateReport.Evaluated evaluated(String message) throws IOException {
        return counted(message).getFirst().evaluated();
    }

    @Test
    void messagesAreCountedByWhatWasFound() throws IOException {
        List<AggregateReport.Row> rows = counted(FORGED, FORGED, GateFixture.signed(FORGED, "author.test"));
        assertEquals(
                List.of(2L, 1L), rows.stream().map(AggregateReport.Row::count).toList());
        assertEquals("fail", rows.getFirst().evaluated().dkim());
        assertEquals("pass", rows.get(1).evaluated().dkim());
        assertEquals("198.51.100.1", rows.getFirst().source());
        assertEquals("author.test", rows.get(1).dkim().getFirst().domain());
    }

    @Test
    void whatIsDoneHereIsToldAndNotWhatWasAskedFor() throws IOException {
        AggregateReport.Evaluated marked = evaluated(FORGED);
        assertEquals("none", marked.disposition());
        assertEquals("local_policy", marked.reasons().getFirst().type());
        assertEquals("dmarc is set to mark", marked.reasons().getFirst().comment());
    }

    @Test
    void whatIsPutAsideAndRefusedIsToldSo() throws IOException {
        gate.control("dmarc", "quarantine");
        AggregateReport.Evaluated aside = evaluated(FORGED);
        assertEquals("quarantine", aside.disposition());
        assertEquals(1, aside.reasons().size());
    }

    @Test
    void aRefusalThatTheDomainAskedForNeedsNoReason() throws IOException {
        gate.control("dmarc", "refuse");
        assertEquals(new AggregateReport.Evaluated("reject", "fail", "fail", List.of()), evaluated(FORGED));
    }

    @Test
    void anExceptionOfOursIsToldByItsKind() throws IOException {
        gate.control("dmarc", "refuse").control("dmarcexceptions", "198.51.100.0/24");
        AggregateReport.Evaluated passed = evaluated(FORGED);
        assertEquals("none", passed.disposition());
        assertEquals("trusted_forwarder", passed.reasons().getFirst().type());
        assertEquals(1, passed.reasons().size());
    }

    @Test
    void withoutTheControlFileNothingIsCountedOrWritten() throws IOException {
        Files.delete(folder.resolve("control/dmarcreports"));
        assertEquals(List.of(), counted(FORGED));
        assertFalse(Files.exists(own.resolve("dmarc")));
    }

    @Test
    void countsStayOverARestart() throws IOException {
        counted(FORGED);
        assertEquals(3, counted(FORGED, FORGED).getFirst().count());
    }

    @Test
    void reportsAreMadeByThemselvesTheNextDay() throws IOException {
        try (DmarcReporting reporting = reporting()) {
            reporting.count(InetAddress.ofLiteral(gate.client), gate.judged(FORGED));
            now = now.plus(Duration.ofDays(1));
            Awaitility.await()
                    .atMost(DmarcReporting.LOOK_EVERY.multipliedBy(3))
                    .until(() -> Files.exists(own.resolve("dmarc/" + DAY + ".done"))
                            && Files.readString(own.resolve("dmarc/" + DAY + ".done"))
                                    .endsWith("all\n"));
        }
        try (var reports = Files.list(own.resolve("reports"))) {
            assertEquals(1, reports.count());
        }
    }

    @Test
    void anAddressThatIsNoneIsSaidAndStopsNothing() throws IOException {
        gate.control("dmarcreports", "nobody");
        assertEquals(List.of(), counted(FORGED));
        assertTrue(gate.judged(FORGED).told().isPresent());
    }
}
