package qrate.reports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.reported.ReportSummary.TlsFailure;
import qrate.testkit.Seeds;

class TlsReportReaderTest {
    static final String REPORT = """
            {"organization-name": "Company-X",
             "date-range": {"start-datetime": "2026-11-28T00:00:00Z", "end-datetime": "2026-11-28T23:59:59Z"},
             "contact-info": "sts@company-x.example", "report-id": "5065427c", "new": [{"a": {"b": [1, 2.5, null]}}],
             "policies": [{
               "policy": {"policy-type": "sts", "policy-string": ["version: STSv1"], "policy-domain": "Example.TEST",
                          "mx-host": ["*.mail.example.test"]},
               "summary": {"total-successful-session-count": 5326, "total-failure-session-count": 303},
               "failure-details": [
                 {"result-type": "certificate-expired", "sending-mta-ip": "2001:db8::1",
                  "receiving-mx-hostname": "mx1.example.test", "failed-session-count": 100},
                 {"result-type": "starttls-not-supported", "failed-session-count": 200},
                 {"result-type": "starttls-not-supported", "failed-session-count": 3}]}]}
            """;

    static byte[] packed(byte[] json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(json);
        }
        return bytes.toByteArray();
    }

    /// RFC 8460, appendix B, in other words.
    @Test
    void readsAReportPackedAndPlain() throws IOException {
        TlsReported expected = new TlsReported(
                "Company-X",
                "5065427c",
                Instant.parse("2026-11-28T00:00:00Z"),
                Instant.parse("2026-11-28T23:59:59Z"),
                List.of(new TlsReported.Policy(
                        "sts",
                        "example.test",
                        5326,
                        303,
                        Map.of(
                                new TlsFailure("certificate-expired", "mx1.example.test"),
                                100L,
                                new TlsFailure("starttls-not-supported", ""),
                                203L))));
        for (byte[] attachment : List.of(REPORT.getBytes(UTF_8), packed(REPORT.getBytes(UTF_8)))) {
            assertTrue(TlsReportReader.mayBe(attachment));
            assertEquals(expected, TlsReportReader.read(attachment));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<feedback/>",
                "[]",
                "{}",
                "{\"policies\": [{\"policy\": {\"policy-domain\": \"a.test\"}}]}",
                "{\"date-range\": {\"start-datetime\": \"yesterday\"}, \"policies\": [{\"policy\": {\"policy-domain\": \"a\"}}]}"
            })
    void refusesWhatIsNoReport(String text) {
        assertThrows(IOException.class, () -> TlsReportReader.read(text.getBytes(UTF_8)));
    }

    @Test
    void isBoundedInBytesDepthAndParts() throws IOException {
        byte[] bomb = packed(new byte[TlsReportReader.JSON_BYTES_MAX + 1]);
        assertFalse(TlsReportReader.mayBe(bomb));
        assertThrows(IOException.class, () -> TlsReportReader.read(bomb));
        String deep = "[".repeat(100_000);
        assertThrows(IOException.class, () -> TlsReportReader.read(("{\"new\": " + deep).getBytes(UTF_8)));
        String policy = "{\"policy\": {\"policy-domain\": \"a.test\"}},";
        String many =
                REPORT.replace("\"policies\": [", "\"policies\": [" + policy.repeat(2 * TlsReportReader.PARTS_MAX));
        assertEquals(
                TlsReportReader.PARTS_MAX,
                TlsReportReader.read(many.getBytes(UTF_8)).policies().size());
    }

    @Test
    void saysAReportOrWhyNotWhateverStandsThere() {
        byte[] report = REPORT.getBytes(UTF_8);
        Seeds.forAll(500, random -> {
            byte[] odd = report.clone();
            for (int i = random.nextInt(8); i >= 0; i--) {
                odd[random.nextInt(odd.length)] = (byte) "{}[]\",:0x\\".charAt(random.nextInt(10));
            }
            try {
                byte[] attachment = random.nextBoolean() ? packed(odd) : odd;
                TlsReportReader.read(attachment).policies().forEach(one -> assertTrue(one.failed() >= 0));
            } catch (IOException _) {
                // it says so
            }
        });
    }
}
