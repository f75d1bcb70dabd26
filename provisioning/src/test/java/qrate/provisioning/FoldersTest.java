package qrate.provisioning;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /// Whoever may write a volume may put a link there: root, who makes and gives away folders, must not follow it.
    @Test
    void areNotLookedForBehindLinksOfOthers() throws Exception {
        assumeTrue((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "runs as root");
        State state = new State(folder);
        Folders.make(state, true);
        Path passwords = state.passwords().resolve("domain.cdb");
        Files.writeString(passwords, "hashes");
        Path alias = state.maildirs().resolve("alias");
        for (String target : List.of("../passwords", "/etc", "../../somewhere")) {
            Files.delete(alias);
            Files.createSymbolicLink(alias, Path.of(target));
            assertTrue(assertThrows(IOException.class, () -> Folders.make(state, true))
                    .getMessage()
                    .endsWith("alias: is a link, and should be a folder"));
        }
        Files.delete(alias);
        Path deep = Files.createDirectories(alias.resolve("deep"));
        Files.createSymbolicLink(deep.resolve("folder"), state.passwords());
        Files.createSymbolicLink(deep.resolve("file"), passwords);
        Folders.ownContents(state);
        assertEquals(Folders.VPOPMAIL, Files.getAttribute(deep, "unix:uid"));
        assertEquals(Folders.VADMIN, Files.getAttribute(passwords, "unix:uid"));
        assertEquals(Folders.VCHKPW, Files.getAttribute(passwords, "unix:gid"));
        assertEquals(02770, (int) Files.getAttribute(state.passwords(), "unix:mode") & 07777);
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
