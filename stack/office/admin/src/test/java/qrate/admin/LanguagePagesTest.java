package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import qrate.directory.Audit;
import qrate.directory.Edit;
import qrate.directory.Password;

class LanguagePagesTest extends AdminOnRig {
    private static final String CHINESE = "zh-Hant";

    private static HttpResponse<String> page(String path, String cookie, String accepted) throws IOException {
        return rig.send(HttpRequest.newBuilder(URI.create(rig.url() + path))
                .header("Cookie", cookie)
                .header("Accept-Language", accepted)
                .GET());
    }

    private static void assertLanguage(String language, HttpResponse<String> page) {
        assertTrue(page.body().contains("<html lang=\"" + language + "\">"), page.body());
        assertTrue(page.body().contains(language.equals("en") ? "<h1>Sign in</h1>" : "<h1>登入</h1>"), page.body());
    }

    @Test
    void pagesAreInTheLanguageThatTheBrowserAsksFor() throws IOException {
        assertLanguage(CHINESE, page("/sign-in", "x=y", "zh-TW,zh;q=0.9,en;q=0.8"));
        assertLanguage("en", page("/sign-in", "x=y", "en-GB,zh-TW;q=0.9"));
        assertLanguage("en", page("/sign-in", "x=y", "de"));
    }

    @Test
    void whatItsReaderChoseCountsMore() throws IOException {
        assertLanguage("en", page("/sign-in", LanguagePages.COOKIE + "=en", "zh-TW"));
        assertLanguage(CHINESE, page("/sign-in", LanguagePages.COOKIE + "=zh-Hant", "en"));
        assertLanguage("en", page("/sign-in", LanguagePages.COOKIE + "=../zh-Hant", "en"));
    }

    @Test
    void choosingKeepsTheLanguageAndLeadsBackToThePage() throws IOException {
        Rig.Browser browser = rig.browser();
        browser.signIn("admin");
        HttpResponse<String> page = browser.get("/access?holder=a%26b+c");
        assertTrue(page.body().contains("name=\"to\" value=\"/access?holder=a%26b%20c\""), page.body());
        HttpResponse<String> chosen =
                browser.post("/language", Map.of("language", CHINESE, "to", "/access?holder=a%26b%20c"));
        assertEquals(303, chosen.statusCode());
        assertEquals(
                "/access?holder=a%26b%20c",
                chosen.headers().firstValue("Location").orElse(""));
        assertTrue(
                chosen.headers()
                        .firstValue("Set-Cookie")
                        .orElse("")
                        .startsWith(LanguagePages.COOKIE + "=zh-Hant; Path=/;"),
                chosen.headers().toString());
    }

    @Test
    void choosingLeadsToNoOtherHostAndTakesNoOtherLanguage() throws IOException {
        Rig.Browser browser = rig.browser().signIn("admin");
        String session = browser.cookie;
        for (String elsewhere : new String[] {
            "//evil.test/", "https://evil.test/", "/\\evil.test", "", "/a\r\nX: y", "/" + "a".repeat(3000)
        }) {
            HttpResponse<String> chosen = browser.post("/language", Map.of("language", "en", "to", elsewhere));
            browser.cookie = session;
            assertEquals("/", chosen.headers().firstValue("Location").orElse(""), elsewhere);
        }
        assertEquals(
                400,
                browser.post("/language", Map.of("language", "xx", "to", "/")).statusCode());
        browser.csrf = "wrong";
        assertEquals(
                409,
                browser.post("/language", Map.of("language", "en", "to", "/")).statusCode());
    }

    @Test
    void theAuditLogIsInEnglishWhoeverReadThePage() throws IOException {
        Rig.Browser browser = rig.browser().signIn("admin");
        browser.cookie += "; " + LanguagePages.COOKIE + "=" + CHINESE;
        HttpResponse<String> page = browser.post("/domains", Map.of("name", "example.test", "password", Rig.PASSWORD));
        assertEquals(409, page.statusCode());
        assertTrue(page.body().contains("example.test 已經存在"), page.body());
        Audit.Event event = rig.domains.audit().newest(1).getFirst();
        assertTrue(event.problem().contains("example.test exists already"), event.toString());
        assertFalse(event.problem().contains("已經"), event.toString());
    }

    @Test
    void whatIsAgreedToStaysAgreedToInAnotherLanguage() throws IOException {
        Rig.Browser browser = rig.browser().signIn("admin");
        rig.domains.apply(new Edit.AddDomain("gone.test", new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.AddAliasDomain("gone.test", "also-gone.test"));
        String page = browser.get("/domains/gone.test/delete").body();
        Matcher agreed = Pattern.compile("name=\"agreed\" value=\"([^\"]+)\"").matcher(page);
        assertTrue(agreed.find(), page);
        browser.cookie += "; " + LanguagePages.COOKIE + "=" + CHINESE;
        assertEquals(
                303,
                browser.post("/domains/gone.test/delete", Map.of("agreed", agreed.group(1), "typed", "gone.test"))
                        .statusCode());
    }
}
