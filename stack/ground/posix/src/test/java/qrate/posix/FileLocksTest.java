package qrate.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLocksTest {
    @TempDir
    Path folder;

    private final FileLocks locks = new FileLocks(new Posix());

    @Test
    void keepsAProgramOutThatLocksByFlock() throws Exception {
        Path file = Files.writeString(folder.resolve("mbox"), "");
        try (FileLocks.Held _ = locks.tryLock(file).orElseThrow()) {
            assertEquals(1, flock(file)); // flock(1) of util-linux: 1 when it would have to wait
            assertEquals(Optional.empty(), locks.tryLock(file));
        }
        assertEquals(0, flock(file));
        assertTrue(locks.tryLock(file).isPresent());
    }

    private static int flock(Path file) throws Exception {
        return new ProcessBuilder("flock", "--nonblock", file.toString(), "true")
                .start()
                .waitFor();
    }

    @Test
    void opensNoLinkAndNothingThatIsNotThere() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("mbox"));
        assertThrows(IOException.class, () -> locks.tryLock(folder.resolve("mbox")));
        Files.writeString(folder.resolve("mbox"), "");
        assertThrows(IOException.class, () -> locks.tryLock(link));
    }
}
