package qrate.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.State;

/// A directory of a test's own.
abstract class OpenDirectory {
    @TempDir
    Path folder;

    Domains domains;

    @BeforeEach
    void open() throws IOException {
        State state = new State(folder);
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        domains = Domains.open(state, Settings.of(environment(), state), InstantSource.system());
    }

    /// What it is opened with.
    Map<String, String> environment() throws IOException {
        return Map.of("QRATE_BCRYPT_COST", "4");
    }

    @AfterEach
    void close() {
        domains.close();
    }
}
