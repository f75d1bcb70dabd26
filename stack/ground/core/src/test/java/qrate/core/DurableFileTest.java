package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
    @TempDir
    Path folder;

    @Test
    void replacesTheContentAndSetsThePermissions() throws IOException {
        Path file = folder.resolve("me");
        DurableFile.write(file, new byte[] {1});
        DurableFile.write(file, new byte[] {2, 3}, "rw-rw-r--");
        assertEquals(2, Files.size(file));
        assertEquals("rw-rw-r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertOnlyFile(file);
    }

    @Test
    void leavesNothingBehindWhenItFails() throws IOException {
        Path target = folder.resolve("full");
        Files.createDirectory(target);
        Files.writeString(target.resolve("x"), "x");
        assertThrows(IOException.class, () -> DurableFile.write(target, new byte[] {1}));
        assertOnlyFile(target);
    }

    private void assertOnlyFile(Path file) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            assertEquals(java.util.List.of(file), found.toList());
        }
    }
}
