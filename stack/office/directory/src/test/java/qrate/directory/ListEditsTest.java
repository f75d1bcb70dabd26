package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.core.ControlFile;
import qrate.directory.EditableDirectory.Alias;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.lists.Lists;

/// Lists and control files, which are files and yet changed like the rest.
class ListEditsTest extends OpenDirectory {
    private static final ListSettings USUAL = ListSettings.ofNew("postmaster@example.test");
    private static final String TEAM = "team@example.test";

    @BeforeEach
    void fill() throws IOException {
        done(new Edit.AddDomain("example.test", new Password.Clear("correct-horse-battery")));
    }

    private void done(Edit edit) throws IOException {
        assertEquals(new Change.Done(), domains.apply(edit), edit.toString());
    }

    private void refused(Refusal.Key key, Edit edit) throws IOException {
        Change.Refused why = assertInstanceOf(Change.Refused.class, domains.apply(edit), edit.toString());
        assertEquals(key, why.refusal().key(), edit.toString());
    }

    private Path list() {
        return folder.resolve("maildirs/domains/example.test/team");
    }

    private List<String> people(ListSet set) throws IOException {
        return Lists.withoutQueue().all(list(), set.base());
    }

    private String newest() throws IOException {
        return domains.audit().newest(1).getFirst().what();
    }

    @Test
    void whatIsSoAlreadyIsNotNoted() throws IOException {
        done(new Edit.SetList(TEAM, USUAL));
        done(new Edit.AddToList(TEAM, ListSet.SUBSCRIBERS, List.of("ann@far.test")));
        done(new Edit.SetControl(ControlFile.DATABYTES, List.of("1")));
        String before = newest();
        done(new Edit.SetList(TEAM, USUAL));
        done(new Edit.AddToList(TEAM, ListSet.SUBSCRIBERS, List.of("ANN@far.test")));
        done(new Edit.TakeFromList(TEAM, ListSet.SUBSCRIBERS, List.of("nobody@far.test")));
        done(new Edit.SetControl(ControlFile.DATABYTES, List.of("1")));
        done(new Edit.RemoveControl(ControlFile.BADMAILFROM));
        assertEquals(before, newest());
    }

    @Test
    void aListLetsItsMailInAndNoLongerOnceItIsRemoved() throws IOException {
        done(new Edit.SetList(TEAM, USUAL));
        assertEquals(
                List.of(
                        new Alias(TEAM, "postmaster@example.test"),
                        new Alias("team-default@example.test", "postmaster@example.test")),
                domains.aliases("example.test"));
        done(new Edit.DeleteAlias(new Alias("team-default@example.test", "postmaster@example.test")));
        done(new Edit.SetList(TEAM, USUAL));
        assertEquals("list team@example.test: mail is let in", newest());
        done(new Edit.RemoveList(TEAM));
        assertEquals(List.of(), domains.aliases("example.test"));
        assertFalse(Files.exists(list()));
    }

    @Test
    void aDomainThatMayHaveNoMoreAliasesGetsNoListAndNoPartOfOne() throws IOException {
        done(new Edit.SetLimits("example.test", new EditableDirectory.Limits(0, 1, 0)));
        refused(Refusal.Key.ALIASES_FULL, new Edit.SetList(TEAM, USUAL));
        assertEquals(List.of(), domains.aliases("example.test"));
        assertFalse(Files.exists(list()));
    }

    @Test
    void anotherOnesNameIsNoLists() throws IOException {
        done(new Edit.AddAlias(new Alias(TEAM, "far@far.test")));
        refused(Refusal.Key.LIST_TAKEN, new Edit.SetList(TEAM, USUAL));
        refused(Refusal.Key.LIST_TAKEN, new Edit.SetList("postmaster@example.test", USUAL));
    }

    @Test
    void peopleComeAndGoInEachSet() throws IOException {
        done(new Edit.SetList(TEAM, USUAL));
        for (ListSet set : ListSet.values()) {
            done(new Edit.AddToList(TEAM, set, List.of("b@far.test", "a@far.test")));
            assertEquals(List.of("a@far.test", "b@far.test"), people(set), set.word());
            done(new Edit.TakeFromList(TEAM, set, List.of("b@far.test")));
            assertEquals(List.of("a@far.test"), people(set), set.word());
            refused(Refusal.Key.LIST_ADDRESS, new Edit.AddToList(TEAM, set, List.of("c@far.test", "a b")));
            assertEquals(List.of("a@far.test"), people(set), "all of them or none");
        }
        assertEquals(USUAL.denying(), ListSettings.read(list()), "who is denied is denied");
    }

    @Test
    void manyPeopleAreOneLineOfTheAuditLog() throws IOException {
        done(new Edit.SetList(TEAM, USUAL));
        done(new Edit.AddToList(
                TEAM,
                ListSet.SUBSCRIBERS,
                IntStream.range(0, 30).mapToObj(i -> "a" + i + "@far.test").toList()));
        assertTrue(newest().endsWith(" and 20 more"), newest());
    }

    @Test
    void aFolderThatCannotBeWrittenLeavesNothingSaid() throws IOException {
        Files.createDirectories(list().getParent());
        Files.writeString(list(), "in the way");
        String before = newest();
        assertThrows(IOException.class, () -> domains.apply(new Edit.SetList(TEAM, USUAL)));
        assertEquals(before, newest());
        assertEquals(List.of(), domains.aliases("example.test"));
    }

    @Test
    void theDirectorysOwnLinesStayInTheFilesThatItShares() throws IOException {
        Path hosts = folder.resolve("control/rcpthosts");
        Files.writeString(hosts, "# ours\nexample.test\nold.test\n");
        done(new Edit.SetControl(ControlFile.RCPTHOSTS, List.of("new.test", "example.test")));
        assertEquals("# ours\nexample.test\nnew.test\n", Files.readString(hosts));
        assertEquals("set control file rcpthosts: + new.test, - old.test", newest());
        refused(Refusal.Key.CONTROL_STAYS, new Edit.RemoveControl(ControlFile.RCPTHOSTS));
    }

    @Test
    void whatIsMadeOfAFileComesAndGoesWithIt() throws IOException {
        done(new Edit.SetControl(ControlFile.MORERCPTHOSTS, List.of("more.test")));
        done(new Edit.SetControl(ControlFile.TCP_SMTP, List.of("127.:allow")));
        refused(Refusal.Key.CONTROL_RULES, new Edit.SetControl(ControlFile.TCP_SMTP, List.of("nonsense")));
        for (ControlFile made : List.of(ControlFile.MORERCPTHOSTS_CDB, ControlFile.TCP_SMTP_CDB)) {
            assertTrue(Files.exists(folder.resolve("control").resolve(made.file())), made.file());
        }
        done(new Edit.RemoveControl(ControlFile.MORERCPTHOSTS));
        done(new Edit.RemoveControl(ControlFile.TCP_SMTP));
        for (ControlFile made : List.of(ControlFile.MORERCPTHOSTS_CDB, ControlFile.TCP_SMTP_CDB)) {
            assertFalse(Files.exists(folder.resolve("control").resolve(made.file())), made.file());
        }
    }
}
