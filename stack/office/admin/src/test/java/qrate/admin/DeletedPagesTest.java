package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.directory.Actor;
import qrate.directory.DeletedMailbox;
import qrate.directory.Edit;
import qrate.directory.NewMailbox;
import qrate.directory.Password;

/// Removed mailboxes, as a domain's postmaster gets them back.
class DeletedPagesTest extends AdminOnRig {
    private static final String BOX = "lost@example.test";
    private static final String PAGE = "/domains/example.test/deleted";
    private static final String API = "/api/v1" + PAGE;

    private Rig.Browser postmaster;

    @BeforeEach
    void remove() throws IOException {
        rig.domains.apply(new Edit.AddMailbox(BOX, new Password.Clear(Rig.PASSWORD)));
        postmaster = rig.browser().signIn("postmaster@example.test");
        String page = "/mailboxes/lost%40example.test/delete";
        String ask = postmaster.get(page).body();
        assertTrue(ask.contains("For seven days it can be brought back"), ask);
        Matcher agreed = Pattern.compile("name=\"agreed\" value=\"([^\"]*)\"").matcher(ask);
        assertTrue(agreed.find());
        assertEquals(
                303, postmaster.post(page, Map.of("agreed", agreed.group(1))).statusCode());
        assertTrue(rig.domains.mailbox(BOX).isEmpty());
    }

    private static String number() throws IOException {
        return Long.toString(rig.domains.deleted("example.test").getFirst().number());
    }

    @Test
    void isBroughtBackByAButton() throws IOException {
        assertTrue(postmaster.get("/domains/example.test").body().contains("href=\"" + PAGE + "\""));
        String page = postmaster.get(PAGE).body();
        assertTrue(page.contains(BOX) && page.contains("Bring back"), page);
        HttpResponse<String> done = postmaster.post(PAGE + "/" + number() + "/restore", Map.of());
        String to = done.headers().firstValue("Location").orElse("");
        assertTrue(postmaster.get(to).body().contains("The mailbox is back, with its mail."), to);
        assertTrue(rig.domains.signIn(BOX, Rig.PASSWORD).isPresent());
        rig.domains.apply(new Edit.DeleteMailbox(BOX));
    }

    @Test
    void isDeletedForGoodBehindAQuestion() throws IOException {
        String path = PAGE + "/" + number() + "/delete";
        String ask = postmaster.get(path).body();
        assertTrue(ask.contains("what is kept of the mailbox " + BOX), ask);
        Matcher agreed = Pattern.compile("name=\"agreed\" value=\"([^\"]*)\"").matcher(ask);
        assertTrue(agreed.find());
        String number = number();
        assertEquals(
                303, postmaster.post(path, Map.of("agreed", agreed.group(1))).statusCode());
        assertTrue(rig.domains.deleted("example.test").stream()
                .noneMatch(one -> Long.toString(one.number()).equals(number)));
        assertEquals(404, postmaster.get(path).statusCode());
    }

    @Test
    void whereAnotherHasTheNameItIsRefusedOnThePage() throws IOException {
        String number = number();
        rig.domains.apply(new Edit.AddMailbox(BOX, new Password.Clear(Rig.PASSWORD)));
        HttpResponse<String> refused = postmaster.post(PAGE + "/" + number + "/restore", Map.of());
        assertEquals(409, refused.statusCode());
        assertTrue(refused.body().contains(BOX + " exists already"), refused.body());
        String token = rig.token("postmaster@example.test");
        assertEquals(
                409, rig.api("POST", API + "/" + number + "/restore", token, "").statusCode());
        assertEquals(204, rig.api("DELETE", API + "/" + number, token, "").statusCode());
        assertEquals(404, rig.api("DELETE", API + "/" + number, token, "").statusCode());
        assertFalse(rig.api("GET", API, token, "").body().contains("\"id\":" + number));
        rig.domains.apply(new Edit.DeleteMailbox(BOX));
    }

    @Test
    void thePageShowsTheNewestAndSaysHowManyThereAre() throws IOException {
        List<NewMailbox> many = IntStream.rangeClosed(0, DeletedPages.SHOWN_MAX)
                .mapToObj(i -> new NewMailbox(
                        new Edit.AddMailbox("n" + i + "@other.test", new Password.Clear(Rig.PASSWORD)), Map.of()))
                .toList();
        rig.domains.as(Actor.program("test")).addAll(many, false);
        rig.domains.applyAll(
                many.stream()
                        .map(one -> new Edit.DeleteMailbox(one.edit().address()))
                        .toList(),
                Actor.program("test"));
        Rig.Browser other = rig.browser().signIn("postmaster@other.test");
        String page = other.get("/domains/other.test/deleted").body();
        assertEquals(DeletedPages.SHOWN_MAX, page.split("/restore\"", -1).length - 1);
        assertTrue(page.contains("The newest 200 of 201"), page);
        DeletedMailbox last = rig.domains.deleted("other.test").getLast();
        assertEquals(
                204,
                rig.api(
                                "POST",
                                "/api/v1/domains/other.test/deleted/" + last.number() + "/restore",
                                rig.token("admin"),
                                "")
                        .statusCode());
    }

    @Test
    void anotherDomainsPostmasterSeesAndDoesNothing() throws IOException {
        String number = number();
        Rig.Browser other = rig.browser().signIn("postmaster@other.test");
        assertEquals(403, other.get(PAGE).statusCode());
        assertEquals(403, other.post(PAGE + "/" + number + "/restore", Map.of()).statusCode());
        // by the number of another domain's, in one of his own
        assertEquals(
                404,
                other.post("/domains/other.test/deleted/" + number + "/restore", Map.of())
                        .statusCode());
        assertTrue(rig.domains.mailbox(BOX).isEmpty());
    }
}
