package qrate.images.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.reported.ReportHead;
import qrate.reported.ReportSummary;
import qrate.reported.SummaryFile;

/// A report of DMARC comes by SMTP, and what it says is kept for the domain's page.
class ReportedFlowTest {
    @TempDir
    private Path folder;

    private static String report() {
        long begin = Instant.now().minus(1, ChronoUnit.DAYS).getEpochSecond();
        return "<feedback><report_metadata><org_name>Big</org_name><email>d@big.test</email><report_id>1</report_id>"
                + "<date_range><begin>" + begin + "</begin><end>" + (begin + 3600) + "</end></date_range>"
                + "</report_metadata><policy_published><domain>example.test</domain><p>none</p></policy_published>"
                + "<record><row><source_ip>198.51.100.9</source_ip><count>7</count><policy_evaluated>"
                + "<disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row>"
                + "<identifiers><header_from>example.test</header_from></identifiers>"
                + "<auth_results><spf><domain>news.example</domain><result>pass</result></spf></auth_results></record>"
                + "</feedback>";
    }

    @Test
    void whatAReportSaysIsKeptForThePageOfTheDomain() throws Exception {
        try (Installation here = Installation.start(folder)) {
            Files.writeString(here.state().control().resolve("dmarcmailbox"), Installation.ANN + "\n");
            String letter = "From: <d@big.test>\r\nSubject: Report Domain: example.test\r\nMIME-Version: 1.0\r\n"
                    + "Content-Type: text/xml; name=\"r.xml\"\r\n\r\n" + report() + "\r\n";
            try (Talk talk = here.smtp()) {
                assertTrue(talk.message("d@big.test", List.of(Installation.ANN), letter)
                        .startsWith("250 "));
            }
            here.box(Installation.ANN, 1);
            here.drained();
            here.stop();
            here.start();
            await().atMost(Installation.SOON).untilAsserted(() -> {
                ReportSummary kept = new ReportSummary(Instant.now().minus(Duration.ofDays(30)));
                SummaryFile.read(here.state(), "example.test", kept);
                assertEquals(1, kept.reports(ReportHead.Kind.DMARC).size());
                assertEquals(7, kept.allMessages().failed());
                assertEquals(
                        List.of("news.example"),
                        List.copyOf(kept.sources().getFirst().value().vouchers()));
            });
        }
    }
}
