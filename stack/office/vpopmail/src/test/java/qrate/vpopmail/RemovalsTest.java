package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;

/// What would go beside what was named is named first.
class RemovalsTest extends DirectoryByHand {
    @BeforeEach
    void fill() throws Exception {
        Password password = new Password.Clear("correct horse");
        domains.apply(new Edit.AddDomain("example.test", password));
        domains.apply(new Edit.AddDomain("ex_mple.test", password));
        domains.apply(new Edit.AddDomain("exxmple.test", password));
        domains.apply(new Edit.AddDomain("other.test", password));
        domains.apply(new Edit.AddMailbox("ann@example.test", password));
        domains.apply(new Edit.AddMailbox("a_n@example.test", password));
    }

    private void refusedNaming(String command, String... losses) throws Exception {
        assertEquals(100, run(command));
        for (String loss : losses) {
            assertTrue(err.toString(UTF_8).contains(loss), err.toString(UTF_8));
        }
    }

    @Test
    void aDomainByItselfGoesWithoutAQuestionWhereNobodySitsThere() throws Exception {
        assertEquals(0, run("vdeldomain other.test"), err.toString(UTF_8));
    }

    @Test
    void aMailboxIsBroughtBackByItsName() throws Exception {
        domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        assertEquals(100, run("vdeluser -u ann@example.test"), "it is there");
        assertEquals(0, run("vdeluser ann@example.test"));
        assertEquals(0, run("vdeluser -u Ann@alias.test"), err.toString(UTF_8));
        assertTrue(
                domains.accounts().signIn("ann@example.test", "correct horse").isPresent());
        for (String none : List.of("nobody@example.test", "ann@none.test", "ann", "a b@example.test")) {
            assertEquals(100, run(List.of("vdeluser", "-u", none)), none);
        }
        assertTrue(err.toString(UTF_8).contains("Nothing is kept of"), err.toString(UTF_8));
    }

    @Test
    void aDomainNamesAliasDomainsListsForwardsAndTheHostsOwnMail() throws Exception {
        domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("far@other.test", "ann@alias.test")));
        domains.apply(new Edit.SetCatchAll("other.test", "ann@example.test"));
        Path maildirs = folder.resolve("maildirs");
        Files.createDirectories(maildirs.resolve("domains/example.test/team/subscribers"));
        Files.createDirectories(maildirs.resolve("alias"));
        Files.writeString(maildirs.resolve("alias/.qmail-postmaster"), "&postmaster@example.test\n");
        refusedNaming(
                "vdeldomain example.test",
                "the alias domain alias.test",
                "the mailing list team@example.test",
                "the forward of far@other.test to ann@alias.test",
                "the catch-all of other.test",
                "mail for postmaster of this host");
        assertTrue(domains.domain("example.test").isPresent());
        refusedNaming("vdeldomain alias.test", "the forward of far@other.test");
        assertEquals(0, run("vdeldomain -f example.test"));
        assertTrue(out.toString(UTF_8).contains("Warning: this goes too: the alias domain alias.test"));
        assertTrue(domains.domain("alias.test").isEmpty());
    }

    @Test
    void aMailboxNamesItsCopiesAndWhoLeadsToIt() throws Exception {
        domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("ann@example.test", "ann@elsewhere.test")));
        domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", "ann@example.test")));
        refusedNaming(
                "vdeluser ann@example.test", "its copies to ann@elsewhere.test", "the forward of sales@example.test");
        assertEquals(0, run("vdeluser a_n@example.test"), "an underscore is no wildcard");
        assertEquals(0, run("vdeluser --force ann@example.test"));
    }

    @Test
    void allLinesOfAnAliasNameWhoLeadsToIt() throws Exception {
        domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", "ann@example.test")));
        domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", "far@elsewhere.test")));
        domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("info@other.test", "sales@alias.test")));
        refusedNaming("valias -d sales@example.test", "the forward of info@other.test to sales@alias.test");
        assertEquals(0, run("valias -d -f sales@alias.test"));
        domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("far@other.test", "ann@alias.test")));
        refusedNaming("vdeluser ann@alias.test", "the forward of far@other.test to ann@alias.test");
    }

    /// What is read by a second name and written back is the domain's own.
    @Test
    void noCommandByASecondNameTakesAwayWhatTheDomainHas() throws Exception {
        domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        domains.apply(new Edit.SetCatchAll("example.test", "ann@example.test"));
        domains.apply(new Edit.SetLimits("example.test", new EditableDirectory.Limits(30, 20, 4096)));
        for (String command : List.of(
                "vmkpasswd alias.test",
                "vmoddomlimits -P 31 alias.test",
                "vpasswd ann@alias.test better-horse",
                "vmoduser -s ann@alias.test",
                "vsetuserquota ann@alias.test 1MB",
                "vuserinfo ann@alias.test",
                "vuserinfo -D alias.test",
                "vdominfo alias.test",
                "vadduser new@alias.test better-horse",
                "valias -i ann@example.test x@alias.test",
                "valias alias.test",
                "vaddaliasdomain alias.test third.test",
                "vdeluser -f new@alias.test")) {
            assertEquals(0, run(command), command + err.toString(UTF_8));
        }
        EditableDirectory.Domain real = domains.domain("example.test").orElseThrow();
        assertEquals("ann@example.test", real.catchAll());
        assertEquals(new EditableDirectory.Limits(31, 20, 4096), real.limits());
        assertEquals("example.test", domains.domain("third.test").orElseThrow().aliasOf());
        assertTrue(domains.accounts().signIn("ann@third.test", "better-horse").isPresent());
    }

    @Test
    void anAliasThatIsAListIsSaid() throws Exception {
        Files.createDirectories(folder.resolve("maildirs/domains/example.test/team/subscribers"));
        for (String address : List.of("team@example.test", "team-default@example.test")) {
            domains.apply(new Edit.AddAlias(new EditableDirectory.Alias(address, "postmaster@example.test")));
            refusedNaming("valias -d " + address, "the mailing list team@example.test");
        }
        assertEquals(0, run("valias -d -f team@example.test"));
        assertEquals(1, domains.aliases("example.test").size());
    }
}
