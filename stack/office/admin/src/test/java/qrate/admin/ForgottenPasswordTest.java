package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Audit;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.RecoveryCodes;
import qrate.directory.Totp;
import qrate.language.Language;
import qrate.wordings.Phrase;

/// A forgotten password, in the steps that a browser takes.
class ForgottenPasswordTest {
    private static final String ANN = "ann@example.test";
    private static final String HOME = "ann@elsewhere.example";
    private static final String FRESH = "battery staple";
    private static final String BASE = "https://mail.example.test";
    private static final Pattern LINK = Pattern.compile(Pattern.quote(BASE) + "(/forgotten/new\\?key=[A-Za-z0-9_-]+)");

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(folder);
        control("me", "mx.example.test");
        control("adminurl", BASE + "/");
        recovery(ANN, HOME);
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    private void control(String file, String line) throws IOException {
        Files.writeString(rig.state.control().resolve(file), line + "\n");
        rig.later(); // what was read is looked at again
    }

    private void recovery(String address, String to) throws IOException {
        rig.domains.apply(new Edit.Modify(address, Map.of(Property.RECOVERY, to)));
    }

    private static HttpResponse<String> ask(Rig.Browser browser, String login) throws IOException {
        browser.get("/forgotten");
        return browser.post("/forgotten", Map.of("login", login));
    }

    private void mails(int number) {
        Awaitility.await().untilAsserted(() -> assertEquals(number, rig.told.size(), rig.told.toString()));
    }

    /// The path of the newest link.
    private String link() {
        Matcher link = LINK.matcher(rig.told.getLast());
        assertTrue(link.find(), rig.told.getLast());
        return link.group(1);
    }

    private String asked(String login) throws IOException {
        int before = rig.told.size();
        assertEquals(200, ask(rig.browser(), login).statusCode());
        mails(before + 1);
        return link();
    }

    private static Map<String, String> form(String link, String fresh) {
        return Map.of("key", link.substring(link.indexOf('=') + 1), "new", fresh, "again", fresh);
    }

    private static HttpResponse<String> set(Rig.Browser browser, String link, String fresh) throws IOException {
        browser.get(link);
        return browser.post("/forgotten/new", form(link, fresh));
    }

    private static String to(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElse("");
    }

    private boolean opens(String login, String password) throws IOException {
        return rig.domains.signIn(login, password).isPresent();
    }

    @Test
    void aLinkGoesToTheRecoveryAddressAndSetsThePasswordOnce() throws IOException {
        Rig.Browser ann = rig.browser().signIn(ANN);
        assertTrue(rig.browser().get("/sign-in").body().contains("href=\"/forgotten\""));
        String link = asked("ANN@example.test");
        String mail = rig.told.getFirst();
        assertTrue(mail.startsWith(HOME + "\n"), mail);
        assertTrue(mail.contains("From: <postmaster@example.test>\n") && mail.contains("\nAuto-Submitted: "), mail);
        assertTrue(mail.contains("Subject: A new password for " + ANN + "\n") && mail.contains("127.0.0.1"), mail);
        Rig.Browser fresh = rig.browser();
        HttpResponse<String> page = fresh.get(link);
        assertEquals(200, page.statusCode());
        assertEquals("no-referrer", page.headers().firstValue("Referrer-Policy").orElse(""));
        assertEquals("no-store", page.headers().firstValue("Cache-Control").orElse(""));
        assertTrue(page.body().contains(ANN), page.body());
        assertEquals(200, fresh.get(link).statusCode(), "to look at it uses nothing up");
        for (Map<String, String> wrong : List.of(
                form(link, "short"),
                Map.of("key", link.substring(link.indexOf('=') + 1), "new", FRESH, "again", "other"))) {
            HttpResponse<String> again = fresh.post("/forgotten/new", wrong);
            assertEquals(400, again.statusCode());
            String field = wrong.get("new").equals("short") ? "new" : "again";
            assertTrue(
                    again.body().matches("(?s).*<input name=\"" + field + "\"[^>]* aria-invalid=\"true\".*"),
                    again.body());
            assertEquals(
                    "no-referrer", again.headers().firstValue("Referrer-Policy").orElse(""));
        }
        assertEquals(
                409,
                rig.browser().post("/forgotten/new", form(link, FRESH)).statusCode(),
                "a form of another site sets nothing");
        assertEquals("/sign-in?done=reset", to(fresh.post("/forgotten/new", form(link, FRESH))));
        assertTrue(fresh.get("/sign-in?done=reset").body().contains("The new password holds."));
        assertTrue(opens(ANN, FRESH) && !opens(ANN, Rig.PASSWORD));
        assertEquals(303, ann.get("/account").statusCode(), "who was signed in is so no longer");
        assertEquals(303, fresh.get("/account").statusCode(), "and nobody is signed in by it");
        assertEquals(
                404, fresh.post("/forgotten/new", form(link, "once more again")).statusCode());
        HttpResponse<String> ended = fresh.get(link);
        assertEquals(404, ended.statusCode());
        assertTrue(
                ended.body().contains("does not work any more") && ended.body().contains("href=\"/forgotten\""));
        mails(2);
        assertTrue(rig.told.getLast().startsWith(ANN + "\n"), "the mailbox itself is told");
        assertTrue(rig.told.getLast().contains("was set anew by the link"), rig.told.getLast());
        List<Audit.Event> lines = rig.domains.audit().newest(10);
        assertTrue(
                lines.stream()
                        .anyMatch(line -> line.who().equals(ANN)
                                && line.door().equals("page")
                                && line.from().equals("127.0.0.1")
                                && line.what().equals("set forgotten password of " + ANN + " by its link")),
                lines.toString());
        assertTrue(
                lines.stream().anyMatch(line -> line.what().startsWith("link for a forgotten password sent")),
                lines.toString());
        assertFalse(lines.toString().contains(link.substring(link.indexOf('=') + 1)), "no secret in the audit log");
    }

    @Test
    void everybodyIsAnsweredTheSameAndOnlyWhoCanBeReachedIsWritten() throws IOException {
        rig.domains.apply(new Edit.Modify(
                "postmaster@other.test", Map.of(Property.RECOVERY, HOME, Property.POP, false, Property.SMTP, false)));
        String expected = ask(rig.browser(), ANN).body().replaceAll("value=\"[^\"]*\"", "");
        mails(1);
        for (String login : List.of(
                "nobody@example.test",
                "postmaster@example.test",
                "postmaster@other.test",
                "admin",
                "nobody",
                "x\ny",
                "",
                "a".repeat(1000))) {
            HttpResponse<String> answer = ask(rig.browser(), login);
            assertEquals(200, answer.statusCode(), login);
            assertEquals(expected, answer.body().replaceAll("value=\"[^\"]*\"", ""), login);
        }
        Awaitility.await()
                .untilAsserted(() ->
                        assertEquals(List.of(), rig.domains.passwordResets().due(10)));
        assertEquals(1, rig.told.size(), rig.told.toString());
    }

    @Test
    void theLinkBeginsAsTheControlFileSaysWhateverTheRequestSays() throws IOException {
        Rig.Browser browser = rig.browser();
        browser.get("/forgotten");
        String body = "login=ann%40example.test&csrf=" + browser.csrf;
        HttpRequest.Builder forged = HttpRequest.newBuilder(URI.create(rig.url() + "/forgotten"))
                .header("Cookie", browser.cookie)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Forwarded-Host", "evil.test")
                .header("Forwarded", "host=evil.test")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        assertEquals(200, rig.send(forged).statusCode());
        mails(1);
        assertTrue(rig.told.getFirst().contains(BASE + "/forgotten/new?key="), rig.told.getFirst());
        assertFalse(rig.told.getFirst().contains("evil.test"));
    }

    @Test
    void withoutThatFileThereIsNoSuchThing() throws IOException {
        for (String unusable : List.of(
                "",
                "http://mail.example.test",
                "mail.example.test",
                "https://",
                "https://a.test/x",
                "https://a.test?x",
                "https://u@a.test",
                "https://" + "a".repeat(200) + ".test",
                "javascript://a.test")) {
            control("adminurl", unusable);
            Rig.Browser browser = rig.browser();
            assertFalse(browser.get("/sign-in").body().contains("/forgotten"), unusable);
            assertEquals(404, browser.get("/forgotten").statusCode(), unusable);
            browser.get("/sign-in");
            assertEquals(404, browser.post("/forgotten", Map.of("login", ANN)).statusCode(), unusable);
        }
        assertEquals(Optional.of("http://127.0.0.1:8080"), PagesUrl.base("http://127.0.0.1:8080/"));
        assertEquals(Optional.of("https://a.test:8443"), PagesUrl.base("https://a.test:8443"));
    }

    @Test
    void whileTheQueueIsAwayNothingIsLostOverARestartToo() throws IOException {
        rig.queue.down = true;
        assertEquals(200, ask(rig.browser(), ANN).statusCode());
        assertEquals(1, rig.domains.passwordResets().due(10).size());
        rig.restart();
        rig.queue.down = false;
        rig.restart();
        mails(1);
        rig.queue.down = true;
        assertEquals("/sign-in?done=reset", to(set(rig.browser(), link(), FRESH)));
        rig.queue.down = false;
        rig.restart();
        mails(2);
        assertTrue(rig.told.getLast().startsWith(ANN + "\n"), rig.told.getLast());
    }

    @Test
    void aLinkEndsWithItsTimeAndWithANewerOne() throws IOException {
        String first = asked(ANN);
        String second = asked(ANN);
        assertNotEquals(first, second);
        Rig.Browser browser = rig.browser();
        assertEquals(404, browser.get(first).statusCode());
        assertEquals(404, set(browser, first, FRESH).statusCode());
        assertEquals(200, browser.get(second).statusCode());
        rig.domains.apply(new Edit.SetPassword(ANN, new Password.Clear(Rig.PASSWORD)));
        assertEquals(404, browser.get(second).statusCode(), "another password was set meanwhile");
        for (String none : List.of("/forgotten/new", "/forgotten/new?key=", "/forgotten/new?key=" + "x".repeat(32))) {
            assertEquals(404, browser.get(none).statusCode(), none);
        }
    }

    @Test
    void asksAreBoundedForAnAccountForAClientAndForAll() throws IOException {
        for (int i = 0; i < PasswordLinks.OF_ONE_MAX + 2; i++) {
            assertEquals(
                    200,
                    ask(rig.browser(), i % 2 == 0 ? ANN : "Ann@EXAMPLE.test").statusCode());
        }
        Awaitility.await()
                .untilAsserted(() ->
                        assertEquals(List.of(), rig.domains.passwordResets().due(10)));
        assertTrue(rig.told.size() <= PasswordLinks.OF_ONE_MAX, rig.told.toString());
        assertEquals(200, rig.browser().get(link()).statusCode(), "what was refused ended nothing");
        HttpResponse<String> answer = ask(rig.browser(), "nobody");
        for (int i = 0; answer.statusCode() == 200 && i < RecoveryPages.ASKS_EACH_MAX; i++) {
            answer = ask(rig.browser(), "nobody");
        }
        assertEquals(429, answer.statusCode());
        assertTrue(answer.body().contains("Try again in an hour"), answer.body());
        rig.later(Duration.ofHours(1));
        assertEquals(200, ask(rig.browser(), "nobody").statusCode());
    }

    @Test
    void theSecondStepIsAskedForAsBefore() throws IOException {
        RecoveryCodes codes = RecoveryCodes.make(new SecureRandom());
        rig.domains.apply(new Edit.SetSecondFactor(ANN, Totp.make(new SecureRandom()), 0, codes));
        set(rig.browser(), asked(ANN), FRESH);
        Rig.Browser browser = rig.browser();
        browser.get("/sign-in");
        HttpResponse<String> answer = browser.post("/sign-in", Map.of("login", ANN, "password", FRESH));
        assertTrue(answer.statusCode() == 200 && answer.body().contains("/sign-in/code"), answer.body());
        assertEquals(303, browser.get("/account").statusCode());
    }

    @Test
    void itIsWrittenInWhatItsReaderReadsAndInTheDomainsOwnWords() throws IOException {
        rig.domains.apply(new Edit.Modify(ANN, Map.of(Property.LANGUAGE, "zh-Hant")));
        asked(ANN);
        assertTrue(rig.told.getLast().contains("忘記了 " + ANN + " 的密碼"), rig.told.getLast());
        rig.domains.apply(
                new Edit.SetText("example.test", Phrase.RECOVERY_LINK, Language.TRADITIONAL_CHINESE, "{host} 的連結\n"));
        asked(ANN);
        assertTrue(rig.told.getLast().contains("mx.example.test 的連結"), rig.told.getLast());
        link(); // which the domain's words have forgotten
    }

    @Test
    void anAdministratorHasOneToo() throws IOException {
        Rig.Browser admin = rig.browser().signIn("admin");
        admin.get("/account/recovery");
        assertEquals(
                403,
                admin.post("/account/recovery", Map.of("recovery", "boss@elsewhere.example", "old", "wrong"))
                        .statusCode());
        assertEquals(
                400,
                admin.post("/account/recovery", Map.of("recovery", "boss", "old", Rig.PASSWORD))
                        .statusCode());
        assertEquals(
                "/account?done=saved",
                to(admin.post("/account/recovery", Map.of("recovery", "boss@elsewhere.example", "old", Rig.PASSWORD))));
        assertTrue(admin.get("/account").body().contains("boss@elsewhere.example"));
        String link = asked("admin");
        assertTrue(rig.told.getLast().startsWith("boss@elsewhere.example\n"), rig.told.getLast());
        assertTrue(rig.told.getLast().contains("From: <postmaster@mx.example.test>"), rig.told.getLast());
        assertEquals("/sign-in?done=reset", to(set(rig.browser(), link, FRESH)));
        assertTrue(opens("admin", FRESH));
        mails(2);
        assertTrue(rig.told.getLast().startsWith("boss@elsewhere.example\n"), "who has no mailbox is told there");
    }

    @Test
    void anOwnersOwnAddressIsSetWithThePasswordByPageAndByToken() throws IOException {
        Rig.Browser ann = rig.browser().signIn(ANN);
        assertTrue(ann.get("/account").body().contains(HOME));
        ann.get("/account/recovery");
        HttpResponse<String> inside =
                ann.post("/account/recovery", Map.of("recovery", "ANN@example.test", "old", Rig.PASSWORD));
        assertTrue(inside.statusCode() == 400 && inside.body().contains("comes to this mailbox itself"), inside.body());
        assertEquals(
                "/account?done=saved",
                to(ann.post("/account/recovery", Map.of("recovery", "a@b.example", "old", Rig.PASSWORD))));
        assertEquals("a@b.example", rig.domains.mailbox(ANN).orElseThrow().recovery());
        String post = "postmaster@example.test";
        String token = rig.token(post);
        String path = "/api/v1/mailboxes/" + post;
        String body = "{\"recoveryAddress\":\"p@b.example\"";
        assertEquals(403, rig.api("PATCH", path, token, body + "}").statusCode());
        assertEquals(
                204,
                rig.api("PATCH", path, token, body + ",\"oldPassword\":\"" + Rig.PASSWORD + "\"}")
                        .statusCode());
        assertEquals(204, rig.api("PATCH", path, token, body + "}").statusCode(), "it stays as it is");
        assertEquals(
                204,
                rig.api("PATCH", "/api/v1/mailboxes/" + ANN, token, "{\"recoveryAddress\":\"\"}")
                        .statusCode());
        Rig.Browser page = rig.browser().signIn(post);
        String shown = page.get("/mailboxes/" + post).body();
        assertTrue(shown.contains("href=\"/account/recovery\"") && !shown.contains("name=\"recovery\""), shown);
        page.post(
                "/mailboxes/" + post + "/settings",
                Map.of("recovery", "evil@b.example", "pop", "on", "postmaster", "on"));
        assertEquals("p@b.example", rig.domains.mailbox(post).orElseThrow().recovery());
        page.get("/mailboxes/" + ANN);
        page.post("/mailboxes/" + ANN + "/settings", Map.of("recovery", HOME, "pop", "on"));
        assertEquals(HOME, rig.domains.mailbox(ANN).orElseThrow().recovery());
    }

    @Test
    void anAdministratorsIsSetByRestWithThePassword() throws IOException {
        String path = "/api/v1/administrators/admin/recovery-address";
        String body = "{\"recoveryAddress\":\"boss@b.example\"";
        assertEquals(403, rig.api("PUT", path, rig.token("admin"), body + "}").statusCode());
        String whole = body + ",\"oldPassword\":\"" + Rig.PASSWORD + "\"}";
        assertEquals(204, rig.api("PUT", path, rig.token("admin"), whole).statusCode());
        assertEquals(403, rig.api("PUT", path, rig.token(ANN), whole).statusCode());
        assertTrue(rig.api("GET", "/api/v1/administrators", rig.token("admin"), "")
                .body()
                .contains("\"recoveryAddress\":\"boss@b.example\""));
    }

    @Test
    void whoAdministersADomainSendsALinkAndNeverKnowsThePassword() throws IOException {
        Rig.Browser postmaster = rig.browser().signIn("postmaster@example.test");
        String page = "/mailboxes/ann%40example.test";
        assertTrue(postmaster.get(page).body().contains(page + "/password-link"), "the page offers it");
        assertEquals(page + "?done=link", to(postmaster.post(page + "/password-link", Map.of())));
        mails(1);
        assertTrue(rig.told.getFirst().contains("To: <" + HOME + ">"), rig.told.getFirst());
        assertTrue(rig.domains.signIn(ANN, Rig.PASSWORD).isPresent(), "until then the old one stays right");
        Rig.Browser ann = rig.browser();
        String link = link();
        ann.get(link);
        assertEquals("/sign-in?done=reset", to(ann.post("/forgotten/new", form(link, FRESH))));
        assertTrue(rig.domains.signIn(ANN, FRESH).isPresent());
    }

    @Test
    void linksForAnotherAreBoundedAndNeedSomewhereToGo() throws IOException {
        String token = rig.token("postmaster@example.test");
        String api = "/api/v1/mailboxes/ann@example.test/password-link";
        for (int i = 0; i < PasswordLinks.OF_ONE_MAX; i++) {
            assertEquals(204, rig.api("POST", api, token, "").statusCode());
        }
        assertEquals(403, rig.api("POST", api, token, "").statusCode());
        assertEquals(
                404,
                rig.api("POST", "/api/v1/mailboxes/nobody@example.test/password-link", token, "")
                        .statusCode());
        assertEquals(
                409,
                rig.api("POST", "/api/v1/mailboxes/postmaster@example.test/password-link", token, "")
                        .statusCode());
        control("adminurl", "none");
        assertEquals(409, rig.api("POST", api, token, "").statusCode());
        Rig.Browser postmaster = rig.browser().signIn("postmaster@example.test");
        String page = "/mailboxes/ann%40example.test";
        assertFalse(postmaster.get(page).body().contains("/password-link"), "nothing is offered that is not done");
        HttpResponse<String> refused = postmaster.post(page + "/password-link", Map.of());
        assertEquals(409, refused.statusCode());
        assertTrue(refused.body().contains("adminurl"), refused.body());
        assertEquals(
                403,
                rig.api("POST", api, rig.token("postmaster@other.test"), "").statusCode());
    }

    @Test
    void aPasswordThatIsMadeForAnotherIsShownOnce() throws IOException {
        Rig.Browser postmaster = rig.browser().signIn("postmaster@example.test");
        String page = "/mailboxes/ann%40example.test";
        postmaster.get(page);
        HttpResponse<String> shown = postmaster.post(page + "/password", Map.of("how", "make", "must_change", "on"));
        assertEquals(200, shown.statusCode());
        Matcher password =
                Pattern.compile("<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</code>").matcher(shown.body());
        assertTrue(password.find(), shown.body());
        assertFalse(shown.body().contains("new mailbox"), "it is no new one: " + shown.body());
        assertTrue(rig.domains.signIn(ANN, password.group(1)).isPresent());
        assertTrue(rig.domains.signIn(ANN, Rig.PASSWORD).isEmpty());
        assertTrue(rig.domains.mailbox(ANN).orElseThrow().is(Property.MUST_CHANGE));
        assertFalse(postmaster.get(page).body().contains(password.group(1)));
    }
}
