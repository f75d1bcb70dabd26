package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Json;
import qrate.directory.Password;

/// The field in the head of each page: what it finds, and for whom.
class SearchPagesTest extends AdminOnRig {
    private static final String FIELD = "class=\"find\"";
    private static final List<String> TEXTS =
            List.of("test", "a", "ann", "ann@example.test", "ann@alias.test", "sales", "team", "alias", "@", "%", "_");

    @BeforeAll
    static void fill() throws IOException {
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        rig.domains.apply(new Edit.AddMailbox("zoe@other.test", new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", "far@elsewhere.test")));
        HostileList.make(rig);
    }

    private static Map<String, Object> found(String login, String text) throws IOException {
        return Json.object(rig.api("GET", "/api/v1/search?q=" + text.replace("%", "%25"), rig.token(login), "")
                .body()
                .getBytes(UTF_8));
    }

    private static Object first(Map<String, Object> found, String kind) throws IOException {
        return Json.asObject(found.get(kind)).get("first");
    }

    @Test
    void anAdministratorFindsEachKindAndALinkToIt() throws IOException {
        Rig.Browser admin = rig.browser().signIn("admin");
        assertTrue(admin.get("/overview").body().contains(FIELD));
        for (Map.Entry<String, String> one : Map.of(
                        "xample.te", "/domains/example.test",
                        "lias.test", "/domains/alias.test",
                        "nn@Alias.test", "/mailboxes/ann%40example.test",
                        "elsewhere", "/domains/example.test/aliases?q=sales",
                        "team", "/lists/team%40example.test",
                        "zoe", "/mailboxes/zoe%40other.test")
                .entrySet()) {
            String page = admin.get("/search?q=" + one.getKey()).body();
            String link = "<li><a href=\"" + one.getValue() + "\"";
            assertTrue(page.contains(link), one + page);
            assertEquals(200, admin.get(one.getValue()).statusCode(), one.getValue());
        }
        assertEquals(List.of("team@example.test"), first(found("admin", "team"), "lists"));
        assertEquals(List.of(), first(found("admin", "team"), "aliases"));
    }

    @Test
    void whatIsCalledJustSoIsShownAtOnceToWhoeverMaySeeIt() throws IOException {
        Rig.Browser admin = rig.browser().signIn("admin");
        for (Map.Entry<String, String> one : Map.of(
                        "Ann@Alias.test", "/mailboxes/ann%40example.test",
                        "example.test", "/domains/example.test",
                        "alias.TEST", "/domains/alias.test")
                .entrySet()) {
            HttpResponse<String> answer = admin.get("/search?q=" + one.getKey());
            assertEquals(303, answer.statusCode(), one.getKey());
            assertEquals(one.getValue(), answer.headers().firstValue("Location").orElseThrow());
        }
        String none = admin.get("/search?q=nobody@far.test").body();
        assertTrue(none.contains("href=\"/trace?q=nobody%40far.test\""), none);
        Rig.Browser other = rig.browser().signIn("postmaster@other.test");
        for (String theirs : List.of("ann@example.test", "example.test", "alias.test")) {
            assertEquals(200, other.get("/search?q=" + theirs).statusCode(), theirs);
        }
        assertEquals(303, other.get("/search?q=zoe@other.test").statusCode());
    }

    @Test
    void aPostmasterFindsNothingOfAnotherDomain() throws IOException {
        Rig.Browser browser = rig.browser().signIn("postmaster@other.test");
        assertTrue(browser.get("/account").body().contains(FIELD));
        for (String text : TEXTS) {
            String page = browser.get("/search?q=" + text.replace("%", "%25")).body();
            String without = page.replace("“" + text + "”", "")
                    .replace("?q=" + URLEncoder.encode(text, UTF_8), "")
                    .replaceAll("value=\"[^\"]*\"", "");
            assertFalse(without.contains("example.test") || without.contains("alias.test"), text + without);
            String said = found("postmaster@other.test", text).toString();
            assertFalse(said.contains("example.test") || said.contains("alias.test"), text + said);
        }
        assertTrue(browser.get("/search?q=zoe").body().contains("/mailboxes/zoe%40other.test"));
        assertEquals(List.of("other.test"), first(found("postmaster@other.test", "test"), "domains"));
    }

    @Test
    void anOwnerFindsNothingAndHasNoFieldForIt() throws IOException {
        Rig.Browser browser = rig.browser().signIn("ann@example.test");
        assertFalse(browser.get("/account").body().contains(FIELD));
        assertFalse(rig.browser().get("/sign-in").body().contains(FIELD));
        for (String text : TEXTS) {
            assertFalse(
                    browser.get("/search?q=" + text.replace("%", "%25")).body().contains("<li>"), text);
            assertEquals(
                    0, Json.number(Json.asObject(found("ann@example.test", text).get("mailboxes")), "all", -1));
        }
    }

    @Test
    void nothingIsFoundForNothing() throws IOException {
        Rig.Browser admin = rig.browser().signIn("admin");
        for (String query : List.of("", "?q=", "?q=%20%20", "?q=no-such-thing", "?q=" + "x".repeat(5000))) {
            String page = admin.get("/search" + query).body();
            assertFalse(page.contains("<li>"), query);
            assertEquals(query.contains("no-such"), page.contains("Nothing holds “no-such-thing”."), query);
        }
    }
}
