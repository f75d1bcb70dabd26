package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.directory.RecoveryCodes;
import qrate.directory.Totp;

/// Two-step sign-in, in the steps that a browser takes.
class TwoStepTest extends AdminOnRig {
    private static final String ANN = "two@example.test";
    private static final String PAGE = "/account/two-step";

    @BeforeEach
    void aMailbox() throws IOException {
        rig.domains.apply(new Edit.DeleteMailbox(ANN));
        rig.domains.apply(new Edit.AddMailbox(ANN, new Password.Clear(Rig.PASSWORD)));
    }

    private static Map<String, String> hidden(String page) {
        Map<String, String> fields = new HashMap<>();
        Matcher hidden = Pattern.compile("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")
                .matcher(page);
        while (hidden.find()) {
            fields.putIfAbsent(hidden.group(1), hidden.group(2));
        }
        fields.remove("csrf");
        fields.remove("to");
        return fields;
    }

    private static Map<String, String> with(Map<String, String> fields, String name, String value) {
        Map<String, String> more = new HashMap<>(fields);
        more.put(name, value);
        return more;
    }

    private static HttpResponse<String> password(Rig.Browser browser) throws IOException {
        browser.get("/sign-in");
        return browser.post("/sign-in", Map.of("login", ANN, "password", Rig.PASSWORD));
    }

    /// One that is on, whose codes of now count still.
    private static Totp on(RecoveryCodes codes) throws IOException {
        Totp totp = Totp.make(new SecureRandom());
        rig.domains.apply(new Edit.SetSecondFactor(ANN, totp, 0, codes));
        return totp;
    }

    private static RecoveryCodes codes() {
        return RecoveryCodes.make(new SecureRandom());
    }

    @Test
    void isSwitchedOnWithPasswordAndCodeAndAsksFromThenOn() throws IOException {
        Rig.Browser browser = rig.browser().signIn(ANN);
        Rig.Browser other = rig.browser().signIn(ANN);
        browser.get(PAGE);
        assertEquals(403, browser.post(PAGE + "/begin", Map.of("old", "wrong")).statusCode());
        String page = browser.post(PAGE + "/begin", Map.of("old", Rig.PASSWORD)).body();
        Map<String, String> fields = hidden(page);
        Totp totp = Totp.of(fields.get("secret")).orElseThrow();
        assertTrue(page.contains("<svg class=\"qr\""), page);
        assertEquals(
                400, browser.post(PAGE + "/on", with(fields, "code", "000000x")).statusCode());
        Map<String, String> own =
                with(fields, "secret", Totp.make(new SecureRandom()).text());
        assertEquals(
                409, browser.post(PAGE + "/on", with(own, "code", "000000")).statusCode(), "not what was shown");
        assertEquals(
                409,
                other.post(PAGE + "/on", with(fields, "code", totp.code(Instant.now())))
                        .statusCode());
        String before = browser.cookie;
        String shown = browser.post(PAGE + "/on", with(fields, "code", totp.code(Instant.now())))
                .body();
        List<String> codes = new ArrayList<>();
        Matcher code = Pattern.compile("<li><code>([^<]+)</code>").matcher(shown);
        while (code.find()) {
            codes.add(code.group(1));
        }
        assertEquals(10, codes.size(), shown);
        assertFalse(before.equals(browser.cookie), "the session is another");
        assertEquals(200, browser.get("/account").statusCode());
        assertEquals(303, other.get("/account").statusCode(), "and all others have ended");
        assertFalse(browser.get(PAGE).body().contains(codes.getFirst()), "they are shown once");

        Rig.Browser fresh = rig.browser();
        HttpResponse<String> asked = password(fresh);
        assertEquals(200, asked.statusCode());
        assertEquals(303, fresh.get("/account").statusCode(), "the password alone opens nothing");
        HttpResponse<String> entered = fresh.post("/sign-in/code", with(hidden(asked.body()), "code", codes.get(3)));
        assertEquals(303, entered.statusCode(), entered.body());
        assertEquals(200, fresh.get("/account").statusCode());
    }

    @Test
    void aCodeCountsOnceAndAWrongOneAsksAgain() throws IOException {
        Totp totp = on(codes());
        Rig.Browser browser = rig.browser();
        Map<String, String> fields = hidden(password(browser).body());
        HttpResponse<String> refused = browser.post("/sign-in/code", with(fields, "code", "000000x"));
        assertEquals(403, refused.statusCode());
        assertEquals(List.of("code"), wrongFields(refused));
        String code = totp.code(Instant.now());
        assertEquals(
                303, browser.post("/sign-in/code", with(fields, "code", code)).statusCode());
        assertEquals(200, browser.get("/account").statusCode());
        Rig.Browser thief = rig.browser();
        HttpResponse<String> again =
                thief.post("/sign-in/code", with(hidden(password(thief).body()), "code", code));
        assertEquals(403, again.statusCode());
        assertEquals(303, thief.get("/account").statusCode());
    }

    @Test
    void theSecondStepNeedsTheFirstInTheSameBrowserWithinItsTime() throws IOException {
        Totp totp = on(codes());
        Rig.Browser browser = rig.browser();
        Map<String, String> fields = hidden(password(browser).body());
        Rig.Browser thief = rig.browser();
        thief.get("/sign-in");
        String code = totp.code(Instant.now());
        for (Map<String, String> forged : List.of(
                with(fields, "code", code),
                Map.of("name", ANN, "until", "99999999999999", "sealed", "", "code", code),
                Map.of("name", ANN, "code", code))) {
            HttpResponse<String> refused = thief.post("/sign-in/code", forged);
            assertEquals("/sign-in", refused.headers().firstValue("Location").orElse(""), forged.toString());
            assertEquals(303, thief.get("/account").statusCode());
            thief.get("/sign-in");
        }
        for (Map.Entry<String, String> other :
                Map.of("name", "ann@example.test", "until", "99999999999999").entrySet()) {
            browser.post("/sign-in/code", with(with(fields, other.getKey(), other.getValue()), "code", code));
            assertEquals(303, browser.get("/account").statusCode());
            browser.get("/sign-in");
        }
        rig.domains.apply(new Edit.SetPassword(ANN, new Password.Clear(Rig.PASSWORD)));
        browser.post("/sign-in/code", with(fields, "code", code));
        assertEquals(303, browser.get("/account").statusCode(), "the password was set anew meanwhile");
        fields = hidden(password(browser).body());
        rig.later(SecondFactorPages.CODE_WAIT_MAX);
        browser.post("/sign-in/code", with(fields, "code", code));
        rig.later(SecondFactorPages.CODE_WAIT_MAX.negated());
        assertEquals(303, browser.get("/account").statusCode(), "it took too long");
    }

    @Test
    void guessingIsPutOff() throws IOException {
        Totp totp = on(codes());
        Rig.Browser browser = rig.browser();
        Map<String, String> fields = hidden(password(browser).body());
        for (int i = 0; i < 5; i++) {
            assertEquals(
                    403,
                    browser.post("/sign-in/code", with(fields, "code", "000000x"))
                            .statusCode());
        }
        assertEquals(
                429,
                browser.post("/sign-in/code", with(fields, "code", totp.code(Instant.now())))
                        .statusCode());
    }

    @Test
    void isSwitchedOffWithPasswordAndCode() throws IOException {
        RecoveryCodes codes = codes();
        on(codes);
        Rig.Browser browser = rig.browser();
        browser.post(
                "/sign-in/code",
                with(hidden(password(browser).body()), "code", codes.texts().getFirst()));
        browser.get(PAGE);
        String code = codes.texts().get(1);
        assertEquals(
                403,
                browser.post(PAGE + "/off", Map.of("old", "wrong", "code", code))
                        .statusCode());
        assertEquals(
                403,
                browser.post(PAGE + "/off", Map.of("old", Rig.PASSWORD, "code", "000000x"))
                        .statusCode());
        assertTrue(rig.domains.secondFactors().of(ANN).isPresent());
        assertEquals(
                303,
                browser.post(PAGE + "/off", Map.of("old", Rig.PASSWORD, "code", code))
                        .statusCode());
        assertTrue(rig.domains.secondFactors().of(ANN).isEmpty());
        assertEquals(200, browser.get("/account").statusCode());
        assertEquals(303, password(rig.browser()).statusCode());
    }

    /// The fields that a page marks as those that were wrong.
    private static List<String> wrongFields(HttpResponse<String> page) {
        return Pattern.compile("<input name=\"([a-z]+)\"[^>]* aria-invalid=\"true\"")
                .matcher(page.body())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void newRecoveryCodesNeedPasswordAndCodeAndReplaceTheOldOnes() throws IOException {
        RecoveryCodes codes = codes();
        on(codes);
        Rig.Browser browser = rig.browser().signIn(ANN, codes.texts().getFirst());
        browser.get(PAGE);
        String code = codes.texts().get(1);
        for (Map<String, String> wrong :
                List.of(Map.of("old", "wrong", "code", code), Map.of("old", Rig.PASSWORD, "code", "000000x"))) {
            HttpResponse<String> refused = browser.post(PAGE + "/codes", wrong);
            assertEquals(403, refused.statusCode());
            assertEquals(List.of(wrong.get("old").equals("wrong") ? "old" : "code"), wrongFields(refused));
        }
        String shown = browser.post(PAGE + "/codes", Map.of("old", Rig.PASSWORD, "code", code))
                .body();
        Matcher fresh = Pattern.compile("<li><code>([^<]+)</code>").matcher(shown);
        assertTrue(fresh.find(), shown);
        assertEquals(10, rig.domains.secondFactors().of(ANN).orElseThrow().codes());
        assertEquals(200, browser.get("/account").statusCode(), "the session goes on");
        Rig.Browser other = rig.browser().signIn(ANN, codes.texts().get(2));
        assertEquals(303, other.get("/account").statusCode(), "the old ones are worth nothing");
        other.signIn(ANN, fresh.group(1));
        assertEquals(200, other.get("/account").statusCode());
    }

    @Test
    void aPasskeyThatNobodyHasOpensNothingAndGuessingIsPutOff() throws IOException {
        Rig.Browser browser = rig.browser();
        browser.get("/sign-in");
        Map<String, String> junk = Map.of(
                "credential", "AQID", "said", "e30", "authenticator", "AAAA", "signature", "AAAA", "issued", "x");
        for (int i = 0; i < 5; i++) {
            assertEquals(403, browser.post("/sign-in/passkey", junk).statusCode());
        }
        assertEquals(429, browser.post("/sign-in/passkey", junk).statusCode());
        assertEquals(303, browser.get("/account").statusCode());
    }

    @Test
    void whoeverIsLockedOutIsHelpedByAnAdministratorOrHisPostmaster() throws IOException {
        String page = "/mailboxes/" + ANN + "/two-step/delete";
        on(codes());
        assertEquals(403, rig.browser().signIn("ann@example.test").get(page).statusCode());
        assertEquals(
                403, rig.browser().signIn("postmaster@other.test").get(page).statusCode());
        assertEquals(
                303, rig.browser().signIn("postmaster@example.test").agree(page).statusCode());
        assertTrue(rig.domains.secondFactors().of(ANN).isEmpty());
        assertEquals(
                404, rig.browser().signIn("postmaster@example.test").get(page).statusCode());
        on(codes());
        assertEquals(
                204,
                rig.api("DELETE", "/api/v1" + "/mailboxes/" + ANN + "/second-factor", rig.token("admin"), "")
                        .statusCode());
        assertEquals(new Change.Done(), rig.domains.apply(new Edit.AddPasskey(ANN, Rig.passkey("telephone"), codes())));
        Rig.Browser postmaster = rig.browser().signIn("postmaster@example.test");
        assertTrue(postmaster.get("/mailboxes/" + ANN).body().contains("Passkeys: 1"));
        String of = "/api/v1/mailboxes/" + ANN + "/second-factor";
        String shape = rig.api("GET", of, rig.token("admin"), "").body();
        assertTrue(shape.contains("\"program\":false") && shape.contains("\"label\":\"telephone\""), shape);
        assertEquals(303, postmaster.agree(page).statusCode());
        assertTrue(rig.domains.passkeys().of(ANN).isEmpty());
        on(codes());
        String own = "/api/v1/mailboxes/" + ANN + "/second-factor";
        assertEquals(403, rig.api("DELETE", own, rig.token(ANN), "").statusCode(), "a token that was found");
        rig.domains.apply(new Edit.AddAdministrator("eve", new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.SetSecondFactor("eve", Totp.make(new SecureRandom()), 0, codes()));
        Rig.Browser admin = rig.browser().signIn("admin");
        assertTrue(admin.get("/administrators").body().contains("/administrators/eve/two-step/delete"));
        assertEquals(
                400,
                rig.api("DELETE", "/api/v1/administrators/eve/second-factor", rig.token("eve"), "")
                        .statusCode());
        assertEquals(303, admin.agree("/administrators/eve/two-step/delete").statusCode());
        assertTrue(rig.domains.secondFactors().of("eve").isEmpty());
    }

    @Test
    void tokensStayAsTheyAre() throws IOException {
        String token = rig.token(ANN);
        on(codes());
        assertEquals(200, rig.api("GET", "/api/v1/me", token, "").statusCode());
    }
}
