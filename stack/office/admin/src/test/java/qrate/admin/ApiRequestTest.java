package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.httpd.HttpListener;

/// Requests that a client may get wrong, or spell in its own way.
class ApiRequestTest extends AdminOnRig {
    private static final String DOMAINS = "/api/v1/domains";

    private static String allowed(String method, String path) throws IOException {
        HttpResponse<String> response = rig.api(method, path, rig.token("admin"), "");
        assertEquals(405, response.statusCode(), response.body());
        return response.headers().firstValue("Allow").orElse("none");
    }

    @Test
    void saysWhichMethodsAPathTakes() throws IOException {
        assertEquals("GET, HEAD, POST", allowed("PUT", DOMAINS));
        assertEquals("DELETE, GET, HEAD, PATCH, PUT", allowed("POST", DOMAINS + "/example.test"));
        assertEquals("PUT", allowed("GET", "/api/v1/mailboxes/ann@example.test/password"));
        assertEquals("GET, HEAD", allowed("DELETE", "/domains/example.test"));
    }

    @Test
    void refusesABodyThatIsTooLargeWhetherOrNotItSaysItsLength() throws IOException {
        byte[] body = new byte[HttpListener.BODY_BYTES_MAX + 1];
        for (HttpRequest.BodyPublisher publisher : List.of(
                HttpRequest.BodyPublishers.ofByteArray(body),
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)),
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[4 * body.length])))) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(rig.url() + DOMAINS))
                    .header("Authorization", "Bearer " + rig.token("admin"))
                    .POST(publisher);
            assertEquals(413, rig.send(request).statusCode());
        }
    }

    @Test
    void takesTheSchemeOfATokenInAnyCase() throws IOException {
        for (String scheme : List.of("Bearer", "bearer", "BEARER")) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(rig.url() + DOMAINS))
                    .header("Authorization", scheme + " " + rig.token("admin"));
            assertEquals(200, rig.send(request).statusCode(), scheme);
        }
    }

    @Test
    void takesNoPasswordOfBytesThatAreNoText() throws IOException {
        String token = rig.token("admin");
        String lone = "{\"name\":\"lone.test\",\"password\":\"12345678\\ud800\"}";
        assertEquals(400, rig.api("POST", DOMAINS, token, lone).statusCode());
        byte[] latin = "{\"name\":\"latin.test\",\"password\":\"fünf Bäume\"}".getBytes(StandardCharsets.ISO_8859_1);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(rig.url() + DOMAINS))
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofByteArray(latin));
        HttpResponse<String> response = rig.send(request);
        assertEquals(400, response.statusCode());
        assertTrue(response.body().contains("Invalid password"), response.body());
        assertEquals(
                201,
                rig.api("POST", DOMAINS, token, "{\"name\":\"utf8.test\",\"password\":\"fünf Bäume\"}")
                        .statusCode());
        assertTrue(rig.domains.domain("latin.test").isEmpty());
        assertTrue(rig.domains.domain("lone.test").isEmpty());
    }

    @Test
    void saysWhatIsWrongWithJsonWithoutWordsOfTheParsersOwn() throws IOException {
        for (String bad : List.of("{", "{\"name\"", "{\"a\":99999999999999999999}", "nonsense", "[".repeat(30))) {
            HttpResponse<String> response = rig.api("POST", DOMAINS, rig.token("admin"), bad);
            assertEquals(400, response.statusCode());
            assertFalse(response.body().contains("[Source"), response.body());
            assertTrue(response.body().contains("\"error\":\"INVALID\""), response.body());
        }
    }
}
