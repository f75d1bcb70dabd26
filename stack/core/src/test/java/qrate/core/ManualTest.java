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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManualTest {
    private static final String SOURCE = """
            prog(8) - does a thing

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
                Map.of("qmail-qstat", program, "nameless", program),
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
        assertThrows(IllegalArgumentException.class, () -> Manual.parse("nonsense"));
        assertThrows(IllegalArgumentException.class, () -> Manual.parse(""));
    }

    @Test
    void theLauncherAnswersHelpAndMan() {
        assertEquals(0, run("qmail-qstat", "--help"));
        assertTrue(said.startsWith("qmail-qstat: ") && said.contains("usage: qmail-qstat\n"), said);
        assertEquals(0, run("man", "qmail-qstat"));
        assertTrue(said.startsWith("qmail-qstat(8)\n"), said);
        assertEquals(0, run("man", "--roff", "qmail-qstat"));
        assertTrue(said.startsWith(".TH"), said);
        assertEquals(100, run("man"));
        assertEquals(100, run("man", "../core/qmail-qstat"));
        assertEquals(100, run("man", "nothing"));
        assertEquals(8, run("nameless", "--help")); // no page: the program's own
        assertEquals(9, run("qmail-qstat", "--help", "x"));
    }

    @Test
    @Tag("peer") // groff
    void everyPageIsWholeAndGroffHasNothingToSay() throws Exception {
        for (String name : names()) {
            Manual page = Manual.of(name).orElseThrow();
            assertEquals(name, page.name());
            List<String> titles =
                    page.sections().stream().map(Manual.Section::title).toList();
            assertTrue(titles.containsAll(List.of("SYNOPSIS", "DESCRIPTION")), name);
            assertTrue(page.sections().stream().noneMatch(s -> s.items().isEmpty()), name);
            page.text().lines().forEach(line -> assertTrue(line.length() <= 79, name + ": " + line));
            Path roff = Files.writeString(folder.resolve(name + ".8"), page.roff());
            Process groff = new ProcessBuilder("groff", "-man", "-ww", "-Tutf8", roff.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String warnings;
            try (InputStream in = groff.getErrorStream()) {
                warnings = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            assertTrue(groff.waitFor(60, TimeUnit.SECONDS));
            assertEquals("", warnings, name);
        }
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/qrate/core/man"))) {
            return files.map(file -> file.getFileName().toString().replace(".txt", ""))
                    .sorted()
                    .toList();
        }
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
