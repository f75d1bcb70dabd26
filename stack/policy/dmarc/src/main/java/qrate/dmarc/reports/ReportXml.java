package qrate.dmarc.reports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import qrate.dmarc.reports.AggregateReport.Metadata;
import qrate.dmarc.reports.AggregateReport.Published;
import qrate.dmarc.reports.AggregateReport.Row;

/// Writes a report as XML (RFC 9990 §3.1.1, appendix A): version 1.0, elements in the order of the schema, one
/// `spf` a record. Whatever the texts, what comes out is well-formed.
public final class ReportXml {
    /// Its namespace.
    public static final String NAMESPACE = "urn:ietf:params:xml:ns:dmarc-2.0";

    private final StringBuilder out = new StringBuilder();
    private int depth;

    private ReportXml() {}

    /// The report in UTF-8.
    public static byte[] write(AggregateReport report) {
        ReportXml xml = new ReportXml();
        xml.out
                .append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feedback xmlns=\"")
                .append(NAMESPACE)
                .append("\">\n");
        xml.depth = 1;
        xml.leaf("version", "1.0");
        xml.metadata(report.metadata());
        xml.published(report.published());
        report.rows().forEach(xml::row);
        xml.close("feedback");
        return xml.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The report as it is attached: gzip (RFC 6713).
    public static byte[] packed(AggregateReport report) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(write(report));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory takes whatever is written
        }
        return bytes.toByteArray();
    }

    private void metadata(Metadata metadata) {
        open("report_metadata");
        leaf("org_name", metadata.organization());
        leaf("email", metadata.email());
        some("extra_contact_info", metadata.contact());
        leaf("report_id", metadata.id());
        open("date_range");
        leaf("begin", Long.toString(metadata.period().begin().getEpochSecond()));
        leaf("end", Long.toString(metadata.period().end().getEpochSecond()));
        close("date_range");
        some("error", metadata.error());
        some("generator", metadata.generator());
        close("report_metadata");
    }

    private void published(Published published) {
        open("policy_published");
        leaf("domain", published.domain());
        some("discovery_method", published.method());
        leaf("p", published.policies().p());
        some("sp", published.policies().sp());
        some("np", published.policies().np());
        some("fo", published.fo());
        some("adkim", published.adkim());
        some("aspf", published.aspf());
        some("testing", published.testing());
        close("policy_published");
    }

    private void row(Row row) {
        open("record");
        open("row");
        leaf("source_ip", row.source());
        leaf("count", Long.toString(row.count()));
        open("policy_evaluated");
        leaf("disposition", row.evaluated().disposition());
        leaf("dkim", row.evaluated().dkim());
        leaf("spf", row.evaluated().spf());
        for (AggregateReport.Reason reason : row.evaluated().reasons()) {
            open("reason");
            leaf("type", reason.type());
            some("comment", reason.comment());
            close("reason");
        }
        close("policy_evaluated");
        close("row");
        open("identifiers");
        leaf("header_from", row.identifiers().headerFrom());
        leaf("envelope_from", row.identifiers().envelopeFrom());
        some("envelope_to", row.identifiers().envelopeTo());
        close("identifiers");
        open("auth_results");
        for (AggregateReport.Dkim dkim : row.dkim()) {
            open("dkim");
            leaf("domain", dkim.domain());
            leaf("selector", dkim.selector());
            leaf("result", dkim.result());
            close("dkim");
        }
        open("spf");
        leaf("domain", row.spf().domain());
        some("scope", row.spf().scope());
        leaf("result", row.spf().result());
        close("spf");
        close("auth_results");
        close("record");
    }

    private void open(String name) {
        line().append('<').append(name).append(">\n");
        depth++;
    }

    private void close(String name) {
        depth--;
        line().append("</").append(name).append(">\n");
    }

    private void some(String name, String text) {
        if (!text.isEmpty()) {
            leaf(name, text);
        }
    }

    private void leaf(String name, String text) {
        line().append('<').append(name).append('>');
        text.codePoints().forEach(this::character);
        out.append("</").append(name).append(">\n");
    }

    /// What XML 1.0 cannot hold (§2.2), and what a reader would take for a line's end, is a question mark.
    private void character(int c) {
        switch (c) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            default -> {
                boolean good = c >= ' ' && c != 0xfffe && c != 0xffff && (c < 0x7f || c > 0x9f) && !isSurrogate(c);
                out.appendCodePoint(good ? c : '?');
            }
        }
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private StringBuilder line() {
        return out.append("  ".repeat(depth));
    }
}
