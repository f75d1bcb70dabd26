package qrate.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import qrate.testkit.Fuzz;

/// RFC 5965 §3.
class FeedbackReportTest {
    private static final String REPORT = """
            Feedback-Type: Abuse
            User-Agent: SomeGenerator/1.0
            Source-IP: 2001:db8::1
            Original-Mail-From: <ann@Mail.Example.test>
            Reported-Domain: example.test
            Reported-Domain: EXAMPLE.test
            """;

    private static Optional<FeedbackReport> read(String text) {
        return FeedbackReport.read(text.getBytes(ISO_8859_1));
    }

    @Test
    void readsWhatItIsAboutAndWhoSaysSo() {
        assertEquals(
                Optional.of(new FeedbackReport(
                        "abuse", "SomeGenerator/1.0", "2001:db8::1", List.of("example.test", "mail.example.test"))),
                read(REPORT));
        assertEquals(
                "mx.y.test",
                read(REPORT + "reporting-mta: dns; mx.y.test\r\n").orElseThrow().by());
    }

    @Test
    void readsFieldsOverSeveralLines() {
        assertEquals(Optional.of(new FeedbackReport("abuse", "mx.y.test", "192.0.2.1", List.of("a.test"))), read("""
                        Feedback-Type:
                         abuse
                        Reporting-MTA: dns;
                        \tmx.y.test
                        Source-IP:
                          192.0.2.1
                        Original-Mail-From:
                         <ann@a.test>
                        """));
        assertEquals(Optional.empty(), read("X: y\n Feedback-Type: abuse\n"));
    }

    @Test
    void leavesOutWhatMakesNoSenseAndIsBounded() {
        assertEquals(Optional.empty(), read("Reported-Domain: example.test\n"));
        assertEquals(Optional.empty(), read("Feedback-Type: <script>\n"));
        assertEquals(Optional.of(new FeedbackReport("fraud", "", "", List.of())), read("""
                        Feedback-Type: fraud
                        Feedback-Type: abuse
                        Source-IP: no address
                        Reported-Domain: a b
                        Original-Mail-From: <>
                        no field
                        : x
                        """));
        StringBuilder many = new StringBuilder("Feedback-Type: abuse\n");
        for (int i = 0; i < 2 * FeedbackReport.LINES_MAX; i++) {
            many.append("Reported-Domain: d").append(i).append(".test\n");
        }
        assertEquals(
                FeedbackReport.DOMAINS_MAX,
                read(many.toString()).orElseThrow().domains().size());
        assertEquals(Optional.empty(), read("x\n".repeat(FeedbackReport.LINES_MAX) + REPORT));
    }

    /// Entry point: {@link FeedbackReport#read}.
    @Test
    void whateverStandsInThePartIsReadWithinItsBounds() throws IOException {
        Fuzz.Outcome outcome = Fuzz.run("complaints", Fuzz.corpus(REPORT, "Feedback-Type:abuse"), bytes -> {
            Optional<FeedbackReport> read = FeedbackReport.read(bytes);
            assertTrue(read.isEmpty() || read.get().domains().size() <= FeedbackReport.DOMAINS_MAX);
        });
        assertTrue(outcome.runs() > 0);
    }
}
