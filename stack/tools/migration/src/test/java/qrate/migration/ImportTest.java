package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.snapshots.Directory.Route;

class ImportTest extends OnOldTree {
    private void taken(String... options) {
        assertEquals(0, here.take(old, options), here.said());
    }

    @Test
    void aDryRunSaysWhatItWouldDoAndChangesNothing() throws Exception {
        old.queued(46, "x@far.test", "Told.test-ann@old.test|", "");
        Map<String, String> before = OldTree.digest(folder);
        taken("--replace", "--queue");
        assertEquals(before, OldTree.digest(folder));
        for (String line : List.of(
                "import: would replace control/me\n",
                "import: would write control/smtproutes\n",
                "import: would add to control/rcpthosts: backup.test\n",
                "import: would write alias/.qmail-postmaster\n",
                "import: would add domain old.test: 3 mailboxes, 5 alias lines\n",
                "import: would add domain big.test: 2 mailboxes, 1 other name\n",
                "import: would add to domain old.test: 3 messages, 58 bytes, in 1 mailboxes\n",
                "import: would hand over the queue: 1 messages for 1 recipients\n",
                "import: this was a dry run, nothing was written: --apply does it\n")) {
            assertTrue(here.said().contains(line), line + here.said());
        }
    }

    @Test
    void everythingIsTakenAndTheOldTreeStaysAsItWas() throws Exception {
        Map<String, String> before = OldTree.digest(folder.resolve("old"));
        taken("--apply", "--replace");
        assertEquals(before, OldTree.digest(folder.resolve("old")));
        assertEquals("mx.old.test\n", here.control("me"));
        assertEquals("slow.test:relay.old.test:26\n", here.control("smtproutes"));
        assertEquals("10000000\n", here.control("databytes"));
        assertTrue(here.control("rcpthosts").contains("backup.test\n"));
        assertTrue(here.control("virtualdomains").contains("second.test:second.test\n"));
        assertEquals(OldTree.MD5, here.account("ann@old.test").hash());
        assertFalse(here.account("bob@old.test").pop());
        assertFalse(here.account("bob@old.test").smtp());
        Route.Mailbox ann = assertInstanceOf(Route.Mailbox.class, here.route("ann@old.test"));
        assertEquals(1_000_000, ann.quotaBytes());
        assertEquals(100, ann.quotaMessages());
        assertTrue(ann.keep());
        Route.Mailbox bob = assertInstanceOf(Route.Mailbox.class, here.route("bob@old.test"));
        assertEquals(List.of("bob@far.test"), bob.copies());
        assertFalse(bob.keep());
        assertEquals(new Route.Forward(List.of("ann@old.test", "bob@old.test")), here.route("sales@old.test"));
        assertEquals(new Route.Forward(List.of("jo@far.test")), here.route("jo.doe@old.test"));
        assertEquals(new Route.NoSuchUser(), here.route("nobody@old.test"));
        assertEquals("cid@big.test", ((Route.Mailbox) here.route("nobody@second.test")).address());
        assertEquals("./Mailbox\n", Files.readString(here.home("old.test/.qmail-box")));
        assertEquals(new Route.Forward(List.of("postmaster@old.test")), here.route("box@old.test"));
        assertEquals("&ann@old.test\n", Files.readString(here.state().maildirs().resolve("alias/.qmail-postmaster")));
    }

    @Test
    void passwordsInClearAreNowhereAfterwards() throws Exception {
        taken("--apply", "--replace");
        try (Stream<Path> files = Files.walk(here.state().root())) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                assertFalse(Files.readString(file, StandardCharsets.ISO_8859_1).contains("secret"), file.toString());
            }
        }
        assertFalse(here.said().contains("secret"), here.said());
    }

    @Test
    void messagesKeepNameFlagsTimeAndContent() throws Exception {
        taken("--apply", "--replace");
        assertEquals(
                List.of("new/1600000001.100.old,S=30", "cur/1600000002.101.old,S=30:2,RS"),
                here.letters("old.test/ann/Maildir"));
        assertEquals(List.of("cur/1600000003.102.old:2,S"), here.letters("old.test/ann/Maildir/.Sent"));
        assertEquals(List.of("cur/1600000005.104.old:2,"), here.letters("big.test/cid/Maildir"));
        Path from = old.vpopmail().resolve("domains/old.test/ann/Maildir/cur/1600000002.101.old,S=30:2,RS");
        Path to = here.home("old.test/ann/Maildir/cur/1600000002.101.old,S=30:2,RS");
        assertArrayEquals(Files.readAllBytes(from), Files.readAllBytes(to));
        assertEquals(Files.getLastModifiedTime(from), Files.getLastModifiedTime(to));
        assertTrue(Files.exists(here.home("old.test/ann/Maildir/.Sent/maildirfolder")));
        assertFalse(Files.exists(here.home("old.test/ann/Maildir/maildirsize")));
        assertFalse(Files.exists(here.home("old.test/ann/.import")));
        assertEquals(List.of(), Source.list(here.home("old.test/ann/Maildir/tmp")));
    }

    @Test
    void aSecondRunHasNothingToDo() throws Exception {
        taken("--apply", "--replace");
        Map<String, String> before = OldTree.digest(here.state().maildirs());
        taken("--apply", "--replace");
        assertTrue(here.said().endsWith("import: nothing to do\n"), here.said());
        assertEquals(before, OldTree.digest(here.state().maildirs()));
        taken();
        assertTrue(here.said().endsWith("import: nothing to do\n"), here.said());
    }

    @Test
    void whatAnAdministratorOrAUserChangedSinceStays() throws Exception {
        taken("--apply", "--replace");
        try (Domains domains = here.open()) {
            domains.apply(new Edit.SetPassword("ann@old.test", new Password.Clear("another one")));
            domains.apply(new Edit.DeleteMailbox("bob@old.test"));
            domains.apply(new Edit.DeleteAlias(new EditableDirectory.Alias("sales@old.test", "ann@old.test")));
            domains.apply(new Edit.SetCatchAll("big.test", ""));
        }
        String hash = here.account("ann@old.test").hash();
        Files.writeString(here.state().control().resolve("databytes"), "5\n");
        Files.delete(here.state().control().resolve("smtproutes"));
        Files.delete(here.home("old.test/ann/Maildir/cur/1600000002.101.old,S=30:2,RS"));
        Files.move(
                here.home("old.test/ann/Maildir/new/1600000001.100.old,S=30"),
                here.home("old.test/ann/Maildir/cur/1600000001.100.old,S=30:2,S"));
        old.letter("old.test/ann", "new", "1600000009.200.old", "late");
        taken("--apply", "--replace");
        assertEquals(hash, here.account("ann@old.test").hash());
        assertEquals(new Route.Forward(List.of("bob@old.test")), here.route("sales@old.test"));
        assertEquals(new Route.Forward(List.of("bob@old.test")), here.route("sales@old.test"));
        assertFalse(here.route("bob@old.test") instanceof Route.Mailbox);
        assertEquals(new Route.NoSuchUser(), here.route("nobody@big.test"));
        assertEquals("5\n", here.control("databytes"));
        assertFalse(Files.exists(here.state().control().resolve("smtproutes")));
        assertEquals(
                List.of("cur/1600000001.100.old,S=30:2,S", "new/1600000009.200.old"),
                here.letters("old.test/ann/Maildir"));
        assertTrue(here.said().contains("import: note: bob@old.test: removed here since, stays so\n"), here.said());
        assertTrue(
                here.said().contains("import: note: control/databytes: changed here since, stays so\n"), here.said());
        assertTrue(here.said().contains("import: add to domain old.test: 1 messages, "), here.said());
    }

    @Test
    void anotherFileThatIsHereStaysUnlessItMayBeReplaced() throws Exception {
        assertEquals(100, here.take(old, "--apply"), here.said());
        assertEquals("mail.new.test\n", here.control("me"));
        assertTrue(
                here.said()
                        .contains("import: conflict: control/me: another is here already and stays"
                                + " (--replace takes the old one's)\n"),
                here.said());
        taken("--apply", "--replace");
        assertEquals("mx.old.test\n", here.control("me"));
    }

    @Test
    void messagesAreLinkedWhereTheyCanBe() throws Exception {
        taken("--apply", "--replace", "--link");
        Path from = old.vpopmail().resolve("domains/old.test/ann/Maildir/new/1600000001.100.old,S=30");
        Path to = here.home("old.test/ann/Maildir/new/1600000001.100.old,S=30");
        assertTrue(Files.isSameFile(from, to));
        taken("--apply", "--replace", "--link");
        assertTrue(here.said().endsWith("import: nothing to do\n"), here.said());
    }

    @Test
    void linksToAnotherFileSystemBecomeCopiesAndThatIsSaidOnce(@TempDir Path disk) throws Exception {
        old = new OldTree(disk).usual();
        taken("--apply", "--replace", "--link");
        boolean apart = !Files.getFileStore(disk).equals(Files.getFileStore(folder));
        String note = "import: note: messages are copied: links to another file system or owner cannot be\n";
        assertEquals(apart ? 2 : 1, here.said().split(note, -1).length, here.said());
        assertEquals(2, here.letters("old.test/ann/Maildir").size());
        assertEquals(1, here.letters("big.test/cid/Maildir").size());
    }

    @Test
    void aMailboxThatIsHereKeepsItsPasswordAndGetsItsMail() throws Exception {
        try (Domains domains = here.open()) {
            domains.apply(new Edit.AddDomain("old.test", new Password.Clear("postmaster's")));
            domains.apply(new Edit.AddMailbox("ann@old.test", new Password.Clear("ann's own")));
        }
        String hash = here.account("ann@old.test").hash();
        taken("--apply", "--replace");
        assertEquals(hash, here.account("ann@old.test").hash());
        assertEquals(2, here.letters("old.test/ann/Maildir").size());
        assertTrue(here.said().contains("import: note: ann@old.test: is here already"), here.said());
    }

    @Test
    void troubleIsNamedWithFileAndLineAndTheRestIsTaken() throws Exception {
        old.file("qmail/control/concurrencyremote", "many\n");
        old.file("qmail/control/percenthack", "old.test\n");
        old.file("qmail/control/qmqpservers", "10.0.0.1\n");
        old.file("qmail/control/badhelo", "friend\n");
        old.file("qmail/control/badmailfrom", "spam@far.test\n");
        old.file("qmail/control/smtproutes", "a.test:b.test:26\nnonsense\n");
        old.file("qmail/control/rcpthosts", "backup.test\n.test\n");
        old.assign("""
                +old.test-:old.test:89:89:%1$s/domains/old.test:-::
                what is this
                +../../etc-:../../etc:89:89:%1$s/domains/../../etc:-::
                +lost.test-:lost.test:89:89:%1$s/domains/lost.test:-::
                +up.test-:up.test:89:89:%1$s/domains/../../../etc:-::
                +db.test-:db.test:89:89:%1$s/domains/db.test:-::
                +:alias:7790:2108:/var/qmail/alias:-::
                =joe:joe:1001:1001:/home/joe:::
                =j.d:j.d:1002:1002:/home/j.d:::
                +j.d-:j.d:1002:1002:/home/j.d:-::
                +far.test-:far.test:89:89:/srv/far.test:-::
                .
                """);
        Files.createDirectories(old.vpopmail().resolve("domains/db.test/x"));
        Files.createDirectories(old.vpopmail().resolve("domains/stray.test"));
        old.file(
                "vpopmail/domains/old.test/vpasswd",
                OldTree.line("ann", "domains/old.test", "16", "what")
                        + "../../x:" + OldTree.MD5 + ":1:0:x:/x:NOQUOTA\n"
                        + "short:x\n"
                        + "bob:$y$j9T$salt$of-another-kind:1:0:b:/home/vpopmail/domains/old.test/bob:NOQUOTA\n"
                        + "eve:" + OldTree.MD5 + ":1:0:b:/home/vpopmail/domains/old.test/../../eve:NOQUOTA\n");
        old.file("vpopmail/domains/old.test/.qmail-team", "|/usr/bin/ezmlm-send /x/team\n");
        old.file("vpopmail/domains/old.test/.qmail-team-default", "|/usr/bin/ezmlm-manage /x/team\n");
        old.file("vpopmail/domains/old.test/.qmail-own", "./Maildir/\n");
        old.file("vpopmail/domains/old.test/.qmail-run", "|/bin/run\n");
        old.file("vpopmail/domains/old.test/.qmail-out", "/srv/mbox\n");
        old.file("vpopmail/domains/old.test/.qmail-half", "\n&x@y.test\n");
        old.file("secret", "outside\n");
        Files.createSymbolicLink(old.vpopmail().resolve("domains/old.test/.qmail-link"), folder.resolve("old/secret"));
        Files.createSymbolicLink(
                old.vpopmail().resolve("domains/old.test/ann/Maildir/new/1.link"), folder.resolve("old/secret"));
        assertEquals(100, here.take(old, "--apply", "--replace"));
        said(
                "left out: control/concurrencyremote:1: not a whole number of at least 0",
                "left out: control/percenthack: with a wrong line it makes an open relay: set it by hand",
                "left out: control/qmqpservers: here it says where every command hands its mail: set it by hand",
                "left out: control/badhelo: nothing here reads it",
                "left out: control/smtproutes:2: not domain:relay:port",
                "left out: control/rcpthosts:2: it would relay for a whole top-level domain",
                "left out: users/assign:2: no assignment",
                "left out: domain lost.test: /home/vpopmail/domains/lost.test is not in the tree",
                "left out: domain up.test: /home/vpopmail/domains/../../../etc is not in the tree",
                "left out: domain db.test: it has no vpasswd: its users are in a database, which is not read",
                "left out: domains/stray.test: no line of users/assign names it",
                "left out: domains/old.test/vpasswd:2: no user",
                "left out: domains/old.test/vpasswd:3: no user",
                "left out: ann@old.test: no quota: what",
                "left out: ann@old.test: it refused all mail; there is no such flag here: vdeluser, or an alias",
                "left out: bob@old.test: its password's hash is not taken: vpasswd sets a new one."
                        + " Invalid hash: not of a supported kind (bcrypt, $1$, $5$, $6$ and DES are)",
                "left out: eve@old.test: its Maildir is not in the tree",
                "left out: domains/old.test/list team: its folder is not in the tree",
                "note: domains/old.test/.qmail-run: programs run once control/virtualprograms names old.test",
                "left out: domains/old.test/.qmail-out: it delivers to /srv/mbox, which is elsewhere",
                "left out: domains/old.test/.qmail-half: line 1: empty: somebody is editing it",
                "left out: domains/old.test/.qmail-link: it leads out of the tree",
                "left out: users/assign: +far.test-:far.test:89:89:/srv/far.test:-::: a domain whose folder is not below"
                        + " domains/",
                "add to users/assign: +j.d-:j.d:1002:1002:/home/j.d:-::",
                "note: mail for joe waits until lspawn may become uid 1001 and sees /home/joe");
        assertTrue(here.said().contains("1.link: no regular file\n"), here.said());
        assertEquals("a.test:b.test:26\n", here.control("smtproutes"));
        assertEquals("spam@far.test\n", here.control("badmailfrom"));
        assertFalse(Files.exists(here.state().control().resolve("percenthack")));
        assertTrue(
                Files.readString(here.state().users().resolve("assign")).contains("=joe:joe:1001:1001:/home/joe:::"));
        assertEquals("./Maildir/\n", Files.readString(here.home("old.test/.qmail-own")));
        assertEquals("|/bin/run\n", Files.readString(here.home("old.test/.qmail-run")));
        assertEquals(2, here.letters("old.test/ann/Maildir").size());
        assertFalse(here.route("x@old.test") instanceof Route.Mailbox);
    }

    @Test
    void limitsOfADomainAreTakenOnceItsPeopleAreIn() throws Exception {
        String file = "vpopmail/domains/old.test/.qmailadmin-limits";
        old.file(file, "maxpopaccounts: 3\nmaxaliases: 4\nmaxforwards: 5\nquota: -1\ndefault_quota: 1000000\n");
        assertEquals(0, here.take(old, "--apply", "--replace"), here.said());
        assertTrue(here.said().contains("limit domain old.test: mailboxes 3, aliases 9, default quota 1000000S"));
        assertFalse(here.said().contains("other limits"), here.said());
        try (Domains domains = here.open()) {
            assertEquals(
                    new EditableDirectory.Limits(3, 9, 1_000_000),
                    domains.domain("old.test").orElseThrow().limits());
            domains.apply(new Edit.SetLimits("old.test", EditableDirectory.Limits.NONE));
        }
        assertEquals(0, here.take(old, "--apply", "--replace"));
        assertTrue(here.said().endsWith("import: nothing to do\n"), here.said());
        assertEquals(
                new OldLimits(new EditableDirectory.Limits(0, 0, 0), true),
                OldLimits.parse("maxpopaccounts: 0\ndisable_pop\nwhat: ever\n".getBytes(UTF_8)));
        assertEquals(
                new OldLimits(EditableDirectory.Limits.NONE, false),
                OldLimits.parse("maxpopaccounts: -1\nmaxaliases 4\nmaxmailinglists:-1\nquota: 0\n".getBytes(UTF_8)));
    }

    @Test
    void aDefaultThatDeletesOrCatchesIsTakenAsItIs() throws Exception {
        old.file("vpopmail/domains/old.test/.qmail-default", "|/x/vdelivermail '' delete\n");
        old.file(
                "vpopmail/domains/0/big.test/.qmail-default",
                "|vdelivermail \"\" /home/vpopmail/domains/0/big.test/cid\n");
        taken("--apply", "--replace");
        assertEquals("|vdelivermail '' delete\n", Files.readString(here.home("old.test/.qmail-default")));
        assertEquals("cid@big.test", ((Route.Mailbox) here.route("who@big.test")).address());
    }

    @Test
    void wrongCallsAreUsageAndAStateThatIsNotThereIsTemporary() throws Exception {
        assertEquals(100, here.take(old, "--what"));
        assertTrue(here.said().startsWith("import: usage: import [--dry-run | --apply]"), here.said());
        for (Path file : Source.list(here.state().control())) {
            Files.delete(file);
        }
        Files.delete(here.state().control());
        assertEquals(111, here.take(old, "--apply"));
    }

    @Test
    void anOldTreeThatIsNotThereIsLeftOut() {
        assertEquals(100, here.take(new OldTree(folder.resolve("none")), "--apply"));
        assertTrue(here.said().contains("none/qmail: no folder: it is not there\n"), here.said());
    }

    @Test
    void foldersOfQmailMayBeLinksOfItsAdministrator() throws Exception {
        Path elsewhere = folder.resolve("etc");
        Files.move(old.qmail().resolve("control"), elsewhere);
        Files.createSymbolicLink(old.qmail().resolve("control"), elsewhere);
        taken("--apply", "--replace");
        assertEquals("mx.old.test\n", here.control("me"));
        Files.delete(old.qmail().resolve("control"));
        Files.createSymbolicLink(old.qmail().resolve("control"), folder.resolve("nowhere"));
        assertEquals(100, here.take(old, "--apply", "--replace"));
        assertTrue(here.said().contains("left out: control: there is no such folder, or its link leads to"));
    }

    @Test
    void anotherImportAtTheSameTimeIsTemporary() throws Exception {
        Target target = new Target(here.state(), ChangeListener.unheard());
        try (ImportRecord held = ImportRecord.writing(here.state().db().resolve("import"), target)) {
            assertFalse(held.has("x"));
            assertEquals(111, here.take(old, "--apply"));
            assertTrue(here.said().contains("another import is running"), here.said());
        }
    }

    @Test
    void timesOfTheOldTreeAreNotTouchedByLinks() throws Exception {
        Path from = old.vpopmail().resolve("domains/old.test/ann/Maildir/new/1600000001.100.old,S=30");
        FileTime before = Files.getLastModifiedTime(from);
        taken("--apply", "--replace", "--link");
        assertEquals(before, Files.getLastModifiedTime(from));
    }
}
