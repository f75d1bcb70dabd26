package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;

/// What is seen of a list by the REST API, and a moderator's decisions.
class ListViewApiTest extends AdminOnRig {
    private static final String ADDRESS = "team@example.test";
    private static final String LIST = "/api/v1/lists/" + ADDRESS;

    private String postmaster;

    @BeforeEach
    void makeAList() throws IOException {
        Files.createDirectories(rig.state.maildirs().resolve("domains/example.test"));
        rig.domains.apply(
                new Edit.SetList(ADDRESS, new ListSettings("ann@example.test", Set.of('a', 'g', 'm', 'p'), "", false)));
        rig.told.clear();
        rig.queue.down = false;
        for (String name : List.of("admin", "postmaster@example.test", "postmaster@other.test", "ann@example.test")) {
            rig.domains.apply(new Edit.EndTokens(name));
        }
        postmaster = rig.token("postmaster@example.test");
    }

    @AfterEach
    void removeIt() throws IOException {
        rig.domains.apply(new Edit.RemoveList(ADDRESS));
    }

    private static Path list(String file) {
        return rig.state.maildirs().resolve("domains/example.test/team/" + file);
    }

    private HttpResponse<String> get(String path) throws IOException {
        return rig.api("GET", path, postmaster, "");
    }

    private static void pending(String id, String text) throws IOException {
        Files.writeString(list("mod/pending/" + id), text);
    }

    @Test
    void membersComeInPartsThatLinkToEachOther() throws IOException {
        rig.domains.apply(new Edit.AddToList(
                ADDRESS,
                ListSet.SUBSCRIBERS,
                IntStream.range(100, 140).mapToObj(i -> "s" + i + "@far.test").toList()));
        HttpResponse<String> first = get(LIST + "/members?limit=20");
        assertEquals(200, first.statusCode(), first.body());
        assertTrue(first.body().contains("s119@far.test") && !first.body().contains("s120@far.test"), first.body());
        String link = first.headers().firstValue("Link").orElseThrow();
        assertEquals("</api/v1/lists/team%40example.test/members?limit=20&after=s119%40far.test>; rel=\"next\"", link);
        HttpResponse<String> next = get(link.substring(1, link.indexOf('>')));
        assertTrue(next.body().contains("s120@far.test") && next.body().contains("s139@far.test"), next.body());
        assertEquals(
                "</api/v1/lists/team%40example.test/members?limit=20&before=s120%40far.test>; rel=\"prev\"",
                next.headers().firstValue("Link").orElseThrow());
        HttpResponse<String> found = get(LIST + "/members?q=S13");
        assertTrue(found.body().startsWith("[{\"address\":\"s130@far.test\",\"bouncedSince\":\"\""), found.body());
        assertEquals("[]", get(LIST + "/members?set=moderators").body());
        assertEquals(400, get(LIST + "/members?set=archive").statusCode());
        for (String limit : List.of("0", "501", "x", "-1")) {
            assertEquals(400, get(LIST + "/members?limit=" + limit).statusCode(), limit);
        }
    }

    @Test
    void aPostThatWaitsIsReadAndDecidedAboutOnce() throws IOException {
        pending("5-ab", "Return-Path: <bob@far.test>\nFrom: Bob <bob@far.test>\nSubject: fete\n\nCome!\n");
        assertTrue(get(LIST + "/waiting").body().contains("\"subject\":\"fete\",\"decided\":\"\""));
        assertTrue(get(LIST + "/waiting/5-ab").body().contains("\"text\":\"Come!\""));
        HttpResponse<String> done = rig.api(
                "POST", LIST + "/waiting/5-ab", postmaster, "{\"decision\":\"reject\",\"reason\":\"not here\"}");
        assertEquals(204, done.statusCode(), done.body());
        String message = rig.told.getFirst();
        assertTrue(message.startsWith("team-reject-5-ab."), message);
        assertTrue(message.contains("\n%%%\nnot here\n%%%\n"), message);
        assertTrue(get(LIST + "/waiting").body().contains("\"decided\":\"reject\""));
        String audit = rig.domains.audit().newest(1).toString();
        assertTrue(audit.contains("list team@example.test: reject post 5-ab of bob@far.test"), audit);
    }

    @Test
    void whatCannotBeDecidedSaysWhy() throws IOException {
        pending("6-ab", "Return-Path: <bob@far.test>\n\n\n");
        for (String body : List.of(
                "{\"decision\":\"maybe\"}",
                "{}",
                "{\"decision\":\"reject\",\"reason\":\"" + "x".repeat(1001) + "\"}",
                "{\"decision\":\"accept\",\"why\":\"x\"}")) {
            assertEquals(
                    400,
                    rig.api("POST", LIST + "/waiting/6-ab", postmaster, body).statusCode(),
                    body);
        }
        for (String id : List.of("6-ac", "..%2F..%2Fkey", "x")) {
            assertEquals(
                    404,
                    rig.api("POST", LIST + "/waiting/" + id, postmaster, "{\"decision\":\"accept\"}")
                            .statusCode(),
                    id);
            assertEquals(404, get(LIST + "/waiting/" + id).statusCode(), id);
        }
        rig.queue.down = true;
        assertEquals(
                503,
                rig.api("POST", LIST + "/waiting/6-ab", postmaster, "{\"decision\":\"accept\"}")
                        .statusCode());
        assertTrue(get(LIST + "/waiting").body().contains("\"decided\":\"\""));
        assertEquals(List.of(), rig.told);
    }

    @Test
    void theArchiveIsReadByNumber() throws IOException {
        Files.createDirectories(list("archive/0"));
        for (int i = 1; i <= 3; i++) {
            Files.writeString(
                    list("archive/0/0" + i), "From: ann@example.test\nSubject: post " + i + "\n\ntext " + i + "\n");
        }
        Files.writeString(list("num"), "3:0\n");
        HttpResponse<String> first = get(LIST + "/archive?limit=2");
        assertTrue(first.body().startsWith("[{\"number\":3,"), first.body());
        assertEquals(
                "</api/v1/lists/team%40example.test/archive?limit=2&before=2>; rel=\"next\"",
                first.headers().firstValue("Link").orElseThrow());
        assertTrue(get(LIST + "/archive?before=2").body().startsWith("[{\"number\":1,"));
        assertTrue(get(LIST + "/archive?q=POST%202").body().startsWith("[{\"number\":2,"));
        assertTrue(get(LIST + "/archive/2").body().contains("\"text\":\"text 2\""));
        assertEquals(404, get(LIST + "/archive/4").statusCode());
        assertEquals(404, get(LIST + "/archive/x").statusCode());
        assertEquals(400, get(LIST + "/archive?before=x").statusCode());
    }

    /// Each route of lists there is, so that a new one cannot be open.
    @Test
    void onlyWhoAdministersTheDomainSeesItsLists() throws IOException {
        String other = rig.token("postmaster@other.test");
        String owner = rig.token("ann@example.test");
        pending("5-ab", "Return-Path: <bob@far.test>\n\n\n");
        int routes = 0;
        for (Router.Route route : rig.routes()) {
            boolean api = route.door() == Router.Door.API;
            if (api
                    && (route.path().startsWith("/api/v1/lists/")
                            || route.path().endsWith("{domain}/lists"))) {
                String path = route.path()
                        .replace("{address}", ADDRESS)
                        .replace("{domain}", "example.test")
                        .replace("{id}", "5-ab")
                        .replace("{number}", "1");
                for (String token : List.of(other, owner)) {
                    assertEquals(403, rig.api(route.method(), path, token, "{}").statusCode(), route.toString());
                }
                assertEquals(401, rig.api(route.method(), path, "", "{}").statusCode(), route.toString());
                assertFalse(
                        rig.api(route.method(), path, postmaster, "{\"x\":1}").statusCode() == 403, route.toString());
                routes++;
            }
        }
        assertEquals(12, routes);
        assertEquals(List.of(), rig.told);
    }

    @Test
    void aListThatIsNotThereIsNotThere() throws IOException {
        for (String what : List.of("/members", "/waiting", "/waiting/5-ab", "/archive", "/archive/1")) {
            assertEquals(404, get("/api/v1/lists/none@example.test" + what).statusCode(), what);
        }
    }
}
