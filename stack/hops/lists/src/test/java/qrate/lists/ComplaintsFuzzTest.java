package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.RealDisk;
import qrate.testkit.Fuzz;

class ComplaintsFuzzTest {
    @TempDir
    Path folder;

    /// Entry point: {@link Complaints.Report#of}.
    @Test
    void reports() throws Exception {
        Rig rig = new Rig(folder);
        MailingList list = MailingList.open(new ListFolder(new RealDisk(rig.dir())));
        Fuzz.Outcome outcome = Fuzz.run("complaints", Fuzz.corpus("""
                        Content-Type: multipart/report; report-type=feedback-report

                        Feedback-Type: abuse
                        List-Unsubscribe: <https://x.test/unsubscribe?list=team%40example.test&address=ann%40a.test&code=ab>
                        """, """
                        Content-Type: multipart/report; x=feedback-report

                        List-Unsubscribe:
                         <https://x.test/unsubscribe?list=team%40example.test&address=ann%40a.test&code=ab>, <>
                        """), bytes -> {
            Mail mail = new Mail("", "", "", Client.UNKNOWN, Body.of(bytes), rig.now);
            Optional<Complaints.Report> report = Complaints.Report.of(mail);
            report.ifPresent(one -> {
                assertTrue(one.unsubscribe().length() <= Complaints.FIELD_CHARS_MAX);
                assertEquals(Optional.empty(), one.member(list), () -> new String(bytes, UTF_8));
            });
        });
        assertTrue(outcome.runs() > 0);
    }
}
