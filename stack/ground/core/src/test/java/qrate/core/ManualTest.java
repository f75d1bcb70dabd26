package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManualTest {
    private static final String SOURCE = """
            prog(8) - does a thing
            group: run
            link: yes

            SYNOPSIS
            prog [-x] "name"
            prog -y

            DESCRIPTION
            First paragraph
            goes on.

            .x in front is no item: \\ and ' are text, too.

            OPTIONS
            .-x
            A thing.
            .-y
            Another.
            """;

    @TempDir
    Path folder;

    private String said = "";

    private int run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Program program = (given, _) -> 7 + given.size();
        int code = Launcher.run(
                Map.of("prog", program, "nameless", program),
                arguments,
                new Program.Stdio(Map.of(), InputStream.nullInputStream(), stream, stream));
        said = out.toString(StandardCharsets.UTF_8);
        return code;
    }

    @Test
    void rendersOneSourceInThreeWays() {
        Manual page = Manual.parse(SOURCE);
        assertEquals("""
                prog: does a thing
                usage: prog [-x] "name"
                usage: prog -y
                  -x
                        A thing.
                  -y
                        Another.
                more: qrate man prog
                """, page.help());
        assertTrue(page.text().contains("\nDESCRIPTION\n       First paragraph goes on.\n"), page.text());
        assertTrue(page.roff().startsWith(".TH prog 8 \"\" Qrate\n.SH NAME\nprog \\- does a thing\n"), page.roff());
        assertTrue(page.roff().contains(".TP\n.B \"\\-x\"\nA thing.\n"), page.roff());
        assertEquals(Map.of("group", "run", "link", "yes"), page.facts());
        assertThrows(IllegalArgumentException.class, () -> Manual.parse("nonsense"));
        assertThrows(IllegalArgumentException.class, () -> Manual.parse("prog(8) - does\nnonsense\n"));
        assertThrows(IllegalArgumentException.class, () -> Manual.parse(""));
    }

    @Test
    void theLauncherAnswersHelpAndMan() {
        assertEquals(0, run("prog", "--help"));
        assertTrue(said.startsWith("prog: ") && said.contains("usage: prog -y\n"), said);
        assertEquals(0, run("man", "prog"));
        assertTrue(said.startsWith("prog(8)\n"), said);
        assertEquals(0, run("man", "--roff", "prog"));
        assertTrue(said.startsWith(".TH"), said);
        assertEquals(100, run("man"));
        assertEquals(100, run("man", "../man/prog"));
        assertEquals(100, run("man", "nothing"));
        assertEquals(8, run("nameless", "--help")); // no page: the program's own
        assertEquals(9, run("prog", "--help", "x"));
    }

    @Test
    void pagesAreWrittenWhereManLooksForThem() throws IOException {
        assertEquals(0, run("man", "--into", folder.toString(), "man", "qrate"));
        assertTrue(Files.readString(folder.resolve("man1/man.1")).startsWith(".TH man 1 "));
        assertTrue(Files.readString(folder.resolve("man8/qrate.8")).startsWith(".TH qrate 8 "));
        assertEquals(100, run("man", "--into", folder.toString(), "no-such-program"));
        assertTrue(said.contains("no page for no-such-program"), said);
    }
}
