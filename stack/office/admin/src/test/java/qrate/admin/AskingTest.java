package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.checkpassword.AppSecret;
import qrate.directory.AppPasswords;
import qrate.directory.Audit;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.RecoveryCodes;
import qrate.directory.Totp;
import qrate.qcontrol.QueueControl;

/// Nothing goes that was not named before, and each act stands in the audit log.
class AskingTest {
    private static final String ANN = "ann@example.test";

    /// Of whom the rig's queue says that it is stopped.
    private static final String MASTER = "postmaster@example.test";

    @TempDir
    Path folder;

    private Rig rig;
    private Rig.Browser admin;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(folder);
        admin = rig.browser().signIn("admin");
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    private void named(String path, String... what) throws IOException {
        HttpResponse<String> page = admin.get(path);
        assertEquals(200, page.statusCode(), path);
        for (String one : what) {
            assertTrue(page.body().contains(one), one + " is not on " + page.body());
        }
    }

    private Audit.Event last() throws IOException {
        return rig.domains.audit().newest(1).getFirst();
    }

    private void makeList() throws IOException {
        Files.createDirectories(rig.state.maildirs().resolve("domains/example.test/team/subscribers"));
        rig.domains.apply(
                new Edit.AddAlias(new EditableDirectory.Alias("team@example.test", "postmaster@example.test")));
        rig.domains.apply(
                new Edit.AddAlias(new EditableDirectory.Alias("team-default@example.test", "postmaster@example.test")));
    }

    /// Every form that removes, posted as one click would: what it is about stays.
    @Test
    void noRemovalIsDoneByAPostAlone() throws IOException {
        makeList();
        rig.domains.apply(new Edit.AddAdministrator("eve", new Password.Clear(Rig.PASSWORD)));
        rig.token("admin");
        String id = rig.domains.tokens().of("admin").getFirst().id();
        rig.domains.apply(new Edit.AddAppPassword(
                ANN, new AppPasswords.Wish("x", true, true), AppSecret.make(new SecureRandom())));
        String app = rig.domains.appPasswords(ANN).getFirst().id();
        for (String holder : List.of(ANN, "eve")) {
            rig.domains.apply(new Edit.SetSecondFactor(
                    holder, Totp.make(new SecureRandom()), 0, RecoveryCodes.make(new SecureRandom())));
        }
        rig.domains.apply(new Edit.AddMailbox("gone@example.test", new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.DeleteMailbox("gone@example.test"));
        String kept =
                Long.toString(rig.domains.deleted("example.test").getFirst().number());
        Map<String, String> alias = Map.of("local", "team", "target", "postmaster@example.test");
        HostileList.make(rig);
        Map<String, Map<String, String>> forms = new HashMap<>();
        for (Router.Route route : rig.routes()) {
            String path = route.path();
            boolean removes = route.method().equals("POST")
                    && route.door() == Router.Door.BROWSER
                    && !path.contains("/passkeys/") // asks for the password instead
                    && Pattern.compile("/(delete|drop|bounce)$").matcher(path).find();
            if (removes) {
                forms.put(
                        path.replace("{domain}", "example.test")
                                .replace("lists/{address}", "lists/" + HostileList.ADDRESS)
                                .replace("{address}", ANN)
                                .replace("{name}", "eve")
                                .replace(
                                        "{id}",
                                        path.startsWith("/queue") || path.contains("/quarantine/")
                                                ? "7"
                                                : path.contains("/deleted/")
                                                        ? kept
                                                        : path.contains("app-passwords") ? app : id),
                        path.contains("aliases") ? alias : Map.of());
            }
        }
        assertTrue(forms.size() >= 8, forms.toString());
        for (Map.Entry<String, Map<String, String>> form : forms.entrySet()) {
            admin.get("/account");
            HttpResponse<String> answer = admin.post(form.getKey(), form.getValue());
            assertEquals(409, answer.statusCode(), form.getKey());
            assertTrue(answer.body().contains("Nothing has been done yet"), form.getKey());
        }
        assertEquals(List.of(), rig.queue.asked);
        assertTrue(rig.domains.mailbox(ANN).isPresent());
        assertEquals(2, rig.domains.aliases("example.test").size());
        assertEquals(2, rig.domains.staff().administrators().size());
        assertFalse(rig.domains.tokens().of("admin").isEmpty());
        assertEquals(1, rig.domains.appPasswords(ANN).size());
        assertTrue(rig.domains.secondFactors().of(ANN).isPresent());
        assertTrue(rig.domains.secondFactors().of("eve").isPresent());
        rig.domains.apply(new Edit.RemoveSecondFactor(ANN));
    }

    @Test
    void anAliasThatIsAListIsSaidAndAsked() throws IOException {
        makeList();
        for (String local : List.of("team", "team-default")) {
            String path = "/domains/example.test/aliases/delete?local=" + local + "&target=postmaster%40example.test";
            named(path, "the mailing list team@example.test", "nobody can write to it");
        }
        String path = "/domains/example.test/aliases/delete?local=team&target=postmaster%40example.test";
        assertEquals(303, admin.agree(path).statusCode());
        assertEquals(1, rig.domains.aliases("example.test").size());
        assertEquals(404, admin.get(path).statusCode());
    }

    @Test
    void aDomainNamesAllThatGoesAndItsNameIsTyped() throws IOException {
        makeList();
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("far@other.test", "ann@alias.test")));
        Path box = rig.state.maildirs().resolve("domains/example.test/ann/Maildir");
        Files.writeString(box.resolve("new/1"), "one");
        Files.createDirectories(box.resolve(".Old/cur"));
        Files.writeString(box.resolve(".Old/cur/2:2,S"), "two");
        named(
                "/domains/example.test/delete",
                "its mailboxes: 2, and all mail in them: 2 messages",
                "the alias domain alias.test",
                "the mailing list team@example.test",
                "the forward of far@other.test to ann@alias.test");
        HttpResponse<String> page = admin.get("/domains/example.test/delete");
        Map<String, String> agreed = Map.of("agreed", agreed(page), "typed", "example.tset");
        assertEquals(400, admin.post("/domains/example.test/delete", agreed).statusCode());
        assertTrue(rig.domains.domain("example.test").isPresent());
        assertEquals(303, admin.agree("/domains/example.test/delete").statusCode());
        assertTrue(rig.domains.domain("alias.test").isEmpty());
    }

    private static String agreed(HttpResponse<String> page) {
        var matcher = Pattern.compile("name=\"agreed\" value=\"([^\"]+)\"").matcher(page.body());
        assertTrue(matcher.find());
        return matcher.group(1);
    }

    @Test
    void whatGoesMoreThanWasReadIsAskedAgain() throws IOException {
        HttpResponse<String> page = admin.get("/domains/other.test/delete");
        rig.domains.apply(new Edit.AddAliasDomain("other.test", "late.test"));
        Map<String, String> form = Map.of("agreed", agreed(page), "typed", "other.test");
        HttpResponse<String> again = admin.post("/domains/other.test/delete", form);
        assertEquals(409, again.statusCode());
        assertTrue(again.body().contains("the alias domain late.test"));
        assertTrue(rig.domains.domain("other.test").isPresent());
        HttpResponse<String> others = admin.post("/mailboxes/ann%40example.test/delete", form);
        assertEquals(409, others.statusCode(), "what was agreed to is one thing");
    }

    @Test
    void aMailboxNamesWhoLeadsToItByWhicheverName() throws IOException {
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("far@other.test", "ann@alias.test")));
        rig.token(ANN);
        named(
                "/mailboxes/ann%40example.test/delete",
                "the forward of far@other.test to ann@alias.test", "its tokens for the REST API: 1");
    }

    /// One line of several can go; with the last one those who lead there lead nowhere.
    @Test
    void theLastLineOfAnAliasNamesWhoLeadsToIt() throws IOException {
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", ANN)));
        rig.domains.apply(
                new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", "postmaster@example.test")));
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("far@other.test", "sales@example.test")));
        String path = "/domains/example.test/aliases/delete?local=sales&target=ann%40example.test";
        assertFalse(admin.get(path).body().contains("far@other.test"));
        rig.domains.apply(
                new Edit.DeleteAlias(new EditableDirectory.Alias("sales@example.test", "postmaster@example.test")));
        named(path, "the forward of far@other.test to sales@example.test, which would lead nowhere");
        HttpResponse<String> rest = rig.api(
                "DELETE",
                "/api/v1/domains/example.test/aliases?address=sales@example.test&target=ann@example.test",
                rig.token("admin"),
                "");
        assertEquals(409, rest.statusCode());
        assertTrue(rest.body().contains("far@other.test"), rest.body());
    }

    @Test
    void anAliasDomainOffersNoFormThatFails() throws IOException {
        rig.domains.apply(new Edit.SetCatchAll("example.test", ANN));
        rig.domains.apply(new Edit.SetLimits("example.test", new EditableDirectory.Limits(30, 20, 4096)));
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        String page = admin.get("/domains/alias.test").body();
        assertTrue(page.contains("<a href=\"/domains/example.test\">Go to example.test</a>"), page);
        assertFalse(page.contains("aria-label=\"Add"), page);
        named("/domains/alias.test/delete", "the name alias.test of the domain example.test");
        String token = rig.token("admin");
        // whoever reads it there and writes back a part of it, changes the rest of nothing
        assertEquals(
                204,
                rig.api("PUT", "/api/v1/domains/alias.test/limits", token, "{\"mailboxes\":31}")
                        .statusCode());
        EditableDirectory.Domain real = rig.domains.domain("example.test").orElseThrow();
        assertEquals(new EditableDirectory.Limits(31, 20, 4096), real.limits());
        assertEquals(
                real.catchAll(), rig.domains.domain("alias.test").orElseThrow().catchAll());
        assertEquals(303, admin.agree("/domains/alias.test/delete").statusCode());
        assertTrue(rig.domains.domain("example.test").isPresent());
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        assertEquals(
                "/domains/example.test/settings?done=added",
                admin.post("/domains/alias.test/alias-domains", Map.of("alias", "third.test"))
                        .headers()
                        .firstValue("Location")
                        .orElse(""));
        assertEquals(
                "example.test", rig.domains.domain("third.test").orElseThrow().aliasOf());
    }

    @Test
    void theLastAdministratorStays() throws IOException {
        HttpResponse<String> page = admin.get("/administrators/admin/delete");
        assertEquals(403, page.statusCode());
        assertTrue(page.body().contains("add another first"));
        assertFalse(admin.get("/administrators").body().contains("/administrators/admin/delete"));
        rig.domains.apply(new Edit.AddAdministrator("eve", new Password.Clear(Rig.PASSWORD)));
        rig.token("eve");
        named("/administrators/eve/delete", "the administrator eve", "tokens for the REST API: 1");
        assertEquals(303, admin.agree("/administrators/eve/delete").statusCode());
        assertEquals(404, admin.get("/administrators/eve/delete").statusCode());
    }

    @Test
    void theQueuesActsNameWhoGetsNothingAndAreAudited() throws IOException {
        named("/queue/7/drop", "message 7 from &lt;script", "the delivery to", "nobody is told");
        named("/queue/7/bounce", "the sender is told");
        assertEquals(List.of(), rig.queue.asked);
        assertEquals(303, admin.agree("/queue/7/drop").statusCode());
        Audit.Event event = last();
        assertEquals("admin page 127.0.0.1", event.who() + " " + event.door() + " " + event.from());
        assertEquals("", event.problem());
        assertTrue(event.what().startsWith("queue: delete message 7 without a bounce, from <script>"), event.what());
        assertEquals(303, admin.post("/queue/7/retry", Map.of()).statusCode());
        assertTrue(last().what().startsWith("queue: try message 7 now"));
        assertEquals(303, admin.post("/queue/retry", Map.of()).statusCode());
        assertEquals("queue: try all messages now", last().what());
        String token = rig.token("admin");
        String message = "/api/v1/queue/messages/7";
        assertEquals(200, rig.api("GET", message, token, "").statusCode());
        assertEquals(204, rig.api("POST", message + "/bounce", token, "").statusCode());
        assertEquals("REST", last().door());
        assertTrue(last().what().startsWith("queue: give up message 7 and bounce"));
        assertEquals(204, rig.api("DELETE", message, token, "").statusCode());
        assertEquals(
                404, rig.api("DELETE", "/api/v1/queue/messages/8", token, "").statusCode());
        assertEquals("404 There is no such message in the queue", last().problem());
        assertEquals(403, rig.api("DELETE", message, rig.token(ANN), "").statusCode());
        assertEquals(List.of("drop 7", "retry 7", "retry all", "bounce 7", "drop 7"), rig.queue.asked);
    }

    @Test
    void aUserWhoIsStoppedIsShownWithTheReasonAndLetSendAgainByWhoMayWithAWordInTheAuditLog() throws IOException {
        List<QueueControl.Sender> before = List.copyOf(rig.queue.senders);
        String page = admin.get("/queue").body();
        assertTrue(page.contains("postmaster@example.test <span class=\"tag\">stopped"), page);
        assertTrue(page.contains("more than &lt;b"), page);
        assertTrue(admin.get("/mailboxes/" + MASTER).body().contains("Sending is stopped"));
        assertFalse(admin.get("/mailboxes/" + ANN).body().contains("Sending is stopped"));
        assertEquals(
                303, admin.post("/mailboxes/" + MASTER + "/sending", Map.of()).statusCode());
        assertEquals("queue: let postmaster@example.test send again", last().what());
        assertEquals(
                404, admin.post("/mailboxes/" + MASTER + "/sending", Map.of()).statusCode());
        rig.queue.senders.addAll(before);
        assertEquals(
                303, admin.post("/senders/" + MASTER + "/release", Map.of()).statusCode());
        assertEquals(303, admin.post("/queue/7/release", Map.of()).statusCode());
        assertTrue(last().what().startsWith("queue: let go of message 7 that was held, from "));
        rig.queue.senders.addAll(before);
        String token = rig.token("admin");
        String senders = "/api/v1/queue/senders";
        assertTrue(rig.api("GET", senders, token, "").body().contains("\"freedom\":\"stopped\""));
        assertEquals(
                204,
                rig.api("POST", senders + "/" + MASTER + "/release", token, "").statusCode());
        assertEquals(
                404,
                rig.api("POST", senders + "/" + MASTER + "/release", token, "").statusCode());
        assertEquals(403, rig.api("GET", senders, rig.token(ANN), "").statusCode());
        assertEquals(
                204,
                rig.api("POST", "/api/v1/queue/messages/7/release", token, "").statusCode());
        assertEquals(
                List.of(
                        "let " + MASTER,
                        "let " + MASTER,
                        "let " + MASTER,
                        "release 7",
                        "let " + MASTER,
                        "let " + MASTER,
                        "release 7"),
                rig.queue.asked);
        rig.queue.senders.addAll(before);
    }

    @Test
    void theAuditLogSaysWhoByWhichDoorFromWhereWhatAndWhatCameOfIt() throws IOException {
        admin.post("/domains", Map.of("name", "new.test", "password", "12345678"));
        assertEquals("add domain new.test", last().what());
        assertEquals("page 127.0.0.1", last().door() + " " + last().from());
        admin.post("/domains", Map.of("name", "new.test", "password", "12345678"));
        assertEquals("POST /domains", last().what());
        assertEquals("409 new.test exists already", last().problem());
        String local = Files.readString(rig.state.db().resolve("local-token"));
        rig.api("PUT", "/api/v1/domains/new.test", local, "{\"catchAll\":\"\"}");
        assertEquals("command command", last().who() + " " + last().door());
        rig.api("DELETE", "/api/v1/administrators/admin", rig.token("admin"), "");
        assertTrue(last().problem().contains("The last administrator"), last().problem());
        Rig.Browser ann = rig.browser().signIn(ANN);
        assertEquals("sign in", last().what());
        assertEquals(
                1,
                rig.domains.audit().newest(10).stream()
                        .filter(event -> event.who().equals(ANN) && event.what().equals("sign in"))
                        .count(),
                "once");
        ann.post("/queue/7/drop", Map.of());
        assertEquals(ANN + " 403 Not allowed", last().who() + " " + last().problem());
        ann.post("/sign-out", Map.of());
        assertEquals(ANN + " sign out", last().who() + " " + last().what());
        String page = admin.get("/audit").body();
        assertTrue(page.contains("not done: 409 new.test exists already") && page.contains("127.0.0.1"), page);
    }

    @Test
    void thePasswordRuleStandsBesideEachNewPassword() throws IOException {
        for (String path : List.of(
                "/domains",
                "/domains/example.test/mailboxes/add",
                "/mailboxes/ann%40example.test",
                "/account",
                "/administrators")) {
            String page = admin.get(path).body();
            assertTrue(page.contains("aria-describedby=\"password-rule\""), path);
            assertTrue(page.contains("id=\"password-rule\">At least 8 characters"), path);
        }
    }
}
