package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.directory.Tokens;

/// What whoever has found a token can do with it, and for how long.
class TokenRightsTest extends AdminOnRig {
    private static final String FRESH = "\"password\":\"a fresh one\"";

    private static int put(String address, String token, String body) throws IOException {
        return rig.api("PUT", "/api/v1/mailboxes/" + address + "/password", token, "{" + body + "}")
                .statusCode();
    }

    private static String scoped(String name, Tokens.Scope scope) throws IOException {
        return rig.domains
                .tokens()
                .create(
                        rig.domains.accounts().principal(name).orElseThrow(),
                        new Tokens.Wish("t", scope, Duration.ofDays(1)))
                .orElseThrow();
    }

    @Test
    void aTokenSetsNoPasswordOfItsHolderWithoutTheOldOne() throws IOException {
        rig.domains.apply(new Edit.AddMailbox("tok@example.test", new Password.Clear(Rig.PASSWORD)));
        for (String address : new String[] {"tok@example.test", "postmaster@other.test"}) {
            String token = rig.token(address);
            assertEquals(403, put(address, token, FRESH));
            assertEquals(403, put(address, token, FRESH + ",\"oldPassword\":\"wrong\""));
            String hash = "\"hash\":\"" + new Password.Clear("a fresh one").hash(4) + "\"";
            assertEquals(403, put(address, token, hash));
            assertEquals(400, put(address, token, hash + ",\"oldPassword\":\"" + Rig.PASSWORD + "\""));
            assertEquals(204, put(address, token, FRESH + ",\"oldPassword\":\"" + Rig.PASSWORD + "\""));
            assertEquals(401, rig.api("GET", "/api/v1/me", token, "").statusCode(), "the new password ended it");
            rig.domains.apply(new Edit.SetPassword(address, new Password.Clear(Rig.PASSWORD)));
        }
    }

    @Test
    void aCostlyHashIsRefused() throws IOException {
        String admin = rig.token("admin");
        String costly = "\"hash\":\"$2b$16$" + "x".repeat(53) + "\"";
        assertEquals(400, put("ann@example.test", admin, costly));
        assertEquals(
                400,
                rig.api("POST", "/api/v1/domains", admin, "{\"name\":\"costly.test\"," + costly + "}")
                        .statusCode());
    }

    @Test
    void aTokenOfScopeReadLooksOnly() throws IOException {
        String read = scoped("admin", Tokens.Scope.READ);
        assertEquals(200, rig.api("GET", "/api/v1/domains", read, "").statusCode());
        assertTrue(rig.api("GET", "/api/v1/me", read, "").body().contains("\"scope\":\"read\""));
        for (String method : new String[] {"PUT", "DELETE"}) {
            assertEquals(
                    403,
                    rig.api(method, "/api/v1/domains/example.test", read, "").statusCode());
        }
        assertEquals(403, put("ann@example.test", read, FRESH));
        assertTrue(rig.domains.domain("example.test").isPresent());
    }

    @Test
    void aTokenMakesNoAdministratorWithoutThePassword() throws IOException {
        String token = rig.token("admin");
        String eve = "{\"name\":\"eve\",\"password\":\"12345678\"";
        assertEquals(
                403, rig.api("POST", "/api/v1/administrators", token, eve + "}").statusCode());
        String right = eve + ",\"oldPassword\":\"" + Rig.PASSWORD + "\"}";
        assertEquals(
                201, rig.api("POST", "/api/v1/administrators", token, right).statusCode());
        assertEquals(
                "add administrator eve",
                rig.domains.audit().newest(1).getFirst().what());
        assertEquals("admin", rig.domains.audit().newest(1).getFirst().who());
        assertEquals(
                403,
                rig.api("PUT", "/api/v1/administrators/eve/password", token, "{" + FRESH + "}")
                        .statusCode());
        assertEquals(
                204, rig.api("DELETE", "/api/v1/administrators/eve", token, "").statusCode());
        assertEquals(
                403,
                rig.api("DELETE", "/api/v1/administrators/admin", token, "").statusCode());
    }

    @Test
    void aCommandOnTheHostNeedsNoOldOne() throws IOException {
        String local = Files.readString(rig.state.db().resolve("local-token"));
        assertEquals(204, put("ann@example.test", local, "\"password\":\"" + Rig.PASSWORD + "\""));
    }

    @Test
    void everybodySeesOwnTokensAndAnAdministratorAll() throws IOException {
        String admin = rig.token("admin");
        String ann = rig.token("ann@example.test");
        assertFalse(rig.api("GET", "/api/v1/tokens", ann, "").body().contains("\"admin\""));
        assertTrue(rig.api("GET", "/api/v1/tokens", admin, "").body().contains("\"ann@example.test\""));
        String id = rig.domains.tokens().of("ann@example.test").getLast().id();
        String others = rig.domains.tokens().of("admin").getLast().id();
        assertEquals(404, rig.api("DELETE", "/api/v1/tokens/" + others, ann, "").statusCode());
        assertEquals(204, rig.api("DELETE", "/api/v1/tokens/" + id, admin, "").statusCode());
        Rig.Browser browser = rig.browser().signIn("admin");
        rig.token("ann@example.test");
        String page = browser.get("/access").body();
        assertTrue(page.contains("ann@example.test") && page.contains("never"), page);
        String last = rig.domains.tokens().of("ann@example.test").getLast().id();
        assertEquals(303, browser.agree("/access/tokens/" + last + "/delete").statusCode());
        assertEquals(
                403,
                browser.post("/administrators", Map.of("name", "mallory", "password", "12345678", "old", "wrong"))
                        .statusCode());
    }

    @Test
    void aPostmasterByHisAliasDomainIsTheSame() throws IOException {
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        String postmaster = rig.token("postmaster@example.test");
        assertEquals(
                200,
                rig.api("GET", "/api/v1/mailboxes/ann@alias.test", postmaster, "")
                        .statusCode());
        assertEquals(
                201,
                rig.api(
                                "POST",
                                "/api/v1/domains/alias.test/mailboxes",
                                postmaster,
                                "{\"address\":\"al@alias.test\",\"password\":\"12345678\"}")
                        .statusCode());
        assertTrue(rig.domains.mailbox("al@example.test").isPresent());
        assertEquals(
                403,
                rig.api("GET", "/api/v1/mailboxes/postmaster@other.test", postmaster, "")
                        .statusCode());
    }
}
