package qrate.tlsrpt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.testkit.Fuzz;

class TlsrptFuzzTest {
    /// Entry point: {@link TlsRptRecord#wanted}.
    @Test
    void records() {
        Fuzz.Outcome outcome = Fuzz.run(
                "tls-rpt records",
                Fuzz.corpus(
                        "v=TLSRPTv1; rua=mailto:reports@example.com,https://r.example/v1?a=b",
                        "v=TLSRPTv1;x=y;rua=mailto:a%2Bb@b\u00fccher.example?subject=x;rua=",
                        "v=TLSRPTv1 ;rua = mailto:<a@b>,mailto:@,https://who@r.example/#x"),
                bytes -> {
                    TlsRptRecord.Wanted wanted = TlsRptRecord.wanted(List.of(new String(bytes, ISO_8859_1)));
                    assertTrue(wanted.mail().size() <= TlsRptRecord.PLACES_MAX);
                    assertTrue(wanted.web().size() <= TlsRptRecord.PLACES_MAX);
                    for (String address : wanted.mail()) {
                        assertTrue(address.chars().noneMatch(c -> c <= ' ' || c == '<' || c == '>'), address);
                        assertTrue(
                                address.indexOf('@') > 0 && address.indexOf('@') == address.lastIndexOf('@'), address);
                    }
                });
        assertTrue(outcome.runs() > 0);
    }

    /// Entry point: {@link TlsNote#in}.
    @Test
    void deliveries() {
        Fuzz.Outcome outcome = Fuzz.run(
                "tls-rpt deliveries",
                Fuzz.corpus(
                        "192.0.2.1_accepted_message./TLS:_TLSv1.3_TLS_AES_256_GCM_SHA384,_MTA-STS./Remote_host_said:_ok/",
                        "TLS:_certificate-expired_at_mx_1.a.test_2001:db8::1,_MTA-STS_testing./TLS:_x,_DANE,_REQUIRETLS.",
                        "TLS:_sts-policy-fetch-error_at_mta-sts.a.test,_MTA-STS_policy./"),
                bytes -> {
                    List<TlsNote> notes = TlsNote.in(new String(bytes, ISO_8859_1));
                    assertTrue(notes.size() <= TlsNote.LINES_MAX);
                    notes.forEach(note -> assertTrue(note.policy().length() < bytes.length));
                });
        assertTrue(outcome.runs() > 0);
    }
}
