package qrate.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The list of control files against the sources of the whole stack.
class ControlFileTest {
    private static final Pattern READ = Pattern.compile(
            "(?:(?:control|files)(?:\\(\\))?\\s*\\.(?:lines?|number|lineOrMe|exists)\\(|\\(control, )\"([a-z0-9]+)\"");

    @Test
    void listsEveryFileThatIsRead() throws IOException {
        Set<String> unknown = new TreeSet<>();
        for (String source : sources()) {
            READ.matcher(source)
                    .results()
                    .map(r -> r.group(1))
                    .filter(name -> ControlFile.named(name).isEmpty())
                    .forEach(unknown::add);
        }
        assertEquals(Set.of(), unknown);
    }

    @Test
    void listsNoFileThatNobodyReads() throws IOException {
        String all = String.join("\n", sources());
        Set<String> unread = Arrays.stream(ControlFile.values())
                .map(ControlFile::file)
                .filter(name -> !name.equals("tcp.smtp")) // named on the command line of tcprules
                .filter(name -> !all.contains("\"" + name + "\""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), unread);
    }

    private static List<String> sources() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent().getParent();
        List<String> texts = new ArrayList<>();
        for (String part : List.of("stack", "images")) {
            try (Stream<Path> files = Files.walk(root.resolve(part))) {
                for (Path path : files.filter(ControlFileTest::counts).toList()) {
                    texts.add(Files.readString(path));
                }
            }
        }
        assertTrue(texts.size() > 50, "not the whole stack: " + root);
        return texts;
    }

    private static boolean counts(Path path) {
        return path.toString().endsWith(".java")
                && path.toString().contains("/src/main/")
                && !path.endsWith("ControlFile.java");
    }
}
