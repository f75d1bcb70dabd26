package qrate.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.reported.ReportHead.Kind;

/// RFC 8460 §3, RFC 9990 §3.
class ReportOriginTest {
    private static ReportOrigin of(String results) throws IOException {
        String message =
                "Received: (qmail 1 invoked by uid 7791); 28 Nov 2026\nAuthentication-Results: mx.ours.test;\n\t"
                        + results + "\nReceived: from r.test\nMessage-ID: <1@r.test>\n\n";
        return ReportOrigin.of(message.getBytes(ISO_8859_1), "mx.ours.test", Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dkim=pass header.d=r.test; dmarc=pass header.from=r.test | SIGNED | SIGNED",
                "dkim=pass header.d=r.test; dmarc=none header.from=mail.r.test | SIGNED | SIGNED",
                "dkim=pass header.d=mail.r.test; dmarc=pass header.from=r.test | SIGNED | SIGNED",
                "dkim=pass header.d=evil.github.io; dmarc=fail header.from=github.io | UNSIGNED | UNSIGNED",
                "dkim=pass header.d=io; dmarc=none header.from=github.io | UNSIGNED | UNSIGNED",
                "spf=pass; dkim=none; dmarc=pass header.from=r.test | UNSIGNED | SIGNED",
                "dkim=fail header.d=r.test; dmarc=fail header.from=r.test | UNSIGNED | UNSIGNED",
                "dkim=pass header.d=r.test | UNKNOWN | UNKNOWN",
                "auth=pass | UNKNOWN | UNKNOWN",
                "none | UNKNOWN | UNKNOWN",
            })
    void saysWhatVouchesForTheSender(String results, String tls, String dmarc) throws IOException {
        ReportOrigin origin = of(results);
        assertEquals(tls, origin.proof(Kind.TLS).name());
        assertEquals(dmarc, origin.proof(Kind.DMARC).name());
        assertEquals(dmarc, origin.proof().name());
        assertEquals("<1@r.test>", origin.id());
    }

    @Test
    void aHeaderWithoutEndSaysNothing() throws IOException {
        byte[] long_ = ("X: " + "y".repeat(1 << 20)).getBytes(ISO_8859_1);
        assertEquals(
                "UNKNOWN", ReportOrigin.of(long_, "", Instant.EPOCH).proof().name());
    }
}
