package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.directory.Password;

/// Empty, odd, missing arguments: exit 100, a line that says so, and nothing done.
class OddArgumentsTest extends DirectoryByHand {
    private static final List<String> COMMANDS = List.of(
            "vadddomain|-r|X",
            "vdeldomain|X",
            "vdeldomain|-f|X",
            "vaddaliasdomain|X|new.test",
            "vaddaliasdomain|example.test|X",
            "vmkpasswd|X",
            "valias|X",
            "valias|-s|X",
            "valias|-n|X",
            "valias|-d|X",
            "valias|-i|ann@example.test|X",
            "valias|-i|X|far@example.test",
            "vmoddomlimits|-P|3|X",
            "vdominfo|X",
            "vadduser|-r|X",
            "vdeluser|X",
            "vdeluser|-f|X",
            "vpasswd|X|long-enough",
            "vpasswd|X|long-enough",
            "vmoduser|-p|X",
            "vmoduser|-q|X|ann@example.test",
            "vsetuserquota|X|1MB",
            "vsetuserquota|ann@example.test|X",
            "vuserinfo|X",
            "vuserinfo|-D|X",
            "vconvert|-m|-c|X",
            "admin-password|X|long-enough",
            "administrators|-a|X|long-enough",
            "administrators|-d|X",
            "tokens|-d|X");

    @BeforeEach
    void fill() throws Exception {
        domains.apply(new Edit.AddDomain("example.test", new Password.Clear("correct horse")));
        domains.apply(new Edit.AddMailbox("ann@example.test", new Password.Clear("correct horse")));
        domains.apply(new Edit.AddAdministrator("admin", new Password.Clear("correct horse")));
    }

    @Test
    void noneOfThemDoesAnythingAndAllSayWhy() throws Exception {
        String before = everything();
        for (String odd : List.of(
                "",
                " ",
                "\t",
                "@",
                "bob@",
                "@example.test",
                "a b",
                "a/b",
                "../x",
                "%2e%2e",
                "a%00",
                "x\ny",
                "x\0y",
                "\u0085",
                "?force=true",
                "#",
                "a@b@c/d",
                ".",
                "..",
                "é@",
                "\ud800")) {
            for (String command : COMMANDS) {
                List<String> words = new ArrayList<>(List.of(command.split("\\|")));
                words.replaceAll(word -> word.equals("X") ? odd : word);
                assertEquals(100, run(words), words + " " + err.toString(UTF_8));
                assertTrue(err.toString(UTF_8).lines().count() == 1, err.toString(UTF_8));
            }
        }
        assertEquals(before, everything());
    }

    private String everything() throws Exception {
        return domains.domains() + "" + domains.mailboxes("example.test") + domains.aliases("example.test")
                + domains.staff().administrators();
    }

    @Test
    void addsManyFromAFileAndSaysWhichLinesNot() throws Exception {
        Path file = folder.resolve("people");
        String hash = new Password.Clear("hashed elsewhere").hash(4);
        Files.writeString(
                file,
                "# people\n\nbob@example.test:pass word:1\ncid@example.test:{CRYPT}" + hash
                        + "\nann@example.test:long-enough\nno colon\nbad@@x:long-enough\neve@example.test:short\n"
                        + "dee@example.test:{BLF-CRYPT}" + hash + "\nfay@example.test:{SSHA}c2hhMXNhbHRlZA==\n");
        assertEquals(100, run(List.of("vadduser", "--file", file.toString())));
        assertEquals("3 mailboxes added\n", out.toString(UTF_8));
        for (String line : List.of(
                "line 5: ann@example.test: ann@example.test exists already", "line 6", "line 7", "line 8", "line 10")) {
            assertTrue(err.toString(UTF_8).contains(line), err.toString(UTF_8));
        }
        assertTrue(domains.accounts().signIn("bob@example.test", "pass word:1").isPresent());
        assertTrue(domains.accounts()
                .signIn("cid@example.test", "hashed elsewhere")
                .isPresent());
        assertTrue(domains.accounts()
                .signIn("dee@example.test", "hashed elsewhere")
                .isPresent());
        assertTrue(domains.mailbox("fay@example.test").isEmpty(), "a hash that is none is no password in clear");
        assertEquals(100, run(List.of("vadduser", "--file", file.toString(), "x@example.test")));
        assertEquals(
                111, run(List.of("vadduser", "--file", folder.resolve("none").toString())));
        assertTrue(err.toString(UTF_8).contains("no such file"), err.toString(UTF_8));
    }
}
