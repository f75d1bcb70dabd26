package qrate.dmarc.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import qrate.dmarc.reports.AggregateReport.Dkim;
import qrate.dmarc.reports.AggregateReport.Policies;
import qrate.dmarc.reports.AggregateReport.Published;
import qrate.dmarc.reports.AggregateReport.Reason;
import qrate.dmarc.reports.AggregateReport.Row;
import qrate.dmarc.reports.AggregateReport.Spf;
import qrate.testkit.BrokenInput;

/// What comes from elsewhere, in the shapes that it comes in, and in those that it must not come in.
class ReportReaderTest {
    private static final String HEAD = "<feedback><report_metadata><report_id>1</report_id><date_range><begin>1</begin>"
            + "<end>2</end></date_range></report_metadata><policy_published><domain>example.com</domain>"
            + "</policy_published>";
    private static final String ROW = "<record><row><source_ip>192.0.2.1</source_ip><count>1</count></row></record>";

    @Test
    void readsTheFormOfRfc9990AndPassesOverExtensions() throws IOException {
        AggregateReport report = Samples.good(Samples.file("rfc9990.xml"));
        assertEquals("Receiver & Sons", report.metadata().organization());
        assertEquals("https://receiver.example/dmarc", report.metadata().contact());
        assertEquals(
                "20261129.0.example.com@receiver.example", report.metadata().id());
        assertEquals(
                Instant.ofEpochSecond(1764374400), report.metadata().period().begin());
        assertEquals(
                new Published(
                        "example.com",
                        new Policies("reject", "quarantine", "reject"),
                        "s",
                        "r",
                        "1:d",
                        "n",
                        "treewalk"),
                report.published());
        assertEquals(1, report.rows().size());
        Row row = report.rows().getFirst();
        assertEquals("2001:db8:0:0:0:0:0:1", row.source());
        assertEquals(12, row.count());
        assertEquals("pass", row.evaluated().disposition());
        assertEquals(List.of(new Reason("mailing_list", "dev")), row.evaluated().reasons());
        assertEquals("example.com", row.identifiers().headerFrom());
        assertEquals(
                List.of(new Dkim("example.com", "S1", "pass"), new Dkim("lists.example", "l", "fail")), row.dkim());
        assertEquals(new Spf("lists.example", "mfrom", "pass"), row.spf());
    }

    @Test
    void readsTheFormOfRfc7489WithoutVersionAndWithTwoSpf() throws IOException {
        AggregateReport report = Samples.good(Samples.file("rfc7489-two-spf.xml"));
        assertEquals(new Policies("none", "none", "none"), report.published().policies());
        assertEquals(
                new Spf("example.com", "mfrom", "pass"),
                report.rows().getFirst().spf());
        assertEquals(
                List.of(new Reason("forwarded", "")),
                report.rows().getFirst().evaluated().reasons());
        assertEquals(
                new Spf("evil.example", "", "softfail"), report.rows().getLast().spf());
        assertEquals(List.of(), report.rows().getLast().dkim());
    }

    @Test
    void readsADraftsFormInAnotherNamespaceEncodingAndOrder() throws IOException {
        AggregateReport report = Samples.good(Samples.file("draft-prefixed.xml"));
        assertEquals("Grüße", report.metadata().organization());
        assertEquals("<abc@old.example>", report.metadata().id());
        assertEquals("no key", report.metadata().error());
        assertEquals("example.com", report.published().domain());
        assertEquals("192.0.2.9", report.rows().getFirst().source());
        assertEquals(
                "bounce.example.com", report.rows().getFirst().identifiers().envelopeFrom());
        assertEquals("pass", report.rows().getFirst().spf().result());
    }

    @Test
    void readsGzipAndTheFirstFileOfAZipByTheirFirstBytes() throws IOException {
        byte[] xml = Samples.file("rfc9990.xml");
        AggregateReport plain = Samples.good(xml);
        assertEquals(plain, Samples.good(Samples.gzip(xml)));
        assertEquals(plain, Samples.good(Samples.zip(xml, "<feedback/>".getBytes(UTF_8))));
        assertEquals(
                plain,
                Samples.good(new String(xml, UTF_8).replace("UTF-8", "UTF-16").getBytes(UTF_16)));
    }

    @Test
    void whatIsNoTextIsReplacedAndNothingIsSaidOfItElsewhere() throws IOException {
        String xml = (HEAD + ROW + "</feedback>").replace("<report_id>1", "<report_id>\u00ff1");
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, UTF_8));
        try {
            assertEquals(
                    "\ufffd1", Samples.good(xml.getBytes(ISO_8859_1)).metadata().id());
            Samples.bad(xml.replace("</feedback>", "\u0001</feedback>").getBytes(ISO_8859_1));
        } finally {
            System.setErr(before);
        }
        assertEquals("", said.toString(UTF_8));
    }

    @Test
    void whatIsNoReportIsRefused() throws IOException {
        assertEquals("no XML", Samples.bad(""));
        assertEquals("no XML", Samples.bad("Dear Sir,"));
        assertEquals("no XML", Samples.bad(HEAD + ROW));
        assertEquals("no DMARC report", Samples.bad("<html/>"));
        assertEquals("no number: begin", Samples.bad("<feedback/>"));
        assertEquals("no report_id", Samples.bad((HEAD + ROW + "</feedback>").replace("report_id", "other")));
        assertEquals("no domain of a policy", Samples.bad((HEAD + "</feedback>").replace("example.com", "a b")));
        assertEquals(
                "a record without the address of a client",
                Samples.bad((HEAD + ROW + "</feedback>").replace("192.0.2.1", "mx.example.com")));
        for (String count : List.of("-1", "", "1e9", "99999999999999999999", "1000000000001")) {
            assertEquals(
                    "no number: count",
                    Samples.bad((HEAD + ROW + "</feedback>").replace("<count>1", "<count>" + count)));
        }
        Samples.bad(new byte[] {'P', 'K', 3, 4});
        Samples.bad(new byte[] {0x1f, (byte) 0x8b, 0, 0});
        Samples.bad(Arrays.copyOf(Samples.gzip(Samples.file("rfc9990.xml")), 200));
    }

    @Test
    void noDocumentTypeAndNoEntityIsReadOrFollowed() throws IOException {
        String report = HEAD + ROW + "</feedback>";
        assertEquals("a document type or entity", Samples.bad("<!DOCTYPE feedback>" + report));
        assertEquals(
                "a document type or entity",
                Samples.bad("<!DOCTYPE feedback SYSTEM \"http://127.0.0.1:1/x.dtd\">" + report));
        assertEquals(
                "a document type or entity",
                Samples.bad("<!DOCTYPE f [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>"
                        + report.replace("example.com", "&x;")));
        StringBuilder laughs = new StringBuilder("<!DOCTYPE f [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 30; i++) {
            laughs.append("<!ENTITY a").append(i).append(" \"");
            laughs.append(("&a" + (i - 1) + ";").repeat(10)).append("\">");
        }
        assertEquals("a document type or entity", Samples.bad(laughs + "]>" + report.replace("example.com", "&a29;")));
        Samples.bad(report.replace("example.com", "&unknown;"));
        assertEquals("no XML", Samples.bad("<!DOCTYPE f [<!ENTITY a \"b\"> \u0001"), "which the JDK has no words for");
    }

    @Test
    void elementsAreNotReadDeeperThanSixteen() throws IOException {
        assertEquals("elements more than 16 deep", Samples.bad(HEAD + "<a>".repeat(16)));
        assertEquals("elements more than 16 deep", Samples.bad(HEAD + "<x:a xmlns:x='y'>".repeat(16)));
    }

    @Test
    void recordsAreCounted() throws IOException {
        String most = HEAD + ROW.repeat(ReportReader.ROWS_MAX);
        assertEquals(
                ReportReader.ROWS_MAX,
                Samples.good((most + "</feedback>").getBytes(UTF_8)).rows().size());
        assertEquals("more than 20000 records", Samples.bad(most + ROW + "</feedback>"));
    }

    @Test
    void longTextsAreCutAndManyChildrenPassedOver() throws IOException {
        String text = "x".repeat(5_000_000);
        String many = "<k>v</k>".repeat(1000);
        AggregateReport report = Samples.good(
                (HEAD.replace("</report_metadata>", "<error>" + text + "</error>" + many + "</report_metadata>") + ROW
                                + "</feedback>")
                        .getBytes(UTF_8));
        assertEquals(ReportReader.TEXT_CHARS_MAX, report.metadata().error().length());
    }

    @Test
    void aBombIsNotUnpacked() throws IOException {
        byte[] blanks = new byte[40 << 20];
        Arrays.fill(blanks, (byte) ' ');
        byte[] head = HEAD.getBytes(UTF_8);
        System.arraycopy(head, 0, blanks, 0, head.length);
        assertEquals("unpacks to more than 200 times its size", Samples.bad(Samples.gzip(blanks)));
        assertEquals("unpacks to more than 200 times its size", Samples.bad(Samples.zip(blanks)));
        assertEquals("more than 33554432 bytes of XML", tooLong(3, 40));
        assertEquals("larger than 10485760 bytes", tooLong(12, 0));
    }

    /// A comment of so many MiB that cannot be packed, then blanks.
    private static String tooLong(int random, int blanks) throws IOException {
        byte[] bytes = new byte[(random + blanks) << 20];
        Arrays.fill(bytes, (byte) ' ');
        Random seeded = new Random(1);
        for (int i = 0; i < random << 20; i++) {
            bytes[i] = (byte) ('a' + seeded.nextInt(26));
        }
        byte[] head = (HEAD + "<!--").getBytes(UTF_8);
        System.arraycopy(head, 0, bytes, 0, head.length);
        byte[] attached = blanks == 0 ? bytes : Samples.gzip(bytes);
        assertTrue(blanks == 0 || attached.length < Unpacked.PACKED_BYTES_MAX, "packed: " + attached.length);
        return Samples.bad(attached);
    }

    @Test
    void aStreamThatBreaksIsNoBadReport() {
        byte[] part = Arrays.copyOf(Samples.file("rfc9990.xml"), 300);
        IOException thrown = assertThrows(
                IOException.class,
                () -> ReportReader.read(
                        new SequenceInputStream(new ByteArrayInputStream(part), new BrokenInput("reset"))));
        assertEquals("reset", thrown.getMessage());
    }
}
