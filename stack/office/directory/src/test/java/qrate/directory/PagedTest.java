package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Slice;

class PagedTest {
    @TempDir
    Path folder;

    @Test
    void theDatabaseIsAskedForOnePageOfRowsAndOneMore() throws IOException {
        AtomicInteger read = new AtomicInteger();
        Paged<String> numbers = new Paged<>("who FROM audit", "happened = ?", List.of(7L), List.of("who"), "who", r -> {
            read.incrementAndGet();
            return r.getString(1);
        });
        try (Database database = Database.open(Settings.HSQLDB + "file:" + folder.resolve("d"), "SA", "")) {
            database.call(tx -> {
                for (int i = 0; i < 1000; i++) {
                    tx.update(
                            "INSERT INTO audit (happened, who, what) VALUES (?, ?, ?)",
                            7L,
                            String.format("w%03d", i),
                            "x");
                }
                return true;
            });
            for (Slice slice : List.of(
                    Slice.first(50),
                    new Slice("", "w500", "", 50),
                    new Slice("", "", "w500", 50),
                    new Slice("w", "", "", 50))) {
                read.set(0);
                Slice.Part<String> part = database.call(tx -> numbers.of(tx, slice));
                assertEquals(50, part.rows().size());
                assertEquals(1000, part.all());
                assertTrue(read.get() <= 51, slice + ": " + read);
            }
            assertEquals(
                    List.of("w499", "w500"),
                    database.call(tx -> numbers.of(tx, new Slice("", "", "w501", 2)))
                            .rows());
        }
    }
}
