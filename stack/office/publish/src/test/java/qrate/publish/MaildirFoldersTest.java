package qrate.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders that go while their owner still has them open.
class MaildirFoldersTest {
    private static final int ROUNDS = 40;
    private static final int MESSAGES = 100;

    @TempDir
    Path maildirs;

    /// Whoever has the name next must not find the mail of whoever had it before.
    @Test
    void leavesNothingOfAMailboxWhoseOwnerDeletesAndMarksMessagesMeanwhile() throws Exception {
        MaildirFolders folders = new MaildirFolders(maildirs);
        for (int round = 0; round < ROUNDS; round++) {
            folders.make("example.test", List.of("ann"));
            Path maildir = maildirs.resolve("domains/example.test/ann/Maildir");
            for (int i = 0; i < MESSAGES; i++) {
                Files.writeString(maildir.resolve("cur/" + i), "x");
                Files.writeString(maildir.resolve("new/" + i), "x");
            }
            FutureTask<Integer> owner = new FutureTask<>(() -> session(maildir));
            Thread.ofPlatform().start(owner);
            folders.remove("example.test", "ann");
            assertEquals(MESSAGES, owner.get());
            assertFalse(Files.exists(maildir.getParent()), "round " + round);
        }
    }

    /// As POP3 does at its end.
    private static int session(Path maildir) throws IOException {
        int done = 0;
        for (; done < MESSAGES; done++) {
            Files.deleteIfExists(maildir.resolve("cur/" + done));
            try {
                Files.move(maildir.resolve("new/" + done), maildir.resolve("cur/" + done + ":2,S"));
            } catch (NoSuchFileException | DirectoryNotEmptyException _) {
                // it is gone
            }
        }
        return done;
    }
}
