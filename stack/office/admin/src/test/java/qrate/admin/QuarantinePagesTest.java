package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Edit;
import qrate.directory.Password;

/// What filters had put aside: message 7 is for ann, 8 for bob by another name of the domain, 9 for an alias.
class QuarantinePagesTest {
    private static final String DOMAIN = "/domains/example.test/quarantine";
    private static final String ANN = "/mailboxes/ann@example.test/quarantine";
    private static final String API = "/api/v1";

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void fill() throws IOException {
        rig = new Rig(folder);
        rig.domains.apply(new Edit.AddMailbox("bob@example.test", new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        Files.writeString(rig.state.control().resolve("me"), "mx.example.test\n");
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    @Test
    void anOwnerSeesHisOwnAndWhyInPlainSentences() throws IOException {
        Rig.Browser ann = rig.browser().signIn("ann@example.test");
        assertTrue(ann.get("/account").body().contains("href=\"/mailboxes/ann%40example.test/quarantine\""));
        String list = ann.get(ANN).body();
        assertTrue(list.contains("/quarantine/7\""), list);
        assertFalse(list.contains("/quarantine/8\"") || list.contains("/quarantine/9\""), list);
        String page = ann.get(ANN + "/7").body();
        assertTrue(page.contains("The author claims to be in &lt;b&gt;.test, and nothing that &lt;b&gt;.test"), page);
        assertTrue(page.contains("&lt;b&gt;.test asks that such mail be put aside."), page);
        assertFalse(page.contains("forged.test"), "what others say of a message proves nothing");
        assertEquals(404, ann.get(ANN + "/8").statusCode());
        assertEquals(403, ann.get(DOMAIN).statusCode());
    }

    @Test
    void aPostmasterSeesTheDomainsByAllItsNames() throws IOException {
        Rig.Browser postmaster = rig.browser().signIn("postmaster@example.test");
        String list = postmaster.get(DOMAIN).body();
        for (int id : List.of(7, 8, 9)) {
            assertTrue(list.contains("/quarantine/" + id + "\""), list);
        }
        assertTrue(list.contains("<th>Kept until</th>"), list);
        assertEquals(2, list.split("datetime=\"1970-01-31T00:00:", -1).length - 1, "9 stays until somebody decides");
        assertTrue(postmaster.get(DOMAIN + "/8").body().contains("Deleted, and nobody told, unless it is let out"));
        assertFalse(postmaster.get(DOMAIN + "/9").body().contains("Deleted, and nobody told"));
        assertTrue(list.contains("aria-current=\"page\">Quarantine<"), list);
        Rig.Browser other = rig.browser().signIn("postmaster@other.test");
        assertTrue(other.get("/domains/other.test/quarantine").body().contains("Nothing was put aside."));
        assertEquals(
                404, other.post("/domains/other.test/quarantine/7", Map.of()).statusCode());
        assertEquals(List.of(), rig.queue.asked);
    }

    @Test
    void letsOutOnceAndSaysWhoDidIt() throws IOException {
        Rig.Browser ann = rig.browser().signIn("ann@example.test");
        ann.get(ANN + "/7");
        HttpResponse<String> done = ann.post(ANN + "/7", Map.of());
        assertEquals(303, done.statusCode());
        String next = done.headers().firstValue("Location").orElseThrow();
        assertTrue(ann.get(next).body().contains("Let out. It is delivered now."));
        assertEquals(404, ann.post(ANN + "/7", Map.of()).statusCode());
        assertEquals(List.of("let out 7 [ann@example.test]"), rig.queue.asked);
        String audit = rig.browser().signIn("admin").get("/audit").body();
        assertTrue(audit.contains("quarantine: let out message 7 from"), audit);
    }

    @Test
    void deletesAfterAPageThatSaysWhatGoes() throws IOException {
        Rig.Browser postmaster = rig.browser().signIn("postmaster@example.test");
        HttpResponse<String> unread = postmaster.post(DOMAIN + "/8/delete", Map.of());
        assertEquals(409, unread.statusCode());
        assertEquals(List.of(), rig.queue.asked);
        assertTrue(postmaster.get(DOMAIN + "/8/delete").body().contains("bob@alias.test"));
        assertEquals(303, postmaster.agree(DOMAIN + "/8/delete").statusCode());
        assertEquals(List.of("discard 8 [bob@alias.test]"), rig.queue.asked);
    }

    @Test
    void programsDoTheSame() throws IOException {
        String token = rig.token("postmaster@example.test");
        String part = rig.api("GET", API + DOMAIN + "?limit=2", token, "").body();
        assertTrue(part.contains("\"id\":9") && part.contains("\"id\":8") && !part.contains("\"id\":7"), part);
        HttpResponse<String> first = rig.api("GET", API + DOMAIN + "?limit=2", token, "");
        assertEquals(
                "</api/v1/domains/example.test/quarantine?limit=2&before=8>; rel=\"next\"",
                first.headers().firstValue("Link").orElse(""));
        String rest =
                rig.api("GET", API + DOMAIN + "?limit=2&before=8", token, "").body();
        assertTrue(rest.contains("\"id\":7") && !rest.contains("\"id\":8"), rest);
        assertEquals(400, rig.api("GET", API + DOMAIN + "?before=x", token, "").statusCode());
        String own = rig.token("ann@example.test");
        String one = rig.api("GET", API + ANN + "/7", own, "").body();
        assertTrue(one.contains("\"until\":\"1970-01-31T00:00:07Z\""), one);
        assertTrue(part.contains("\"until\":\"\""), part);
        assertTrue(one.contains("\"found\":[\"The author claims to be in"), one);
        assertEquals(404, rig.api("GET", API + ANN + "/8", own, "").statusCode());
        assertEquals(204, rig.api("POST", API + ANN + "/7/release", own, "").statusCode());
        assertEquals(404, rig.api("DELETE", API + ANN + "/7", own, "").statusCode());
        assertEquals(204, rig.api("DELETE", API + DOMAIN + "/9", token, "").statusCode());
        assertEquals(List.of("let out 7 [ann@example.test]", "discard 9 [sales@example.test]"), rig.queue.asked);
    }

    @Test
    void saysWhenTheQueueDoesNotAnswer() throws IOException {
        rig.queue.down = true;
        Rig.Browser ann = rig.browser().signIn("ann@example.test");
        assertEquals(503, ann.get(ANN).statusCode());
        assertEquals(
                503,
                rig.api("GET", API + ANN, rig.token("ann@example.test"), "").statusCode());
    }
}
