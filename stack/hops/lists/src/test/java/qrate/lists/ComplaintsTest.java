package qrate.lists;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Verdict;

class ComplaintsTest {
    private static final String BOB = "bob@far.test";

    @TempDir
    Path folder;

    private Rig rig;
    private String copy;

    @BeforeEach
    void post() throws Exception {
        rig = new Rig(folder);
        rig.base = Optional.of("https://lists.example.test");
        Files.createFile(rig.dir().resolve("oneclick"));
        rig.hand("ezmlm-sub", rig.dir().toString(), Rig.ANN, BOB);
        rig.post(Rig.ANN, "From: ann@example.org\nSubject: hello\n\nworld\n");
        copy = copyFor(BOB);
        rig.queue.clear();
    }

    private String copyFor(String member) {
        return rig.queue.stream()
                .filter(sent ->
                        sent.envelope().recipients().getFirst().address().equals(member))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private static String report(String type, String copy) {
        return """
                From: <feedback@provider.test>
                Subject: FW: hello
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=feedback-report; boundary="b"

                --b
                Content-Type: text/plain

                This is an email abuse report.
                --b
                Content-Type: message/feedback-report

                Feedback-Type: %s
                User-Agent: Provider/1.0
                Version: 1
                Original-Rcpt-To: <redacted@provider.test>

                --b
                Content-Type: message/rfc822

                %s
                --b--
                """.formatted(type, copy);
    }

    private int complain(String message) throws Exception {
        return rig.mail("ezmlm-complaint", "feedback@provider.test", "fbl", "", message);
    }

    @Test
    void takesWhoComplainsOffTheListAndTellsTheOwner() throws Exception {
        assertEquals(0, complain(report("abuse", copy)));
        assertEquals(Rig.ANN + "\n", rig.subscribers());
        assertEquals(1, rig.queue.size());
        assertEquals(
                "team-owner@example.test",
                rig.last().envelope().recipients().getFirst().address());
        assertTrue(
                rig.last().text().contains("reports that " + BOB + " called"),
                rig.last().text());
        assertFalse(rig.last().text().contains("world"), "nothing of a stranger's is quoted");
    }

    @Test
    void isOverWithTheFirstReport() throws Exception {
        complain(report("abuse", copy));
        assertEquals(0, complain(report("abuse", copy)));
        assertEquals(1, rig.queue.size());
    }

    @Test
    void readsAFoldedFieldAndLinesWithCarriageReturns() throws Exception {
        String folded =
                copy.replace("List-Unsubscribe: <", "LIST-UNSUBSCRIBE:\n <").replace("\n", "\r\n");
        assertEquals(0, complain(report("opt-out", folded)));
        assertEquals(Rig.ANN + "\n", rig.subscribers());
    }

    @Test
    void keepsWhoSaysThatItIsNoSpam() throws Exception {
        assertEquals(0, complain(report("not-spam", copy)));
        assertEquals(0, complain(report("", copy)));
        unchanged();
    }

    /// Whoever has no copy has no code: not for another address, and not by the addresses that are in every report.
    @Test
    void believesNoReportWithoutTheCodeOfTheCopy() throws Exception {
        assertEquals(0, complain(report("abuse", copy.replace("bob%40far.test", "ann%40example.org"))));
        assertEquals(0, complain(report("abuse", copy.replaceAll("code=.", "code=z"))));
        assertEquals(0, complain(report("abuse", copy.replace("list=team", "list=other"))));
        assertEquals(0, complain(report("abuse", copy.replace("List-Unsubscribe:", "X-Gone:"))));
        assertEquals(0, complain(report("abuse", "Return-Path: <team-return-1-bob=far.test@example.test>\n")));
        assertEquals(0, complain(report("abuse", "List-Unsubscribe: <https://x/unsubscribe?address=%zz&code>\n")));
        unchanged();
    }

    @Test
    void leavesWhatIsNoReportToTheNextLine() throws Exception {
        assertEquals(0, complain(copy));
        assertEquals(0, complain("Subject: hello\n\n" + copy));
        unchanged();
    }

    @Test
    void takesNobodyOffBeforeTheOwnerIsToldForSure() throws Exception {
        rig.answer = new Verdict.Later("full");
        assertEquals(111, complain(report("abuse", copy)));
        unchanged();
    }

    @Test
    void looksAtABoundedPartOfAReport() throws Exception {
        String far = "x".repeat(Complaints.REPORT_BYTES_MAX) + "\n" + copy;
        assertEquals(0, complain(report("abuse", far)));
        assertEquals(0, complain(report("abuse", "\n".repeat(Complaints.LINES_MAX) + copy)));
        unchanged();
    }

    private void unchanged() throws Exception {
        assertEquals(2, rig.subscribers().lines().count());
        assertEquals(0, rig.queue.size());
    }
}
