package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the scheduler writes to the ledger of the day.
class LedgerLinesTest extends SchedulerOnBench {
    @Test
    void writesTheSameLinesToTheLedgerOfTheDay() throws Exception {
        bench.local.always(OK);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        bench.trace.close();
        List<String> ledger = Files.readAllLines(folder.resolve("ledger/2026-01-01"));
        assertEquals(
                List.of(
                        "running",
                        "new msg 1",
                        "info msg 1: bytes 18 from <ann@far.example> qp 1 uid 7 recipients 1",
                        "from msg 1: unknown",
                        "starting delivery 1: msg 1 to local bob@here.example recipient 0",
                        "delivery 1: success: ok/",
                        "end msg 1"),
                ledger.stream()
                        .map(line -> line.substring(line.indexOf(' ') + 1))
                        .toList());
        assertTrue(ledger.stream().allMatch(line -> line.startsWith("2026-01-01T00:00:00Z ")));
    }

    @Test
    void keepsTheLedgerThirtyDaysAndOtherFilesForEver() throws Exception {
        Path other = Files.createDirectories(folder.resolve("other/ledger"));
        for (String name : List.of("2025-12-01", "2025-12-02", "notes")) {
            Files.writeString(other.resolve(name), "x\n");
        }
        bench = new Bench(folder.resolve("other"), Map.of());
        bench.boot(queue);
        assertFalse(Files.exists(other.resolve("2025-12-01")));
        assertTrue(Files.exists(other.resolve("2025-12-02")));
        assertTrue(Files.exists(other.resolve("notes")));
    }

    @Test
    void goesOnWhenTheLedgerCannotBeWritten() throws Exception {
        Files.createDirectories(folder.resolve("other"));
        Files.writeString(folder.resolve("other/ledger"), "a file where the folder should be");
        bench = new Bench(folder.resolve("other"), Map.of("locals", "here.example"));
        bench.boot(queue);
        bench.local.always(OK);
        Bench.send(queue, "ann@far.example", "bob@here.example");
        bench.run();
        assertEquals(List.of(), queue.ids());
        assertEquals(
                1,
                bench.log()
                        .lines()
                        .filter(line -> line.contains("unable to write the ledger"))
                        .count());
    }
}
