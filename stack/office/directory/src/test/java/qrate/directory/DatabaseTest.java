package qrate.directory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @TempDir
    private Path folder;

    /// Twelve seconds at most; who gives up after nine has `vadduser` fail, or the admin service not start.
    @Test
    void saysThatAnotherProgramHasItOpen() throws IOException {
        String url = Settings.HSQLDB + "file:" + folder.resolve("open");
        Database.open(url, "SA", "").close();
        Path file = Files.write(folder.resolve("open.lck"), lock(System.currentTimeMillis()));
        System.setProperty(Database.LOCK_POLL_MILLIS, "10");
        Thread heart = Thread.ofPlatform().daemon().start(() -> beat(file));
        try {
            IOException refused = assertThrows(IOException.class, () -> Database.open(url, "SA", ""));
            assertEquals(
                    "database: another program has it open: end that, as ./qrate down does, or try again",
                    refused.getMessage());
        } finally {
            System.clearProperty(Database.LOCK_POLL_MILLIS);
            heart.interrupt();
        }
    }

    /// Whoever has a database open says so again and again.
    private static void beat(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            while (!Thread.interrupted()) {
                channel.write(ByteBuffer.wrap(lock(System.currentTimeMillis())), 0);
            }
        } catch (ClosedByInterruptException _) {
            // the test is over
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] lock(long heartbeat) {
        return ByteBuffer.allocate(16)
                .put("HSQLLOCK".getBytes(US_ASCII))
                .putLong(heartbeat)
                .array();
    }

    /// The pool puts a new connection in the place of one that ended, which would open the database again.
    @Test
    void isNotOpenedAgainByItsOwnPoolWhileItCloses() throws IOException {
        String url = Settings.HSQLDB + "file:" + folder.resolve("again");
        for (int i = 0; i < 100; i++) {
            Database database = Database.open(url, "SA", "");
            database.call(tx -> tx.one("SELECT MAX(version) FROM schema_version", row -> row.getInt(1)));
            database.close();
            assertFalse(Files.exists(folder.resolve("again.lck")), "time " + i);
        }
    }

    @Test
    void waitsUntilTheLockOfAProcessThatWasKilledIsStale() throws IOException {
        String url = Settings.HSQLDB + "file:" + folder.resolve("vpopmail");
        Database.open(url, "SA", "").close();
        Files.write(folder.resolve("vpopmail.lck"), lock(System.currentTimeMillis()));
        try (Database database = Database.open(url, "SA", "")) {
            assertEquals(
                    Optional.of(Database.SCHEMA),
                    database.call(tx -> tx.one("SELECT MAX(version) FROM schema_version", row -> row.getInt(1))));
        }
    }
}
