package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Actor;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.SignIns;

/// When a session is over, a copy of its cookie is worth nothing.
class SignOutTest {
    private static final String ANN = "ann@example.test";

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(folder);
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    /// Somebody else's browser with the same cookie.
    private Rig.Browser copy(Rig.Browser browser) {
        Rig.Browser thief = rig.browser();
        thief.cookie = browser.cookie;
        thief.csrf = browser.csrf;
        return thief;
    }

    private static void assertIn(Rig.Browser browser) throws IOException {
        assertEquals(200, browser.get("/account").statusCode());
    }

    private static void assertOut(Rig.Browser browser) throws IOException {
        String cookie = browser.cookie;
        assertEquals(
                "/sign-in",
                browser.get("/account").headers().firstValue("Location").orElse(""));
        browser.cookie = cookie;
        assertEquals(303, browser.post("/account/tokens", Map.of("label", "x")).statusCode());
        browser.cookie = cookie;
    }

    @Test
    void signingOutEndsTheSessionAndNoOther() throws IOException {
        Rig.Browser browser = rig.browser().signIn(ANN);
        Rig.Browser other = rig.browser().signIn(ANN);
        Rig.Browser thief = copy(browser);
        assertIn(thief);
        browser.post("/sign-out", Map.of());
        assertOut(browser);
        assertOut(thief);
        assertIn(other);
    }

    @Test
    void whatWasSignedOutStaysSoOverARestartAndWhatWasInStaysIn() throws IOException {
        Rig.Browser gone = rig.browser().signIn("admin");
        Rig.Browser there = rig.browser().signIn("admin");
        Rig.Browser thief = copy(gone);
        gone.post("/sign-out", Map.of());
        rig.restart();
        assertOut(thief);
        assertIn(there);
    }

    @Test
    void everywhereMeansEveryBrowserAndTokensOnlyWhenThatIsSaid() throws IOException {
        String token = rig.token(ANN);
        Rig.Browser browser = rig.browser().signIn(ANN);
        Rig.Browser other = rig.browser().signIn(ANN);
        Rig.Browser admin = rig.browser().signIn("admin");
        assertEquals(
                "/sign-in?done=everywhere",
                browser.post("/account/sign-out-everywhere", Map.of())
                        .headers()
                        .firstValue("Location")
                        .orElse(""));
        assertOut(browser);
        assertOut(other);
        assertIn(admin);
        assertEquals(200, rig.api("GET", "/api/v1/me", token, "").statusCode());
        Rig.Browser again = rig.browser().signIn(ANN);
        assertTrue(again.get("/account").body().contains("End my tokens too (1)"));
        again.post("/account/sign-out-everywhere", Map.of("tokens", "on"));
        assertEquals(401, rig.api("GET", "/api/v1/me", token, "").statusCode());
        assertTrue(rig.browser().get("/sign-in?done=everywhere").body().contains("Signed out everywhere."));
    }

    @Test
    void aNewPasswordByWhicheverDoorEndsAllButTheBrowserThatSetIt() throws IOException {
        Rig.Browser browser = rig.browser().signIn(ANN);
        Rig.Browser other = rig.browser().signIn(ANN);
        browser.post("/account/password", Map.of("old", Rig.PASSWORD, "new", "fresh horse", "again", "fresh horse"));
        assertIn(browser);
        assertOut(other);
        rig.domains.apply(new Edit.SetPassword(ANN, new Password.Clear(Rig.PASSWORD), true));
        assertOut(browser);
        Rig.Browser admin = rig.browser().signIn("admin");
        rig.domains.apply(new Edit.SetAdministratorPassword("admin", new Password.Clear(Rig.PASSWORD), true));
        assertOut(admin);
    }

    @Test
    void aPasswordThatAPostmasterSetsEndsTokensUnlessTheyAreKept() throws IOException {
        Rig.Browser postmaster = rig.browser().signIn("postmaster@example.test");
        Rig.Browser ann = rig.browser().signIn(ANN);
        String token = rig.token(ANN);
        String page = "/mailboxes/ann%40example.test";
        assertTrue(postmaster.get(page).body().contains("Tokens now: 1."));
        postmaster.post(page + "/password", Map.of("password", "fresh horse", "keep", "on"));
        assertOut(ann);
        assertEquals(200, rig.api("GET", "/api/v1/me", token, "").statusCode());
        postmaster.post(page + "/password", Map.of("password", "fresher horse"));
        assertEquals(401, rig.api("GET", "/api/v1/me", token, "").statusCode());
    }

    /// The hash comes again with the account: nothing else of it may.
    @Test
    void whatIsMadeAgainUnderTheSameNameStartsWithNobodySignedIn() throws IOException {
        String hash = new Password.Clear(Rig.PASSWORD).hash(4);
        rig.domains.apply(new Edit.AddMailbox("bob@example.test", new Password.Hashed(hash)));
        Rig.Browser bob = rig.browser().signIn("bob@example.test");
        rig.domains.apply(new Edit.DeleteMailbox("bob@example.test"));
        assertOut(bob);
        rig.domains.apply(new Edit.AddMailbox("bob@example.test", new Password.Hashed(hash)));
        assertOut(bob);

        rig.domains.apply(new Edit.AddDomain("ex_mple.test", new Password.Hashed(hash)));
        rig.domains.apply(new Edit.AddDomain("exxmple.test", new Password.Hashed(hash)));
        Rig.Browser gone = rig.browser().signIn("postmaster@ex_mple.test");
        Rig.Browser stays = rig.browser().signIn("postmaster@exxmple.test");
        String token = rig.token("postmaster@exxmple.test");
        rig.domains.apply(new Edit.DeleteDomain("ex_mple.test"));
        rig.domains.apply(new Edit.AddDomain("ex_mple.test", new Password.Hashed(hash)));
        assertOut(gone);
        assertIn(stays);
        assertEquals(200, rig.api("GET", "/api/v1/me", token, "").statusCode(), "an underscore is no wildcard");

        rig.domains.apply(new Edit.AddAdministrator("eve", new Password.Hashed(hash)));
        Rig.Browser eve = rig.browser().signIn("eve");
        rig.domains.apply(new Edit.RemoveAdministrator("eve"));
        rig.domains.apply(new Edit.AddAdministrator("eve", new Password.Hashed(hash)));
        assertOut(eve);
    }

    @Test
    void aRoleThatIsTakenAwayIsGoneAtTheNextClick() throws IOException {
        rig.domains.apply(new Edit.Modify(
                ANN,
                EditableDirectory.Mailbox.of(
                                ANN,
                                Quota.NONE,
                                Set.of(Property.POP, Property.SMTP, Property.POSTMASTER, Property.KEEP))
                        .values()));
        Rig.Browser ann = rig.browser().signIn(ANN);
        String token = rig.token(ANN);
        assertEquals(200, ann.get("/domains/example.test").statusCode());
        rig.domains.apply(new Edit.Modify(
                ANN,
                EditableDirectory.Mailbox.of(ANN, Quota.NONE, Set.of(Property.POP, Property.SMTP, Property.KEEP))
                        .values()));
        assertEquals(403, ann.get("/domains/example.test").statusCode());
        assertEquals(
                403, rig.api("GET", "/api/v1/domains/example.test", token, "").statusCode());
        assertIn(ann);
    }

    @Test
    void anAdministratorSeesAndEndsSessionsOfOthersOnPagesAndByRest() throws IOException {
        Rig.Browser ann = rig.browser().signIn(ANN);
        Rig.Browser bob = rig.browser().signIn(ANN);
        Rig.Browser admin = rig.browser().signIn("admin");
        assertTrue(admin.get("/access").body().contains(ANN));
        List<SignIns.SignIn> sessions = rig.domains.signIns().of(ANN);
        assertEquals(
                303,
                admin.post(
                                "/access/end-session",
                                Map.of("id", sessions.getLast().id()))
                        .statusCode());
        assertOut(ann);
        assertIn(bob);
        String token = rig.token("admin");
        String listed = rig.api("GET", "/api/v1/sessions", token, "").body();
        assertTrue(listed.contains(sessions.getFirst().id()), listed);
        String own = rig.token(ANN);
        assertFalse(rig.api("GET", "/api/v1/sessions", own, "").body().contains("\"admin\""));
        String others = rig.domains.signIns().of("admin").getFirst().id();
        assertEquals(
                404, rig.api("DELETE", "/api/v1/sessions/" + others, own, "").statusCode());
        String last = sessions.getFirst().id();
        assertEquals(
                204, rig.api("DELETE", "/api/v1/sessions/" + last, token, "").statusCode());
        assertOut(bob);
        rig.browser().signIn(ANN);
        assertEquals(
                303,
                admin.post("/access/end-all", Map.of("holder", ANN, "tokens", "on"))
                        .statusCode());
        assertEquals(List.of(), rig.domains.signIns().of(ANN));
        assertEquals(List.of(), rig.domains.tokens().of(ANN));
        assertEquals(
                404, admin.post("/access/end-all", Map.of("holder", "nobody")).statusCode());
    }

    @Test
    void anOwnerSeesWhereHeIsSignedInAndEndsOnlyHisOwn() throws IOException {
        Rig.Browser here = rig.browser().signIn(ANN);
        Rig.Browser there = rig.browser().signIn(ANN);
        rig.browser().signIn("admin");
        assertTrue(here.get("/account").body().contains("this browser"));
        String admins = rig.domains.signIns().of("admin").getFirst().id();
        assertEquals(
                404, here.post("/account/end-session", Map.of("id", admins)).statusCode());
        String current = SignIns.id(nonce(here));
        String other = rig.domains.signIns().of(ANN).stream()
                .map(SignIns.SignIn::id)
                .filter(id -> !id.equals(current))
                .findFirst()
                .orElseThrow();
        assertEquals(303, here.post("/account/end-session", Map.of("id", other)).statusCode());
        assertOut(there);
        assertIn(here);
    }

    private String nonce(Rig.Browser browser) throws IOException {
        String cookie = browser.cookie.substring(browser.cookie.indexOf('=') + 1);
        byte[] key = Files.readAllBytes(rig.state.db().resolve("session-key"));
        return new Sessions(key, InstantSource.system())
                .read(cookie)
                .orElseThrow()
                .nonce();
    }

    @Test
    void theOldestSessionGivesWayWhereThereAreTooMany() throws IOException {
        Rig.Browser first = rig.browser().signIn(ANN);
        for (int i = 0; i < SignIns.SESSIONS_MAX; i++) {
            rig.domains
                    .as(new Actor(ANN, Actor.Door.PAGE, "127.0.0.1"))
                    .signIns()
                    .begin("secret " + i, "browser", Sessions.LASTS);
        }
        assertEquals(SignIns.SESSIONS_MAX, rig.domains.signIns().of(ANN).size());
        assertOut(first);
    }
}
