package qrate.migration;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The usual old tree, and our side with nothing taken yet.
abstract class OnOldTree {
    @TempDir(factory = Ram.class)
    Path folder;

    OldTree old;
    Installation here;

    @BeforeEach
    void prepare() throws Exception {
        old = new OldTree(folder.resolve("old")).usual();
        here = new Installation(folder.resolve("new"));
    }

    /// What the last import said, among other things.
    void said(String... lines) {
        for (String line : lines) {
            assertTrue(here.said().contains("import: " + line + "\n"), line + "\n" + here.said());
        }
    }
}
