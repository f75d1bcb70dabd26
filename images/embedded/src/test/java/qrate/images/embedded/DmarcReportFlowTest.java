package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.ANN;
import static qrate.images.embedded.Installation.BOB;
import static qrate.images.embedded.Installation.SOON;
import static qrate.images.embedded.Installation.letter;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.Program;
import qrate.dmarc.reports.AggregateReport;
import qrate.dmarc.reports.ReportReader;
import qrate.dns.DnsClient;
import qrate.gate.Gate;
import qrate.milter.MilterAddress;
import qrate.reports.DmarcCommand;
import qrate.testkit.DnsServer;

/// A message comes in through the gate, and the next day a report about it goes out: to another host, and to a mailbox
/// here, where it is read.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DmarcReportFlowTest {
    private Sink sink;
    private DnsServer dns;
    private Installation qrate;
    private Gate gate;
    private volatile Instant now = Instant.now();

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        sink = new Sink();
        dns = DnsServer.start().ttl(0);
        dns.put("elsewhere.test", "TXT", "\"v=spf1 ip4:127.0.0.1 -all\"")
                .put("_dmarc.elsewhere.test", "TXT", "\"v=DMARC1; p=reject; rua=mailto:d@far.test,mailto:" + BOB + "\"")
                .put("elsewhere.test._report._dmarc.far.test", "TXT", "\"v=DMARC1\"")
                .put("elsewhere.test._report._dmarc.example.test", "TXT", "\"v=DMARC1\"");
        qrate = Installation.prepare(folder, Map.of("QRATE_DNS", dns.hostAndPort()));
        Path control = qrate.state().control();
        Files.writeString(control.resolve("smtproutes"), ":127.0.0.1:" + sink.port() + "\n");
        Files.writeString(control.resolve("dmarcreports"), ANN + "\n");
        Files.createDirectories(qrate.state().gate());
        gate = Gate.open(
                new MilterAddress.Inet("127.0.0.1", 0, false),
                new Control(control, InstantSource.system()),
                qrate.state().gate(),
                DnsClient.forgetful(qrate.environment()),
                () -> now,
                Log.silent());
        Files.writeString(control.resolve("milters"), gate.address() + "\n");
        qrate.start();
    }

    @AfterAll
    void stop() throws IOException {
        qrate.close();
        gate.close();
        dns.close();
        sink.close();
    }

    private void sent(String author) throws IOException {
        try (Talk talk = qrate.smtp()) {
            String reply = talk.message("someone@elsewhere.test", List.of(ANN), letter(author, "counted"));
            assertTrue(reply.startsWith("250 "), reply);
        }
    }

    private static AggregateReport read(String message) throws IOException {
        String encoded = message.substring(message.indexOf("base64\r\n\r\n") + "base64\r\n\r\n".length());
        byte[] attached = Base64.getMimeDecoder()
                .decode(encoded.substring(0, encoded.indexOf("\r\n--")).getBytes(ISO_8859_1));
        ReportReader.Read read = ReportReader.read(new ByteArrayInputStream(attached));
        return assertInstanceOf(ReportReader.Read.Good.class, read, read::toString)
                .report();
    }

    @Test
    void theNextDayTheDomainIsToldWhatCameInItsName() throws Exception {
        sent("someone@elsewhere.test");
        sent("someone@elsewhere.test");
        sent("someone@unreported.test");
        now = now.plus(Duration.ofDays(1))
                .truncatedTo(java.time.temporal.ChronoUnit.DAYS)
                .plus(Duration.ofHours(12));
        Awaitility.await().atMost(SOON).until(() -> !sink.messages().isEmpty());

        String message = sink.messages().getFirst();
        assertTrue(message.contains("\r\nFrom: DMARC reports <" + ANN + ">\r\n"), message);
        assertTrue(message.contains("\r\nSubject: Report Domain: elsewhere.test\r\n"), message);
        AggregateReport report = read(message);
        assertEquals("elsewhere.test", report.published().domain());
        assertEquals("reject", report.published().policies().p());
        assertEquals(1, report.rows().size());
        AggregateReport.Row row = report.rows().getFirst();
        assertEquals(2, row.count());
        assertEquals("127.0.0.1", row.source());
        assertEquals("pass", row.evaluated().spf());
        assertEquals("fail", row.evaluated().dkim());
        assertEquals("pass", row.evaluated().disposition());
        assertEquals("elsewhere.test", row.identifiers().envelopeFrom());

        qrate.box(BOB, 1);
        assertEquals("elsewhere.test: 1 report by mail.example.test", shown().getFirst());
        assertTrue(shown().contains("2 messages: 2 pass DMARC, 0 fail; 0 put aside, 0 refused"), shown().toString());
        assertEquals(1, sink.messages().size(), "once");
    }

    private List<String> shown() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        int code = new DmarcCommand(InstantSource.system())
                .run(
                        List.of("elsewhere.test", "--mailbox", BOB),
                        new Program.Stdio(qrate.environment(), InputStream.nullInputStream(), print, print));
        assertEquals(0, code, out.toString(UTF_8));
        return out.toString(UTF_8).lines().toList();
    }
}
