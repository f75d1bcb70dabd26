package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The audit log on HSQLDB's disk.
class AuditOnHsqldbTest {
    private static final Actor ADMIN = new Actor("admin", Actor.Door.COMMAND, "");

    /// More than HSQLDB holds in memory, so that some of them are in the file before anybody says so.
    private static final int LINES = Database.CACHED_ROWS_MAX * 3;

    @TempDir
    Path folder;

    private Database open(String name) throws IOException {
        return Database.open(
                Settings.HSQLDB + "file:" + folder.resolve(name).resolve("d")
                        + ";hsqldb.write_delay=false;hsqldb.tx=mvcc;hsqldb.applog=0",
                "SA",
                "");
    }

    private static void fill(Database database, int from, int to) throws IOException {
        database.call(tx -> {
            for (int i = from; i < to; i++) {
                Audit.record(tx, InstantSource.system(), ADMIN, "line " + i);
            }
            return true;
        });
    }

    @Test
    void itsLinesAreOnDiskAndNotInMemory() throws IOException {
        try (Database database = open("one")) {
            assertEquals(
                    List.of("CACHED"),
                    database.call(tx -> tx.list(
                            "SELECT hsqldb_type FROM information_schema.system_tables WHERE table_name = 'AUDIT'",
                            row -> row.getString(1))));
        }
        try (Stream<String> script = Files.lines(folder.resolve("one/d.script"))) {
            assertEquals(
                    List.of(
                            "SET FILES CACHE ROWS " + Database.CACHED_ROWS_MAX,
                            "SET FILES CACHE SIZE " + Database.CACHED_KILOBYTES_MAX),
                    script.filter(line -> line.startsWith("SET FILES CACHE"))
                            .sorted()
                            .toList());
        }
    }

    /// What a backup takes while the service runs, and what a power failure leaves.
    @Test
    void aCopyOfItsFilesWhileItIsOpenHoldsWhatWasDone() throws IOException {
        try (Database database = open("one")) {
            fill(database, 0, LINES);
            database.call(tx -> {
                tx.execute("CHECKPOINT");
                return true;
            });
            fill(database, LINES, LINES * 2);
            // an old line changes and goes while others are in the file
            database.call(tx -> tx.update("DELETE FROM audit WHERE place <= 100"));
            Path copy = Files.createDirectories(folder.resolve("two"));
            try (Stream<Path> files = Files.list(folder.resolve("one"))) {
                for (Path file : files.filter(Files::isRegularFile)
                        .filter(one -> !one.toString().endsWith(".lck"))
                        .toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
        }
        try (Database database = open("two")) {
            assertEquals(
                    Optional.of(LINES * 2 - 100L),
                    database.call(tx -> tx.one("SELECT COUNT(*) FROM audit", r -> r.getLong(1))));
            assertEquals(
                    Optional.of(LINES * 2 - 100L),
                    database.call(tx -> tx.one("SELECT COUNT(DISTINCT what) FROM audit", r -> r.getLong(1))));
            Audit audit = new Audit(database, InstantSource.system());
            assertEquals("line " + (LINES * 2 - 1), audit.newest(1).getFirst().what());
        }
    }
}
