package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.checkpassword.AppSecret;
import qrate.directory.AppPasswords;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Json;
import qrate.directory.Password;

/// What a client believes it has said is either done or refused by its name.
class ApiStrictTest extends AdminOnRig {
    private static final String ANN = "/api/v1/mailboxes/ann@example.test";
    private static final String DOMAIN = "/api/v1/domains/example.test";
    private static final String NO_ID = "0123456789ab";

    /// Each test makes its own; together they would be too many.
    @BeforeEach
    void endTokens() throws IOException {
        rig.domains.apply(new Edit.EndTokens("admin"));
    }

    private static List<Router.Route> routes() throws IOException {
        return rig.routes().stream()
                .filter(route -> route.door() == Router.Door.API)
                .toList();
    }

    private static String path(Router.Route route) {
        return path(route, NO_ID);
    }

    private static String path(Router.Route route, String id) {
        return route.path()
                .replace("lists/{address}", "lists/shown-list@example.test")
                .replace("waiting/{id}", "waiting/1-a")
                .replace("quarantine/{id}", "quarantine/7")
                .replace("{number}", "1")
                .replace("{file}", "me")
                .replace("texts/{name}/{language}", "texts/bounce-failed/en")
                .replace("{domain}", "example.test")
                .replace("{address}", "ann@example.test")
                .replace("{login}", "ann@example.test")
                .replace("{name}", "admin")
                .replace("{id}", id);
    }

    /// Every route there is, so that a new one cannot forget it.
    @Test
    void everyRouteNamesWhatItDoesNotKnow() throws IOException {
        String token = rig.token("admin");
        for (Router.Route route : routes()) {
            String what = route.method() + " " + route.path();
            HttpResponse<String> query = rig.api(route.method(), path(route) + "?dryRun=true", token, "");
            assertEquals(400, query.statusCode(), what);
            assertProblem(query, "dryRun");
            assertTrue(query.body().contains("dryRun: unknown here"), what + query.body());
            HttpResponse<String> body = rig.api(route.method(), path(route), token, "{\"dryRun\":true}");
            assertEquals(400, body.statusCode(), what);
            assertTrue(body.body().contains("dryRun") || body.body().contains("takes no body"), what + body.body());
            assertTrue(rig.domains.domain("example.test").isPresent(), what);
        }
    }

    /// As RFC 9457 has it.
    private static void assertProblem(HttpResponse<String> answer, String field) throws IOException {
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""),
                answer.body());
        Map<String, Object> problem = Json.object(answer.body().getBytes(UTF_8));
        assertEquals("about:blank", Json.text(problem, "type"));
        assertEquals(answer.statusCode(), Json.number(problem, "status", 0));
        assertFalse(Json.text(problem, "title").isEmpty());
        assertEquals(Json.text(problem, "why"), Json.text(problem, "detail"));
        assertEquals(field, Json.text(problem, "field", ""));
    }

    @Test
    void whateverIsNotDoneIsAProblem() throws IOException {
        String token = rig.token("admin");
        assertProblem(rig.api("GET", "/api/v1/nothing", token, ""), "");
        assertProblem(rig.api("GET", DOMAIN, "", ""), "");
        assertProblem(rig.api("POST", "/api/v1/me", token, ""), "");
        assertProblem(rig.api("GET", "/api/v1/mailboxes/nobody@example.test", token, ""), "");
        assertProblem(rig.api("GET", "/api/v1/domains?limit=501", token, ""), "limit");
        assertProblem(rig.api("PATCH", ANN, token, "{\"quotaBytes\":\"x\"}"), "quotaBytes");
        assertProblem(
                rig.api("POST", DOMAIN + "/aliases", token, "{\"address\":\"a@other.test\",\"target\":\"b@x.test\"}"),
                "");
        assertProblem(rig.api("POST", "/api/v1/tokens", token, "{\"label\":\"x\",\"scope\":\"read\"}"), "oldPassword");
    }

    /// The description says what each route takes, no more and no less.
    @Test
    void theDescriptionNamesWhatEachRouteTakes() throws IOException {
        Map<String, Object> api = Json.object(
                rig.api("GET", "/api/v1/openapi.json", "", "").body().getBytes(UTF_8));
        Map<String, Object> schemas =
                Json.asObject(Json.asObject(api.get("components")).get("schemas"));
        for (Router.Route route : routes()) {
            Map<String, Object> operation =
                    Json.asObject(Json.asObject(Json.asObject(api.get("paths")).get(route.path()))
                            .get(route.method().toLowerCase(Locale.ROOT)));
            Set<String> query = new TreeSet<>();
            if (operation.containsKey("parameters")) {
                for (Map<String, Object> parameter : Json.objects(operation, "parameters")) {
                    query.add(Json.text(parameter, "name"));
                }
            }
            assertEquals(new TreeSet<>(route.takes().query()), query, route.toString());
            assertEquals(new TreeSet<>(route.takes().body()), members(operation, schemas), route.toString());
        }
    }

    private static Set<String> members(Map<String, Object> operation, Map<String, Object> schemas) throws IOException {
        Object schema = operation.get("requestBody");
        for (String step : List.of("content", "application/json", "schema")) {
            schema = schema == null ? null : Json.asObject(schema).get(step);
        }
        if (schema == null) {
            return Set.of();
        }
        Map<String, Object> shape = Json.asObject(schema);
        if (shape.containsKey("$ref")) {
            String name = Json.text(shape, "$ref");
            shape = Json.asObject(schemas.get(name.substring(name.lastIndexOf('/') + 1)));
        }
        return new TreeSet<>(Json.asObject(shape.get("properties")).keySet());
    }

    /// And every route that it names is there, and shows what it says.
    @Test
    void theDescriptionNamesNothingElseAndWhatIsShown() throws IOException {
        String token = rig.token("admin");
        rig.browser().signIn("admin");
        rig.browser().signIn("ann@example.test");
        rig.domains.apply(new Edit.AddAppPassword(
                "ann@example.test", new AppPasswords.Wish("x", true, true), AppSecret.make(new SecureRandom())));
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("shown@example.test", "ann@example.test")));
        rig.domains.apply(new Edit.AddMailbox("gone@example.test", new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.DeleteMailbox("gone@example.test"));
        Files.createDirectories(rig.state.maildirs().resolve("domains/example.test"));
        Files.writeString(rig.state.control().resolve("me"), "mail.example.test\n");
        assertEquals(
                200,
                rig.api(
                                "PUT",
                                "/api/v1/lists/shown-list@example.test",
                                token,
                                "{\"subscribers\":[\"ann@example.test\"]}")
                        .statusCode());
        Path list = rig.state.maildirs().resolve("domains/example.test/shown-list");
        Files.writeString(list.resolve("mod/pending/1-a"), "Return-Path: <bob@far.test>\nSubject: x\n\nx\n");
        Files.createDirectories(list.resolve("archive/0"));
        Files.writeString(list.resolve("archive/0/01"), "Subject: x\n\nx\n");
        Files.writeString(list.resolve("num"), "1:0\n");
        Map<String, Object> api = Json.object(
                rig.api("GET", "/api/v1/openapi.json", "", "").body().getBytes(UTF_8));
        Map<String, Object> schemas =
                Json.asObject(Json.asObject(api.get("components")).get("schemas"));
        Set<String> there = new TreeSet<>();
        for (Router.Route route : routes()) {
            there.add(route.method().toLowerCase(Locale.ROOT) + " " + route.path());
        }
        Set<String> described = new TreeSet<>();
        for (Map.Entry<String, Object> path : Json.asObject(api.get("paths")).entrySet()) {
            for (Map.Entry<String, Object> method :
                    Json.asObject(path.getValue()).entrySet()) {
                if (!method.getKey().equals("parameters")) {
                    described.add(method.getKey() + " " + path.getKey());
                }
            }
        }
        assertEquals(there, described);
        for (Router.Route route : routes()) {
            if (route.method().equals("GET") && !route.path().endsWith("openapi.json")) {
                Object schema = Json.asObject(
                                Json.asObject(Json.asObject(api.get("paths")).get(route.path()))
                                        .get("get"))
                        .get("responses");
                for (String step : List.of("200", "content", "application/json", "schema")) {
                    schema = Json.asObject(schema).get(step);
                }
                assertShows(route, token, Json.asObject(schema), schemas);
            }
        }
    }

    private static void assertShows(
            Router.Route route, String token, Map<String, Object> schema, Map<String, Object> schemas)
            throws IOException {
        String path = path(
                route,
                switch (route.path().replaceFirst("/\\{id}$", "")) {
                    case "/api/v1/queue/messages" -> "7";
                    case "/api/v1/tokens" ->
                        rig.domains.tokens().of("admin").getFirst().id();
                    case "/api/v1/mailboxes/{address}/app-passwords" ->
                        rig.domains.appPasswords("ann@example.test").getFirst().id();
                    default -> NO_ID;
                });
        String query = path.endsWith("/explain") ? "?address=ann@example.test" : "";
        HttpResponse<String> response = rig.api("GET", path + query, token, "");
        assertEquals(200, response.statusCode(), path + response.body());
        boolean many = response.body().startsWith("[");
        String wrapped = many ? "{\"all\":" + response.body() + "}" : response.body();
        Map<String, Object> shown = Json.object(wrapped.getBytes(UTF_8));
        Map<String, Object> kind = many ? Json.asObject(schema.get("items")) : schema;
        String name = Json.text(kind, "$ref");
        Map<String, Object> properties =
                Json.asObject(Json.asObject(schemas.get(name.substring(name.lastIndexOf('/') + 1)))
                        .get("properties"));
        Map<String, Object> one = many ? Json.objects(shown, "all").getFirst() : shown;
        assertEquals(new TreeSet<>(properties.keySet()), new TreeSet<>(one.keySet()), path);
    }

    private static void refused(String method, String path, String body, String name) throws IOException {
        HttpResponse<String> response = rig.api(method, path, rig.token("admin"), body);
        assertEquals(400, response.statusCode(), body + response.body());
        assertTrue(response.body().contains(name), body + response.body());
    }

    @Test
    void wrongTypesTwinsAndNullsAreRefusedByName() throws IOException {
        String mailboxes = DOMAIN + "/mailboxes";
        refused(
                "POST",
                mailboxes,
                "{\"address\":\"x@example.test\",\"password\":\"12345678\",\"quotaBytes\":1}",
                "quotaBytes");
        refused("PUT", ANN, "{\"quotaBytes\":\"5\"}", "quotaBytes");
        refused("PUT", ANN, "{\"quotaBytes\":1.5}", "quotaBytes");
        refused("PUT", ANN, "{\"quotaBytes\":null}", "quotaBytes");
        refused("PUT", ANN, "{\"quotaBytes\":1,\"quotaBytes\":2}", "quotaBytes");
        refused("PUT", ANN, "{\"pop\":\"true\"}", "pop");
        refused("PUT", ANN, "{\"Pop\":true}", "Pop");
        refused("PUT", ANN, "{\"address\":\"bob@example.test\"}", "address");
        refused("PUT", DOMAIN, "{\"catchAll\":\"\",\"limits\":{}}", "limits");
        refused("PUT", DOMAIN + "/limits", "{\"mailboxes\":99999999999}", "mailboxes");
        refused("PUT", DOMAIN + "/limits", "{\"mailboxes\":-1}", "mailboxes");
        refused(
                "POST",
                "/api/v1/domains",
                "{\"name\":\"x.test\",\"aliasOf\":\"example.test\",\"password\":\"12345678\"}",
                "password");
        refused("POST", mailboxes, "{\"address\":\"x@example.test\",\"password\":\"12345678\",\"hash\":\"x\"}", "hash");
        refused(
                "POST",
                "/api/v1/mailboxes",
                "{\"mailboxes\":[{\"address\":\"x@example.test\",\"passwort\":\"12345678\"}]}",
                "passwort");
        refused("POST", "/api/v1/mailboxes", "{\"mailboxes\":{}}", "mailboxes");
        String aliases = DOMAIN + "/aliases?address=x@example.test&target=y@example.test";
        refused("DELETE", aliases + "&target=z@example.test", "", "target");
        refused("DELETE", DOMAIN + "?force=yes", "", "force");
        assertTrue(rig.domains.mailbox("x@example.test").isEmpty());
    }

    @Test
    void removesWhatElseWouldGoOnlyWhenThatIsSaid() throws IOException {
        String token = rig.token("admin");
        rig.api("POST", "/api/v1/domains", token, "{\"name\":\"gone.test\",\"password\":\"12345678\"}");
        rig.api("POST", "/api/v1/domains", token, "{\"name\":\"also.test\",\"aliasOf\":\"gone.test\"}");
        HttpResponse<String> asked = rig.api("DELETE", "/api/v1/domains/gone.test", token, "");
        assertEquals(409, asked.statusCode());
        assertTrue(asked.body().contains("\"losses\":[\"the alias domain also.test\"]"), asked.body());
        assertEquals(
                asked.body().contains("also.test"),
                rig.api("GET", "/api/v1/domains/gone.test/losses", token, "")
                        .body()
                        .contains("also.test"));
        assertEquals(
                204,
                rig.api("DELETE", "/api/v1/domains/gone.test?force=true", token, "")
                        .statusCode());
        assertTrue(rig.domains.domain("also.test").isEmpty());
    }

    @Test
    void addsManyAndSaysWhatCameOfEach() throws IOException {
        List<String> entries = new ArrayList<>();
        for (String local : List.of("many1", "many2", "ann", "a b")) {
            entries.add("{\"address\":\"" + local + "@example.test\",\"password\":\"12345678\"}");
        }
        HttpResponse<String> response = rig.api(
                "POST", "/api/v1/mailboxes", rig.token("admin"), "{\"mailboxes\":[" + String.join(",", entries) + "]}");
        assertEquals(200, response.statusCode(), response.body());
        assertTrue(response.body().startsWith("{\"outcomes\":[{},{},{"), response.body());
        assertTrue(response.body().contains("\"error\":\"EXISTS\""), response.body());
        assertTrue(response.body().contains("\"error\":\"INVALID\""), response.body());
        assertTrue(rig.domains.mailbox("many2@example.test").isPresent());
        assertEquals(
                403,
                rig.api("POST", "/api/v1/mailboxes", rig.token("postmaster@example.test"), "{\"mailboxes\":[]}")
                        .statusCode());
        assertFalse(rig.domains.mailboxes("example.test").isEmpty());
    }
}
