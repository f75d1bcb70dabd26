package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.lists.Rig.ANN;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Slice;
import qrate.core.Verdict;

/// What pages see of a list, and what they tell it.
class ListLookTest {
    private static final String MODERATOR = "mod@x.test";

    @TempDir
    Path folder;

    private static List<String> addresses(List<ListLook.Person> people) {
        return people.stream().map(ListLook.Person::address).toList();
    }

    @Test
    void aHundredThousandSubscribersArePagedInOrderAndSearched() throws Exception {
        Rig rig = new Rig(folder);
        List<String> all = IntStream.range(0, 100_000)
                .mapToObj(i -> String.format("s%06d@far%d.test", i, i % 7))
                .toList();
        rig.lists.add(rig.dir(), "", all);
        ListLook look = rig.look();
        Slice.Part<ListLook.Person> first = look.people(ListSet.SUBSCRIBERS, Slice.first(50));
        assertEquals(all.subList(0, 50), addresses(first.rows()));
        assertTrue(first.later() && !first.earlier());
        assertEquals(100_000, first.all());
        Slice.Part<ListLook.Person> next = look.people(ListSet.SUBSCRIBERS, new Slice("", all.get(77_777), "", 50));
        assertEquals(all.subList(77_778, 77_828), addresses(next.rows()));
        List<String> wanted = all.stream().filter(a -> a.contains("99@far3")).toList();
        Slice.Part<ListLook.Person> found = look.people(ListSet.SUBSCRIBERS, new Slice("99@far3", "", "", 50));
        assertEquals(wanted.subList(0, 50), addresses(found.rows()));
        assertEquals(wanted.size(), found.all());
        assertEquals(
                Set.of(all.get(5), all.get(99_999)),
                look.among(ListSet.SUBSCRIBERS, List.of(all.get(5), "none@x.test", all.get(99_999))));
        assertEquals(0, look.count(ListSet.DENY));
    }

    @Test
    void whoseMailCameBackIsShown() throws Exception {
        Rig rig = new Rig(folder);
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN, "bob@x.test");
        rig.mail("ezmlm-return", "", "team-return-", "1-ann=example.org", "Subject: failure\n\nno\n");
        rig.mail("ezmlm-return", "", "team-return-", "2-ann=example.org", "Subject: failure\n\nno\n");
        assertEquals(Optional.of(new ListLook.Bounced(rig.now, 2, false)), bounced(rig, 0));
        assertEquals(Optional.empty(), bounced(rig, 1));
        Files.writeString(rig.dir().resolve("bounce/d/" + Bounces.key("bob@x.test")), "garbage");
        assertEquals(Optional.empty(), bounced(rig, 1));
    }

    private static Optional<ListLook.Bounced> bounced(Rig rig, int row) throws IOException {
        return rig.look()
                .people(ListSet.SUBSCRIBERS, Slice.first(50))
                .rows()
                .get(row)
                .bounced();
    }

    private Rig withWaiting(String post) throws Exception {
        Rig rig = new Rig(folder, "-m");
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        rig.hand("ezmlm-sub", rig.dir() + "/mod", MODERATOR);
        assertEquals(0, rig.mail("ezmlm-store", "bob@x.test", "team", "", post));
        return rig;
    }

    private static ListLook.Waiting only(Rig rig) throws IOException {
        assertEquals(1, rig.look().waiting().size());
        return rig.look().waiting().getFirst();
    }

    @Test
    void aPostThatWaitsIsShownAndGoesOutOnceAPageSaysSo() throws Exception {
        Rig rig = withWaiting("From: Bob <bob@x.test>\nSubject: =?utf-8?Q?F=C3=AAte?=\n\nCome all!\n");
        ListLook.Waiting post = only(rig);
        assertEquals("bob@x.test", post.sender());
        assertEquals("F\u00eate", post.about().subject());
        assertEquals(
                "Come all!", rig.look().waitingText(post.id()).orElseThrow().text());
        assertEquals(
                new Verdict.Delivered("ok 1 qp 2"),
                rig.decisions().decide(rig.look(), post, Decisions.Decision.ACCEPT, ""));
        assertEquals("team-owner@example.test", rig.last().envelope().sender());
        assertEquals(0, rig.decided(), rig.said);
        assertEquals(ANN, rig.last().envelope().recipients().getFirst().address());
        assertTrue(rig.last().text().endsWith("\n\nCome all!\n"), rig.last().text());
        assertEquals(List.of(), rig.look().waiting());
        assertEquals(Optional.empty(), rig.look().waiting(post.id()));
    }

    @Test
    void aPostThatIsRejectedGoesBackWithTheReason() throws Exception {
        Rig rig = withWaiting("From: bob@x.test\nSubject: buy\n\nbuy\n");
        String reason = "No adverts,\nplease: \u8b1d\u8b1d";
        rig.decisions().decide(rig.look(), only(rig), Decisions.Decision.REJECT, reason);
        assertEquals(0, rig.decided(), rig.said);
        assertEquals("bob@x.test", rig.last().envelope().recipients().getFirst().address());
        assertTrue(
                rig.last().text().contains("\nThe moderator says:\n\n" + reason + "\n\n--- Copy"),
                rig.last().text());
        assertEquals(List.of(), rig.look().waiting());
    }

    @Test
    void aRejectionWithoutAReasonSaysNone() throws Exception {
        Rig rig = withWaiting("From: bob@x.test\nSubject: buy\n\nbuy\n");
        rig.decisions().decide(rig.look(), only(rig), Decisions.Decision.REJECT, " \n ");
        assertEquals(0, rig.decided(), rig.said);
        assertFalse(rig.last().text().contains("The moderator says"), rig.last().text());
    }

    @Test
    void aModeratorGivesAReasonByMailAsEzmlmHasIt() throws IOException {
        assertEquals("no\nnot here\n", reason("Hello\n> %%% Start\n> no\n> not here\n> %%%\nbye\n"));
        assertEquals("one\n", reason("%%%\none\n%%%\ntwo\n%%%\n"));
        assertEquals("", reason("%%%\nwithout an end\n"));
        assertEquals("", reason("a line with many letters %%%\nx\n%%%\n"));
        assertEquals("x y\n", reason("%%%\nx\ty\n%%%\n"));
        assertEquals(200, reason("%%%\n" + "x".repeat(999) + "\n%%%\n").strip().length());
        assertEquals(40, reason("%%%\n" + "x\n".repeat(99) + "%%%\n").lines().count());
    }

    private static String reason(String body) throws IOException {
        return Moderation.reason(Body.of(("Subject: x\n\n" + body).getBytes(UTF_8)));
    }

    @Test
    void onlyWhatWaitsIsOpened() throws Exception {
        Rig rig = withWaiting("Subject: x\n\nx\n");
        for (String id : List.of("", "../../key", "1-a/../../key", "..", "1-zz", ".new")) {
            assertEquals(Optional.empty(), rig.look().waiting(id), id);
            assertEquals(Optional.empty(), rig.look().waitingText(id), id);
        }
        Files.writeString(rig.dir().resolve("mod/pending/strange"), "Subject: y\n\ny");
        assertEquals(1, rig.look().waiting().size());
    }

    @Test
    void theArchiveIsReadFromItsEnd() throws Exception {
        Rig rig = new Rig(folder);
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        for (int i = 1; i <= 7; i++) {
            String subject = "post " + i + (i % 2 == 0 ? " even" : "");
            rig.post(ANN, "From: ann@example.org\nSubject: " + subject + "\n\ntext " + i + "\n");
        }
        Files.delete(rig.dir().resolve("archive/0/05"));
        ListLook.ArchivePart part = rig.look().archive(0, "", 3);
        assertEquals(List.of(7L, 6L, 4L), numbers(part));
        assertEquals(4, part.next());
        assertEquals(List.of(3L, 2L, 1L), numbers(rig.look().archive(4, "", 3)));
        assertEquals(List.of(6L, 4L, 2L), numbers(rig.look().archive(0, "EVEN", 10)));
        assertEquals(0, rig.look().archive(0, "EVEN", 10).next());
        assertEquals("text 3", rig.look().archivedText(3).orElseThrow().text());
        for (long none : new long[] {-1, 0, 5, 8, Long.MAX_VALUE}) {
            assertEquals(Optional.empty(), rig.look().archivedText(none));
        }
    }

    private static List<Long> numbers(ListLook.ArchivePart part) {
        return part.posts().stream().map(ListLook.Archived::number).toList();
    }

    @Test
    void whereNoListIsThereIsNothingToSee() throws Exception {
        Rig rig = new Rig(folder);
        Path maildirs = rig.home.getParent().getParent();
        assertEquals(Optional.empty(), ListLook.at(maildirs, "none@example.test"));
        assertEquals(Optional.empty(), ListLook.at(maildirs, "../example.test/team@example.test"));
    }

    @Test
    void whoIsInFromIsASetting() throws Exception {
        Rig rig = new Rig(folder);
        ListSettings before = ListSettings.read(rig.dir());
        assertEquals(ListSettings.Rewrite.AUTO, before.rewriteFrom());
        ListSettings always = new ListSettings(
                before.owner(), before.flags(), before.prefix(), before.oneClick(), ListSettings.Rewrite.ALWAYS);
        always.write(rig.dir());
        assertEquals("always\n", Files.readString(rig.dir().resolve("rewritefrom")));
        assertEquals(always, ListSettings.read(rig.dir()));
        assertEquals("rewrite_from auto -> always", before.difference(always));
        before.write(rig.dir());
        assertFalse(Files.exists(rig.dir().resolve("rewritefrom")));
        Files.writeString(rig.dir().resolve("rewritefrom"), "sometimes");
        assertEquals(ListSettings.Rewrite.AUTO, ListSettings.read(rig.dir()).rewriteFrom());
    }
}
