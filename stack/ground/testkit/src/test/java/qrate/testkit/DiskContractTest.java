package qrate.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import qrate.core.Disk;
import qrate.core.RealDisk;

/// What every disk does, simulated or not.
class DiskContractTest {
    static Stream<Disk> disks() throws IOException {
        return Stream.of(new SimulatedDisk(1), new RealDisk(Files.createTempDirectory("disk")));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void appendsAndReadsBack(Disk disk) throws IOException {
        disk.makeFolder("a/b");
        try (Disk.Appender file = disk.create("a/b/f")) {
            file.write(new byte[] {1, 2, 3});
            file.write(new byte[] {9, 4, 9}, 1, 1);
            file.sync();
            assertEquals(4, file.size());
        }
        disk.syncFolder("a/b");
        assertArrayEquals(new byte[] {3, 4}, disk.read("a/b/f", 2).readAllBytes());
        assertEquals(4, disk.size("a/b/f"));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void cutsATailWhenReopened(Disk disk) throws IOException {
        try (Disk.Appender file = disk.create("f")) {
            file.write(new byte[] {1, 2, 3});
        }
        try (Disk.Appender file = disk.append("f", 1)) {
            file.write(new byte[] {7});
        }
        assertArrayEquals(new byte[] {1, 7}, disk.read("f", 0).readAllBytes());
    }

    @ParameterizedTest
    @MethodSource("disks")
    void refusesASecondFileOfTheSameName(Disk disk) throws IOException {
        disk.create("f").close();
        assertThrows(FileAlreadyExistsException.class, () -> disk.create("f"));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void renamesOverAnExistingFileAndLists(Disk disk) throws IOException {
        disk.makeFolder("tmp");
        disk.makeFolder("new");
        try (Disk.Appender file = disk.create("tmp/f")) {
            file.write(new byte[] {5});
        }
        disk.create("new/f").close();
        disk.rename("tmp/f", "new/f");
        assertEquals(1, disk.size("new/f"));
        assertEquals(List.of(), disk.list("tmp"));
        assertEquals(List.of("f"), disk.list("new"));
        assertEquals(List.of("new", "tmp"), disk.list(""));
        assertEquals(List.of(), disk.list("cur"));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void saysWhatIsMissing(Disk disk) throws IOException {
        assertThrows(NoSuchFileException.class, () -> disk.read("f", 0));
        assertThrows(NoSuchFileException.class, () -> disk.size("f"));
        assertThrows(NoSuchFileException.class, () -> disk.append("f", 0));
        assertThrows(NoSuchFileException.class, () -> disk.rename("f", "g"));
        assertThrows(NoSuchFileException.class, () -> disk.create("folder/f"));
        assertFalse(disk.exists("f"));
        disk.delete("f");
        disk.create("f").close();
        assertTrue(disk.exists("f"));
        disk.delete("f");
        assertFalse(disk.exists("f"));
    }
}
