package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import qrate.core.Manual;
import qrate.inject.ControlFile;

/// Every command has a page, and every page a command.
class ManualPagesTest {
    /// Commands for `./qrate` and the images only, which nobody calls by hand.
    private static final Set<String> WITHOUT = Set.of("up", "train");

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
        assertEquals(Set.of(), missing, "commands without a page in stack/core/src/main/resources/qrate/core/man");
        Set<String> strange = pages();
        strange.removeAll(commands);
        strange.remove("man"); // the launcher's own
        strange.remove("qrate"); // the script
        strange.remove("vchkpwd"); // a container's own: one process has it inside
        assertEquals(Set.of(), strange, "pages without a command");
    }

    @Test
    void everyControlFileStandsInTheirPage() throws IOException {
        String page = Files.readString(root().resolve("docs/control.md"));
        Set<String> missing = new TreeSet<>();
        for (ControlFile file : ControlFile.values()) {
            String name = file.file();
            if (!page.contains("`" + name + "`") && !page.contains("`" + name + "/")) {
                missing.add(name);
            }
        }
        assertEquals(Set.of(), missing, "control files that docs/control.md does not explain");
    }

    /// `apply` names in a note what counts after a start only.
    @Test
    void whatIsReadAtTheStartStandsSoInTheirPage() throws IOException {
        boolean section = false;
        Set<String> said = new TreeSet<>();
        for (String line : Files.readAllLines(root().resolve("docs/control.md"))) {
            if (line.startsWith("## ")) {
                section = line.contains("(*start*)");
            } else if (line.startsWith("| `") && (section || line.contains("(*start*)"))) {
                Pattern.compile("`([a-z0-9.]+)`")
                        .matcher(line.split("\\|", -1)[1])
                        .results()
                        .forEach(match -> said.add(match.group(1)));
            }
        }
        Set<String> known = new TreeSet<>();
        for (ControlFile file : ControlFile.values()) {
            if (file.atStart()) {
                known.add(file.file());
            }
        }
        assertEquals(said, known);
    }

    private static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("stack"))) {
            root = root.getParent();
        }
        return root;
    }

    private static Set<String> pages() throws IOException {
        try (Stream<Path> files = Files.list(root().resolve("stack/core/src/main/resources/qrate/core/man"))) {
            Set<String> names = new TreeSet<>();
            files.forEach(file -> names.add(file.getFileName().toString().replace(".txt", "")));
            return names;
        }
    }
}
