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
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Address;
import qrate.core.Program;
import qrate.dmarc.reports.AggregateReport;
import qrate.dmarc.reports.ReportXml;
import qrate.snapshots.Directory;

class DmarcCommandTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    Path root;

    private Path maildir;
    private int letters;
    private String said = "";

    private static final AggregateReport ONE = report(
            "Big Mail",
            "1",
            "example.test",
            "2026-11-28",
            row("192.0.2.1", 10, "none", "pass", "pass"),
            row("198.51.100.9", 3, "quarantine", "fail", "fail"));
    private static final AggregateReport TWO = report(
            "Other",
            "1",
            "sub.example.test",
            "2026-11-29",
            row("192.0.2.1", 5, "none", "fail", "pass"),
            row("198.51.100.9", 2, "reject", "fail", "fail"));

    @BeforeEach
    void set() throws IOException {
        maildir = root.resolve("maildirs/domains/example.test/postmaster/Maildir");
        Files.createDirectories(maildir.resolve("new"));
        Files.createDirectories(maildir.resolve("cur"));
        Files.createDirectories(root.resolve("control"));
    }

    private Path came(String folder, String message, Instant at) throws IOException {
        Path file = Files.writeString(
                maildir.resolve(folder).resolve(++letters + ".M1.host" + (folder.equals("cur") ? ":2,S" : "")),
                message,
                ISO_8859_1);
        return Files.setLastModifiedTime(file, FileTime.from(at));
    }

    private int dmarc(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        int code = new DmarcCommand(() -> NOW, (_, _) -> new Boxes())
                .run(
                        List.of(arguments),
                        new Program.Stdio(
                                Map.of("QRATE_STATE", root.toString()), InputStream.nullInputStream(), print, print));
        said = out.toString(UTF_8);
        return code;
    }

    /// postmaster@example.test and reports@example.test are the same mailbox; fwd@example.test is none.
    static final class Boxes implements Directory {
        @Override
        public Route route(Address address) {
            return switch (address.toString()) {
                case "postmaster@example.test", "reports@example.test" ->
                    new Route.Mailbox(address.toString(), "domains/example.test/postmaster", 0, 0, List.of(), true);
                case "fwd@example.test" -> new Route.Forward(List.of("x@far.test"));
                default -> new Route.NotOurs();
            };
        }
    }

    @Test
    void showsWhoSendsAsTheDomainAndWhatFails() throws IOException {
        came("new", mailed("application/gzip", ReportXml.packed(ONE)), NOW);
        came("cur", mailed("application/zip", Reported.zip(TWO)), NOW);
        assertEquals(0, dmarc("example.test"), said);
        assertEquals("""
                example.test: 2 reports by Big Mail, Other
                policy that they saw: p=none adkim=r aspf=r t=n (example.test)
                20 messages: 15 pass DMARC, 5 fail; 3 put aside, 2 refused

                source        messages  fail  spf  dkim  as
                198.51.100.9         5     5    0     0  example.test
                192.0.2.1           15     0   15    10  example.test

                day         messages  fail  spf  dkim  as
                2026-11-28        13     3   10    10  example.test
                2026-11-29         7     2    5     0  example.test
                """, said);
    }

    @Test
    void aReportThatCameTwiceCountsOnceAndAnothersNotAtAll() throws IOException {
        String message = mailed("application/gzip", ReportXml.packed(ONE));
        came("new", message, NOW);
        came("new", message, NOW);
        AggregateReport foreign =
                report("Big Mail", "2", "notexample.test", "2026-11-28", row("192.0.2.7", 9, "none", "fail", "fail"));
        came("new", mailed("text/xml", ReportXml.write(foreign)), NOW);
        assertEquals(0, dmarc("Example.TEST."), said);
        assertTrue(said.contains("\n13 messages: 10 pass DMARC, 3 fail"), said);
        assertFalse(said.contains("192.0.2.7"), said);
    }

    @Test
    void nothingInTheMailboxIsChanged() throws IOException {
        Path file = came("new", mailed("application/gzip", ReportXml.packed(ONE)), NOW.minusSeconds(60));
        FileTime before = Files.getLastModifiedTime(file);
        assertEquals(0, dmarc("example.test"), said);
        assertEquals(before, Files.getLastModifiedTime(file));
        try (var files = Files.list(maildir.resolve("cur"))) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void whatIsOlderIsPassedOver() throws IOException {
        came("new", mailed("application/gzip", ReportXml.packed(ONE)), NOW.minus(Duration.ofDays(31)));
        assertEquals(0, dmarc("example.test"), said);
        assertEquals("No report about example.test among 0 messages in postmaster@example.test.\n", said);
        assertEquals(0, dmarc("example.test", "--days", "40"), said);
        assertTrue(said.contains("1 report by Big Mail"), said);
    }

    @Test
    void whatIsNoReportIsSaid() throws IOException {
        came("new", mailed("application/gzip", new byte[] {1, 2, 3}), NOW);
        came("new", "Subject: hello\n\nno attachment\n", NOW);
        came("new", mailed("text/xml", "<!DOCTYPE f SYSTEM \"http://192.0.2.1/x\"><feedback/>".getBytes(UTF_8)), NOW);
        came("new", "x".repeat(ReportMailbox.MESSAGE_BYTES_MAX + 1), NOW);
        came("cur", mailed("application/gzip", ReportXml.packed(ONE)), NOW);
        assertEquals(0, dmarc("example.test"), said);
        assertTrue(
                said.startsWith("3 of 5 messages in postmaster@example.test hold something that is no report.\n"),
                said);
        assertTrue(said.contains("\n13 messages:"), said);
    }

    @Test
    void theMailboxIsNamedByOptionOrControlFile() throws IOException {
        came("new", mailed("application/gzip", ReportXml.packed(ONE)), NOW);
        assertEquals(100, dmarc("other.test"), said);
        assertTrue(
                said.startsWith("dmarc: postmaster@other.test is no mailbox here: --mailbox or control/dmarcm"), said);
        Files.writeString(root.resolve("control/dmarcmailbox"), "reports@example.test\n");
        assertEquals(0, dmarc("other.test"), said);
        assertTrue(said.contains("among 1 messages in reports@example.test"), said);
        assertEquals(100, dmarc("example.test", "--mailbox", "fwd@example.test"), said);
    }

    @Test
    void theSameAsJson() throws IOException {
        came("new", mailed("application/gzip", ReportXml.packed(ONE)), NOW);
        assertEquals(0, dmarc("example.test", "--json"), said);
        assertEquals(1, said.lines().count());
        assertTrue(
                said.startsWith("{\"domain\":\"example.test\",\"mailbox\":\"postmaster@example.test\",\"messages\":1,"),
                said);
        assertTrue(
                said.contains("\"reports\":[{\"organization\":\"Big Mail\",\"email\":\"dmarc@r.test\",\"id\":\"1\","
                        + "\"begin\":\"2026-11-28T00:00:00Z\",\"end\":\"2026-11-28T23:59:59Z\"}]"),
                said);
        assertTrue(
                said.contains(
                        "\"total\":{\"messages\":13,\"pass\":10,\"fail\":3,\"spf\":10,\"dkim\":10,\"quarantined\":3,"),
                said);
        assertTrue(said.contains("\"sources\":[{\"source\":\"198.51.100.9\",\"messages\":3,"), said);
        assertTrue(said.contains("\"days\":[{\"day\":\"2026-11-28\","), said);
    }

    @Test
    void refusesAWrongCall() {
        for (String[] wrong : new String[][] {
            {},
            {"a.test", "b.test"},
            {"no domain"},
            {"example.test", "--days", "x"},
            {"example.test", "--weeks", "1"},
            {"example.test", "--days", "99999"},
            {"example.test", "--mailbox", "nobody"}
        }) {
            assertEquals(100, dmarc(wrong), said);
            assertTrue(said.startsWith("dmarc: "), said);
        }
    }
}
