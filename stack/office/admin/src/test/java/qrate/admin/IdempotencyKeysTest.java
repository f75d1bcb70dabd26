package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/// What a program that got no answer asks once more.
class IdempotencyKeysTest extends AdminOnRig {
    private static final String TOKENS = "/api/v1/tokens";
    private static final String BODY =
            "{\"label\":\"backup\",\"scope\":\"read\",\"days\":7,\"oldPassword\":\"" + Rig.PASSWORD + "\"}";

    private static HttpResponse<String> post(String path, String token, String key, String body) throws IOException {
        return rig.send(HttpRequest.newBuilder(URI.create(rig.url() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + token)
                .header(IdempotencyKeys.FIELD, key));
    }

    private static int tokens() throws IOException {
        return rig.domains.tokens().of("admin").size();
    }

    @Test
    void aRequestThatIsSentAgainIsDoneOnceAndHasTheFirstAnswer() throws IOException {
        String token = rig.token("admin");
        int before = tokens();
        HttpResponse<String> first = post(TOKENS, token, "key-1", BODY);
        HttpResponse<String> again = post(TOKENS, token, "key-1", BODY);
        assertEquals(201, first.statusCode(), first.body());
        assertEquals(first.body(), again.body());
        assertEquals(201, again.statusCode());
        assertEquals(first.headers().firstValue("Location"), again.headers().firstValue("Location"));
        assertEquals(
                "true", again.headers().firstValue(IdempotencyKeys.REPLAYED).orElse(""));
        assertTrue(first.headers().firstValue(IdempotencyKeys.REPLAYED).isEmpty());
        assertEquals(before + 1, tokens());
        assertNotEquals(first.body(), post(TOKENS, token, "key-2", BODY).body());
        assertEquals(before + 2, tokens());
    }

    @Test
    void aKeyIsThatOfOneRequestAndOfOneCaller() throws IOException {
        String token = rig.token("admin");
        assertEquals(201, post(TOKENS, token, "mine", BODY).statusCode());
        HttpResponse<String> other = post(TOKENS, token, "mine", BODY.replace("backup", "other"));
        assertEquals(422, other.statusCode(), other.body());
        assertTrue(other.body().contains("\"error\":\"IDEMPOTENCY_KEY\""), other.body());
        String ann = rig.token("ann@example.test");
        HttpResponse<String> hers = post(TOKENS, ann, "mine", BODY);
        assertEquals(201, hers.statusCode(), hers.body());
        assertTrue(hers.headers().firstValue(IdempotencyKeys.REPLAYED).isEmpty(), "another caller's answer");
        for (String bad : new String[] {"a b", "x".repeat(256)}) {
            HttpResponse<String> refused = post(TOKENS, token, bad, BODY);
            assertEquals(400, refused.statusCode(), refused.body());
        }
    }

    @Test
    void whatWasRefusedIsRefusedAgainAndWhatFailedIsTriedAgain() throws IOException {
        String token = rig.token("admin");
        String retry = "/api/v1/queue/retry";
        rig.queue.down = true;
        assertEquals(503, post(retry, token, "down", "").statusCode());
        rig.queue.down = false;
        HttpResponse<String> up = post(retry, token, "down", "");
        assertEquals(204, up.statusCode(), up.body());
        String none = "/api/v1/queue/messages/4711/retry";
        assertEquals(404, post(none, token, "gone", "").statusCode());
        assertEquals(
                "true",
                post(none, token, "gone", "")
                        .headers()
                        .firstValue(IdempotencyKeys.REPLAYED)
                        .orElse(""));
    }

    @Test
    void anAnswerIsForgottenAfterADay() throws IOException {
        String token = rig.token("admin");
        int before = tokens();
        post(TOKENS, token, "old", BODY);
        rig.later(IdempotencyKeys.KEPT);
        assertTrue(post(TOKENS, rig.token("admin"), "old", BODY)
                .headers()
                .firstValue(IdempotencyKeys.REPLAYED)
                .isEmpty());
        assertTrue(tokens() > before);
    }
}
