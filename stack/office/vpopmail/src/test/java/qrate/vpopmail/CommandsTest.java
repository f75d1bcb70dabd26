package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import qrate.core.Program;
import qrate.directory.EditableDirectory;
import qrate.directory.Opening;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;

class CommandsTest extends DirectoryByHand {
    /// A right call of each command that is not content with an address.
    private static final Map<String, String> RIGHT = Map.of(
            "vaddaliasdomain", "example.test example.net",
            "vadduser", "ann@example.test secret-word",
            "vmkpasswd", "example.test",
            "vpasswd", "ann@example.test secret-word",
            "vsetuserquota", "ann@example.test 1MB",
            "vconvert", "-c -m example.test");

    @Test
    void doesWhatVpopmailsCommandsDo() throws Exception {
        assertEquals(0, run("vadddomain example.test secret-word"));
        assertEquals(0, run("vadduser -q 10MB ann@example.test secret-word"));
        assertEquals(
                new Quota(10 << 20, 0),
                domains.mailbox("ann@example.test").orElseThrow().quota());
        assertEquals(0, run("vmoduser -a -p -q 5MB ann@example.test"));
        EditableDirectory.Mailbox ann = domains.mailbox("ann@example.test").orElseThrow();
        assertTrue(ann.is(Property.POSTMASTER));
        assertFalse(ann.is(Property.POP));
        assertEquals(0, run("vmoduser -x ann@example.test"));
        assertTrue(domains.mailbox("ann@example.test").orElseThrow().is(Property.POP));
        assertEquals(0, run("vsetuserquota ann@example.test NOQUOTA"));
        assertEquals(0, run("vpasswd ann@example.test another-word"));
        assertTrue(domains.accounts().signIn("ann@example.test", "another-word").isPresent());
        assertEquals(0, run("valias -i &ann@example.test sales@example.test"));
        assertEquals(0, run("valias -s sales@example.test"));
        assertEquals("sales@example.test -> ann@example.test\n", out.toString(UTF_8));
        assertEquals(0, run("valias -d sales@example.test"));
        assertEquals(List.of(), domains.aliases("example.test"));
        assertEquals(0, run("vaddaliasdomain example.test example.net"));
        assertEquals(0, run("vmoddomlimits -P 9 -q 1MB example.test"));
        assertEquals(
                new EditableDirectory.Limits(9, 0, 1 << 20),
                domains.domain("example.test").orElseThrow().limits());
        assertEquals(0, run("vdominfo example.test"));
        assertTrue(out.toString(UTF_8).contains("users:  2\n"));
        assertEquals(0, run("vuserinfo ann@example.test"));
        assertTrue(out.toString(UTF_8).startsWith("name:   ann\n"));
        assertEquals(0, run("vdeluser ann@example.test"));
        assertEquals(0, run("vdeldomain -f example.test"));
        assertEquals(List.of(), domains.domains());
    }

    @Test
    void makesARandomPasswordOrAsksForOne() throws Exception {
        run("vadddomain -r example.test");
        String password = out.toString(UTF_8).strip().replace("Random password: ", "");
        assertTrue(
                domains.accounts().signIn("postmaster@example.test", password).isPresent());
        assertEquals(0, run("vadduser ann@example.test"));
        assertTrue(domains.accounts().signIn("ann@example.test", "from stdin").isPresent());
        assertTrue(
                run("vpasswd -r30 ann@example.test") == 0 && out.toString(UTF_8).length() > 30);
        String hash = new Password.Clear("old").hash(4);
        assertEquals(0, run("vadduser -e " + hash + " bob@example.test"));
        assertTrue(domains.accounts().signIn("bob@example.test", "old").isPresent());
    }

    @Test
    void everyCommandExits100ForAWrongCallAnd111WithoutADirectory() throws Exception {
        Opening.Opener none = _ -> {
            throw new IOException("the database is away");
        };
        Map<String, Program> programs = Commands.programs(none);
        for (String name : programs.keySet()) {
            assertEquals(100, run(name + " -Z"), name);
            assertTrue(err.toString(UTF_8).startsWith(name + ": usage: " + name + " "), err.toString(UTF_8));
            String right = RIGHT.getOrDefault(name, "ann@example.test");
            err.reset();
            PrintStream print = new PrintStream(err, true, UTF_8);
            int code = programs.get(name)
                    .run(
                            List.of(right.split(" ")),
                            new Program.Stdio(Map.of(), InputStream.nullInputStream(), print, print));
            assertEquals(111, code, name);
            assertEquals(name + ": fatal: the database is away\n", err.toString(UTF_8));
        }
    }

    @Test
    void saysInOneLineWhatWasWrong() throws Exception {
        assertEquals(100, run("vadduser ann@nowhere.test secret-word"));
        assertEquals("vadduser: fatal: Domain does not exist\n", err.toString(UTF_8));
        assertEquals(100, run("vdeluser ann@nowhere.test"));
        assertEquals(100, run("vsetuserquota ann@nowhere.test 7x"));
        assertEquals("vsetuserquota: fatal: Invalid quota\n", err.toString(UTF_8));
        assertEquals(100, run("vadduser -Z a b"));
        assertTrue(err.toString(UTF_8).startsWith("vadduser: usage: vadduser "));
        assertEquals(100, run("vdominfo nowhere.test"));
    }

    @Test
    void valiasTakesLettersOfAnyScript() throws Exception {
        String name = "b\u00fccher@letters.test";
        String far = "\u7528\u6237@far.test";
        assertEquals(0, run("vadddomain letters.test secret-word"));
        assertEquals(0, run("valias -i " + far + " B\u00dcCHER@letters.test"), err.toString(UTF_8));
        assertEquals(0, run("valias -s " + name));
        assertTrue(out.toString(UTF_8).contains(name + " -> " + far), out.toString(UTF_8));
        assertEquals(0, run("valias -d " + name), err.toString(UTF_8));
        assertEquals(List.of(), domains.aliases("letters.test"));
    }
}
