package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import qrate.core.Slice;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.RemoteDirectory;

/// What there are many of, a part at a time, and changes that are done only of what was seen.
class CollectionApiTest extends AdminOnRig {
    private static final String MAILBOXES = "/api/v1/domains/many.test/mailboxes";
    private static final String ANN = "/api/v1/mailboxes/ann@example.test";

    private static String admin;

    @BeforeAll
    static void fill() throws IOException {
        rig.domains.apply(new Edit.AddDomain("many.test", new Password.Clear(Rig.PASSWORD)));
        rig.domains.addMailboxes(IntStream.range(100, 160)
                .mapToObj(i -> new Edit.AddMailbox("b" + i + "@many.test", new Password.Clear(Rig.PASSWORD)))
                .toList());
        admin = rig.token("admin");
    }

    private static HttpResponse<String> get(String path) throws IOException {
        return rig.api("GET", path, admin, "");
    }

    private static long count(HttpResponse<String> response) {
        return response.body().split("\\{\"(address|name)\":", -1).length - 1L;
    }

    @Test
    void whoAsksForNothingElseGetsAsManyAsAPartMayHave() throws IOException {
        HttpResponse<String> all = get(MAILBOXES);
        assertEquals(61, count(all));
        assertTrue(all.headers().firstValue("Link").isEmpty());
        rig.domains.apply(new Edit.AddDomain("more.test", new Password.Clear(Rig.PASSWORD)));
        List<String> names = IntStream.range(0, Slice.MOST_MAX)
                .mapToObj(i -> "a" + (1000 + i))
                .toList();
        rig.domains.addMailboxes(names.stream()
                .map(name -> new Edit.AddMailbox(name + "@more.test", new Password.Clear(Rig.PASSWORD)))
                .toList());
        HttpResponse<String> first = get("/api/v1/domains/more.test/mailboxes");
        assertEquals(Slice.MOST_MAX, count(first));
        assertEquals(
                "</api/v1/domains/more.test/mailboxes?after=a1499>; rel=\"next\"",
                first.headers().firstValue("Link").orElseThrow());
        try (RemoteDirectory remote = new RemoteDirectory(rig.url(), admin)) {
            assertEquals(Slice.MOST_MAX + 1, remote.mailboxes("more.test").size(), "a command has all of them");
            assertEquals(
                    "postmaster@more.test",
                    remote.mailboxes("more.test").getLast().address());
        }
    }

    /// Everything that answers with a list.
    @Test
    void everyCollectionIsBounded() throws IOException {
        rig.domains.apply(new Edit.AddAdministrator("eve", new Password.Clear(Rig.PASSWORD)));
        rig.token("eve");
        rig.browser().signIn("admin");
        rig.browser().signIn("ann@example.test");
        Files.createDirectories(rig.state.maildirs().resolve("domains/many.test"));
        for (String list : List.of("one", "two")) {
            String path = "/api/v1/lists/" + list + "@many.test";
            assertEquals(200, rig.api("PUT", path, admin, "{}").statusCode());
        }
        for (String path : List.of(
                "/api/v1/domains",
                MAILBOXES,
                "/api/v1/domains/many.test/aliases",
                "/api/v1/domains/many.test/lists",
                "/api/v1/administrators",
                "/api/v1/tokens",
                "/api/v1/sessions")) {
            HttpResponse<String> first = get(path + "?limit=1");
            String link = first.headers().firstValue("Link").orElseThrow();
            HttpResponse<String> next = get(link.substring(1, link.indexOf('>')));
            assertEquals(200, next.statusCode(), link);
            assertTrue(next.headers().firstValue("Link").orElseThrow().contains("rel=\"prev\""), path);
            assertFalse(first.body().equals(next.body()), path);
            assertEquals(400, get(path + "?limit=501").statusCode(), path);
        }
    }

    @Test
    void whatIsNotThereLosesNothing() throws IOException {
        assertEquals(404, get("/api/v1/mailboxes/nobody@example.test/losses").statusCode());
        assertEquals(404, get("/api/v1/domains/none.test/losses").statusCode());
        assertEquals(200, get(ANN + "/losses").statusCode());
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("only@example.test", "ann@example.test")));
        assertEquals(200, get("/api/v1/mailboxes/only@example.test/losses").statusCode());
    }

    /// The check is in the transaction of the change: of many who saw the same, one changes it.
    @Test
    void ofManyWhoSawTheSameOneChangesIt() throws Exception {
        String tag = get(ANN).headers().firstValue("ETag").orElseThrow();
        List<Future<Integer>> answers = new ArrayList<>();
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 1; i <= 12; i++) {
                String body = "{\"quotaBytes\":" + 100_000 * i + "}";
                answers.add(all.submit(() -> send("PATCH", body, tag).statusCode()));
            }
        }
        List<Integer> codes = new ArrayList<>();
        for (Future<Integer> answer : answers) {
            codes.add(answer.get());
        }
        assertEquals(1, Collections.frequency(codes, 204), codes.toString());
        assertEquals(11, Collections.frequency(codes, 412), codes.toString());
    }

    @Test
    void aPartNamesTheNextOne() throws IOException {
        HttpResponse<String> first = get(MAILBOXES + "?limit=40");
        assertEquals(40, count(first));
        String link = first.headers().firstValue("Link").orElseThrow();
        assertEquals("</api/v1/domains/many.test/mailboxes?limit=40&after=b139>; rel=\"next\"", link);
        HttpResponse<String> next = get(link.substring(1, link.indexOf('>')));
        assertEquals(21, count(next));
        assertTrue(next.headers().firstValue("Link").orElseThrow().endsWith("before=b140>; rel=\"prev\""));
        assertEquals(10, count(get(MAILBOXES + "?q=B15")));
        assertEquals(400, get(MAILBOXES + "?limit=0").statusCode());
        assertEquals(404, get("/api/v1/domains/none.test/mailboxes?limit=1").statusCode());
        assertEquals(1, count(get("/api/v1/domains?q=many")));
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("z@many.test", "b100@many.test")));
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("z@many.test", "b101@many.test")));
        HttpResponse<String> lines = get("/api/v1/domains/many.test/aliases?limit=1");
        assertTrue(
                lines.headers().firstValue("Link").orElseThrow().contains("after=z+b100%40many.test"), "a key of two");
        assertTrue(get("/api/v1/domains/many.test/aliases?after=z+b100%40many.test")
                .body()
                .contains("b101"));
    }

    @Test
    void aPostmasterSeesHisDomainByPartsToo() throws IOException {
        String postmaster = rig.token("postmaster@many.test");
        for (String query : List.of("", "?limit=5", "?q=many")) {
            String seen =
                    rig.api("GET", "/api/v1/domains" + query, postmaster, "").body();
            assertTrue(seen.contains("many.test") && !seen.contains("example.test"), seen);
        }
        assertEquals(
                "[]",
                rig.api("GET", "/api/v1/domains?q=example", postmaster, "").body());
        assertEquals(
                403,
                rig.api("GET", "/api/v1/domains/example.test/mailboxes?limit=5", postmaster, "")
                        .statusCode());
    }

    private static HttpResponse<String> send(String method, String body, String tag) throws IOException {
        return rig.send(HttpRequest.newBuilder(URI.create(rig.url() + ANN))
                .header("Authorization", "Bearer " + admin)
                .header("If-Match", tag)
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void aChangeIsDoneOnlyOfWhatWasSeen() throws IOException {
        String tag = get(ANN).headers().firstValue("ETag").orElseThrow();
        assertEquals(tag, get(ANN).headers().firstValue("ETag").orElseThrow());
        assertEquals(204, send("PATCH", "{\"quotaBytes\":1000}", tag).statusCode());
        assertEquals(412, send("PATCH", "{\"quotaBytes\":2000}", tag).statusCode());
        assertEquals(412, send("PUT", "{\"quotaBytes\":2000}", "\"x\", " + tag).statusCode());
        assertEquals(412, send("DELETE", "", tag).statusCode());
        assertEquals(
                1000,
                rig.domains.mailbox("ann@example.test").orElseThrow().quota().bytes());
        assertEquals(204, send("PUT", "{\"quotaBytes\":2000}", "*").statusCode());
        String now = get(ANN).headers().firstValue("ETag").orElseThrow();
        assertFalse(now.equals(tag));
        assertEquals(204, send("PATCH", "{\"quotaBytes\":0}", tag + ", " + now).statusCode());
    }
}
