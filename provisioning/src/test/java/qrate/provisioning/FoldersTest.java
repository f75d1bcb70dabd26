package qrate.provisioning;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.State;

class FoldersTest {
    private static final int RUNS = 300;
    private static final int FILES = 50;

    @TempDir
    private Path folder;

    /// A second `up` finds the queue and everybody's Maildir in use.
    @Test
    void areGivenTheirOwnersWhileFilesComeAndGo() throws Exception {
        State state = new State(folder);
        Folders.make(state, false);
        AtomicBoolean over = new AtomicBoolean();
        Thread mail = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                assertDoesNotThrow(() -> comeAndGo(state.queue()));
            }
        });
        try {
            for (int i = 0; i < RUNS; i++) {
                Folders.ownContents(state);
            }
        } finally {
            over.set(true);
            mail.join();
        }
    }

    private static void comeAndGo(Path queue) throws IOException {
        for (int i = 0; i < FILES; i++) {
            Files.createDirectories(queue.resolve("body" + i));
            Files.writeString(queue.resolve("body" + i + "/message"), "");
        }
        for (int i = 0; i < FILES; i++) {
            Files.delete(queue.resolve("body" + i + "/message"));
            Files.delete(queue.resolve("body" + i));
        }
    }
}
