package qrate.dmarc.reports;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import qrate.dmarc.reports.AggregateReport.Metadata;
import qrate.dmarc.reports.AggregateReport.Period;
import qrate.dmarc.reports.AggregateReport.Policies;
import qrate.dmarc.reports.AggregateReport.Published;
import qrate.dmarc.reports.AggregateReport.Row;

/// Reports in the shapes that are about.
final class Samples {
    static final Period DAY = new Period(Instant.parse("2025-11-29T00:00:00Z"), Instant.parse("2025-11-29T23:59:59Z"));

    private Samples() {}

    static byte[] file(String name) {
        try (InputStream in = Samples.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    static byte[] zip(byte[]... contents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < contents.length; i++) {
                out.putNextEntry(new ZipEntry("../../" + i + ".xml"));
                out.write(contents[i]);
            }
        }
        return bytes.toByteArray();
    }

    static AggregateReport report(List<Row> rows) {
        return new AggregateReport(
                new Metadata("Ours", "dmarc@mx.example", "", "1.0.example.com@mx.example", DAY, "", "Qrate"),
                new Published("example.com", new Policies("reject", "none", "none"), "r", "s", "0", "n", "treewalk"),
                rows);
    }

    static AggregateReport good(byte[] attached) throws IOException {
        ReportReader.Read read = ReportReader.read(new ByteArrayInputStream(attached));
        return assertInstanceOf(ReportReader.Read.Good.class, read, read::toString)
                .report();
    }

    static String bad(byte[] attached) throws IOException {
        ReportReader.Read read = ReportReader.read(new ByteArrayInputStream(attached));
        return assertInstanceOf(ReportReader.Read.Bad.class, read).why();
    }

    static String bad(String xml) throws IOException {
        return bad(xml.getBytes(StandardCharsets.UTF_8));
    }
}
