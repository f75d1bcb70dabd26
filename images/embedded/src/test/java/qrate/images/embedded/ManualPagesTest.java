package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Manual;

/// Every command has a page, and every page a command.
class ManualPagesTest {
    /// Commands for `./qrate` and the images only, which nobody calls by hand.
    private static final Set<String> WITHOUT = Set.of("up", "train");

    /// Pages of others, which every system has.
    private static final Set<String> OTHERS = Set.of("crypt(3)");

    private static final Pattern REFERENCE = Pattern.compile("\\b([a-z][a-z0-9.-]*)\\(([1-8])\\)");

    @Test
    void everyCommandHasAPageAndEveryPageACommand() throws IOException {
        Set<String> commands = new TreeSet<>(Main.programs(Map.of()).keySet());
        commands.removeAll(WITHOUT);
        Set<String> missing = new TreeSet<>();
        for (String command : commands) {
            if (Manual.of(command).isEmpty()) {
                missing.add(command);
            }
        }
        assertEquals(Set.of(), missing, "commands without a page (src/main/resources/qrate/man of their module)");
        Set<String> strange = new TreeSet<>();
        for (Manual page : Repository.pages().values()) {
            if (!page.facts().get("group").equals("files")) {
                strange.add(page.name());
            }
        }
        strange.removeAll(commands);
        strange.remove("man"); // the launcher's own
        strange.remove("qrate"); // the script
        strange.remove("signer"); // likewise
        strange.remove("gate"); // likewise
        strange.remove("vchkpwd"); // a container's own: one process has it inside
        assertEquals(Set.of(), strange, "pages without a command");
    }

    @Test
    @Tag("peer") // groff
    void everyPageIsWholeAndGroffHasNothingToSay(@TempDir Path folder) throws Exception {
        for (Manual page : Repository.pages().values()) {
            String name = page.name();
            Path roff = Files.writeString(folder.resolve(name + "." + page.number()), page.roff());
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

    @Test
    void everyPageHasItsSectionsAndNoLongLine() throws IOException {
        for (Manual page : Repository.pages().values()) {
            List<String> titles =
                    page.sections().stream().map(Manual.Section::title).toList();
            assertTrue(titles.contains("DESCRIPTION"), page.name());
            assertTrue(titles.contains("SYNOPSIS") || page.number().matches("[57]"), page.name());
            assertTrue(page.sections().stream().noneMatch(s -> s.items().isEmpty()), page.name());
            page.text().lines().forEach(line -> assertTrue(line.length() <= 79, page.name() + ": " + line));
        }
    }

    @Test
    void everyReferenceLeadsToAPage() throws IOException {
        Map<String, Manual> pages = Repository.pages();
        Set<String> wrong = new TreeSet<>();
        int seen = 0;
        for (Manual page : pages.values()) {
            for (MatchResult match : REFERENCE.matcher(page.text()).results().toList()) {
                Manual there = pages.get(match.group(1));
                seen++;
                if (!OTHERS.contains(match.group())
                        && (there == null || !there.number().equals(match.group(2)))) {
                    wrong.add(page.name() + " refers to " + match.group());
                }
            }
        }
        assertTrue(seen > 100, "references are found: " + seen);
        assertEquals(Set.of(), wrong);
    }

    /// Whoever reads about a file wants to see how a line of it looks.
    @Test
    void everyPageOfAFileHasAnExample() throws IOException {
        for (Manual page : Repository.pages().values()) {
            assertTrue(
                    !page.facts().getOrDefault("group", "").equals("files")
                            || page.sections().stream().anyMatch(s -> s.title().equals("EXAMPLE")),
                    page.name());
        }
    }
}
