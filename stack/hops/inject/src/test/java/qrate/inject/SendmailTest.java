package qrate.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.core.Verdict;

class SendmailTest extends InjectByHand {
    private final List<Map<String, String>> smtpRuns = new ArrayList<>();
    private Sendmail sendmail;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("me"), "example.test\n");
        environment.put("NAME", "Ann");
        sendmail = new Sendmail(
                inject,
                (_, stdio) -> {
                    smtpRuns.add(stdio.environment());
                    return 7;
                },
                new Sendmail.Queue((_, _) -> 8, (_, _) -> 9),
                (words, stdio) -> {
                    stdio.out().println("smtpd: knows it");
                    stdio.out().println("would be told so: " + words.getFirst());
                    return words.getFirst().startsWith("far")
                            ? 99
                            : words.getFirst().startsWith("no") ? 100 : 0;
                });
    }

    private List<String> sentTo(String message, String... arguments) {
        return sentTo(sendmail, message, arguments);
    }

    @Test
    void isCalledAsProgramsCallIt() {
        String header = "To: a@x.test\n\nb\n";
        List<String> fromHeader = List.of("a@x.test");
        assertEquals(fromHeader, sentTo(header, "-t", "-i")); // PHP
        assertEquals(fromHeader, sentTo(header, "-it"));
        assertEquals(fromHeader, sentTo(header, "-oi", "-t", "-odb", "-oem"));
        assertEquals(fromHeader, sentTo(header, "-t", "-o", "i", "-e", "m", "-v", "-n", "-U", "-G"));
        assertEquals(fromHeader, sentTo(header, "-Ac", "-t", "-N", "never", "-R", "hdrs", "-V", "id", "-L", "tag"));
        List<String> root = List.of("root@example.test");
        assertEquals(root, sentTo("Subject: x\n\n", "-FCronDaemon", "-i", "-B8BITMIME", "-oem", "root")); // cron
        assertEquals(root, sentTo(header, "-bm", "-om", "-q30m", "-h", "3", "-pSMTP:host", "-x", "root"));
        assertEquals(List.of("-t@x.test"), sentTo(header, "--", "-t@x.test"));
        assertEquals(List.of("b@x.test", "a@x.test"), sentTo(header, "-t", "b@x.test"));
    }

    @Test
    void takesTheSenderAndTheNameThatAreGiven() {
        sentTo("To: a@x.test\n\n", "-t", "-f", "me@y.test", "-F", "Me Too");
        assertEquals("me@y.test", envelopes.getFirst().sender());
        assertTrue(messages.getLast().contains("From: \"Me Too\" <me@y.test>\n"), messages.getLast());
        sentTo("To: a@x.test\n\n", "-t", "-rme");
        assertEquals("me@example.test", envelopes.getFirst().sender());
        assertTrue(messages.getLast().contains("From: me@example.test\n"), messages.getLast());
        sentTo("To: a@x.test\nFrom: f@x.test\n\n", "-t", "-FOther");
        assertEquals("ann@example.test", envelopes.getFirst().sender());
        assertFalse(messages.getLast().contains("Other"), messages.getLast());
        sentTo("To: a@x.test\n\n", "-t", "-f", "");
        assertEquals("", envelopes.getFirst().sender());
        sentTo("To: a@x.test\n\n", "-t", "-f", "<>");
        assertEquals("", envelopes.getFirst().sender());
        assertTrue(messages.getLast().contains("From: \"Ann\" <ann@example.test>\n"), messages.getLast());
    }

    @Test
    void becomesSmtpOrTheQueuesList() {
        assertEquals(7, run(sendmail, "", "-bs"));
        assertEquals("", smtpRuns.getFirst().get("RELAYCLIENT"));
        assertEquals("127.0.0.1", smtpRuns.getFirst().get("TCPREMOTEIP"));
        environment.put("PROTO", "TCP"); // behind a superserver
        assertEquals(7, run(sendmail, "", "-b", "s"));
        assertFalse(smtpRuns.getLast().containsKey("RELAYCLIENT"));
        assertEquals(8, run(sendmail, "", "-bp"));
        assertEquals(8, run(sendmail, "", "-bp", "-v"));
        assertEquals(0, run(sendmail, "", "-bi"));
        assertEquals(0, run(sendmail, "", "-I"));
    }

    @Test
    void runsTheQueueAsCronAsksIt() {
        for (String[] call :
                new String[][] {{"-q"}, {"-v", "-q"}, {"-q", "-v"}, {"-qRfar.test"}, {"-qI17"}, {"-Ac", "-q"}}) {
            assertEquals(9, run(sendmail, "", call), String.join(" ", call));
        }
        for (String[] call : new String[][] {{"-q30m"}, {"-q1h"}, {"-qp5m"}}) {
            assertEquals(0, run(sendmail, "", call), String.join(" ", call));
        }
        assertEquals(List.of("a@x.test"), sentTo("To: a@x.test\n\n", "-q", "-t"));
    }

    @Test
    void verifiesAddresses() {
        assertEquals(0, run(sendmail, "", "-bv", "ann@example.test", "far@x.test"));
        assertEquals("""
                ann@example.test... deliverable: would be told so: ann@example.test
                far@x.test... deliverable: would be told so: far@x.test
                """, out);
        assertEquals(100, run(sendmail, "", "-bv", "nobody@example.test", "ann@example.test"));
        assertTrue(out.startsWith("nobody@example.test... not deliverable: would be told so"), out);
    }

    @Test
    void exitsWith100WhenItIsMisused() {
        for (String[] wrong :
                new String[][] {{"-k"}, {"-bd"}, {"-bd", "-q15m"}, {"-bt"}, {"-f"}, {"-ik"}, {"-b", ""}, {"-bv"}}) {
            assertEquals(100, run(sendmail, "", wrong), String.join(" ", wrong));
            assertTrue(err.startsWith("sendmail: fatal: ") && err.lines().count() == 1, err);
        }
        assertEquals(100, run(sendmail, "To: a@x.test\n\n")); // no recipient argument and no -t
    }

    @Test
    void datemailAddsTheDateInLocalTime() {
        Datemail datemail = new Datemail(sendmail, CLOCK, ZoneId.of("Asia/Kolkata"));
        assertEquals(0, run(datemail, "To: a@x.test\n\nbody\n", "-t"), err);
        assertTrue(messages.getLast().contains("Date: 24 Nov 2026 12:00:00 +0530\n"), messages.getLast());
        assertTrue(messages.getLast().endsWith("\n\nbody\n"), messages.getLast());
        assertEquals(0, run(datemail, "Date: then\n\nbody\n", "a@x.test"), err);
        assertTrue(messages.getLast().contains("Date: then\n"), messages.getLast());
        assertFalse(messages.getLast().contains("2026 12:00"), messages.getLast());
        assertEquals(100, run(datemail, "X: " + "y".repeat(Incoming.HEADER_BYTES_MAX), "a@x.test"));
    }

    @Test
    void exitsAsQmailInjectUnderEachName() {
        verdict = new Verdict.Later("full");
        assertEquals(111, run(sendmail, "To: a@x.test\n\n", "-t"));
        assertEquals(111, run(new Datemail(sendmail, CLOCK, ZoneId.of("UTC")), "\n", "a@x.test"));
        assertEquals(111, run(new Mailsubj(inject), "", "subject", "a@x.test"));
        verdict = new Verdict.Never("no");
        assertEquals(100, run(sendmail, "To: a@x.test\n\n", "-t"));
        assertEquals(100, run(new Datemail(sendmail, CLOCK, ZoneId.of("UTC")), "\n", "a@x.test"));
        assertEquals(100, run(new Mailsubj(inject), "", "subject", "a@x.test"));
    }

    @Test
    void mailsubjWritesSubjectAndRecipients() {
        Mailsubj mailsubj = new Mailsubj(inject);
        assertEquals(0, run(mailsubj, "To: no header\n", "What: ünï", "a@x.test", "bob"), err);
        assertEquals(List.of("a@x.test", "bob@example.test"), recipients());
        assertTrue(
                messages.getFirst().contains("\nSubject: What: ünï\nTo: a@x.test, bob@example.test\n\n"),
                messages.getFirst());
        assertTrue(messages.getFirst().endsWith("\n\nTo: no header\n"), messages.getFirst());
        assertEquals(100, run(mailsubj, "", "only a subject"));
        assertEquals(100, run(mailsubj, "", "a\nBcc: evil@x.test", "a@x.test"));
        assertEquals(1, messages.size());
    }
}
