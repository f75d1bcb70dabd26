package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InodesTest {
    private static final String HEAD = "Filesystem Inodes IUsed IFree IUse% Mounted on";

    @TempDir
    private Path folder;

    @Test
    void dfIsReadInTheOrderOfTheFolders() {
        Path queue = Path.of("/queue");
        Path tls = Path.of("/tls");
        assertEquals(
                Map.of(queue, new Inodes(75, 100)),
                Inodes.parse(List.of(queue, tls), List.of(HEAD, "/dev/vda 100 25 75 25% /", "tmpfs 0 0 0 - /tls")),
                "a disk without a limit is left out");
        assertEquals(Map.of(), Inodes.parse(List.of(queue), List.of(HEAD)));
        assertEquals(Map.of(), Inodes.parse(List.of(queue), List.of(HEAD, "nonsense")));
    }

    @Test
    void thisMachinesDisksAreSeenAndWhatIsNotThereIsLeftOut() {
        Map<Path, Inodes> seen = Inodes.of(List.of(Path.of("/dev/shm"), folder.resolve("none")));
        assertTrue(seen.getOrDefault(Path.of("/dev/shm"), new Inodes(0, 0)).free() > 0, seen::toString);
        assertEquals(1, seen.size());
        assertEquals(Map.of(), Inodes.of(List.of()));
    }
}
