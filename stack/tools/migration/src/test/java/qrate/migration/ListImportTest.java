package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.core.Program;
import qrate.lists.Lists;
import qrate.snapshots.Directory.Route;

/// Mailing lists of the old tree, as different versions of ezmlm left them.
class ListImportTest extends OnOldTree {
    private static final String DOMAIN = "vpopmail/domains/old.test/";

    private String list(String set) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        Program.Stdio stdio = new Program.Stdio(here.environment(), InputStream.nullInputStream(), print, print);
        try {
            Lists.withoutQueue().byHand().get("ezmlm-list").run(List.of(set), stdio);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return out.toString(UTF_8).replace('\n', ' ').strip();
    }

    private String file(String name) throws IOException {
        return Files.readString(here.home("old.test/" + name));
    }

    @Test
    void aListComesWithItsPeopleItsArchiveAndItsNumbers() throws Exception {
        old.list("old.test", "team");
        assertEquals(0, here.take(old, "--replace"), here.said());
        said(
                "would make list team@old.test: -afps, owner boss@old.test",
                "would add to list team@old.test: 2 subscribers, 1 moderator, 1 other address that may post",
                "would add to list team@old.test: 2 posts of its archive; the next post is number 103");
        assertFalse(Files.exists(here.home("old.test")));

        assertEquals(0, here.take(old, "--apply", "--replace"), here.said());
        said("make list team@old.test: -afps, owner boss@old.test");
        assertEquals("ann@old.test eve@far.test", list("team@old.test"));
        assertEquals("boss@old.test", list("team@old.test/mod"));
        assertEquals("eve@work.test", list("team@old.test/allow"));
        assertEquals("[The Team]\n", file("team/prefix"));
        assertEquals("102:0\n", file("team/num"));
        assertEquals("Subject: post 1\n\nold\n", file("team/archive/0/01"));
        assertEquals("Subject: post 102\n\nold\n", file("team/archive/1/02"));
        assertEquals("What it is about.\n", file("team/text/info"));
        assertFalse(file("team/text/sub-confirm").contains("!A"), "texts with other marks stay there");
        assertEquals("X-Team: yes\n", file("team/headeradd"), "what lists add by themselves is not there twice");
        assertEquals("&boss@old.test\n|ezmlm-warn team\n", file(".qmail-team-owner"));
        assertEquals("|ezmlm-send team\n|ezmlm-warn team\n", file(".qmail-team"));
        for (String name : List.of("team", "team-default")) {
            assertEquals(new Route.Forward(List.of("postmaster@old.test")), here.route(name + "@old.test"));
        }

        assertEquals(0, here.take(old, "--apply", "--replace"));
        assertTrue(here.said().endsWith("import: nothing to do\n"), here.said());
    }

    @Test
    void whoCameOrLeftOnEitherSideSinceIsAsTheyWantIt() throws Exception {
        old.list("old.test", "team");
        assertEquals(0, here.take(old, "--apply", "--replace"), here.said());
        Files.delete(here.home("old.test/team/subscribers").resolve(name("ann@old.test")));
        old.file(DOMAIN + "team/subscribers/A", "Tzoe@far.test\0");
        old.file(DOMAIN + "team/num", "103:9\n");
        old.file(DOMAIN + "team/archive/1/03", "Subject: post 103\n\nold\n");
        assertEquals(0, here.take(old, "--apply", "--replace"), here.said());
        said(
                "add to list team@old.test: 1 subscriber",
                "add to list team@old.test: 1 posts of its archive; the next post is number 104");
        assertEquals("eve@far.test zoe@far.test", list("team@old.test"));

        Files.writeString(here.home("old.test/team/num"), "104:0\n");
        old.file(DOMAIN + "team/num", "105:9\n");
        old.file(DOMAIN + "team/archive/1/04", "Subject: post 104\n\nold\n");
        assertEquals(0, here.take(old, "--apply", "--replace"));
        said("note: list team@old.test: posts after 103 stay there, since there have been posts here");
        assertEquals("104:0\n", file("team/num"));

        try (var all = Files.walk(here.home("old.test"))) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                if (path.toString().contains("/team")) {
                    Files.delete(path);
                }
            }
        }
        assertEquals(0, here.take(old, "--apply", "--replace"));
        said("note: list team@old.test: removed here since, stays so");
        assertFalse(Files.exists(here.home("old.test/team")));
    }

    /// The file of a set that an address is in.
    private String name(String address) throws IOException {
        try (var files = Files.list(here.home("old.test/team/subscribers"))) {
            for (Path file : files.toList()) {
                if (Files.readString(file).contains("T" + address + "\0")) {
                    return file.getFileName().toString();
                }
            }
        }
        throw new AssertionError(address);
    }

    @Test
    void switchesAreReadFromWhatEachVersionHas() throws Exception {
        String in = "'/home/vpopmail/domains/old.test/";
        old.plainList("old.test", "gated", "|/usr/bin/ezmlm/ezmlm-gate " + in + "gated' " + in + "gated'\n");
        old.file(DOMAIN + "gated/modpost", "");
        old.plainList(
                "old.test",
                "closed",
                "|/usr/bin/ezmlm-issubn " + in + "closed' || exit 100\n|/usr/bin/ezmlm-send " + in + "closed'\n");
        old.file(
                DOMAIN + "closed/manager",
                "|/usr/bin/ezmlm-get -s " + in + "closed'\n|/usr/bin/ezmlm-manage -lUS " + in + "closed'\n");
        old.plainList("old.test", "barred", "|/usr/bin/ezmlm-send /home/vpopmail/domains/old.test/barred/\n");
        for (String mark : List.of("subpostonly", "nosubconfirm", "public", "deny/subscribers/A")) {
            old.file(DOMAIN + "barred/" + mark, mark.equals("deny/subscribers/A") ? "Tspam@far.test\0" : "");
        }
        old.plainList("old.test", "jo:lists", "|ezmlm-send jo:lists\n");
        old.file(DOMAIN + "jo:lists/num", "999999998:1\n");
        assertEquals(0, here.take(old, "--apply", "--replace"), here.said());
        said(
                "make list gated@old.test: -m, owner postmaster@old.test",
                "make list closed@old.test: -ghju, owner postmaster@old.test",
                "make list barred@old.test: -hkpu, owner postmaster@old.test",
                "add to list barred@old.test: 1 subscriber, 1 address that may not post",
                "make list jo.lists@old.test: -, owner postmaster@old.test",
                "add to list jo.lists@old.test: 0 posts of its archive; the next post is number 999999999");
        assertEquals("|ezmlm-store gated\n|ezmlm-warn gated\n", file(".qmail-gated"));
        assertTrue(Files.exists(here.home("old.test/closed/subpostonly")));
        assertEquals("spam@far.test", list("barred@old.test/deny"));
        assertEquals("member@far.test", list("jo.lists@old.test"));
        assertTrue(Files.exists(here.home("old.test/.qmail-jo:lists")));
    }

    @Test
    void aListOfAliasComesToAlias() throws Exception {
        String in = "/var/qmail/alias/staff";
        old.file("qmail/alias/staff/editor", "|/usr/local/bin/ezmlm-send '" + in + "'\n");
        old.file("qmail/alias/staff/manager", "|/usr/local/bin/ezmlm-manage '" + in + "'\n");
        old.file("qmail/alias/staff/owner", "./Mailbox\n");
        old.file("qmail/alias/staff/outhost", "mx.old.test\n");
        old.file("qmail/alias/staff/subscribers/A", "Tann@old.test\0");
        for (String[] link : new String[][] {{"", "editor"}, {"-default", "manager"}, {"-owner", "owner"}}) {
            Files.createSymbolicLink(old.qmail().resolve("alias/.qmail-staff" + link[0]), Path.of(in + "/" + link[1]));
        }
        old.file("qmail/alias/.qmail-staff-office", "&bob@old.test\n");
        old.file("qmail/alias/.qmail-lost", "|ezmlm-send /var/qmail/alias/lost\n");
        old.plainAliasList("nohost");
        assertEquals(100, here.take(old, "--apply", "--replace"));
        said(
                "make list staff@mx.old.test: -, owner postmaster@mx.old.test",
                "add to list staff@mx.old.test: 1 subscriber",
                "left out: alias/list lost: its folder is not in the tree",
                "left out: alias/list nohost: outhost: no domain");
        Path alias = here.state().maildirs().resolve("alias");
        assertEquals("|ezmlm-send staff\n|ezmlm-warn staff\n", Files.readString(alias.resolve(".qmail-staff")));
        assertEquals("&bob@old.test\n", Files.readString(alias.resolve(".qmail-staff-office")));
        assertEquals("ann@old.test", list(alias.resolve("staff").toString()));
        assertEquals(100, here.take(old, "--apply", "--replace"));
        assertFalse(here.said().contains("staff"), here.said());
    }

    @Test
    void whatCannotComeIsNamedAndTheRestComes() throws Exception {
        old.plainList("old.test", "sql", "|ezmlm-send sql\n");
        old.file(DOMAIN + "sql/sql", "localhost:3306:u:p:db:t\n");
        old.plainList("old.test", "odd", "|ezmlm-send odd\n");
        old.file(DOMAIN + "odd/subscribers/B", "Tno address\0Tgood@far.test\0Xother\0");
        old.file(DOMAIN + "odd/text/trailer", "Bye!\n");
        old.file(DOMAIN + "odd/digest/subscribers/A", "Td@far.test\0");
        old.plainList("old.test", "ann", "|ezmlm-send ann\n");
        old.file(DOMAIN + ".qmail-far", "|ezmlm-send /home/vpopmail/domains/big.test/far\n");
        old.plainList("old.test", "here", "|ezmlm-send here\n");
        Files.createDirectories(here.home("old.test/here"));
        old.file(DOMAIN + ".qmail-odd-ones", "&ann@old.test\n");
        old.plainList("old.test", "odd-dev", "|ezmlm-send odd-dev\n");
        old.file(DOMAIN + ".qmail-odd-dev-owner", "&ann@old.test\n");
        assertEquals(100, here.take(old, "--apply", "--replace"));
        said(
                "left out: domains/old.test/list sql: its subscribers are in a database, which is not read",
                "left out: domains/old.test/list odd: no address: no address",
                "note: list odd@old.test: it had a trailer; there are none here",
                "note: list odd@old.test: it had digests; whoever got them only gets nothing here: ezmlm-sub",
                "left out: domains/old.test/list far: its folder is not in the tree");
        assertTrue(here.said().contains("list ann: a mailbox has that name, and keeps it\n"), here.said());
        assertTrue(here.said().contains("list here@old.test: a mailbox or list of that name"), here.said());
        assertEquals("good@far.test member@far.test", list("odd@old.test"));
        assertEquals("&ann@old.test\n", file(".qmail-odd-ones"), "an address of its own beside the list's -default");
        assertEquals(new Route.Forward(List.of("postmaster@old.test")), here.route("odd-ones@old.test"));
        assertFalse(Files.exists(here.home("old.test/.qmail-sql")));
        assertTrue(
                file(".qmail-odd-dev-owner").contains("|ezmlm-warn odd-dev\n"), "the list's, not an address of odd's");
    }

    @Test
    void aListWhoseFolderLeadsOutOfTheTreeIsNotRead() throws Exception {
        Path outside = Files.createDirectories(folder.resolve("outside/subscribers"));
        Files.writeString(outside.resolve("A"), "Tsecret@far.test\0");
        Files.createDirectories(old.vpopmail().resolve("domains/old.test/half"));
        Files.createSymbolicLink(old.vpopmail().resolve("domains/old.test/half/subscribers"), outside);
        Files.createSymbolicLink(old.vpopmail().resolve("domains/old.test/whole"), outside.getParent());
        old.file(DOMAIN + ".qmail-half", "|ezmlm-send half\n");
        old.file(DOMAIN + ".qmail-whole", "|ezmlm-send whole\n");
        assertEquals(100, here.take(old, "--apply", "--replace"));
        said("left out: domains/old.test/list whole: its folder is not in the tree");
        assertEquals("", list("half@old.test"));
        assertFalse(here.said().contains("secret"));
    }
}
