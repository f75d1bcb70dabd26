package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.RecoveryCodes;
import qrate.directory.Totp;

/// What somebody sets of the own account by REST: a token alone makes nothing easier to get into.
class AccountApiTest extends AdminOnRig {
    private static final String LI = "li@example.test";
    private static final String ME = "/api/v1/me";
    private static final String PASSWORD = "\"oldPassword\":\"" + Rig.PASSWORD + "\"";

    private static RecoveryCodes codes;
    private String token;

    @BeforeEach
    void anOwner() throws IOException {
        rig.domains.apply(new Edit.DeleteMailbox(LI));
        rig.domains.apply(new Edit.AddMailbox(LI, new Password.Clear(Rig.PASSWORD)));
        token = rig.token(LI);
    }

    private Totp withSecondFactor() throws IOException {
        Totp totp = Totp.make(new SecureRandom());
        codes = RecoveryCodes.make(new SecureRandom());
        rig.domains.apply(new Edit.SetSecondFactor(LI, totp, 0, codes));
        return totp;
    }

    private int status(String method, String path, String body) throws IOException {
        return rig.api(method, path, token, body).statusCode();
    }

    @Test
    void anOwnerSaysTheLanguageAndThatOnlyPasswordsOfProgramsCount() throws IOException {
        assertEquals(204, status("PATCH", ME, "{\"language\":\"zh-Hant\",\"appOnly\":true}"));
        assertEquals("zh-Hant", rig.domains.mailbox(LI).orElseThrow().language());
        assertTrue(rig.domains.mailbox(LI).orElseThrow().is(Property.APP_ONLY));
        assertEquals(400, status("PATCH", ME, "{\"language\":\"xx\"}"));
        assertEquals(403, status("PATCH", ME, "{\"appOnly\":false}"), "that opens a door");
        assertEquals(204, status("PATCH", ME, "{\"language\":\"\"}"), "what is not said stays");
        assertTrue(rig.domains.mailbox(LI).orElseThrow().is(Property.APP_ONLY));
        assertEquals(204, status("PATCH", ME, "{\"appOnly\":false," + PASSWORD + "}"));
        assertFalse(rig.domains.mailbox(LI).orElseThrow().is(Property.APP_ONLY));
        assertEquals(
                404,
                rig.api("PATCH", ME, rig.token("admin"), "{\"language\":\"en\"}")
                        .statusCode());
    }

    @Test
    void newCodesAndTokensTakeAPasswordAndACodeWhereThereIsASecondFactor() throws IOException {
        assertEquals(404, status("POST", ME + "/recovery-codes", "{" + PASSWORD + "}"), "there is none yet");
        Totp totp = withSecondFactor();
        for (String body : List.of("{}", "{" + PASSWORD + "}", "{" + PASSWORD + ",\"code\":\"000000x\"}")) {
            assertEquals(403, status("POST", ME + "/recovery-codes", body), body);
        }
        assertEquals(10, rig.domains.secondFactors().of(LI).orElseThrow().codes());
        HttpResponse<String> made = rig.api(
                "POST",
                ME + "/recovery-codes",
                token,
                "{" + PASSWORD + ",\"code\":\"" + totp.code(Instant.now()) + "\"}");
        assertEquals(201, made.statusCode(), made.body());
        assertEquals(
                "/api/v1/me/second-factor",
                made.headers().firstValue("Location").orElse(""));
        String fresh = made.body().replaceFirst(".*\\[\"([^\"]+)\".*", "$1");
        String wish = "{\"label\":\"x\",\"scope\":\"role\"," + PASSWORD + ",\"code\":\"";
        assertEquals(403, status("POST", "/api/v1/tokens", wish + codes.texts().getFirst() + "\"}"), "no longer one");
        assertEquals(201, status("POST", "/api/v1/tokens", wish + fresh + "\"}"));
        assertEquals(403, status("POST", "/api/v1/tokens", wish + fresh + "\"}"), "it counts once");
        assertTrue(rig.api("GET", ME + "/second-factor", token, "").body().contains("\"codes\":9,\"program\":true"));
        assertEquals(404, status("DELETE", ME + "/passkeys/0123456789ab", "{" + PASSWORD + "}"));
    }

    @Test
    void endsAllOfOnesOwnAndAnAdministratorThoseOfSomebody() throws IOException {
        rig.browser().signIn("ann@example.test");
        rig.browser().signIn(LI);
        rig.browser().signIn(LI);
        assertEquals(403, status("DELETE", "/api/v1/sessions?holder=ann@example.test", ""));
        assertEquals(2, rig.domains.signIns().of(LI).size());
        assertEquals(204, status("DELETE", "/api/v1/sessions", ""));
        assertTrue(rig.domains.signIns().of(LI).isEmpty());
        assertFalse(rig.domains.signIns().of("ann@example.test").isEmpty());
        String admin = rig.token("admin");
        assertEquals(
                404,
                rig.api("DELETE", "/api/v1/tokens?holder=nobody@example.test", admin, "")
                        .statusCode());
        assertEquals(
                204, rig.api("DELETE", "/api/v1/tokens?holder=" + LI, admin, "").statusCode());
        assertEquals(401, status("GET", ME, ""));
        assertEquals(200, rig.api("GET", ME, admin, "").statusCode(), "and none of whoever asks");
    }

    @Test
    void saysWhatAMailboxHoldsAndLetsAUserSendAgain() throws IOException {
        String postmaster = "postmaster@example.test";
        String admin = rig.token(postmaster);
        String sending = "/api/v1/mailboxes/" + postmaster + "/sending";
        assertEquals(
                "{\"bytes\":0,\"messages\":0,\"bytesMax\":0,\"messagesMax\":0}",
                rig.api("GET", "/api/v1/mailboxes/" + LI + "/use", token, "")
                        .body()
                        .strip());
        assertTrue(rig.api("GET", sending, admin, "").body().contains("\"stopped\":true,\"why\":\"more than"));
        assertEquals(204, rig.api("POST", sending + "/release", admin, "").statusCode());
        assertTrue(rig.queue.asked.contains("let " + postmaster));
        assertTrue(rig.api("GET", sending, admin, "").body().contains("\"stopped\":false,\"why\":\"\""));
        assertEquals(404, rig.api("POST", sending + "/release", admin, "").statusCode());
    }
}
