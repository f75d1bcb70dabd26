package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.checkpassword.Checkers;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Log;
import qrate.directory.Edit;
import qrate.directory.Forwarding;
import qrate.directory.Json;
import qrate.directory.Password;

/// What an owner sets of his mailbox by REST.
class OwnerApiTest extends AdminOnRig {
    private static final String MAILBOX = "owner@example.test";
    private static final String PATH = "/api/v1/mailboxes/" + MAILBOX;

    @BeforeEach
    void aMailbox() throws IOException {
        rig.domains.apply(new Edit.DeleteMailbox(MAILBOX));
        rig.domains.apply(new Edit.AddMailbox(MAILBOX, new Password.Clear(Rig.PASSWORD)));
    }

    private static PasswordChecker.Answer login(String password) {
        return Checkers.byHand(rig.state, Map.of(), Log.silent())
                .check(MAILBOX, password.getBytes(StandardCharsets.UTF_8), PasswordChecker.Asker.POP3, "192.0.2.1");
    }

    @Test
    void theOwnerSendsHisMailOnAndWhatIsNotSaidStays() throws IOException {
        String token = rig.token(MAILBOX);
        String path = PATH + "/forward";
        assertEquals(
                "{\"to\":[],\"keep\":true}", rig.api("GET", path, token, "").body());
        assertEquals(
                204,
                rig.api("PUT", path, token, "{\"to\":[\"Carol@far.test\"]}").statusCode());
        assertEquals(204, rig.api("PUT", path, token, "{\"keep\":false}").statusCode());
        assertEquals(new Forwarding(List.of("Carol@far.test"), false), rig.domains.forward(MAILBOX));
        for (String bad :
                List.of("{\"to\":\"x\"}", "{\"to\":[\"x\"]}", "{\"to\":[7]}", "{\"keep\":\"no\"}", "{\"a\":1}")) {
            assertEquals(400, rig.api("PUT", path, token, bad).statusCode(), bad);
        }
        HttpResponse<String> loop = rig.api("PUT", path, token, "{\"to\":[\"" + MAILBOX + "\"]}");
        assertEquals(400, loop.statusCode());
        assertTrue(loop.body().contains("\"key\":\"forward-loop\""), loop.body());
        assertEquals(
                403, rig.api("PUT", path, rig.token("ann@example.test"), "{}").statusCode());
        assertEquals(
                403,
                rig.api("GET", path, rig.token("postmaster@other.test"), "").statusCode());
        assertEquals(
                204,
                rig.api("PUT", path, rig.token("postmaster@example.test"), "{\"to\":[]}")
                        .statusCode());
        assertEquals(Forwarding.NONE, rig.domains.forward(MAILBOX));
    }

    private static HttpResponse<String> make(String token, String password) throws IOException {
        return rig.api(
                "POST", PATH + "/app-passwords", token, "{\"label\":\"phone\",\"oldPassword\":\"" + password + "\"}");
    }

    @Test
    void theOwnerMakesAnAppPasswordThatOpensPop3UntilItEnds() throws IOException {
        String token = rig.token(MAILBOX);
        HttpResponse<String> made = make(token, Rig.PASSWORD);
        assertEquals(201, made.statusCode(), made.body());
        String secret = Json.text(Json.object(made.body().getBytes(StandardCharsets.UTF_8)), "password");
        assertInstanceOf(PasswordChecker.Answer.Accepted.class, login(secret));
        HttpResponse<String> list = rig.api("GET", PATH + "/app-passwords", token, "");
        assertFalse(list.body().contains(secret), "it is shown once");
        String id = rig.domains.appPasswords(MAILBOX).getFirst().id();
        assertTrue(
                list.body().contains("{\"id\":\"" + id + "\",\"label\":\"phone\",\"pop\":true,\"smtp\":true"),
                list.body());
        assertTrue(rig.domains.accounts().signIn(MAILBOX, secret).isEmpty(), "it opens no page");
        assertFalse(rig.domains.audit().newest(1).getFirst().what().contains(secret));
        assertEquals(
                403,
                rig.api("DELETE", PATH + "/app-passwords/" + id, rig.token("ann@example.test"), "")
                        .statusCode());
        assertEquals(
                204,
                rig.api("DELETE", PATH + "/app-passwords/" + id, rig.token("postmaster@example.test"), "")
                        .statusCode());
        assertEquals(
                404, rig.api("DELETE", PATH + "/app-passwords/" + id, token, "").statusCode());
        assertInstanceOf(PasswordChecker.Answer.Refused.class, login(secret));
    }

    @Test
    void nobodyElseMakesOneAndNoTokenAlone() throws IOException {
        assertEquals(403, make(rig.token(MAILBOX), "wrong").statusCode());
        assertEquals(403, make(rig.token("admin"), Rig.PASSWORD).statusCode());
        assertEquals(
                403, make(rig.token("postmaster@example.test"), Rig.PASSWORD).statusCode());
        assertEquals(List.of(), rig.domains.appPasswords(MAILBOX));
    }
}
