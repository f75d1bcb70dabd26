package qrate.remote;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// qmail-remote with a DNS of its own, whose connections lead to servers of the test.
abstract class RemoteOnRig {
    @TempDir
    Path control;

    Rig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(control);
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }
}
