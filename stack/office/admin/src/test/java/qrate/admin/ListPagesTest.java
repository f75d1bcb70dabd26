package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The link in List-Unsubscribe, as a mail provider and as a person follow it.
class ListPagesTest extends AdminOnRig {
    private static final String LINK = "/unsubscribe?list=team%40example.test&address=%3Cb%3Eann%40x.test&code=abcd";
    private static final String FORM = "application/x-www-form-urlencoded";

    @BeforeEach
    void forget() {
        rig.queue.asked.clear();
        rig.queue.down = false;
    }

    private static HttpResponse<String> post(String link, String type, String body) throws IOException {
        return rig.send(HttpRequest.newBuilder(URI.create(rig.url() + link))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> get(String link) throws IOException {
        return rig.send(HttpRequest.newBuilder(URI.create(rig.url() + link)).GET());
    }

    @Test
    void getOnlyAsks() throws IOException {
        HttpResponse<String> page = get(LINK);
        assertEquals(200, page.statusCode());
        assertTrue(page.body().contains("&lt;b&gt;ann@x.test get no more mail"), page.body());
        assertTrue(page.body().contains("name=\"List-Unsubscribe\" value=\"One-Click\""));
        assertFalse(page.body().contains("<b>ann"), "what a stranger wrote is escaped");
        assertEquals(List.of(), rig.queue.asked);
        assertEquals(404, get(LINK.replace("team", "other")).statusCode());
        assertEquals(404, get("/unsubscribe").statusCode());
    }

    @Test
    void oneClickNeedsNoSessionAndNoTokenOfAForm() throws IOException {
        assertEquals(200, post(LINK, FORM, "List-Unsubscribe=One-Click").statusCode());
        assertEquals(List.of("unsubscribe <b>ann@x.test abcd"), rig.queue.asked);
        String multipart = """
                --xyz
                Content-Disposition: form-data; name="List-Unsubscribe"
                Content-Type: text/plain

                One-Click
                --xyz--
                """.replace("\n", "\r\n");
        assertEquals(
                200, post(LINK, "multipart/form-data; boundary=xyz", multipart).statusCode());
        assertEquals(2, rig.queue.asked.size());
    }

    /// A regular expression with a group under repetition would need a frame of the stack for each line.
    @Test
    void aBodyThatIsAllHeaderIsReadInOnePass() throws IOException {
        for (String body : List.of(
                "name=List-Unsubscribe\n" + "a\n".repeat(30_000),
                "name=List-Unsubscribe\n".repeat(2_900),
                "name=List-Unsubscribe\n\n" + "One-Click\n".repeat(6_000),
                "\n".repeat(65_000),
                "name=".repeat(13_000))) {
            assertEquals(
                    400, post(LINK, "multipart/form-data; boundary=xyz", body).statusCode());
        }
        assertEquals(List.of(), rig.queue.asked);
    }

    @Test
    void theFormOfThePageDoesTheSame() throws IOException {
        String form = "list=team%40example.test&address=ann%40x.test&code=abcd&List-Unsubscribe=One-Click";
        HttpResponse<String> done = post("/unsubscribe", FORM, form);
        assertEquals(200, done.statusCode());
        assertTrue(done.body().contains("ann@x.test is off the list"), done.body());
        assertEquals(List.of("unsubscribe ann@x.test abcd"), rig.queue.asked);
    }

    @Test
    void aPostThatDoesNotMeanItChangesNothing() throws IOException {
        assertEquals(400, post(LINK, FORM, "").statusCode());
        assertEquals(400, post(LINK, FORM, "List-Unsubscribe=Maybe").statusCode());
        assertEquals(
                404,
                post(LINK.replace("team", "other"), FORM, "List-Unsubscribe=One-Click")
                        .statusCode());
        rig.queue.down = true;
        assertEquals(503, post(LINK, FORM, "List-Unsubscribe=One-Click").statusCode());
        assertEquals(List.of(), rig.queue.asked);
    }

    @Test
    void everyOtherFormStillNeedsItsToken() throws IOException {
        assertEquals(
                409,
                post("/sign-in?List-Unsubscribe=One-Click", FORM, "login=admin&password=x")
                        .statusCode());
    }
}
