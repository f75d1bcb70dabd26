package qrate.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import qrate.dmarc.reports.AggregateReport;
import qrate.dmarc.reports.AggregateReport.Evaluated;
import qrate.dmarc.reports.AggregateReport.Identifiers;
import qrate.dmarc.reports.AggregateReport.Metadata;
import qrate.dmarc.reports.AggregateReport.Period;
import qrate.dmarc.reports.AggregateReport.Policies;
import qrate.dmarc.reports.AggregateReport.Published;
import qrate.dmarc.reports.AggregateReport.Row;
import qrate.dmarc.reports.AggregateReport.Spf;
import qrate.dmarc.reports.ReportXml;

/// Reports of others, and messages that bring them.
final class Reported {
    private Reported() {}

    static AggregateReport report(String organization, String id, String domain, String day, Row... rows) {
        Instant begin = Instant.parse(day + "T00:00:00Z");
        return new AggregateReport(
                new Metadata(
                        organization, "dmarc@r.test", "", id, new Period(begin, begin.plusSeconds(86_399)), "", ""),
                new Published(domain, new Policies("none", "", ""), "r", "r", "", "n", "treewalk"),
                List.of(rows));
    }

    static Row row(String source, long count, String disposition, String dkim, String spf) {
        return new Row(
                source,
                count,
                new Evaluated(disposition, dkim, spf, List.of()),
                new Identifiers("example.test", "example.test", ""),
                List.of(),
                new Spf("example.test", "mfrom", spf));
    }

    static byte[] zip(AggregateReport report) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("r.xml"));
            out.write(ReportXml.write(report));
        }
        return bytes.toByteArray();
    }

    /// A message as most senders write it.
    static String mailed(String type, byte[] attachment) {
        return "From: dmarc@r.test\nSubject: Report Domain: example.test\nMIME-Version: 1.0\n"
                + "Content-Type: multipart/mixed; boundary=\"=_b;1\"\n\npreamble\n--=_b;1\n"
                + "Content-Type: text/plain\n\nA report.\n--=_b;1\n" + part(type, attachment) + "--=_b;1--\nend\n";
    }

    static String part(String type, byte[] attachment) {
        return "Content-Type: " + type + ";\n\tname=\"r\"\nContent-Transfer-Encoding: base64\n\n"
                + new String(Base64.getMimeEncoder(76, new byte[] {'\n'}).encode(attachment), ISO_8859_1) + "\n";
    }
}
