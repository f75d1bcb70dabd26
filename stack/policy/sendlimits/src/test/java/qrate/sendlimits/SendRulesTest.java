package qrate.sendlimits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.core.ControlChecks;
import qrate.core.ControlFile;
import qrate.testkit.Seeds;

class SendRulesTest {
    @Test
    void theLineThatNamesAUserBestCountsAndWhatItLeavesOutComesFromTheNext() throws SendRules.Nonsense {
        SendRules rules = SendRules.read(List.of(
                "* messages 10 networks 0",
                "*@Shop.test messages 500",
                "ann@shop.test\trecipients 7",
                "off@shop.test off",
                "@shop.test messages 900"));
        assertEquals(10, rules.user("bob@here.test", Measure.MESSAGES));
        assertEquals(2000, rules.user("bob@here.test", Measure.RECIPIENTS));
        assertEquals(0, rules.user("bob@here.test", Measure.NETWORKS));
        assertEquals(500, rules.user("ann@shop.test", Measure.MESSAGES));
        assertEquals(7, rules.user("ann@shop.test", Measure.RECIPIENTS));
        assertEquals(0, rules.user("off@shop.test", Measure.BOUNCES));
        assertEquals(10, rules.user("joe", Measure.MESSAGES));
        assertEquals(900, rules.domain("shop.test", Measure.MESSAGES));
        assertEquals(0, rules.domain("shop.test", Measure.RECIPIENTS));
        assertEquals(0, rules.domain("here.test", Measure.MESSAGES));
    }

    @Test
    void withoutTheFileAnOfficeIsNotLimitedAndAHijackerIs() {
        assertEquals(1000, SendRules.USUAL.user("ann@here.test", Measure.MESSAGES));
        assertEquals(2000, SendRules.USUAL.user("ann@here.test", Measure.RECIPIENTS));
        assertEquals(200, SendRules.USUAL.user("ann@here.test", Measure.BOUNCES));
        assertEquals(30, SendRules.USUAL.user("ann@here.test", Measure.NETWORKS));
        assertEquals(
                "`* messages 1000 recipients 2000 bounces 200 networks 30`",
                ControlFile.SENDLIMITS.value().otherwise());
    }

    @Test
    void refusesWhatMakesNoSense() {
        for (String line : List.of(
                "* messages",
                "*",
                "here.test messages 5",
                "ann@ messages 5",
                "* messages five",
                "* messages -1",
                "* messages 9999999999",
                "* messages 1 messages 2",
                "* mails 3",
                "* off messages 3",
                "@here.test bounces 3",
                "@here.test messages 3 networks 3")) {
            assertThrows(SendRules.Nonsense.class, () -> SendRules.read(List.of(line)), line);
        }
        assertThrows(SendRules.Nonsense.class, () -> SendRules.read(List.of("* off", "* off")));
    }

    @Test
    void whatTheCheckOfControlFilesLetsPassIsReadUnlessItIsSaidTwiceOrOfADomain() {
        List<String> words = List.of("*", "@d.test", "a@d.test", "off", "messages", "bounces", "12", "0", "x", "-1");
        Seeds.forAll(3000, random -> {
            StringBuilder line = new StringBuilder();
            for (int left = 1 + random.nextInt(5); left > 0; left--) {
                line.append(line.isEmpty() ? "" : " ").append(words.get(random.nextInt(words.size())));
            }
            String text = line.toString();
            boolean right = ControlChecks.problem(ControlFile.SENDLIMITS, text).isEmpty();
            try {
                SendRules.read(List.of(text));
            } catch (SendRules.Nonsense e) {
                boolean known = e.getMessage().contains("needs one number")
                        || e.getMessage().contains("a domain has");
                assertFalse(right && !known, text + ": " + e.getMessage());
                return;
            }
            assertEquals("", ControlChecks.problem(ControlFile.SENDLIMITS, text), text);
        });
    }
}
