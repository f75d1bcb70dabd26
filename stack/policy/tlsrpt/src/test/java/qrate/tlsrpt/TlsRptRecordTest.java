package qrate.tlsrpt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.testkit.Seeds;

class TlsRptRecordTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "v=TLSRPTv1;rua=mailto:reports@example.com | reports@example.com",
                "v=TLSRPTv1; rua=https://r.example/v1,mailto:A+b@Example.COM?subject=x ; | A+b@example.com",
                "v=TLSRPTv1;rua=mailto:a%2Bb@b\u00fccher.example | a+b@xn--bcher-kva.example",
                "v=TLSRPTv1;rua=mailto:a@b.test,mailto:a@b.test,mailto:c@d.test | a@b.test c@d.test",
                "v=TLSRPTv1;x=y;rua=https://only.example | none",
                "v=TLSRPTv12;rua=mailto:a@b.test | none",
                "v=TLSRPTv1 | none",
                "v=TLSRPTv1;rua=mailto:a%0d%0ab@b.test | none",
                "v=TLSRPTv1;rua=mailto:a@b@localhost | none",
                "v=TLSRPTv1;rua=mailto:<a@b.test> | none"
            })
    void readsWhoWantsReports(String text, String addresses) {
        assertEquals(
                addresses == null ? List.of() : List.of(addresses.split(" ", -1)),
                TlsRptRecord.wanted(List.of("v=spf1 -all", text)).mail());
    }

    @Test
    void readsWhereReportsArePosted() {
        String record =
                "v=TLSRPTv1; rua=https://r.example/v1?a=b,http://plain.example/,https://who@r.example/,mailto:a@b.test";
        assertEquals(
                new TlsRptRecord.Wanted(List.of("a@b.test"), List.of(URI.create("https://r.example/v1?a=b"))),
                TlsRptRecord.wanted(List.of(record)));
        String many = "v=TLSRPTv1;rua=" + "https://r.example/%d,".repeat(9).replace("%d", "x");
        assertEquals(1, TlsRptRecord.wanted(List.of(many)).web().size());
    }

    @Test
    void takesNoneOfTwoRecords() {
        String one = "v=TLSRPTv1;rua=mailto:a@b.test";
        assertTrue(TlsRptRecord.wanted(List.of(one, one)).isNowhere());
        assertEquals(List.of("a@b.test"), TlsRptRecord.wanted(List.of(one)).mail());
    }

    @Test
    void takesNoneWhereAnyFieldIsNone() {
        for (String field : List.of("x", "=y", "x=", "-x=y", "x y=z", "x=y z", "x=y=z", "a".repeat(33) + "=y", "")) {
            String text = "v=TLSRPTv1; " + field + "; rua=mailto:a@b.test";
            assertTrue(TlsRptRecord.wanted(List.of(text)).isNowhere(), text);
        }
    }

    @Test
    void standsAtItsOwnNameBelowTheDomain() {
        assertEquals("_smtp._tls.example.com", TlsRptRecord.name("example.com"));
    }

    @Test
    void readsWhateverStandsThere() {
        String pieces = "mailto:%,;=@!? a.\u00fc\0";
        Seeds.forAll(300, random -> {
            StringBuilder text = new StringBuilder("v=TLSRPTv1;rua=");
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(
                        random.nextInt(5) == 0 ? "mailto:a@b.test" : pieces.charAt(random.nextInt(pieces.length())));
            }
            TlsRptRecord.wanted(List.of(text.toString()))
                    .mail()
                    .forEach(address -> assertEquals(-1, address.indexOf('\n')));
        });
    }
}
