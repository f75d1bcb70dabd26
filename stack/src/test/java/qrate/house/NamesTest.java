package qrate.house;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A class name means one thing: who reads `State` anywhere need not look which one it is.
class NamesTest {
    /// Where classes stand that may be read side by side. The smoke test is a client of its own that knows none of
    /// them.
    private static final List<String> FOLDERS = List.of("stack", "images", "provisioning");

    /// Names that stand in more than one package and mean the same kind of thing in each.
    private static final Map<String, String> SAME_EVERYWHERE = Map.ofEntries(
            entry("Command", "what a client can say in the protocol of its module: SMTP, POP3"),
            entry("Frame", "a record's bytes with their length in front: in the journal, in the spawn stream"),
            entry("Incoming", "a message that is being taken in: by SMTP, from standard input"),
            entry("Limits", "the named limits of a module, which tests tighten"),
            entry("Main", "the program of an image"),
            entry("Options", "what a command line says, read"),
            entry("Outcome", "how the work of a module ended"),
            entry("Planner", "works out what is to be done and does none of it"),
            entry("Report", "what a program prints about what it did or found"),
            entry("Session", "one connection's dialogue in the protocol of its module"),
            entry("Settings", "what a module is told by its environment"),
            entry("Texts", "the texts that a module writes to people"),
            entry("Workers", "the threads of a module"));

    @Test
    void aNameStandsOnceUnlessItMeansTheSameEverywhere() throws IOException {
        Map<String, Set<String>> packages = packagesOfNames();
        assertTrue(packages.size() > 500, "sources are read: " + packages.size());
        Map<String, Set<String>> ambiguous = new TreeMap<>(packages);
        ambiguous.values().removeIf(those -> those.size() == 1);
        Set<String> needless = new TreeSet<>(SAME_EVERYWHERE.keySet());
        needless.removeAll(ambiguous.keySet());
        assertEquals(Set.of(), needless, "named here, and yet they stand once");
        ambiguous.keySet().removeAll(SAME_EVERYWHERE.keySet());
        assertEquals(Map.of(), ambiguous, "give one of them a name of its own, or say here why they mean the same");
    }

    private static Map<String, Set<String>> packagesOfNames() throws IOException {
        Map<String, Set<String>> found = new TreeMap<>();
        for (String folder : FOLDERS) {
            try (Stream<Path> files = Files.walk(FloorsTest.ROOT.resolve(folder))) {
                files.map(Path::toString)
                        .filter(file -> file.contains("/src/main/java/") && file.endsWith(".java"))
                        .filter(file -> !file.endsWith("-info.java"))
                        .map(file -> file.substring(file.indexOf("/src/main/java/") + "/src/main/java/".length()))
                        .forEach(file -> {
                            String name = file.substring(file.lastIndexOf('/') + 1, file.length() - ".java".length());
                            found.computeIfAbsent(name, _ -> new TreeSet<>())
                                    .add(file.substring(0, file.lastIndexOf('/')));
                        });
            }
        }
        return found;
    }
}
