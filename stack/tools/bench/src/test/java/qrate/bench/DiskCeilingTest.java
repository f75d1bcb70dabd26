package qrate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskCeilingTest {
    @TempDir
    Path folder;

    @Test
    void everyFileIsMadeAndNoneIsLeft() throws IOException {
        DiskCeiling ceiling = new DiskCeiling(folder);
        assertTrue(ceiling.files(50, 20) > 0);
        assertTrue(ceiling.appends(20) > 0);
        try (Stream<Path> left = Files.walk(folder)) {
            assertEquals(0, left.filter(Files::isRegularFile).count());
        }
    }
}
