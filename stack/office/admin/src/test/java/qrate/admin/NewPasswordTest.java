package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.Property;

/// Names of owners, and those who must choose another password.
class NewPasswordTest extends AdminOnRig {
    private static final String ZOE = "zoe@example.test";
    private static final String PATH = "/mailboxes/" + ZOE;

    @BeforeEach
    void aMailbox() throws IOException {
        rig.domains.apply(new Edit.DeleteMailbox(ZOE));
        rig.domains.apply(new Edit.AddMailbox(ZOE, new Password.Clear(Rig.PASSWORD)));
    }

    private static EditableDirectory.Mailbox zoe() throws IOException {
        return rig.domains.mailbox(ZOE).orElseThrow();
    }

    private static String to(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElse("");
    }

    @Test
    void whoMustChooseAnotherPasswordIsLedToItsPageAndNowhereElse() throws IOException {
        Rig.Browser postmaster = rig.browser().signIn("postmaster@example.test");
        postmaster.get(PATH);
        postmaster.post(PATH + "/password", Map.of("password", Rig.PASSWORD, "must_change", "on"));
        assertTrue(zoe().is(Property.MUST_CHANGE));
        assertTrue(rig.domains.signIn(ZOE, Rig.PASSWORD).isPresent(), "mail programs go on");
        Rig.Browser zoe = rig.browser().signIn(ZOE);
        for (String page : new String[] {"/account", PATH + "/vacation", "/account/two-step", "/domains"}) {
            HttpResponse<String> answer = zoe.get(page);
            assertTrue(
                    answer.statusCode() == 403 || to(answer).equals("/account/new-password"),
                    page + " " + answer.statusCode());
        }
        assertEquals("/account/new-password", to(zoe.post("/account/tokens", Map.of("label", "x", "days", "3"))));
        assertEquals(200, zoe.get("/account/new-password").statusCode());
        assertEquals(
                403,
                zoe.post("/account/password", Map.of("old", "wrong", "new", "a new one", "again", "a new one"))
                        .statusCode());
        HttpResponse<String> same =
                zoe.post("/account/password", Map.of("old", Rig.PASSWORD, "new", Rig.PASSWORD, "again", Rig.PASSWORD));
        assertTrue(same.statusCode() == 400 && same.body().contains("than the one before"), same.body());
        assertFalse(same.body().contains("/account/tokens"), "nothing else is shown");
        String before = zoe.cookie;
        assertEquals(
                "/account?done=saved",
                to(zoe.post(
                        "/account/password", Map.of("old", Rig.PASSWORD, "new", "a new one", "again", "a new one"))));
        assertFalse(before.equals(zoe.cookie));
        assertFalse(zoe().is(Property.MUST_CHANGE));
        assertEquals(200, zoe.get("/account").statusCode());
    }

    @Test
    void signingOutAndAnotherLanguageAreThereAllTheSame() throws IOException {
        rig.domains.apply(new Edit.Modify(ZOE, Map.of(Property.MUST_CHANGE, true)));
        Rig.Browser zoe = rig.browser().signIn(ZOE);
        zoe.get("/account/new-password");
        assertEquals("/account", to(zoe.post("/language", Map.of("language", "zh-Hant", "to", "/account"))));
        assertEquals("/sign-in", to(zoe.post("/sign-out", Map.of())));
    }

    @Test
    void somebodyElsesPasswordLeavesTheFlag() throws IOException {
        rig.domains.apply(new Edit.Modify(ZOE, Map.of(Property.MUST_CHANGE, true)));
        String body = "{\"password\":\"another one\"}";
        assertEquals(
                204,
                rig.api("PUT", "/api/v1" + PATH + "/password", rig.token("admin"), body)
                        .statusCode());
        assertTrue(zoe().is(Property.MUST_CHANGE));
        String own = "{\"password\":\"my own one\",\"oldPassword\":\"another one\"}";
        assertEquals(
                204,
                rig.api("PUT", "/api/v1" + PATH + "/password", rig.token(ZOE), own)
                        .statusCode());
        assertFalse(zoe().is(Property.MUST_CHANGE));
    }

    @Test
    void aNameIsGivenShownFoundAndBounded() throws IOException {
        Rig.Browser admin = rig.browser().signIn("admin");
        admin.get("/domains/example.test/mailboxes/add");
        rig.domains.apply(new Edit.DeleteMailbox(ZOE));
        Map<String, String> long1 = Map.of("local", "zoe", "how", "make", "name", "x".repeat(101));
        HttpResponse<String> refused = admin.post("/domains/example.test/mailboxes", long1);
        assertTrue(refused.statusCode() == 400 && refused.body().contains("x".repeat(101)), refused.body());
        assertTrue(rig.domains.mailbox(ZOE).isEmpty(), "nothing is half done");
        HttpResponse<String> sheet = admin.post(
                "/domains/example.test/mailboxes",
                Map.of("local", "zoe", "how", "make", "name", " 陳小安 ", "must_change", "on", "quota", "5 MB"));
        assertTrue(sheet.body().contains("<h2>陳小安</h2>"), sheet.body());
        assertEquals("陳小安", zoe().name());
        assertTrue(zoe().is(Property.MUST_CHANGE) && zoe().quota().bytes() > 0);
        assertTrue(admin.get("/domains/example.test?q=%E5%B0%8F").body().contains(ZOE), "found by it");
        assertTrue(admin.get("/domains/example.test").body().contains("陳小安"));
        String rest = rig.api("GET", "/api/v1" + PATH, rig.token("admin"), "").body();
        assertTrue(rest.contains("\"name\":\"陳小安\"") && rest.contains("\"mustChange\":true"), rest);
        for (String bad : new String[] {"a\\nb", "x".repeat(101)}) {
            assertEquals(
                    400,
                    rig.api("PATCH", "/api/v1" + PATH, rig.token("admin"), "{\"name\":\"" + bad + "\"}")
                            .statusCode());
        }
        admin.get(PATH);
        admin.post(PATH + "/settings", Map.of("name", "Zoe", "pop", "on"));
        assertEquals("Zoe", zoe().name());
        assertFalse(zoe().is(Property.MUST_CHANGE));
        assertTrue(admin.get("/domains/example.test/mailboxes.csv").body().contains(",Zoe"));
    }
}
