package qrate.core;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a real disk says of a name that it cannot look at.
class RealDiskTest {
    @TempDir
    Path folder;

    @Test
    void neverSaysThatAFileIsGoneWhenItCannotTell() throws IOException {
        Disk disk = new RealDisk(folder);
        // stands for a folder without permission or a broken block, which a test cannot make as any user
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertThrows(IOException.class, () -> disk.exists("loop/tmp"));
        assertThrows(IOException.class, () -> disk.list("loop"));
    }

    @Test
    void knowsWhatIsThereAndWhatIsNot() throws IOException {
        Disk disk = new RealDisk(folder);
        Files.writeString(folder.resolve("here"), "x");
        assertTrue(disk.exists("here"));
        assertTrue(disk.exists(""));
        assertFalse(disk.exists("gone"));
        assertFalse(disk.exists("gone/deeper"));
    }
}
