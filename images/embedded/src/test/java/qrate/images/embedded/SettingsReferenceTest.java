package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Every variable that a source, a script or a Compose file names stands in the reference, and no other.
class SettingsReferenceTest {
    private static final Pattern VARIABLE = Pattern.compile("QRATE_[A-Z0-9_]*[A-Z0-9]");
    private static final List<String> FOLDERS =
            List.of("compose/", "images/", "monitoring/", "provisioning/", "release/", "stack/", "smoke-tests/");

    /// A bound on what is read as text.
    private static final long FILE_BYTES_MAX = 1 << 20;

    @Test
    void namesEveryVariable() throws IOException {
        Set<String> there = variables(Repository.root().resolve("qrate"));
        int files = 0;
        for (String folder : FOLDERS) {
            for (Path file : Repository.files(folder, "")) {
                if (!file.toString().contains("/src/test/") && Files.size(file) < FILE_BYTES_MAX) {
                    there.addAll(variables(file));
                    files++;
                }
            }
        }
        assertTrue(files > 300, "the files are found: " + files);
        assertEquals(
                there,
                variables(Repository.root().resolve("docs/configuration.md")),
                "variables in use, and those of docs/configuration.md");
    }

    /// `.env.example` is what people copy: each line of it is of a variable for them.
    @Test
    void theExampleHasNoVariableThatTheSystemSetsItself() throws IOException {
        String text = Files.readString(Repository.root().resolve("docs/configuration.md"));
        List<String> own = new ArrayList<>(
                variables(text.substring(text.indexOf("## Variables that the system"), text.indexOf("## Rules"))));
        own.retainAll(variables(Repository.root().resolve("compose/.env.example")));
        assertEquals(List.of(), own);
    }

    private static Set<String> variables(Path file) throws IOException {
        return variables(Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    private static Set<String> variables(String text) {
        Set<String> found = new TreeSet<>();
        VARIABLE.matcher(text).results().forEach(match -> found.add(match.group()));
        return found;
    }
}
