package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.lists.ListLook;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;

/// The pages of mailing lists.
class ListViewPagesTest extends AdminOnRig {
    private static final String LIST = "/lists/team%40example.test";

    private Rig.Browser browser;

    @BeforeEach
    void makeAList() throws IOException {
        HostileList.make(rig);
        rig.told.clear();
        rig.queue.down = false;
        browser = rig.browser().signIn("postmaster@example.test");
    }

    @AfterEach
    void removeIt() throws IOException {
        rig.domains.apply(new Edit.RemoveList(HostileList.ADDRESS));
    }

    private static ListLook look() {
        return ListLook.at(rig.state.maildirs(), HostileList.ADDRESS).orElseThrow();
    }

    private String page(String path) throws IOException {
        HttpResponse<String> response = browser.get(path);
        assertEquals(200, response.statusCode(), path + response.body());
        return response.body();
    }

    private String posted(int status, String path, Map<String, String> fields) throws IOException {
        HttpResponse<String> response = browser.post(path, fields);
        assertEquals(status, response.statusCode(), path + response.body());
        return response.body() + response.headers().firstValue("Location").orElse("");
    }

    /// Each page there is of lists, so that a new one cannot be open.
    @Test
    void onlyWhoAdministersTheDomainSeesItsLists() throws IOException {
        List<Rig.Browser> others = new ArrayList<>();
        for (String login : List.of("postmaster@other.test", "ann@example.test")) {
            others.add(rig.browser().signIn(login));
        }
        Rig.Browser nobody = rig.browser();
        int pages = 0;
        for (Router.Route route : rig.routes()) {
            boolean lists = route.path().startsWith("/lists/") || route.path().contains("{domain}/lists");
            if (lists && route.door() == Router.Door.BROWSER) {
                String path = route.path()
                        .replace("{address}", HostileList.ADDRESS)
                        .replace("{domain}", "example.test")
                        .replace("{id}", "1-a")
                        .replace("{number}", "1");
                boolean get = route.method().equals("GET");
                for (Rig.Browser other : others) {
                    HttpResponse<String> answer = get ? other.get(path) : other.post(path, Map.of("accept", "on"));
                    assertEquals(403, answer.statusCode(), route.toString());
                }
                assertEquals(303, (get ? nobody.get(path) : nobody.post(path, Map.of())).statusCode(), path);
                assertFalse(get && browser.get(path).statusCode() != 200, path);
                pages++;
            }
        }
        assertEquals(16, pages);
        assertEquals(List.of(), rig.told);
        assertTrue(ListLook.at(rig.state.maildirs(), HostileList.ADDRESS).isPresent());
    }

    @Test
    void whatStrangersWroteIsShownAsText() throws IOException {
        for (String path : List.of("", "/waiting", "/waiting/1-a", "/archive", "/archive/1", "/settings", "/delete")) {
            String page = page(LIST + path);
            assertFalse(page.contains("<script>") || page.contains("<img"), path + page);
        }
        assertTrue(page(LIST + "/waiting/1-a").contains("&lt;script&gt;document.title='run'&lt;/script&gt;"));
        String searched = page(LIST + "?q=%22%3E%3Cscript%3E");
        assertFalse(searched.contains("<script>"), searched);
    }

    @Test
    void aListWhoseAliasesAreGoneIsShownAndLetsMailInAgain() throws IOException {
        for (String local : List.of("team", "team-default")) {
            rig.domains.apply(new Edit.DeleteAlias(
                    new EditableDirectory.Alias(local + "@example.test", "postmaster@example.test")));
        }
        assertEquals(List.of(), rig.domains.listAddresses("example.test"));
        String closed = page("/domains/example.test/lists");
        assertTrue(closed.contains("team@example.test") && closed.contains("no mail reaches it"), closed);
        assertTrue(posted(303, LIST + "/open", Map.of()).endsWith("/domains/example.test/lists?done=saved"));
        assertEquals(List.of("team@example.test"), rig.domains.listAddresses("example.test"));
        assertFalse(page("/domains/example.test/lists").contains("no mail reaches it"));
        assertEquals(
                404, browser.post("/lists/none%40example.test/open", Map.of()).statusCode());
    }

    @Test
    void aListIsMadeSetAndRemovedWithAllThatGoes() throws IOException {
        browser.get("/domains/example.test/lists/add");
        String again = posted(400, "/domains/example.test/lists/add", Map.of("name", "a b", "prefix", "[x]"));
        assertTrue(
                again.contains("value=\"a b\"") && again.contains("value=\"[x]\""), "what was typed stays: " + again);
        assertTrue(posted(409, "/domains/example.test/lists/add", Map.of("name", "team"))
                .contains("already"));
        String made = posted(
                303,
                "/domains/example.test/lists/add",
                Map.of("name", "News", "archive", "on", "confirm_subscribe", "on", "confirm_unsubscribe", "on"));
        assertTrue(made.endsWith("/lists/news%40example.test?done=added"), made);
        assertTrue(page("/domains/example.test/lists").contains("news@example.test"));
        ListLook news = ListLook.at(rig.state.maildirs(), "news@example.test").orElseThrow();
        assertEquals(Set.of('a', 'g'), news.settings().flags());
        Map<String, String> form = new HashMap<>(Map.of("owner", "ann@example.test", "subscribers_only", "on"));
        form.putAll(Map.of("rewrite_from", "always", "one_click", "on", "archive_open", "on"));
        browser.get("/lists/news%40example.test/settings");
        assertTrue(posted(303, "/lists/news%40example.test/settings", form).endsWith("done=saved"));
        ListSettings set = news.settings();
        assertEquals(Set.of('h', 'j', 'u'), set.flags());
        assertEquals(ListSettings.Rewrite.ALWAYS, set.rewriteFrom());
        assertTrue(set.oneClick());
        form.put("owner", "nobody");
        assertTrue(posted(400, "/lists/news%40example.test/settings", form).contains("owner: is no address"));
        rig.domains.apply(new Edit.AddToList("news@example.test", ListSet.SUBSCRIBERS, List.of("a@far.test")));
        String asked = page("/lists/news%40example.test/delete");
        assertTrue(asked.contains("its subscribers: 1"), asked);
        assertEquals(
                409, browser.post("/lists/news%40example.test/delete", Map.of()).statusCode());
        assertEquals(303, browser.agree("/lists/news%40example.test/delete").statusCode());
        assertTrue(ListLook.at(rig.state.maildirs(), "news@example.test").isEmpty());
        assertEquals(404, browser.get("/lists/news%40example.test").statusCode());
    }

    @Test
    void membersAreAddedManyAtATimePagedSearchedAndTakenOff() throws IOException {
        StringBuilder many = new StringBuilder("# the class\r\n\r\n");
        IntStream.range(100, 220).forEach(i -> many.append(" s").append(i).append("@far.test \r\n"));
        browser.get(LIST);
        assertTrue(
                posted(303, LIST + "/add", Map.of("addresses", many.toString())).endsWith("done=added"));
        String first = page(LIST);
        assertTrue(first.contains("s147@far.test") && !first.contains("s149@far.test"), first);
        assertTrue(first.contains("In all: 122"), first);
        assertTrue(first.contains("?after=s147%40far.test\""), first);
        String last = page(LIST + "?after=s197%40far.test");
        assertTrue(last.contains("s219@far.test") && last.contains("?before=s198%40far.test\""), last);
        assertTrue(page(LIST + "?before=s198%40far.test").contains("s148@far.test"));
        String found = page(LIST + "?q=S20");
        assertTrue(found.contains("s200@far.test") && found.contains("In all: 10"), found);
        String refused = posted(400, LIST + "/add", Map.of("addresses", "good@far.test\na b"));
        assertTrue(
                refused.contains("a b: is no address") && refused.contains("good@far.test\na b</textarea>"), refused);
        assertTrue(
                posted(400, LIST + "/add", Map.of("addresses", "\r\n # none")).contains("at least one address"));
        browser.get(LIST);
        posted(303, LIST + "/take", Map.of("address", "s200@far.test"));
        assertEquals(List.of(), List.copyOf(look().among(ListSet.SUBSCRIBERS, List.of("s200@far.test"))));
        posted(303, LIST + "/add", Map.of("addresses", "ann@example.test", "set", "moderators"));
        assertTrue(page(LIST + "?set=moderators").contains("ann@example.test"));
        posted(303, LIST + "/add", Map.of("addresses", "eve@far.test", "set", "deny"));
        assertEquals(look().settings(), look().settings().denying());
        browser.get(LIST + "/settings");
        posted(303, LIST + "/settings", Map.of("owner", "ann@example.test"));
        assertEquals(look().settings(), look().settings().denying(), "who may not post stays so");
        assertEquals(404, browser.get(LIST + "?set=archive").statusCode());
    }

    @Test
    void aPostThatWaitsIsAcceptedOrRejectedWithAReason() throws IOException {
        browser.get(LIST + "/waiting/1-a");
        rig.queue.down = true;
        assertTrue(posted(503, LIST + "/waiting/1-a", Map.of("reason", "no <adverts>"))
                .contains("no &lt;adverts&gt;</textarea>"));
        rig.queue.down = false;
        assertTrue(posted(400, LIST + "/waiting/1-a", Map.of("reason", "x".repeat(1001)))
                .contains("too long"));
        assertTrue(posted(303, LIST + "/waiting/1-a", Map.of("reason", "no adverts"))
                .endsWith("done=told"));
        assertTrue(rig.told.getFirst().startsWith("team-reject-1-a."), rig.told.toString());
        assertTrue(page(LIST + "/waiting").contains("rejected: going back"));
        assertTrue(page("/domains/example.test/lists").contains("/waiting#found\">1</a>"));
        Files.move(
                rig.state.maildirs().resolve("domains/example.test/team/mod/pending/1-a"),
                rig.state.maildirs().resolve("domains/example.test/team/mod/pending/2-b"));
        browser.get(LIST + "/waiting/2-b");
        posted(303, LIST + "/waiting/2-b", Map.of("accept", "on"));
        assertTrue(rig.told.getLast().startsWith("team-accept-2-b."), rig.told.toString());
        assertEquals(
                404, browser.post(LIST + "/waiting/3-c", Map.of("accept", "on")).statusCode());
        assertTrue(rig.domains.audit().newest(5).toString().contains("list team@example.test: accept post 2-b"));
    }
}
