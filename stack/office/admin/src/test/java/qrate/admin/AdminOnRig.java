package qrate.admin;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// An admin with a directory and a queue of its own, started once for all tests of a class.
abstract class AdminOnRig {
    @TempDir
    static Path folder;

    static Rig rig;

    @BeforeAll
    static void start() throws IOException {
        rig = new Rig(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        rig.close();
    }
}
