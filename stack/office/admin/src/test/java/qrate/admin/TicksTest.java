package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Audit;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.language.Language;

/// Several rows at once: ticked, asked for on one page, and done.
class TicksTest {
    private static final String MAILBOXES = "/domains/example.test/mailboxes/ticked";
    private static final String ASIDE = "/domains/example.test/quarantine/ticked";

    @TempDir
    Path folder;

    private Rig rig;
    private Rig.Browser postmaster;

    @BeforeEach
    void fill() throws IOException {
        rig = new Rig(folder);
        for (String local : List.of("bob", "cat")) {
            rig.domains.apply(new Edit.AddMailbox(local + "@example.test", new Password.Clear(Rig.PASSWORD)));
        }
        postmaster = rig.browser().signIn("postmaster@example.test");
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private static Map<String, String> ticked(String act, String... rows) {
        Map<String, String> fields = new HashMap<>(Map.of("do", act));
        for (String row : rows) {
            fields.put("t." + row, "1");
        }
        return fields;
    }

    private static String posted(Rig.Browser by, int status, String path, Map<String, String> fields)
            throws IOException {
        HttpResponse<String> answer = by.post(path, fields);
        assertEquals(status, answer.statusCode(), path + answer.body());
        return answer.body() + answer.headers().firstValue("Location").orElse("");
    }

    /// What the form of the page that asks says.
    private static Map<String, String> agreed(String page) {
        Map<String, String> fields = new HashMap<>();
        Matcher hidden = Pattern.compile("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")
                .matcher(page.substring(page.indexOf("<main")));
        while (hidden.find()) {
            fields.put(hidden.group(1), hidden.group(2));
        }
        fields.remove("csrf");
        return fields;
    }

    private EditableDirectory.Mailbox mailbox(String local) throws IOException {
        return rig.domains.mailbox(local + "@example.test").orElseThrow();
    }

    private List<String> audit(int most) throws IOException {
        return rig.domains.audit().newest(most).stream().map(Audit.Event::what).toList();
    }

    @Test
    void mailboxesAreSuspendedAndResumedOnceThePageThatNamesThemWasAgreedTo() throws IOException {
        String page = posted(postmaster, 200, MAILBOXES, ticked("suspend", "ann", "bob"));
        assertTrue(page.contains("Suspend mailboxes: 2") && page.contains("<li>ann@example.test</li>"), page);
        assertTrue(mailbox("ann").is(Property.POP), "nothing is done yet");
        assertTrue(posted(postmaster, 303, MAILBOXES, agreed(page)).endsWith("/domains/example.test?done=saved"));
        assertFalse(mailbox("ann").is(Property.POP) || mailbox("bob").is(Property.SMTP));
        assertTrue(mailbox("cat").is(Property.POP));
        assertTrue(audit(2).stream().allMatch(what -> what.startsWith("modify mailbox ")), audit(2)::toString);
        String list = postmaster.get("/domains/example.test").body();
        assertEquals(2, list.split("<span class=\"tag\">suspended</span>", -1).length - 1, list);
        posted(postmaster, 303, MAILBOXES, agreed(posted(postmaster, 200, MAILBOXES, ticked("resume", "ann"))));
        assertTrue(mailbox("ann").is(Property.POP) && mailbox("ann").is(Property.SMTP));
    }

    @Test
    void aQuotaIsSetForSeveral() throws IOException {
        Map<String, String> wrong = ticked("quota", "ann", "bob");
        wrong.put("quota", "lots");
        assertTrue(posted(postmaster, 400, MAILBOXES, wrong).contains("A quota looks like"));
        Map<String, String> fields = ticked("quota", "ann", "bob");
        fields.put("quota", "5 MB");
        String page = posted(postmaster, 200, MAILBOXES, fields);
        assertTrue(page.contains("These get the quota 5 MB:"), page);
        posted(postmaster, 303, MAILBOXES, agreed(page));
        assertEquals(5 << 20, mailbox("bob").quota().bytes());
        assertEquals(0, mailbox("cat").quota().bytes());
        fields = agreed(posted(postmaster, 200, MAILBOXES, fields));
        fields.put("quota", "500 MB");
        assertTrue(posted(postmaster, 409, MAILBOXES, fields).contains("what would be removed has changed"));
    }

    @Test
    void whatGoesWithSeveralIsNamedAndAllOfThemGoOrNone() throws IOException {
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("office@other.test", "cat@example.test")));
        assertTrue(posted(postmaster, 409, MAILBOXES, ticked("remove", "ann", "postmaster"))
                .contains("postmaster"));
        String page = posted(postmaster, 200, MAILBOXES, ticked("remove", "bob", "cat"));
        assertTrue(page.contains("Remove mailboxes: 2") && page.contains("office@other.test"), page);
        rig.domains.apply(new Edit.DeleteMailbox("bob@example.test"));
        assertTrue(posted(postmaster, 409, MAILBOXES, agreed(page)).contains("bob@example.test"));
        assertTrue(rig.domains.mailbox("cat@example.test").isPresent(), "one is gone: nothing was done");
        page = posted(postmaster, 200, MAILBOXES, ticked("remove", "ann", "cat"));
        posted(postmaster, 303, MAILBOXES, agreed(page));
        assertEquals(1, rig.domains.mailboxes("example.test").size());
    }

    @Test
    void withoutATickOrAnActNothingIsAsked() throws IOException {
        assertTrue(posted(postmaster, 400, MAILBOXES, Map.of("do", "remove")).contains("Tick at least one row first."));
        posted(postmaster, 400, MAILBOXES, ticked("sell", "ann"));
        assertTrue(
                posted(postmaster, 409, MAILBOXES, ticked("suspend", "nobody")).contains("nobody@example.test"));
        Rig.Browser other = rig.browser().signIn("postmaster@other.test");
        posted(other, 403, MAILBOXES, ticked("remove", "ann"));
        posted(other, 409, "/domains/other.test/mailboxes/ticked", ticked("remove", "ann"));
        assertEquals(4, rig.domains.mailboxes("example.test").size());
    }

    @Test
    void messagesAreTriedAndGivenUpAndWhatIsGoneIsSaid() throws IOException {
        Rig.Browser admin = rig.browser().signIn("admin");
        String page = posted(admin, 200, "/queue/ticked", ticked("retry", "7"));
        assertTrue(page.contains("Try messages now: 1") && page.contains("message 7 from"), page);
        assertEquals(List.of(), rig.queue.asked);
        posted(admin, 303, "/queue/ticked", agreed(page));
        assertEquals(List.of("retry 7"), rig.queue.asked);
        assertTrue(
                posted(admin, 409, "/queue/ticked", ticked("bounce", "7", "9")).contains("gone meanwhile: 1"));
        posted(admin, 303, "/queue/ticked", agreed(posted(admin, 200, "/queue/ticked", ticked("bounce", "7"))));
        assertEquals("bounce 7", rig.queue.asked.getLast());
        posted(admin, 400, "/queue/ticked", ticked("delete", "7"));
    }

    @Test
    void messagesThatWerePutAsideAreLetOutOrDeletedTogether() throws IOException {
        String page = posted(postmaster, 200, ASIDE, ticked("let-out", "7", "9"));
        assertTrue(page.contains("Let messages out: 2") && !page.contains("<script>alert"), page);
        assertEquals(List.of(), rig.queue.asked);
        assertTrue(posted(postmaster, 303, ASIDE, agreed(page)).endsWith("?done=let-out"));
        assertEquals(List.of("let out 7 [ann@example.test]", "let out 9 [sales@example.test]"), rig.queue.asked);
        assertTrue(audit(2).stream().allMatch(what -> what.startsWith("quarantine: let out message ")));
        posted(postmaster, 409, ASIDE, ticked("delete", "7"));
        Rig.Browser ann = rig.browser().signIn("ann@example.test");
        posted(ann, 403, ASIDE, ticked("delete", "8"));
        posted(ann, 409, "/mailboxes/ann@example.test/quarantine/ticked", ticked("delete", "8"));
    }

    @Test
    void whatIsDoneOfSeveralIsCountedWhereSomethingStopsIt() {
        assertEquals(Said.NOTHING, Ticks.each(List.of(1, 2), _ -> true));
        assertEquals(
                "Done: 2. Gone meanwhile: 1.",
                Ticks.each(List.of(1, 2, 3), one -> one != 2).in(Language.ENGLISH));
        Said stopped = Ticks.each(List.of(1, 2, 3, 4), one -> {
            if (one == 3) {
                throw new IOException("send does not answer");
            }
            return one != 1;
        });
        assertEquals(
                "Done: 1. Not done: 3, since the queue did not answer: send does not answer",
                stopped.in(Language.ENGLISH));
    }
}
