package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

    @Test
    void filesOfOneChangeAreSeenOnlyOnceAllOfThemAreWritten() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        Files.write(first, new byte[] {1});
        DurableFiles files = new DurableFiles();
        files.add(first, new byte[] {2}, "rw-r-----");
        files.add(second, new byte[] {2}, "rw-r-----");
        assertEquals(1, Files.readAllBytes(first)[0]);
        assertFalse(Files.exists(second));
        files.show();
        assertEquals(2, Files.readAllBytes(first)[0]);
        assertEquals(2, Files.readAllBytes(second)[0]);
        assertTrue(files.delete(second));
        assertFalse(files.delete(second));
        files.sync();
        assertOnlyFile(first);
    }

    @Test
    void aChangeOfWhichOneFileCannotBeWrittenLeavesAllAsTheyWere() throws IOException {
        Path first = folder.resolve("first");
        Files.write(first, new byte[] {1});
        DurableFiles files = new DurableFiles();
        files.add(first, new byte[] {2}, "rw-r-----");
        assertThrows(IOException.class, () -> files.add(folder.resolve("missing/second"), new byte[] {2}, "rw-r-----"));
        files.show();
        assertEquals(1, Files.readAllBytes(first)[0]);
        assertOnlyFile(first);
    }

    @Test
    void manyFilesAreShownTogetherInTheOrderInWhichTheyWereAdded() throws IOException {
        DurableFiles files = new DurableFiles();
        for (int i = 0; i < 100; i++) {
            files.add(folder.resolve("many"), new byte[] {(byte) i}, "rw-r-----");
        }
        assertEquals(100, files.pending());
        files.show();
        files.sync();
        assertEquals(0, files.pending());
        assertEquals(99, Files.readAllBytes(folder.resolve("many"))[0]);
        assertOnlyFile(folder.resolve("many"));
    }

    @Test
    void aFailureOfOneOfManyIsTold() {
        List<Integer> done = new CopyOnWriteArrayList<>();
        IOException why = assertThrows(
                IOException.class,
                () -> AtOnce.each(List.of(1, 2, 3, 4), one -> {
                    if (one == 2) {
                        throw new IOException("the second");
                    }
                    done.add(one);
                }));
        assertEquals("the second", why.getMessage());
        assertEquals(3, done.size());
    }

    /// A folder that could not be synced is tried again.
    @Test
    void aSyncThatFailsIsNotForgotten() throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        DurableFiles files = new DurableFiles();
        files.changed(gone);
        Files.delete(gone);
        assertThrows(IOException.class, files::sync);
        assertThrows(IOException.class, files::sync);
        Files.createDirectory(gone);
        files.sync();
        Files.delete(gone);
        files.sync();
    }

    private void assertOnlyFile(Path file) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            assertEquals(List.of(file), found.toList());
        }
    }
}
