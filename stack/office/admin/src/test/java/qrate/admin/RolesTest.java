package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.JsonWriter;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.RecoveryCodes;
import qrate.directory.Tokens;
import qrate.directory.Totp;
import qrate.snapshots.Vacation;

/// Every route there is, asked by everybody who may not: it refuses, changes nothing, and does not say what is there.
/// The routes are those of the router, so that a new one cannot be forgotten.
class RolesTest {
    /// Stands in everything that belongs to example.test.
    private static final String CANARY = "canary";

    /// An administrator who has given the password and no code.
    private static final String HALF = "eve";

    /// What other.test may change.
    private static final Pattern OWN = Pattern.compile("(DOMAIN|NAME|HOLDER)=([^ ]*@)?other\\.test\\b"
            + "|/domains/other\\.test|/(control|users)/|^queue: let [a-z]+@other\\.test$");

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void fill() throws IOException {
        rig = new Rig(folder);
        for (String address : List.of("bob@example.test", "zoe@other.test")) {
            rig.domains.apply(new Edit.AddMailbox(address, new Password.Clear(Rig.PASSWORD)));
        }
        rig.domains.apply(new Edit.AddAdministrator(HALF, new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.SetSecondFactor(
                HALF, Totp.make(new SecureRandom()), 0, RecoveryCodes.make(new SecureRandom())));
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        rig.domains.apply(
                new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", CANARY + "@elsewhere.test")));
        rig.domains.apply(new Edit.SetVacation(
                "ann@example.test", new Vacation(true, Instant.EPOCH, Instant.EPOCH, 7, CANARY, CANARY)));
        HostileList.make(rig);
        token("ann@example.test", Tokens.Scope.READ);
        rig.browser().signIn("ann@example.test");
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private String token(String login, Tokens.Scope scope) throws IOException {
        Tokens.Wish wish = new Tokens.Wish(login.endsWith("@other.test") ? "own" : CANARY, scope, Duration.ofDays(1));
        return rig.domains
                .tokens()
                .create(rig.domains.accounts().principal(login).orElseThrow(), wish)
                .orElseThrow();
    }

    // --- paths -------------------------------------------------------------------------------------------------------

    private String there(Router.Route route, String parameter) throws IOException {
        return Paths.there(rig, route, parameter);
    }

    private static String missing(Router.Route route, String parameter) {
        return switch (parameter) {
            case "domain" -> "missing.test";
            case "address" -> "missing@example.test";
            default -> "999";
        };
    }

    private static boolean looks(Router.Route route) {
        return route.method().equals("GET");
    }

    private static boolean page(Router.Route route) {
        return route.door() == Router.Door.BROWSER;
    }

    // --- asking ------------------------------------------------------------------------------------------------------

    /// Somebody, by both doors.
    private record Caller(Rig rig, String token, Rig.Browser browser) {

        HttpResponse<String> ask(Router.Route route, String path) throws IOException {
            return ask(route, path, Map.of());
        }

        /// @param said fields of the form, or members of the body as far as the route takes them
        HttpResponse<String> ask(Router.Route route, String path, Map<String, Object> said) throws IOException {
            if (!page(route)) {
                Map<String, Object> body = new LinkedHashMap<>(said);
                body.keySet().retainAll(route.takes().body());
                String text = route.takes().body().isEmpty() ? "" : JsonWriter.write(body);
                return rig.api(route.method(), path, token, text);
            }
            return looks(route)
                    ? browser.get(path)
                    : browser.post(
                            path,
                            said.entrySet().stream()
                                    .collect(Collectors.toMap(
                                            Map.Entry::getKey,
                                            one -> one.getValue().toString())));
        }
    }

    private Caller caller(String login) throws IOException {
        Rig.Browser browser = rig.browser();
        browser.get("/sign-in");
        String token = nobody(login) ? "" : token(login, Tokens.Scope.ROLE);
        return new Caller(rig, token, login.isEmpty() ? browser : browser.signIn(login));
    }

    private static boolean nobody(String login) {
        return login.isEmpty() || login.equals(HALF);
    }

    /// Whether somebody has no business with what {@link #there} names.
    private static boolean wrong(Router.Route route, String login) {
        boolean postmaster = login.equals("postmaster@example.test");
        return switch (route.access()) {
            case OPEN -> false;
            case SIGNED_IN -> nobody(login);
            case MAILBOX -> !postmaster && !login.equals("ann@example.test");
            case DOMAIN -> !postmaster;
            case ADMIN -> true;
        };
    }

    /// A reply without the path that its form leads back to and without the token, which each answer hides anew.
    private static String said(HttpResponse<String> answer) {
        return answer.statusCode()
                + answer.headers().firstValue("Location").orElse("")
                + answer.body().replaceAll("name=\"(to|csrf)\" value=\"[^\"]*\"", "");
    }

    private List<Router.Route> routes() throws IOException {
        return rig.routes().stream()
                .filter(route -> route.door() != Router.Door.LINK)
                .toList();
    }

    // --- who may not -------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "",
                HALF,
                "zoe@other.test",
                "postmaster@other.test",
                "bob@example.test",
                "ann@example.test",
                "postmaster@example.test"
            })
    void whoMayNotIsRefusedChangesNothingAndDoesNotHearWhatIsThere(String login) throws IOException {
        Caller caller = caller(login);
        Set<String> before = Holdings.of(rig);
        for (Router.Route route : routes()) {
            if (wrong(route, login)) {
                String what = route.method() + " " + route.path();
                HttpResponse<String> answer = caller.ask(route, Paths.of(route, this::there));
                if (!nobody(login)) {
                    assertEquals(403, answer.statusCode(), what);
                } else if (page(route)) {
                    assertEquals(303, answer.statusCode(), what);
                    assertEquals(
                            "/sign-in", answer.headers().firstValue("Location").orElse(""), what);
                } else {
                    assertEquals(401, answer.statusCode(), what);
                }
                assertFalse(answer.body().contains(CANARY), what);
                assertEquals(said(answer), said(caller.ask(route, Paths.of(route, RolesTest::missing))), what);
            }
        }
        Holdings.same(before, Holdings.of(rig), "");
    }

    /// Names of example.test, or of what could be taken for it.
    @Test
    void noSpellingLeadsToOthers() throws IOException {
        Caller zoe = caller("zoe@other.test");
        Caller postmaster = caller("postmaster@other.test");
        Set<String> before = ofOthers();
        for (String spelled : List.of(
                "ann@EXAMPLE.Test",
                "ann@alias.test",
                "ann@example.test.",
                "ann@other.test/../example.test",
                "ann@other.test\0example.test",
                "zoe@other.test@example.test",
                "ann@example.test@other.test",
                "\"ann@example.test\"@other.test",
                "../example.test/ann@other.test",
                "../example.test/team@other.test",
                "ann@example.test\n@other.test",
                "ann@example.test,zoe@other.test")) {
            for (Router.Route route : routes()) {
                if (Paths.whose(route)) {
                    String path = Paths.of(route, (r, parameter) -> switch (parameter) {
                        case "domain" -> spelled.substring(spelled.indexOf('@') + 1);
                        case "address" -> spelled;
                        default -> there(r, parameter);
                    });
                    String what = route.method() + " " + path;
                    HttpResponse<String> owner = zoe.ask(route, path, theirs());
                    assertEquals(403, owner.statusCode(), what);
                    HttpResponse<String> answer = postmaster.ask(route, path, theirs());
                    if (!spelled.endsWith("@other.test")) { // else it is an address at home, though nobody has it
                        assertEquals(403, answer.statusCode(), what);
                    }
                    assertFalse((owner.body() + answer.body()).contains(CANARY), what);
                }
            }
            Holdings.same(before, ofOthers(), spelled);
        }
    }

    /// What somebody would say who wants something of example.test.
    private Map<String, Object> theirs() throws IOException {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("address", "eve@example.test");
        said.put("target", "zoe@other.test");
        said.put("password", "long enough");
        said.put("local", "eve@example.test");
        said.put("addresses", List.of("zoe@other.test"));
        said.put("subscribers", List.of("zoe@other.test"));
        said.put("id", rig.domains.signIns().of("ann@example.test").getFirst().id());
        said.put("holder", "ann@example.test");
        said.put("name", "ann@example.test");
        said.put("text", "address\neve@example.test\n");
        said.put("sure", "on");
        said.put("tokens", "on");
        return said;
    }

    /// What there is that does not belong to other.test; files that hold something of every domain are left out.
    private Set<String> ofOthers() throws IOException {
        return Holdings.of(rig).stream()
                .filter(line -> !OWN.matcher(line).find())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The postmaster of one domain at home, with the names of another in every field.
    @Test
    void whatOneMayDoAtHomeReachesNobodyElse() throws IOException {
        Set<String> before = ofOthers();
        for (String login : List.of("postmaster@other.test", "zoe@other.test")) {
            List<Router.Route> looksFirst = routes().stream()
                    .sorted(Comparator.comparing(route -> !looks(route)))
                    .toList();
            for (Router.Route route : looksFirst) {
                boolean own = route.access() == Access.MAILBOX
                        || route.access() == Access.SIGNED_IN
                        || (route.access() == Access.DOMAIN && login.startsWith("postmaster"));
                if (own) {
                    if (rig.domains.mailbox(login).isEmpty()) { // one may remove oneself
                        rig.domains.apply(new Edit.AddMailbox(login, new Password.Clear(Rig.PASSWORD)));
                    }
                    Caller caller = caller(login); // some routes end sessions
                    String what = login + " " + route.method() + " " + route.path();
                    String path = Paths.of(route, (r, parameter) -> switch (parameter) {
                        case "domain" -> "other.test";
                        case "address" -> r.path().contains("/lists/") ? "team@other.test" : login;
                        default -> there(r, parameter);
                    });
                    HttpResponse<String> answer = caller.ask(route, path, theirs());
                    assertFalse(answer.body().contains(CANARY), what);
                    assertFalse(looks(route) && answer.body().contains("example.test"), what + "\n" + answer.body());
                    if (route.access() == Access.SIGNED_IN && Paths.names(route)) {
                        assertEquals(404, answer.statusCode(), what);
                        assertEquals(said(answer), said(caller.ask(route, Paths.of(route, RolesTest::missing))), what);
                    }
                    Holdings.same(before, ofOthers(), what);
                    rig.domains.apply(new Edit.EndSessions(login));
                    rig.domains.apply(new Edit.EndTokens(login));
                }
            }
        }
    }

    // --- how somebody says who it is ---------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"admin", "postmaster@example.test", "ann@example.test"})
    void aTokenThatMayLookChangesNothing(String login) throws IOException {
        Caller caller = new Caller(rig, token(login, Tokens.Scope.READ), rig.browser());
        Set<String> before = Holdings.of(rig);
        for (Router.Route route : routes()) {
            if (!page(route) && !looks(route)) {
                HttpResponse<String> answer = caller.ask(route, Paths.of(route, this::there), theirs());
                assertEquals(403, answer.statusCode(), route.toString());
                boolean may = login.equals("admin") || !wrong(route, login);
                assertEquals(may, answer.body().contains("scope is read"), route + answer.body());
            }
        }
        Holdings.same(before, Holdings.of(rig), "");
    }

    @Test
    void aSessionOpensNoApiAndATokenNoPage() throws IOException {
        Rig.Browser browser = rig.browser().signIn("admin");
        String token = token("admin", Tokens.Scope.ROLE);
        Set<String> before = Holdings.of(rig);
        for (Router.Route route : routes()) {
            if (route.access() != Access.OPEN) {
                HttpRequest.Builder request = HttpRequest.newBuilder(
                                URI.create(rig.url() + Paths.of(route, this::there)))
                        .method(route.method(), HttpRequest.BodyPublishers.noBody());
                request = page(route)
                        ? request.header("Authorization", "Bearer " + token)
                        : request.header("Cookie", browser.cookie);
                assertEquals(page(route) ? 303 : 401, rig.send(request).statusCode(), route.toString());
            }
        }
        Holdings.same(before, Holdings.of(rig), "");
    }

    @Test
    void everyFormNeedsTheTokenOfItsOwnSession() throws IOException {
        Rig.Browser admin = rig.browser().signIn("admin");
        List<String> others = new ArrayList<>(List.of(""));
        for (String login : List.of("", "admin", "ann@example.test")) {
            others.add(caller(login).browser().csrf);
        }
        assertEquals(4, Set.copyOf(others).size(), others.toString());
        Set<String> before = Holdings.of(rig);
        for (Router.Route route : routes()) {
            if (page(route) && !looks(route)) {
                for (String other : others) {
                    admin.csrf = other;
                    HttpResponse<String> answer = admin.post(Paths.of(route, this::there), Map.of());
                    assertEquals(409, answer.statusCode(), route.toString());
                }
            }
        }
        Holdings.same(before, Holdings.of(rig), "");
    }
}
