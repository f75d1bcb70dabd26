package qrate.reports;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import qrate.core.Body;
import qrate.message.Mime;
import qrate.message.TraceFields;
import qrate.tlsrpt.TlsReport;

/// The message around a report on TLS (RFC 8460 §5.3).
final class TlsReportMail {
    private static final int LINE_CHARS = 76; // RFC 2045 §6.8

    private TlsReportMail() {}

    /// @param from the address that it comes from
    static Body of(TlsReport report, List<String> to, String from, Instant now) throws IOException {
        String submitter = from.substring(from.lastIndexOf('@') + 1);
        String header = TraceFields.date(now)
                + TraceFields.messageId(UUID.nameUUIDFromBytes(report.id().getBytes(UTF_8)) + ".tlsrpt", submitter)
                + "From: TLS reports <" + from + ">\n"
                + "To: " + String.join(",\n\t", to) + "\n"
                + "Subject: Report Domain: " + report.domain() + "\n\tSubmitter: " + submitter + "\n\tReport-ID: <"
                + report.id() + ">\n"
                + "TLS-Report-Domain: " + report.domain() + "\n"
                + "TLS-Report-Submitter: " + submitter + "\n"
                + "TLS-Required: No\n" // §3: it may be about a server that would not get it else
                + "Auto-Submitted: auto-generated\n";
        String text = "This is a report on the TLS that mail from " + report.organization() + " to\n"
                + report.domain() + " had on " + report.day() + ", as the TLSRPT record of that domain\n"
                + "asks for (RFC 8460).\n";
        String fields = "Content-Type: application/tlsrpt+gzip\nContent-Disposition: attachment;\n\tfilename=\""
                + report.file() + "\"\nContent-Transfer-Encoding: base64\n";
        byte[] encoded =
                Base64.getMimeEncoder(LINE_CHARS, "\n".getBytes(US_ASCII)).encode(report.packed());
        return Mime.multipart(
                header,
                "report; report-type=\"tlsrpt\"",
                "tlsrpt",
                List.of(Mime.Part.text(text), new Mime.Part(fields, Body.of(encoded))));
    }
}
