package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.directory.Json;
import qrate.directory.Password;
import qrate.directory.Property;

class AdminTest extends AdminOnRig {
    private static String to(HttpResponse<String> response) {
        assertEquals(303, response.statusCode(), response.body());
        return response.headers().firstValue("Location").orElseThrow();
    }

    @Test
    void letsAnAdministratorRunADomain() throws IOException {
        Rig.Browser browser = rig.browser();
        assertEquals("/sign-in", to(browser.get("/domains")));
        browser.get("/sign-in");
        assertEquals("/overview", to(browser.post("/sign-in", Map.of("login", "admin", "password", Rig.PASSWORD))));
        browser.get("/domains");
        assertEquals(
                "/domains?done=added",
                to(browser.post("/domains", Map.of("name", "new.test", "password", "12345678"))));
        assertTrue(browser.get("/domains?done=added").body().contains("Added."));
        assertEquals(
                "/domains/new.test?done=added",
                to(browser.post("/domains/new.test/mailboxes", Map.of("local", "eve", "password", "12345678"))));
        to(browser.post("/domains/new.test/aliases", Map.of("local", "info", "target", "eve@new.test")));
        to(browser.post("/domains/new.test/aliases", Map.of("local", "B\u00fccher", "target", "eve@new.test")));
        to(browser.post("/domains/new.test/catch-all", Map.of("target", "eve@new.test")));
        to(browser.post("/domains/new.test/alias-domains", Map.of("alias", "newer.test")));
        to(browser.post("/mailboxes/eve%40new.test/settings", Map.of("quota", "10MB", "pop", "on")));
        assertTrue(browser.get("/domains/new.test").body().contains("eve@new.test"));
        assertTrue(browser.get("/domains/new.test/settings").body().contains("newer.test"));
        String page = browser.get("/domains/new.test/aliases").body();
        assertTrue(page.contains("info@new.test") && page.contains("b\u00fccher@new.test"), page);
        assertFalse(rig.domains.mailbox("eve@new.test").orElseThrow().is(Property.SMTP));
        to(browser.post("/mailboxes/eve%40new.test/password", Map.of("password", "another one")));
        assertTrue(rig.domains.accounts().signIn("eve@new.test", "another one").isPresent());
        to(browser.agree("/domains/new.test/aliases/delete?local=info&target=eve%40new.test"));
        to(browser.agree("/domains/new.test/aliases/delete?local=b%C3%BCcher&target=eve%40new.test"));
        assertTrue(rig.domains.aliases("new.test").isEmpty());
        to(browser.agree("/mailboxes/eve%40new.test/delete"));
        assertEquals("/domains?done=removed", to(browser.agree("/domains/new.test/delete")));
        assertTrue(rig.domains.domain("new.test").isEmpty());
        assertTrue(browser.get("/audit").body().contains("delete domain new.test"));
    }

    @Test
    void saysOnThePageWhatWasWrong() throws IOException {
        Rig.Browser browser = rig.browser().signIn("admin");
        HttpResponse<String> again = browser.post("/domains", Map.of("name", "example.test", "password", "12345678"));
        assertEquals(409, again.statusCode());
        assertTrue(again.body().contains("example.test exists already"));
        assertEquals(404, browser.get("/domains/nowhere.test").statusCode());
        assertEquals(404, browser.get("/nowhere").statusCode());
        assertEquals(405, browser.post("/metrics", Map.of()).statusCode());
        assertEquals(
                400,
                browser.post("/mailboxes/ann%40example.test/settings", Map.of("quota", "big"))
                        .statusCode());
    }

    @Test
    void changesNothingWithoutTheTokenOfTheForm() throws IOException {
        Rig.Browser browser = rig.browser().signIn("admin");
        String good = browser.csrf;
        for (String bad : List.of("", "x", rig.browser().signIn("admin").csrf)) {
            browser.csrf = bad;
            assertEquals(
                    409, browser.post("/domains/example.test/delete", Map.of()).statusCode());
        }
        assertTrue(rig.domains.domain("example.test").isPresent());
        browser.csrf = good;
        browser.cookie = "";
        assertEquals("/sign-in", to(browser.post("/domains/example.test/delete", Map.of())));
        assertEquals(
                409,
                rig.browser()
                        .post("/sign-in", Map.of("login", "admin", "password", Rig.PASSWORD))
                        .statusCode());
    }

    @Test
    void escapesWhatStrangersWrote() throws IOException {
        Rig.Browser browser = rig.browser().signIn("admin");
        String page = browser.get("/queue").body();
        assertTrue(page.contains("&lt;script>alert(1)") || page.contains("&lt;script&gt;alert(1)"), page);
        assertFalse(page.replace("<script src=\"" + Asset.COMFORT.link() + "\" defer></script>", "")
                .contains("<script"));
        assertFalse(page.contains("<b>why"));
        assertTrue(page.contains("<br>What it means: <span lang=\"en\">The mailbox is full."), page);
        assertTrue(page.contains("<br>What to do: <span lang=\"en\">tell them by another way"), page);
        browser.post("/account/tokens", Map.of("label", "\"><img src=x>", "days", "7", "scope", "role"));
        assertFalse(browser.get("/account").body().contains("<img"));
        HttpResponse<String> refused = rig.browser().get("/sign-in?done=%3Cb%3E");
        assertFalse(refused.body().contains("<b>"));
    }

    @Test
    void sendsHeadersThatKeepPagesApart() throws IOException {
        HttpResponse<String> page = rig.browser().get("/sign-in");
        Map<String, List<String>> headers = page.headers().map();
        assertTrue(headers.get("content-security-policy").getFirst().startsWith("default-src 'none'"));
        assertEquals(List.of("nosniff"), headers.get("x-content-type-options"));
        assertEquals(List.of("DENY"), headers.get("x-frame-options"));
        assertEquals(List.of("no-store"), headers.get("cache-control"));
        String cookie = headers.get("set-cookie").getFirst();
        assertTrue(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
        assertFalse(page.body().contains("style="));
        assertFalse(page.body()
                .replace("<script src=\"" + Asset.PASSKEYS.link() + "\" defer></script>", "")
                .contains("<script"));
    }

    @Test
    void showsAPostmasterOneDomainAndAnOwnerTheAccount() throws IOException {
        Rig.Browser postmaster = rig.browser().signIn("postmaster@example.test");
        assertEquals("/domains/example.test", to(postmaster.get("/")));
        assertEquals(200, postmaster.get("/domains/example.test").statusCode());
        for (String path :
                List.of("/domains", "/queue", "/audit", "/domains/other.test", "/domains/example.test/delete")) {
            assertEquals(403, postmaster.get(path).statusCode(), path);
        }
        assertEquals(
                403,
                postmaster
                        .post("/domains/other.test/mailboxes", Map.of("local", "x", "password", "12345678"))
                        .statusCode());
        Rig.Browser owner = rig.browser().signIn("ann@example.test");
        assertEquals("/account", to(owner.get("/")));
        assertEquals(403, owner.get("/domains/example.test").statusCode());
        assertEquals(403, owner.get("/mailboxes/ann@example.test").statusCode());
    }

    @Test
    void endsSessionsWithThePassword() throws IOException {
        rig.domains.apply(new Edit.AddMailbox("bob@example.test", new Password.Clear(Rig.PASSWORD)));
        Rig.Browser one = rig.browser().signIn("bob@example.test");
        Rig.Browser two = rig.browser().signIn("bob@example.test");
        assertEquals(
                403,
                one.post("/account/password", Map.of("old", "wrong", "new", "new password", "again", "new password"))
                        .statusCode());
        assertEquals(
                400,
                one.post("/account/password", Map.of("old", Rig.PASSWORD, "new", "new password", "again", "other"))
                        .statusCode());
        to(one.post("/account/password", Map.of("old", Rig.PASSWORD, "new", "new password", "again", "new password")));
        assertEquals(200, one.get("/account").statusCode());
        assertEquals("/sign-in", to(two.get("/account")));
        assertEquals("/sign-in", to(one.post("/sign-out", Map.of())));
        assertEquals("/sign-in", to(one.get("/account")));
    }

    @Test
    void slowsGuessingDown() throws IOException {
        Rig.Browser browser = rig.browser();
        browser.get("/sign-in");
        Set<Integer> codes = new TreeSet<>();
        for (int i = 0; i < 8; i++) {
            codes.add(browser.post("/sign-in", Map.of("login", "guessed@other.test", "password", "guess " + i))
                    .statusCode());
        }
        assertTrue(codes.contains(429), codes.toString());
    }

    @Test
    void answersForABugWithoutSayingMoreAndGoesOn() throws IOException {
        Rig.Browser browser = rig.browser().signIn("admin");
        rig.queue.bug = true;
        HttpResponse<String> page = browser.get("/queue");
        assertEquals(500, page.statusCode());
        assertTrue(page.body().contains("That should not have happened.")
                && !page.body().contains("a bug"));
        HttpResponse<String> data = rig.api("GET", "/api/v1/queue", rig.token("admin"), "");
        assertEquals(500, data.statusCode());
        assertTrue(data.body().contains("\"Broken\""), data.body());
        rig.queue.bug = false;
        assertEquals(200, browser.get("/queue").statusCode());
    }

    @Test
    void asksTheQueueAndSaysWhenItIsDown() throws IOException {
        Rig.Browser browser = rig.browser().signIn("admin");
        to(browser.post("/queue/retry", Map.of()));
        to(browser.agree("/queue/7/bounce"));
        assertEquals(404, browser.post("/queue/8/drop", Map.of()).statusCode());
        assertEquals(404, browser.post("/queue/x/drop", Map.of()).statusCode());
        assertEquals(List.of("retry all", "bounce 7"), rig.queue.asked);
        rig.queue.down = true;
        rig.later();
        HttpResponse<String> down = browser.get("/queue");
        assertEquals(503, down.statusCode());
        assertTrue(down.body().contains("Mail goes on meanwhile"));
        assertTrue(rig.browser().get("/metrics").body().contains("\nqrate_queue_up 0\n"));
        assertEquals(200, rig.browser().get("/healthz").statusCode());
        rig.queue.down = false;
        assertTrue(rig.browser().get("/metrics").body().contains("\nqrate_queue_up 0\n"), "remembered for a moment");
        rig.later();
        String metrics = rig.browser().get("/metrics").body();
        assertTrue(metrics.contains("\nqrate_queue_messages 1\n"));
        assertTrue(metrics.contains("# TYPE qrate_domains gauge\nqrate_domains "));
        assertTrue(metrics.contains("\nqrate_jvm_heap_bytes{service=\"qrate\"} 42\n"), metrics);
    }

    @Test
    void saysTheStateOfTheWholeAsJson() throws IOException {
        rig.problems = List.of("disk: almost full: 1 KiB are left for queue");
        try {
            rig.later();
            assertEquals(503, rig.browser().get("/healthz").statusCode());
            HttpResponse<String> reply = rig.browser().get("/status.json");
            assertEquals(200, reply.statusCode());
            Map<String, Object> status = Json.object(reply.body().getBytes(UTF_8));
            assertEquals(false, status.get("well"));
            assertEquals(
                    List.of(Map.of("part", "disk", "reason", "almost full: 1 KiB are left for queue")),
                    status.get("problems"));
            assertEquals(true, Json.asObject(status.get("queue")).get("answers"));
        } finally {
            rig.problems = List.of();
            rig.later();
        }
        assertEquals("ok\n", rig.browser().get("/healthz").body());
        assertTrue(rig.browser().get("/status.json").body().contains("\"well\":true"));
    }

    @Test
    void saysTheSameOfHealthAtEachDoorThatSaysIt() throws IOException {
        rig.later();
        assertEquals("ok\n", rig.browser().get("/healthz").body());
        rig.later(Duration.ofMillis(1500));
        assertTrue(rig.browser().get("/status.json").body().contains("\"well\":true"));
        rig.problems = List.of("tls: unreadable");
        try {
            rig.later(Duration.ofSeconds(1));
            assertEquals("tls: unreadable\n", rig.browser().get("/healthz").body());
            assertTrue(rig.browser().get("/status.json").body().contains("\"well\":false"));
            assertTrue(rig.browser().get("/metrics").body().contains("\nqrate_problems 1\n"));
        } finally {
            rig.problems = List.of();
            rig.later();
        }
    }

    @Test
    void answersProgramsByToken() throws IOException {
        String admin = rig.token("admin");
        assertEquals(401, rig.api("GET", "/api/v1/domains", "", "").statusCode());
        assertEquals(401, rig.api("GET", "/api/v1/domains", "x", "").statusCode());
        String body = "{\"name\":\"api.test\",\"password\":\"12345678\"}";
        assertEquals(201, rig.api("POST", "/api/v1/domains", admin, body).statusCode());
        HttpResponse<String> again = rig.api("POST", "/api/v1/domains", admin, body);
        assertEquals(409, again.statusCode());
        assertTrue(again.body().contains("\"EXISTS\""));
        for (String bad : List.of("", "{", "[]", "{\"name\":7}", "{\"name\":\"y.test\"}", "{}{}", "[".repeat(5000))) {
            assertEquals(400, rig.api("POST", "/api/v1/domains", admin, bad).statusCode(), bad);
        }
        assertEquals(
                413,
                rig.api("POST", "/api/v1/domains", admin, "x".repeat(70_000)).statusCode());
        String elsewhere = "{\"address\":\"x@other.test\",\"password\":\"12345678\"}";
        String postmaster = rig.token("postmaster@api.test");
        assertEquals(
                400,
                rig.api("POST", "/api/v1/domains/api.test/mailboxes", postmaster, elsewhere)
                        .statusCode());
        assertEquals(
                403,
                rig.api("POST", "/api/v1/domains/other.test/mailboxes", postmaster, elsewhere)
                        .statusCode());
        assertEquals(
                403,
                rig.api("PUT", "/api/v1/domains/api.test/limits", postmaster, "{}")
                        .statusCode());
        assertEquals(200, rig.api("GET", "/api/v1/queue", admin, "").statusCode());
        assertEquals(
                204, rig.api("DELETE", "/api/v1/domains/api.test", admin, "").statusCode());
        assertEquals(
                401, rig.api("GET", "/api/v1/domains/api.test", postmaster, "").statusCode());
    }

    @Test
    void describesEveryRouteOfTheApi() throws IOException {
        Map<String, Object> paths = Json.asObject(Json.object(
                        rig.api("GET", "/api/v1/openapi.json", "", "").body().getBytes(UTF_8))
                .get("paths"));
        for (Router.Route route : rig.routes()) {
            if (route.door() == Router.Door.API) {
                Map<String, Object> methods = Json.asObject(paths.get(route.path()));
                assertTrue(methods.containsKey(route.method().toLowerCase(Locale.ROOT)), route.toString());
            }
        }
    }

    @Test
    void writesItsLocalTokenForItsOwnUserOnly() throws IOException {
        Path file = rig.state.db().resolve("local-token");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(
                200,
                rig.api("GET", "/api/v1/domains", Files.readString(file), "").statusCode());
    }
}
