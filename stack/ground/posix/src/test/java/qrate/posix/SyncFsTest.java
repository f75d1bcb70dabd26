package qrate.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncFsTest {
    @TempDir
    Path folder;

    @Test
    void isUsedWhereTheKernelReportsWhatFailed() {
        assertTrue(SyncFs.reportsErrors("6.1.0-18-amd64\n"));
        assertTrue(SyncFs.reportsErrors("5.8.0"));
        assertFalse(SyncFs.reportsErrors("5.7.19"));
        assertFalse(SyncFs.reportsErrors("4.19.0-26-amd64"));
        assertFalse(SyncFs.reportsErrors("nonsense"));
    }

    @Test
    void syncsAFileSystemThatIsKnownAndNoOther() throws IOException {
        boolean known = java.util.Set.of("ext3", "ext4", "xfs", "btrfs")
                .contains(Files.getFileStore(folder).type());
        Optional<SyncFs> whole = SyncFs.of(folder);
        assertEquals(known, whole.isPresent());
        if (whole.isPresent()) {
            assertTrue(whole.get().usable());
            whole.get().sync();
            whole.get().close();
            assertThrows(IOException.class, whole.get()::sync, "a descriptor that is closed");
        }
        assertTrue(SyncFs.of(Path.of("/proc")).isEmpty());
        assertTrue(SyncFs.of(folder.resolve("missing")).isEmpty());
    }
}
