package qrate.local.deliver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.Client;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.snapshots.Directory;
import qrate.snapshots.Vacation;

/// Answers of somebody who is away (RFC 3834).
class VacationRepliesTest {
    private static final String ANN = "example.org-ann@example.org";
    private static final String TO_HER = """
            From: bob@example.com
            To: Ann <ann@example.org>
            Subject: tea
            Message-ID: <1@example.com>

            Tea at four?
            """;

    @TempDir
    Path root;

    private Setting setting;

    @BeforeEach
    void set() throws IOException {
        setting = new Setting(root);
        setting.domain("example.org", "ann");
        away(vacation(Instant.EPOCH, Instant.EPOCH));
    }

    @AfterEach
    void end() {
        setting.close();
    }

    private static Vacation vacation(Instant from, Instant until) {
        return new Vacation(true, from, until, 7, "Away", "Back on Monday.");
    }

    private void away(Vacation vacation) {
        setting.route(
                "ann@example.org",
                new Directory.Route.Mailbox(
                        "ann@example.org", "domains/example.org/ann", 0, 0, List.of(), true, vacation, ""));
    }

    private List<String> answers(String sender, String message) throws Exception {
        int before = setting.forwarded.size();
        assertEquals(new Verdict.Delivered("did 1+0+0"), setting.deliver(sender, message, ANN));
        return setting.forwarded.subList(before, setting.forwarded.size()).stream()
                .map(Setting.Forwarded::content)
                .toList();
    }

    @Test
    void answersWhoWroteInPersonFromNobodySoThatNothingComesBack() throws Exception {
        String answer = answers("bob@example.com", TO_HER).getFirst();
        assertEquals("", setting.forwarded.getFirst().envelope().sender());
        assertEquals(
                "bob@example.com",
                setting.forwarded.getFirst().envelope().recipients().getFirst().address());
        assertTrue(answer.contains("From: <ann@example.org>\nTo: <bob@example.com>\nSubject: Away\n"), answer);
        assertTrue(answer.contains("\nAuto-Submitted: auto-replied\n"), answer);
        assertTrue(answer.contains("\nIn-Reply-To: <1@example.com>\nReferences:\n <1@example.com>\n"), answer);
        assertTrue(answer.endsWith("\n\nBack on Monday.\n"), answer);
        assertEquals(1, setting.list("domains/example.org/ann/Maildir").size(), "and the message is there");
    }

    @Test
    void takesTheSubjectOfTheMessageWhereNoneIsGivenAndAnyScript() throws Exception {
        away(new Vacation(true, Instant.EPOCH, Instant.EPOCH, 7, "", "我在休假。"));
        String answer = answers(
                        "bob@example.com",
                        TO_HER.replace("Subject: tea", "Subject: =?utf-8?B?6Iy2?=\n =?utf-8?B?5ZCn?="))
                .getFirst();
        assertTrue(answer.contains("Subject: =?utf-8?B?QXV0bzog6Iy25ZCn?=\n"), answer);
        assertTrue(answer.endsWith("\n\n我在休假。\n"), answer);
    }

    @Test
    void saysWhatIsBuiltInWhereSheWroteNoTextInTheLanguageOfWhoeverWroteToHer() throws Exception {
        away(new Vacation(true, Instant.EPOCH, Instant.EPOCH, 7, "", ""));
        String english = answers("bob@example.com", TO_HER).getFirst();
        assertTrue(english.contains("\n\nI am away and will read your message when I am back.\n"), english);
        assertTrue(english.contains("program for ann@example.org."), english);
        String chinese = answers("chen@example.com", "Accept-Language: zh-TW, en;q=0.1\n" + TO_HER)
                .getFirst();
        assertTrue(chinese.contains("\n\n我目前不在"), chinese);
    }

    @Test
    void answersTheSameSenderOnceInAnIntervalAlsoAfterARestart() throws Exception {
        assertEquals(1, answers("bob@example.com", TO_HER).size());
        assertEquals(0, answers("Bob@Example.com", TO_HER).size());
        setting.restart();
        assertEquals(0, answers("bob@example.com", TO_HER).size());
        assertEquals(1, answers("eve@example.com", TO_HER).size());
    }

    @Test
    void aDeliveryThatIsMadeAgainAnswersNobodyTwice() throws Exception {
        setting.deliver(77, "bob@example.com", TO_HER, ANN);
        setting.deliver(77, "bob@example.com", TO_HER, ANN);
        assertEquals(1, setting.forwarded.size());
    }

    @Test
    void answersNoSpam() throws Exception {
        Spawner.Job job = Setting.job(78, "bob@example.com", TO_HER, ANN);
        assertEquals(
                List.of(new Verdict.Delivered("did 1+0+0")),
                setting.deliver(new Spawner.Job(
                        job.id(),
                        job.birth(),
                        job.sender(),
                        "",
                        Client.UNKNOWN.withSpam(),
                        job.body(),
                        "",
                        job.deliveries())));
        assertEquals(List.of(), setting.forwarded);
    }

    @Test
    void answersAnewInTheNextVacation() throws Exception {
        assertEquals(1, answers("bob@example.com", TO_HER).size());
        away(vacation(Instant.now(), Instant.EPOCH));
        assertEquals(1, answers("bob@example.com", TO_HER).size());
    }

    @Test
    void answersNobodyOutsideOfItsTime() throws Exception {
        Instant now = Instant.now();
        away(vacation(now.plus(Duration.ofDays(1)), Instant.EPOCH));
        assertEquals(0, answers("bob@example.com", TO_HER).size());
        away(vacation(Instant.EPOCH, now.minus(Duration.ofDays(1))));
        assertEquals(0, answers("bob@example.com", TO_HER).size());
        away(Vacation.NONE);
        assertEquals(0, answers("bob@example.com", TO_HER).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: auto-generated",
                "auto-submitted: auto-replied (vacation)",
                "Precedence: bulk",
                "Precedence: List",
                "List-Id: <news.example.com>",
                "List-Unsubscribe: <mailto:x@example.com>",
                "Mailing-List: contact news-help@example.com; run by ezmlm",
                "X-Auto-Response-Suppress: DR, OOF, AutoReply",
                "X-Spam-Flag: YES"
            })
    void answersNoProgramAndNoList(String field) throws Exception {
        assertEquals(0, answers("bob@example.com", field + "\n" + TO_HER).size());
    }

    @Test
    void answersAPersonWhoSaysSo() throws Exception {
        assertEquals(
                1, answers("bob@example.com", "Auto-Submitted: no\n" + TO_HER).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "#@[]",
                "MAILER-DAEMON@example.com",
                "owner-news@example.com",
                "news-request@example.com",
                "news-return-12-ann=example.org@example.com",
                "bounce-x@example.com-bounces@example.com",
                "noreply@example.com",
                "ann@example.org",
                "nobody"
            })
    void answersNoSenderBehindWhomNobodyReads(String sender) throws Exception {
        assertEquals(0, answers(sender, TO_HER).size());
    }

    @Test
    void answersOnlyWhatIsAddressedToTheMailbox() throws Exception {
        assertEquals(
                0,
                answers("bob@example.com", "To: everybody@example.org\nSubject: hello\n\nx\n")
                        .size());
        assertEquals(
                1,
                answers("bob@example.com", "To: a@b.example\nCc: \"Ann\" <ANN@example.org>\n\nx\n")
                        .size());
    }

    @Test
    void strangersWhoGiveAnySenderMakeItWriteALimitedNumberADay() throws Exception {
        for (int i = 0; i < VacationReplies.DAILY_MAX + 5; i++) {
            setting.deliver("s" + i + "@example.com", TO_HER, ANN);
        }
        assertEquals(VacationReplies.DAILY_MAX, setting.forwarded.size());
    }

    @Test
    void aDamagedListOfWhoWasAnsweredStopsNoDelivery() throws Exception {
        setting.put("domains/example.org/ann/.answered", "x\n99999999999999999999 a@b\n\0 \n-1 c@d\n5\n");
        assertEquals(1, answers("bob@example.com", TO_HER).size());
        Files.delete(setting.maildirs().resolve("domains/example.org/ann/.answered"));
        Files.createDirectory(setting.maildirs().resolve("domains/example.org/ann/.answered"));
        assertEquals(0, answers("eve@example.com", TO_HER).size());
        assertTrue(
                setting.logged.toString(java.nio.charset.StandardCharsets.UTF_8).contains("no answer of ann@"));
    }

    @Test
    void keepsAsManySendersAsItSaysAndForgetsTheOldest() throws Exception {
        StringBuilder old = new StringBuilder();
        long then = Instant.now().minus(Duration.ofDays(2)).toEpochMilli();
        for (int i = 0; i < VacationReplies.KEPT_MAX + 10; i++) {
            old.append(then + i).append(" old").append(i).append("@example.com\n");
        }
        setting.put("domains/example.org/ann/.answered", old.toString());
        assertEquals(1, answers("bob@example.com", TO_HER).size());
        List<String> kept = Files.readAllLines(setting.maildirs().resolve("domains/example.org/ann/.answered"));
        assertEquals(VacationReplies.KEPT_MAX, kept.size());
        assertTrue(kept.getLast().endsWith(" bob@example.com"));
        assertFalse(kept.contains(then + " old0@example.com"));
    }

    @Test
    void aStrangersHeaderBecomesNoFieldOfTheAnswer() throws Exception {
        Random random = new Random(1);
        away(new Vacation(true, Instant.EPOCH, Instant.EPOCH, 7, "", "Away."));
        for (int i = 0; i < 90; i++) {
            StringBuilder subject = new StringBuilder();
            for (int j = random.nextInt(300); j > 0; j--) {
                int c = random.nextInt(0x2ff);
                subject.appendCodePoint(c == '\n' ? '\r' : c);
            }
            String message = "To: ann@example.org\nSubject: " + subject + "\n x: y\nMessage-ID: <" + subject + ">\n\n";
            for (String answer : answers("p" + i + "@example.com", message)) {
                List<String> names = new ArrayList<>();
                for (String line : answer.substring(0, answer.indexOf("\n\n")).split("\n", -1)) {
                    if (!line.startsWith(" ") && !line.startsWith("\t")) {
                        names.add(line.substring(0, line.indexOf(':')));
                    }
                }
                names.removeAll(List.of("In-Reply-To", "References"));
                assertEquals(
                        List.of(
                                "From",
                                "To",
                                "Subject",
                                "Date",
                                "Message-ID",
                                "Auto-Submitted",
                                "X-Auto-Response-Suppress",
                                "MIME-Version",
                                "Content-Type",
                                "Content-Transfer-Encoding"),
                        names);
            }
        }
    }

    @Test
    void aVacationThatEndsIsOverAtItsEnd() {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-07-01T00:00:00Z"));
        Instant now = clock.instant();
        assertTrue(vacation(now, now.plusMillis(1)).isAt(now));
        assertFalse(vacation(now.minusMillis(1), now).isAt(now));
        assertFalse(vacation(now.plusMillis(1), Instant.EPOCH).isAt(now));
    }
}
