package qrate.reports;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import qrate.core.Body;
import qrate.dmarc.reports.ReportNames;
import qrate.dmarc.reports.ReportParcel;
import qrate.message.Mime;
import qrate.message.TraceFields;

/// The message around a report of DMARC (RFC 9990 §3.5.2).
final class ReportMail {
    private static final int LINE_CHARS = 76; // RFC 2045 §6.8

    private ReportMail() {}

    /// @param from the address that it comes from
    /// @param host our name, for the text
    static Body of(ReportParcel parcel, String from, String host, Instant now) throws IOException {
        String domain = from.substring(from.lastIndexOf('@') + 1);
        String id = UUID.nameUUIDFromBytes(parcel.id().getBytes(UTF_8)) + ".dmarc";
        String header = TraceFields.date(now)
                + TraceFields.messageId(id, domain)
                + "From: DMARC reports <" + from + ">\n"
                + "To: " + String.join(",\n\t", parcel.to()) + "\n"
                + "Subject: Report Domain: " + parcel.domain() + "\n\tSubmitter: " + domain + "\n\tReport-ID: <"
                + parcel.id() + ">\n"
                + "Auto-Submitted: auto-generated\n";
        String text = "This is an aggregate report of DMARC about mail in the name of\n" + parcel.domain()
                + " that came to " + host + ", as the DMARC record of that domain\nasks for (RFC 9990).\n";
        String fields = "Content-Type: " + ReportNames.MEDIA_TYPE + "\nContent-Disposition: attachment;\n\tfilename=\""
                + parcel.file() + "\"\nContent-Transfer-Encoding: base64\n";
        byte[] encoded =
                Base64.getMimeEncoder(LINE_CHARS, "\n".getBytes(US_ASCII)).encode(parcel.packed());
        return Mime.multipart(
                header, "mixed", "dmarc", List.of(Mime.Part.text(text), new Mime.Part(fields, Body.of(encoded))));
    }
}
