package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import qrate.core.Log;
import qrate.directory.DomainTexts;
import qrate.directory.Edit;
import qrate.language.Language;
import qrate.snapshots.SnapshotDirectory;
import qrate.wordings.Phrase;
import qrate.wordings.Wordings;

/// What domains say in their own words: pages and REST, down to what mail reads.
class TextPagesTest extends AdminOnRig {
    private static final String ALL = "/domains/example.test/texts";
    private static final String ONE = ALL + "/quota-warning/en";
    private static final String API = "/api/v1" + ALL;

    @AfterEach
    void back() throws IOException {
        for (String domain : new String[] {"", "example.test"}) {
            for (DomainTexts.Own own : rig.domains.texts(domain).own()) {
                rig.domains.apply(new Edit.SetText(domain, own.wording(), own.language(), ""));
            }
            rig.domains.apply(new Edit.SetLanguage(domain, ""));
        }
    }

    private static Wordings mail() {
        return new Wordings(new SnapshotDirectory(rig.state, InstantSource.system()), Log.silent());
    }

    private static Optional<String> own(Phrase wording) throws IOException {
        return rig.domains.texts("example.test").text(wording, Language.ENGLISH);
    }

    @Test
    void aPostmasterLooksFirstThenSavesAndGoesBack() throws IOException {
        Rig.Browser browser = rig.new Browser().signIn("postmaster@example.test");
        assertTrue(browser.get("/domains/example.test").body().contains(ALL));
        assertTrue(browser.get(ALL).body().contains(ONE));
        HttpResponse<String> form = browser.get(ONE);
        assertTrue(form.body().contains("holds 460 MB of 500 MB: it is 92 % full."), form.body());
        HttpResponse<String> look =
                browser.post(ONE, Map.of("act", "preview", "text", "Mind, {address}:\r\n{percent} <b>%</b>"));
        assertEquals(200, look.statusCode());
        assertTrue(
                look.body().contains("Mind, ann@example.test:\n92 &lt;b>%&lt;/b>")
                        || look.body().contains("Mind, ann@example.test:\n92 &lt;b&gt;%&lt;/b&gt;"),
                look.body());
        assertEquals(Optional.empty(), own(Phrase.QUOTA_WARNING), "a look saves nothing");
        assertEquals(
                303,
                browser.post(ONE, Map.of("act", "save", "text", "Mind, {address}"))
                        .statusCode());
        assertEquals(Optional.of("Mind, {address}"), own(Phrase.QUOTA_WARNING));
        assertTrue(browser.get(ALL).body().contains("own words"));
        assertEquals(
                303, browser.post(ONE, Map.of("act", "built-in", "text", "")).statusCode());
        assertEquals(Optional.empty(), own(Phrase.QUOTA_WARNING));
    }

    @Test
    void aRefusedTextStaysInTheFormAndSaysWhichPlaceholdersThereAre() throws IOException {
        Rig.Browser browser = rig.new Browser().signIn("admin");
        browser.get(ONE);
        for (String act : new String[] {"save", "preview"}) {
            HttpResponse<String> again = browser.post(ONE, Map.of("act", act, "text", "Dear {name}"));
            assertEquals(400, again.statusCode());
            assertTrue(
                    again.body()
                            .contains("text: {name} is not known here. These are: {address} {used} {limit} {percent}"),
                    again.body());
            assertTrue(again.body().contains("Dear {name}</textarea>"), again.body());
        }
        assertEquals(400, browser.post(ONE, Map.of("act", "save", "text", " ")).statusCode());
        assertEquals(Optional.empty(), own(Phrase.QUOTA_WARNING));
        assertEquals(404, browser.get(ALL + "/nothing/en").statusCode());
        assertEquals(404, browser.get(ALL + "/quota-warning/fr").statusCode());
        assertEquals(404, browser.get("/domains/none.test/texts").statusCode());
    }

    @Test
    void aNoticeIsShownWithTheLineThatProgramsKnowItBy() throws IOException {
        Rig.Browser browser = rig.new Browser().signIn("admin");
        String page = browser.get(ALL + "/bounce-failed/zh-Hant").body();
        assertTrue(page.contains("Hi. This is the qmail-send program at example.test.\n您的郵件無法送達"), page);
    }

    @Test
    void anAdministratorSetsWhatHoldsWhereADomainSaysNothing() throws IOException {
        Rig.Browser browser = rig.new Browser().signIn("admin");
        assertTrue(browser.get("/texts").body().contains("/texts/bounce-failed/en"));
        browser.get("/texts/quota-subject/en");
        assertEquals(
                303,
                browser.post("/texts/quota-subject/en", Map.of("act", "save", "text", "Full: {percent}"))
                        .statusCode());
        assertEquals("Full: {percent}", mail().say("elsewhere.test", Phrase.QUOTA_SUBJECT, Language.ENGLISH, Map.of()));
        assertTrue(browser.get(ALL + "/quota-subject/en").body().contains("value=\"Full: {percent}\""));
        assertEquals(303, browser.post("/texts", Map.of("language", "zh-Hant")).statusCode());
        assertEquals(Optional.of(Language.TRADITIONAL_CHINESE), mail().language("ann@example.test"));
        assertEquals(400, browser.post("/texts", Map.of("language", "fr")).statusCode());
        assertEquals(
                403,
                rig.new Browser()
                        .signIn("postmaster@example.test")
                        .get("/texts")
                        .statusCode());
    }

    @Test
    void anOwnerSaysWhatHeReads() throws IOException {
        Rig.Browser browser = rig.new Browser().signIn("ann@example.test");
        String path = "/mailboxes/ann%40example.test/language";
        assertEquals(303, browser.post(path, Map.of("language", "zh-Hant")).statusCode());
        assertTrue(browser.get("/account").body().contains("<option value=\"zh-Hant\" lang=\"zh-Hant\" selected"));
        assertEquals(Optional.of(Language.TRADITIONAL_CHINESE), mail().language("ann@example.test"));
        assertEquals(400, browser.post(path, Map.of("language", "fr")).statusCode());
        assertEquals(303, browser.post(path, Map.of("language", "")).statusCode());
        assertEquals(Optional.empty(), mail().language("ann@example.test"));
    }

    @Test
    void theSheetIsInTheLanguageOfWhoeverGetsTheMailbox() throws IOException {
        Rig.Browser browser = rig.new Browser().signIn("postmaster@example.test");
        browser.get("/domains/example.test/mailboxes/add");
        rig.domains.apply(
                new Edit.SetText("example.test", Phrase.MAILBOX_SHEET, Language.TRADITIONAL_CHINESE, "{address}：歡迎。"));
        String sheet = browser.post(
                        "/domains/example.test/mailboxes",
                        Map.of("local", "chen", "how", "make", "language", "zh-Hant"))
                .body();
        assertTrue(sheet.contains("class=\"card handover\" lang=\"zh-Hant\""), sheet);
        assertTrue(sheet.contains("<dt>密碼</dt>") && sheet.contains("chen@example.test：歡迎。"), sheet);
        assertTrue(sheet.contains("<html lang=\"en\">"), "the page itself speaks to who made it");
        assertEquals(
                "zh-Hant",
                rig.domains.mailbox("chen@example.test").orElseThrow().language());
        String shown = browser.get(ALL + "/mailbox-sheet/zh-Hant").body();
        assertTrue(shown.contains("ann@example.test：歡迎。"), shown);
        rig.domains.apply(new Edit.DeleteMailbox("chen@example.test"));
    }

    @Test
    void restReadsSetsAndTakesBack() throws IOException {
        String token = rig.token("postmaster@example.test");
        assertEquals(
                "{\"language\":\"\",\"texts\":[]}",
                rig.api("GET", API, token, "").body());
        String one = API + "/bounce-done/en";
        assertEquals(
                204,
                rig.api("PUT", one, token, "{\"text\":\"Gone, {sender}.\"}").statusCode());
        assertEquals(
                204, rig.api("PUT", API, token, "{\"language\":\"zh-Hant\"}").statusCode());
        assertEquals(
                "{\"language\":\"zh-Hant\",\"texts\":[{\"name\":\"bounce-done\",\"language\":\"en\","
                        + "\"text\":\"Gone, {sender}.\"}]}",
                rig.api("GET", API, token, "").body());
        HttpResponse<String> shown = rig.api("GET", one, token, "");
        assertTrue(
                shown.body()
                        .startsWith(
                                "{\"name\":\"bounce-done\",\"language\":\"en\",\"text\":\"Gone, {sender}.\","
                                        + "\"own\":true,\"placeholders\":[\"host\",\"sender\"],\"preview\":\"Hi. This is the qmail-send"),
                shown.body());
        assertTrue(shown.body().contains("Gone, ann@example.test."), shown.body());
        assertEquals(400, rig.api("PUT", one, token, "{\"text\":\"{x}\"}").statusCode());
        assertEquals(
                404, rig.api("PUT", API + "/x/en", token, "{\"text\":\"a\"}").statusCode());
        assertEquals(404, rig.api("GET", API + "/bounce-done/fr", token, "").statusCode());
        assertEquals(403, rig.api("GET", "/api/v1/texts", token, "").statusCode());
        assertEquals(204, rig.api("DELETE", one, token, "").statusCode());
        assertFalse(rig.api("GET", API, token, "").body().contains("Gone"));
    }
}
