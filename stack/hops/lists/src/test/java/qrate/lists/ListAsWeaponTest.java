package qrate.lists;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.lists.Rig.ANN;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A stranger writes to a list in somebody's name, so that the list writes to them.
class ListAsWeaponTest {
    private static final String VICTIM = "victim@example.org";
    private static final String STRANGE = "Subject: buy this\nX-Text: " + "spam ".repeat(1000) + "\n\nbuy this\n";

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void make() throws Exception {
        rig = new Rig(folder);
    }

    @Test
    void whateverIsAskedInOnesNameHasOneAnswerAnHour() throws Exception {
        List<String> commands = List.of(
                "help",
                "info",
                "faq",
                "nonsense",
                "subscribe",
                "unsubscribe",
                "subscribe-victim=example.org",
                "subscribe-victim+1=example.org",
                "Subscribe-VICTIM+2=Example.ORG",
                "unsubscribe-victim=example.org",
                "get.1",
                "sc.1.abcdefghijklmnopabcd-victim=example.org",
                "uc.1.abcdefghijklmnopabcd-victim=example.org",
                "tc.1.abcdefghijklmnopabcd-victim=example.org");
        for (String first : commands) {
            int before = rig.queue.size();
            for (String command : commands) {
                assertEquals(0, rig.mail("ezmlm-manage", VICTIM, "team-", first, STRANGE), first);
                assertEquals(0, rig.mail("ezmlm-manage", VICTIM, "team-", command, STRANGE), command);
                rig.mail("ezmlm-get", VICTIM, "team-", command, STRANGE);
            }
            assertEquals(before + 1, rig.queue.size(), first);
            assertFalse(rig.last().text().contains("buy this"), rig.last().text());
            assertTrue(rig.last().text().length() < 4000, rig.last().text());
            rig.later(Answers.QUIET);
        }
    }

    @Test
    void anotherProcessKnowsOfTheAnswer() throws Exception {
        rig.command("eve@evil.test", "subscribe-victim=example.org");
        Rig other = new Rig(folder, "-e"); // the same folder, and nothing remembered
        other.command("eve@evil.test", "subscribe-victim=example.org");
        assertEquals(0, other.queue.size());
    }

    @Test
    void anAnswerThatTheQueueDidNotTakeIsNone() throws Exception {
        rig.answer = new qrate.core.Verdict.Later("full");
        assertEquals(111, rig.command(VICTIM, "help"));
        rig.answer = new qrate.core.Verdict.Delivered("ok 1 qp 2");
        assertEquals(0, rig.command(VICTIM, "help"));
        assertEquals(1, rig.queue.size());
    }

    @Test
    void whoAnswersIsAnsweredAsOftenAsTheyAnswer() throws Exception {
        for (int i = 0; i < 3; i++) {
            rig.command(ANN, "subscribe");
            rig.command(ANN, rig.replyTo());
            assertTrue(
                    rig.last().text().contains("is on the list now"), rig.last().text());
            rig.command(ANN, "unsubscribe");
            rig.later(Duration.ofSeconds(1));
            rig.command(ANN, rig.replyTo());
            assertTrue(
                    rig.last().text().contains("is off the list now"),
                    rig.last().text());
        }
        assertEquals(12, rig.queue.size());
    }

    @Test
    void aConfirmationCountsOnce() throws Exception {
        rig.command(ANN, "subscribe");
        String confirm = rig.replyTo();
        for (int i = 0; i < 20; i++) {
            assertEquals(0, rig.command("eve@evil.test", confirm));
        }
        assertEquals(3, rig.queue.size(), "the question, the answer, and one for all who asked again");
    }

    @Test
    void moderatorsHearOnceOfAConfirmation(@TempDir Path other) throws Exception {
        rig = new Rig(other, "-s");
        rig.hand("ezmlm-sub", rig.dir() + "/mod", "mod@x.test", "mod2@x.test");
        rig.command(ANN, "subscribe");
        String confirm = rig.replyTo();
        for (int i = 0; i < 20; i++) {
            rig.command("eve@evil.test", confirm);
        }
        long toModerators = rig.queue.stream()
                .filter(sent ->
                        sent.envelope().recipients().getFirst().address().startsWith("mod"))
                .count();
        assertTrue(toModerators <= 4, toModerators + " letters");
    }

    @Test
    void ofOneDomainAndInAllThereAreLimits() throws Exception {
        for (int i = 0; i < 2 * Answers.DOMAIN_ANSWERS_MAX; i++) {
            rig.command("eve@evil.test", "subscribe-v" + i + "=example.org");
        }
        assertEquals(Answers.DOMAIN_ANSWERS_MAX, rig.queue.size());
        for (int i = 0; i < 2 * Answers.ANSWERS_MAX; i++) {
            rig.command("eve@evil.test", "subscribe-v=d" + i + ".test");
        }
        assertEquals(Answers.ANSWERS_MAX, rig.queue.size());
        rig.later(Answers.QUIET);
        rig.command(ANN, "subscribe");
        assertEquals(Answers.ANSWERS_MAX + 1, rig.queue.size());
    }

    @Test
    void theArchiveIsForSubscribersUnlessTheOwnerSaysOtherwise(@TempDir Path other) throws Exception {
        rig.post(ANN, "Subject: secret\n\n1\n");
        rig.command(VICTIM, "get.1");
        assertFalse(rig.last().text().contains("secret"));
        rig = new Rig(other, "-G");
        rig.post(ANN, "Subject: known\n\n1\n");
        rig.command(VICTIM, "get.1");
        assertTrue(rig.last().text().contains("known"));
        Files.delete(rig.dir().resolve("publicget")); // as in a folder of a version before
        rig.later(Answers.QUIET);
        rig.command(VICTIM, "get.1");
        assertFalse(rig.last().text().contains("known"));
    }

    @Test
    void theArchiveComesInPieces() throws Exception {
        rig.hand("ezmlm-sub", rig.dir().toString(), VICTIM);
        String big = "Subject: big\n\n" + ("x".repeat(999) + "\n").repeat(400);
        for (int i = 0; i < 10; i++) {
            rig.post(ANN, big);
        }
        rig.post(ANN, "Subject: huge\n\n" + big.repeat(3));
        rig.queue.clear();
        for (int hour = 0; hour < 23; hour++) {
            rig.command(VICTIM, "get.1_99");
            rig.command(VICTIM, "get.1_99");
            rig.later(Answers.QUIET);
        }
        long all = rig.queue.stream().mapToLong(sent -> sent.text().length()).sum();
        assertTrue(all < Answers.GET_DAY_BYTES_MAX + (1 << 20), all + " bytes");
        assertTrue(
                rig.last().text().length() < Answers.GET_BYTES_MAX + 10_000,
                rig.last().text().length() + " bytes");
        assertTrue(rig.last().text().contains("for their size: 3 4 5 6 7 8 9 10 11\n"));
        int before = rig.queue.size();
        rig.later(Answers.DAY);
        rig.command(VICTIM, "get.1_99");
        assertEquals(before + 1, rig.queue.size());
    }

    @Test
    void postsThatNobodyAcceptedGoBackOnceAndWithoutTheirText(@TempDir Path other) throws Exception {
        rig = new Rig(other, "-m");
        rig.hand("ezmlm-sub", rig.dir() + "/mod", "mod@x.test");
        for (int i = 0; i < 20; i++) {
            assertEquals(0, rig.mail("ezmlm-store", VICTIM, "team", "", STRANGE));
        }
        rig.queue.clear();
        rig.later(Duration.ofDays(6));
        assertEquals(0, rig.mail("ezmlm-clean", "", "team", "", ""));
        assertEquals(1, rig.queue.size());
        assertFalse(rig.last().text().contains("spam"), rig.last().text());
        assertEquals(0, rig.dir().resolve("mod/pending").toFile().list().length);
    }

    @Test
    void moderatorsGetSoManyPostsAndNoMore(@TempDir Path other) throws Exception {
        rig = new Rig(other, "-m");
        rig.hand("ezmlm-sub", rig.dir() + "/mod", "mod@x.test");
        for (int i = 0; i < Moderation.WAITING_MAX; i++) {
            assertEquals(0, rig.mail("ezmlm-store", VICTIM, "team", "", STRANGE));
        }
        assertEquals(111, rig.mail("ezmlm-store", VICTIM, "team", "", STRANGE));
        assertEquals(Moderation.WAITING_MAX, rig.queue.size());
    }

    @Test
    void aForgedBounceIsNotQuoted() throws Exception {
        rig.hand("ezmlm-sub", rig.dir().toString(), VICTIM);
        String bounce = "Received: from a\nSubject: failure\n\nbuy this\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no\n"
                + "Diagnostic-Code: smtp; 550 no\n" + "Status: spam\n".repeat(100) + "<victim@example.org>:\n";
        assertEquals(99, rig.mail("ezmlm-return", "", "team-return-", "7-victim=example.org", bounce));
        rig.later(Duration.ofSeconds(1_000_001));
        rig.mail("ezmlm-warn", "", "team", "", "");
        String text = rig.last().text();
        assertTrue(text.contains("\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no\nStatus: spam\n<victim@"), text);
        assertFalse(text.contains("buy this"), text);
    }
}
