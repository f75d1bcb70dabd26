package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    @Test
    void keepsZerosBehindTheEndOfAFileOnlyWhileItIsOpen() throws IOException {
        Disk disk = new RealDisk(folder);
        byte[] line = "0123456789".repeat(100).getBytes(StandardCharsets.US_ASCII);
        try (Disk.Appender file = disk.create("log")) {
            file.write(line);
            file.keepAhead(1500);
            assertEquals(2500, Files.size(folder.resolve("log")));
            file.write(line);
            assertEquals(2500, Files.size(folder.resolve("log")));
            file.write(line);
            assertEquals(4500, Files.size(folder.resolve("log")));
            assertEquals(3000, file.size());
            file.sync();
        }
        assertEquals(new String(line, StandardCharsets.US_ASCII).repeat(3), Files.readString(folder.resolve("log")));
        try (Disk.Appender file = disk.append("log", 1000)) {
            file.keepAhead(10);
            file.write(line);
        }
        assertEquals(new String(line, StandardCharsets.US_ASCII).repeat(2), Files.readString(folder.resolve("log")));
    }
}
