package qrate.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import qrate.core.Disk;

class SimulatedDiskTest {
    private static final int SEEDS = 200;

    @Test
    void keepsWhatWasSyncedUnderEverySeed() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed);
            try (Disk.Appender file = disk.create("f")) {
                file.write(new byte[] {1, 2});
                file.sync();
                disk.syncFolder("");
                file.write(new byte[] {3, 4});
            }
            disk.crash();
            SimulatedDisk next = disk.restart();
            byte[] left = next.read("f", 0).readAllBytes();
            assertArrayEquals(new byte[] {1, 2}, Arrays.copyOf(left, 2));
            assertTrue(left.length <= 4);
        }
    }

    @Test
    void losesKeepsAndTearsWhatWasNot() throws IOException {
        Set<String> seen = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed);
            try (Disk.Appender file = disk.create("f")) {
                file.write(new byte[] {3, 4, 5});
            }
            disk.crash();
            SimulatedDisk next = disk.restart();
            seen.add(next.exists("f") ? Arrays.toString(next.read("f", 0).readAllBytes()) : "lost");
        }
        assertTrue(seen.contains("lost") && seen.contains("[]") && seen.contains("[3, 4, 5]"), seen.toString());
        assertTrue(seen.size() > 6, "torn in several ways: " + seen);
    }

    @Test
    void aRenameIsAtomic() throws IOException {
        Set<String> seen = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed);
            disk.makeFolder("new");
            disk.create("f").close();
            disk.syncFolder("");
            disk.rename("f", "new/g");
            disk.crash();
            SimulatedDisk next = disk.restart();
            assertNotEquals(next.exists("f"), next.exists("new/g"));
            seen.add(next.list("new").toString());
        }
        assertEquals(2, seen.size());
    }

    @Test
    void stopsAtTheStepAskedFor() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        disk.crashAt(1);
        disk.create("f").close();
        assertThrows(SimulatedDisk.Crash.class, () -> disk.create("g"));
        assertThrows(SimulatedDisk.Crash.class, () -> disk.list(""));
        assertTrue(disk.down());
    }

    @Test
    void runsFullAndRecovers() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        disk.room(3);
        try (Disk.Appender file = disk.create("f")) {
            assertThrows(IOException.class, () -> file.write(new byte[5]));
            assertEquals(3, file.size());
            disk.room(100);
            file.write(new byte[5]);
            assertEquals(8, file.size());
        }
        disk.fault(new IOException("Read-only file system"));
        assertThrows(IOException.class, () -> disk.create("g"));
        disk.fault(null);
        disk.create("g").close();
    }
}
