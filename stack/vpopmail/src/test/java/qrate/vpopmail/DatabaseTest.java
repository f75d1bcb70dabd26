package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @TempDir
    private Path folder;

    /// Twelve seconds at most; who gives up after nine has `vadduser` fail, or the admin service not start.
    @Test
    void waitsUntilTheLockOfAProcessThatWasKilledIsStale() throws IOException {
        String url = Settings.HSQLDB + "file:" + folder.resolve("vpopmail");
        Database.open(url, "SA", "").close();
        byte[] lock = ByteBuffer.allocate(16)
                .put("HSQLLOCK".getBytes(US_ASCII))
                .putLong(System.currentTimeMillis())
                .array();
        Files.write(folder.resolve("vpopmail.lck"), lock);
        try (Database database = Database.open(url, "SA", "")) {
            assertEquals(
                    Optional.of(Database.SCHEMA),
                    database.call(tx -> tx.one("SELECT MAX(version) FROM schema_version", row -> row.getInt(1))));
        }
    }
}
