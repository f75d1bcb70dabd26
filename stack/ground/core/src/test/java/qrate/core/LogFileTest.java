package qrate.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    private static final int BYTES_MAX = 100;

    @TempDir
    Path folder;

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
    }

    @Test
    void hasAnEndHoweverMuchIsSaid() throws IOException {
        try (LogFile log = new LogFile(folder.resolve("log"), BYTES_MAX)) {
            for (int i = 0; i < 1000; i++) {
                log.write("line %04d\n".formatted(i).getBytes(UTF_8));
            }
        }
        assertEquals(
                "line 0999\n",
                Files.readString(folder.resolve("log")).lines().toList().getLast() + "\n");
        for (int number = 1; number <= LogFile.KEPT; number++) {
            assertEquals(BYTES_MAX, Files.size(folder.resolve("log." + number)));
            assertEquals("rw-r-----", mode("log." + number));
        }
        assertFalse(Files.exists(folder.resolve("log." + (LogFile.KEPT + 1))));
        assertTrue(Files.readString(folder.resolve("log.1")).endsWith("line 0989\n"));
    }

    @Test
    void goesOnWhereItWasAndIsNoLongerForEverybody() throws IOException {
        Files.writeString(folder.resolve("log"), "before\n");
        Files.setPosixFilePermissions(folder.resolve("log"), PosixFilePermissions.fromString("rw-r--r--"));
        try (LogFile log = new LogFile(folder.resolve("log"), BYTES_MAX)) {
            log.write("after\n".getBytes(UTF_8));
        }
        assertEquals("before\nafter\n", Files.readString(folder.resolve("log")));
        assertEquals("rw-r-----", mode("log"));
    }
}
