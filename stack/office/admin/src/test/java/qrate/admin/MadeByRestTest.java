package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.directory.Json;

/// What is made by REST is shown as it is, and where it is: there it is shown again, without its secret.
class MadeByRestTest extends AdminOnRig {
    private static final String PROOF = ",\"oldPassword\":\"" + Rig.PASSWORD + "\"";

    private static Map<String, Object> made(String path, String token, String body, String location)
            throws IOException {
        HttpResponse<String> answer = rig.api("POST", "/api/v1" + path, token, body);
        assertEquals(201, answer.statusCode(), answer.body());
        String at = answer.headers().firstValue("Location").orElse("");
        assertTrue(at.matches("/api/v1" + location), at);
        HttpResponse<String> there = rig.api("GET", at, token, "");
        assertEquals(200, there.statusCode(), there.body());
        Map<String, Object> shape =
                new LinkedHashMap<>(Json.object(answer.body().getBytes(UTF_8)));
        for (String secret : Set.of("token", "password", "codes")) {
            assertTrue(
                    !there.body().contains("\"" + secret + "\":\"")
                            && !there.body().contains("\"codes\":["),
                    at);
        }
        if (there.body().startsWith("{") && !shape.containsKey("codes")) {
            Map<String, Object> again = Json.object(there.body().getBytes(UTF_8));
            for (Map.Entry<String, Object> member : again.entrySet()) {
                assertEquals(member.getValue(), shape.get(member.getKey()), at);
            }
        }
        return shape;
    }

    @Test
    void domainsMailboxesAliasesAndAdministrators() throws IOException {
        String token = rig.token("admin");
        String password = ",\"password\":\"" + Rig.PASSWORD + "\"";
        Map<String, Object> domain =
                made("/domains", token, "{\"name\":\"MADE.test\"" + password + "}", "/domains/MADE\\.test");
        assertEquals("made.test", domain.get("name"));
        assertEquals(
                "made.test",
                made("/domains", token, "{\"name\":\"also.test\",\"aliasOf\":\"made.test\"}", "/domains/also\\.test")
                        .get("aliasOf"));
        assertEquals(
                true,
                made(
                                "/domains/made.test/mailboxes",
                                token,
                                "{\"address\":\"chen@made.test\"" + password + "}",
                                "/mailboxes/chen%40made\\.test")
                        .get("pop"));
        assertEquals(
                "chen@made.test",
                made(
                                "/domains/made.test/aliases",
                                token,
                                "{\"address\":\"sales@made.test\",\"target\":\"chen@made.test\"}",
                                "/domains/made\\.test/aliases\\?q=sales%40made\\.test")
                        .get("target"));
        assertEquals(
                "made",
                made("/administrators", token, "{\"name\":\"made\"" + password + PROOF + "}", "/administrators/made")
                        .get("name"));
        rig.api("DELETE", "/api/v1/administrators/made", token, "");
        rig.api("DELETE", "/api/v1/domains/made.test?force=true", token, "");
    }

    @Test
    void aTokenThatMayLookAndAPasswordOfAProgramShownOnce() throws IOException {
        String token = rig.token("ann@example.test");
        Map<String, Object> made = made(
                "/tokens",
                token,
                "{\"label\":\"monitor\",\"scope\":\"read\",\"days\":7" + PROOF + "}",
                "/tokens/[0-9a-f]{12}");
        String fresh = String.valueOf(made.get("token"));
        assertTrue(rig.api("GET", "/api/v1/me", fresh, "").body().contains("\"scope\":\"read\""));
        String pathOfApps = "/mailboxes/ann@example.test/app-passwords";
        Map<String, Object> app = made(
                pathOfApps,
                token,
                "{\"label\":\"phone\"" + PROOF + "}",
                "/mailboxes/ann%40example\\.test/app-passwords/[0-9a-f]{12}");
        assertTrue(String.valueOf(app.get("password")).length() > 20);
        assertEquals(
                204,
                rig.api("DELETE", "/api/v1" + pathOfApps + "/" + app.get("id"), token, "")
                        .statusCode());
        assertEquals(
                204,
                rig.api("DELETE", "/api/v1/tokens/" + made.get("id"), token, "").statusCode());
        assertEquals(401, rig.api("GET", "/api/v1/me", fresh, "").statusCode());
    }

    @ParameterizedTest
    @CsvSource({"days,0", "days,367", "days,\"7\"", "scope,\"all\"", "label,null"})
    void aTokenThatNobodyMayHave(String member, String value) throws IOException {
        Map<String, String> body = new LinkedHashMap<>(
                Map.of("label", "\"x\"", "scope", "\"role\"", "oldPassword", "\"" + Rig.PASSWORD + "\""));
        body.put(member, value);
        StringBuilder json = new StringBuilder("{");
        body.forEach((name, said) -> json.append(json.length() > 1 ? "," : "")
                .append("\"" + name + "\":")
                .append(said));
        String token = rig.token("ann@example.test");
        HttpResponse<String> answer = rig.api("POST", "/api/v1/tokens", token, json + "}");
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("\"field\":\"" + member + "\""), answer.body());
    }
}
