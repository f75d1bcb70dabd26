package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.core.Address;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.language.Language;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;
import qrate.snapshots.Vacation;
import qrate.wordings.Phrase;

/// Out of office, from the form to the file that delivery reads.
class VacationPagesTest extends AdminOnRig {
    private static final String MAILBOX = "away@example.test";
    private static final String PAGE = "/mailboxes/away%40example.test/vacation";
    private static final String API = "/api/v1" + PAGE;

    @BeforeEach
    void aMailbox() throws IOException {
        rig.domains.apply(new Edit.AddMailbox(MAILBOX, new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.SetVacation(MAILBOX, Vacation.NONE));
    }

    private static Vacation published() throws IOException {
        Directory files = new SnapshotDirectory(rig.state, Instant::now);
        return files.newest(Address.of(MAILBOX)) instanceof Directory.Route.Mailbox box
                ? box.vacation()
                : Vacation.NONE;
    }

    private static Map<String, String> form(Rig.Browser browser, String text, String until) {
        return Map.of(
                "csrf",
                browser.csrf,
                "on",
                "on",
                "from",
                "2026-12-24",
                "until",
                until,
                "days",
                "3",
                "subject",
                "Away",
                "text",
                text);
    }

    @Test
    void theOwnerSetsItAndDeliveryReadsIt() throws IOException {
        Rig.Browser browser = rig.new Browser().signIn(MAILBOX);
        assertTrue(browser.get("/account").body().contains(PAGE));
        browser.get(PAGE);
        assertEquals(
                303,
                browser.post(PAGE, form(browser, "Back\r\nsoon", "2026-12-26")).statusCode());
        Vacation expected = new Vacation(
                true,
                Instant.parse("2026-12-24T00:00:00Z"),
                Instant.parse("2026-12-27T00:00:00Z"),
                3,
                "Away",
                "Back\nsoon");
        assertEquals(expected, published());
        String page = browser.get(PAGE).body();
        assertTrue(page.contains("value=\"2026-12-24\"") && page.contains("value=\"2026-12-26\""), page);
        assertTrue(page.contains("Back\nsoon</textarea>"), page);
        browser.post(PAGE, Map.of("csrf", browser.csrf, "text", "kept for the next time"));
        assertEquals(Vacation.NONE, published());
        assertEquals("kept for the next time", rig.domains.vacation(MAILBOX).text());
    }

    @Test
    void daysAreThoseOfTheZoneThatIsNamed() throws IOException {
        Rig.Browser browser = rig.new Browser().signIn(MAILBOX);
        assertTrue(browser.get(PAGE).body().contains("name=\"zone\""), "a zone can be named");
        Map<String, String> form = new HashMap<>(form(browser, "x", "2026-12-26"));
        form.put("zone", "Asia/Taipei");
        assertEquals(303, browser.post(PAGE, form).statusCode());
        assertEquals(Instant.parse("2026-12-23T16:00:00Z"), published().from());
        assertEquals(Instant.parse("2026-12-26T16:00:00Z"), published().until());
        assertEquals("Asia/Taipei", published().zone());
        String page = browser.get(PAGE).body();
        assertTrue(page.contains("value=\"2026-12-24\"") && page.contains("value=\"2026-12-26\""), page);
        assertTrue(page.contains("value=\"Asia/Taipei\""), page);
        form.put("zone", "Europe/Berlin");
        form.put("from", "2027-03-28"); // of 23 hours
        form.put("until", "2027-03-28");
        assertEquals(303, browser.post(PAGE, form).statusCode());
        assertEquals(
                Duration.ofHours(23),
                Duration.between(published().from(), published().until()));
    }

    @Test
    void aZoneThatIsNoneIsRefusedAtItsField() throws IOException {
        Rig.Browser browser = rig.new Browser().signIn(MAILBOX);
        browser.get(PAGE);
        Map<String, String> form = new HashMap<>(form(browser, "x", "2026-12-26"));
        for (String none : List.of("Atlantis/City", "../../etc/passwd", "+25:00", "x".repeat(70))) {
            form.put("zone", none);
            HttpResponse<String> answer = browser.post(PAGE, form);
            assertEquals(400, answer.statusCode(), none);
            assertTrue(answer.body().contains("must be the name of a time zone"), answer.body());
        }
        assertFalse(rig.domains.vacation(MAILBOX).on());
        String token = rig.token(MAILBOX);
        assertEquals(400, rig.api("PUT", API, token, "{\"zone\":\"Mars\"}").statusCode());
        assertEquals(
                204, rig.api("PUT", API, token, "{\"zone\":\"Asia/Tokyo\"}").statusCode());
        assertEquals("Asia/Tokyo", rig.domains.vacation(MAILBOX).zone());
    }

    @Test
    void whoSaidDaysBeforeZonesWereThereKeepsThem() throws IOException {
        rig.domains.apply(new Edit.SetVacation(
                MAILBOX, new Vacation(true, Instant.parse("2026-12-24T00:00:00Z"), Instant.EPOCH, 7, "", "Away.", "")));
        String page = rig.new Browser().signIn(MAILBOX).get(PAGE).body();
        assertTrue(page.contains("value=\"2026-12-24\"") && page.contains("value=\"UTC\""), page);
    }

    @Test
    void aRefusedFormKeepsWhatWasTyped() throws IOException {
        Rig.Browser browser = rig.new Browser().signIn(MAILBOX);
        browser.get(PAGE);
        HttpResponse<String> before = browser.post(PAGE, form(browser, "a <b> text", "2026-12-01"));
        assertEquals(400, before.statusCode());
        assertTrue(before.body().contains("until: must be later than from"), before.body());
        assertTrue(before.body().contains("a &lt;b&gt; text</textarea>"), before.body());
        assertEquals(400, browser.post(PAGE, form(browser, "x", "tomorrow")).statusCode());
        assertFalse(rig.domains.vacation(MAILBOX).on());
    }

    @Test
    void whoWritesNoTextSeesWhatPeopleAreAnsweredThen() throws IOException {
        Rig.Browser browser = rig.new Browser().signIn(MAILBOX);
        assertTrue(browser.get(PAGE).body().contains("I am away and will read your message when I am back."));
        rig.domains.apply(
                new Edit.SetText("example.test", Phrase.VACATION_ANSWER, Language.ENGLISH, "{address} is out at sea."));
        assertTrue(browser.get(PAGE).body().contains(MAILBOX + " is out at sea."));
        assertEquals(303, browser.post(PAGE, form(browser, " ", "")).statusCode());
        assertEquals("", published().text());
        rig.domains.apply(new Edit.SetText("example.test", Phrase.VACATION_ANSWER, Language.ENGLISH, ""));
    }

    @Test
    void anotherOwnerSeesNothingOfIt() throws IOException {
        Rig.Browser browser = rig.new Browser().signIn("ann@example.test");
        assertEquals(403, browser.get(PAGE).statusCode());
        assertEquals(403, browser.post(PAGE, form(browser, "x", "")).statusCode());
    }

    @Test
    void restTakesWhatIsSaidAndLeavesTheRest() throws IOException {
        String token = rig.token(MAILBOX);
        assertEquals(
                204,
                rig.api("PUT", API, token, "{\"on\":true,\"text\":\"Away.\",\"until\":\"2027-01-01T00:00:00Z\"}")
                        .statusCode());
        assertEquals(204, rig.api("PUT", API, token, "{\"days\":30}").statusCode());
        Vacation both = new Vacation(true, Instant.EPOCH, Instant.parse("2027-01-01T00:00:00Z"), 30, "", "Away.");
        assertEquals(both, published());
        assertEquals(
                "{\"on\":true,\"from\":\"\",\"until\":\"2027-01-01T00:00:00Z\",\"days\":30,\"subject\":\"\","
                        + "\"text\":\"Away.\",\"zone\":\"\"}",
                rig.api("GET", API, token, "").body());
        assertEquals(400, rig.api("PUT", API, token, "{\"days\":0}").statusCode());
        assertEquals(400, rig.api("PUT", API, token, "{\"until\":\"soon\"}").statusCode());
        assertEquals(400, rig.api("PUT", API, token, "{\"subject\":\"a\\nb\"}").statusCode());
        assertEquals(400, rig.api("PUT", API, token, "{\"reply\":\"x\"}").statusCode());
        assertEquals(both, published());
    }

    @Test
    void aMailboxThatGoesTakesItAlong() throws IOException {
        rig.domains.apply(
                new Edit.SetVacation(MAILBOX, new Vacation(true, Instant.EPOCH, Instant.EPOCH, 7, "", "Away.")));
        rig.domains.apply(new Edit.DeleteMailbox(MAILBOX));
        rig.domains.apply(new Edit.AddMailbox(MAILBOX, new Password.Clear(Rig.PASSWORD)));
        assertEquals(Vacation.NONE, rig.domains.vacation(MAILBOX));
        assertEquals(Vacation.NONE, published());
    }
}
