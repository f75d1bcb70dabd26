package qrate.tlsrpt;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
                TlsRptRecord.addresses(List.of("v=spf1 -all", text)));
    }

    @Test
    void takesNoneOfTwoRecords() {
        String one = "v=TLSRPTv1;rua=mailto:a@b.test";
        assertEquals(List.of(), TlsRptRecord.addresses(List.of(one, one)));
        assertEquals(List.of("a@b.test"), TlsRptRecord.addresses(List.of(one)));
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
            TlsRptRecord.addresses(List.of(text.toString()))
                    .forEach(address -> assertEquals(-1, address.indexOf('\n')));
        });
    }
}
