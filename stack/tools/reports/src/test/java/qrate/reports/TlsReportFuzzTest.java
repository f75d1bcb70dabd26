package qrate.reports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import qrate.testkit.Fuzz;

class TlsReportFuzzTest {
    /// Entry points: {@link TlsReportReader#mayBe}, {@link TlsReportReader#read}.
    @Test
    void reports() throws IOException {
        byte[] report = TlsReportReaderTest.REPORT.getBytes(UTF_8);
        Fuzz.Outcome outcome = Fuzz.run(
                "tls reports",
                Fuzz.corpus(
                        TlsReportReaderTest.REPORT,
                        "{\"policies\":[{\"policy\":{\"policy-domain\":\"a\"},\"failure-details\":[[],{\"failed-session-count\":1e9}]}]}",
                        new String(TlsReportReaderTest.packed(report), java.nio.charset.StandardCharsets.ISO_8859_1)),
                bytes -> {
                    TlsReportReader.mayBe(bytes);
                    try {
                        TlsReported read = TlsReportReader.read(bytes);
                        assertTrue(read.policies().size() <= TlsReportReader.PARTS_MAX);
                        for (TlsReported.Policy policy : read.policies()) {
                            assertTrue(policy.failures().size() <= TlsReportReader.PARTS_MAX);
                            assertTrue(policy.successes() >= 0 && policy.failed() >= 0);
                        }
                    } catch (IOException _) {
                        // it says so
                    }
                });
        assertTrue(outcome.runs() > 0);
    }
}
