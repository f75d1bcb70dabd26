package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.directory.Forwarding;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;

/// What an owner sees and sets of his mailbox: forward, app passwords, last sign-ins, how full it is.
class OwnerPagesTest extends AdminOnRig {
    private static final String MAILBOX = "owner@example.test";
    private static final String PATH = "/mailboxes/owner@example.test";

    @BeforeEach
    void aMailbox() throws IOException {
        rig.domains.apply(new Edit.DeleteMailbox(MAILBOX));
        rig.domains.apply(new Edit.AddMailbox(MAILBOX, new Password.Clear(Rig.PASSWORD)));
    }

    @Test
    void theForwardIsSetAsOneThingAndARefusedOneStaysInTheForm() throws IOException {
        Rig.Browser browser = rig.browser().signIn(MAILBOX);
        String page = PATH + "/forward";
        assertTrue(browser.get("/account").body().contains("/mailboxes/owner%40example.test/forward"));
        browser.get(page);
        assertEquals(
                303,
                browser.post(page, Map.of("to", "a@far.test, b@far.test\r\n\r\nc@far.test;", "keep", "on"))
                        .statusCode());
        assertEquals(
                new Forwarding(List.of("a@far.test", "b@far.test", "c@far.test"), true), rig.domains.forward(MAILBOX));
        assertTrue(browser.get("/account").body().contains("a@far.test, b@far.test, c@far.test"));
        HttpResponse<String> refused = browser.post(page, Map.of("to", "<b>@far.test"));
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().contains("&lt;b&gt;@far.test</textarea>"), refused.body());
        assertTrue(refused.body().contains("is no email address"), refused.body());
        assertEquals(303, browser.post(page, Map.of("to", " ")).statusCode());
        assertEquals(Forwarding.NONE, rig.domains.forward(MAILBOX));
        assertEquals(403, rig.browser().signIn("ann@example.test").get(page).statusCode());
        assertEquals(
                200, rig.browser().signIn("postmaster@example.test").get(page).statusCode());
    }

    @Test
    void anAppPasswordIsShownOnceAndEndsAfterAQuestion() throws IOException {
        Rig.Browser browser = rig.browser().signIn(MAILBOX);
        String page = PATH + "/app-passwords";
        browser.get(page);
        Map<String, String> form = new HashMap<>(Map.of("label", "my <phone>", "pop", "on", "old", "wrong"));
        assertEquals(403, browser.post(page, form).statusCode());
        form.put("old", Rig.PASSWORD);
        HttpResponse<String> made = browser.post(page, form);
        Matcher secret = Pattern.compile("<code>([a-z2-9-]{29})</code>").matcher(made.body());
        assertTrue(secret.find(), made.body());
        assertFalse(browser.get(page).body().contains(secret.group(1)));
        assertTrue(browser.get(page).body().contains("my &lt;phone&gt;"));
        String id = rig.domains.appPasswords(MAILBOX).getFirst().id();
        assertFalse(rig.domains.appPasswords(MAILBOX).getFirst().wish().smtp());
        assertEquals(303, browser.agree(page + "/" + id + "/delete").statusCode());
        assertEquals(List.of(), rig.domains.appPasswords(MAILBOX));
        assertEquals(404, browser.get(page + "/" + id + "/delete").statusCode());
        browser.get(page);
        assertEquals(303, browser.post(page + "/only", Map.of("only", "on")).statusCode());
        assertTrue(rig.domains.mailbox(MAILBOX).orElseThrow().is(Property.APP_ONLY));
        Rig.Browser postmaster = rig.browser().signIn("postmaster@example.test");
        assertFalse(postmaster.get(page).body().contains("name=\"old\""), "the owner alone makes them");
        assertEquals(403, postmaster.post(page, form).statusCode());
        assertEquals(303, postmaster.post(page + "/only", Map.of()).statusCode());
        assertFalse(rig.domains.mailbox(MAILBOX).orElseThrow().is(Property.APP_ONLY));
    }

    @Test
    void theOwnerSeesWhereSomebodySignedIn() throws IOException {
        Rig.Browser browser = rig.browser().signIn(MAILBOX);
        String page = browser.get(PATH + "/sign-ins").body();
        assertFalse(page.contains(">new<"), "the first place is new to nobody");
        assertTrue(page.contains("127.0.0.1") && page.contains("These pages"), page);
    }

    @Test
    void theOwnerSeesHowFullItIsAndWhenToDoSomething() throws IOException {
        Rig.Browser browser = rig.browser().signIn(MAILBOX);
        assertFalse(browser.get("/account").body().contains("<meter"), "nothing is limited");
        rig.domains.apply(new Edit.Modify(MAILBOX, Map.of(Property.QUOTA, new Quota(1000, 0))));
        Path maildir = rig.state.maildirs().resolve("domains/example.test/owner/Maildir");
        Files.writeString(maildir.resolve("new/1.a,S=500"), "x".repeat(500));
        assertTrue(browser.get("/account").body().contains("value=\"50\""));
        Files.deleteIfExists(maildir.resolve("maildirsize"));
        Files.writeString(maildir.resolve("new/2.a,S=450"), "x".repeat(450));
        String page = browser.get("/account").body();
        assertTrue(page.contains("value=\"95\"") && page.contains("Nearly full"), page);
        rig.domains.apply(new Edit.Modify(MAILBOX, Map.of(Property.QUOTA, new Quota(0, 4))));
        Files.deleteIfExists(maildir.resolve("maildirsize"));
        assertTrue(browser.get("/account").body().contains("Messages: 2 of 4"));
    }
}
