package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Address;
import qrate.core.State;
import qrate.snapshots.Directory.Route;
import qrate.snapshots.SnapshotDirectory;

/// Two writers at once on one directory: none undoes what the other did, and the files say what the database says.
@Timeout(120)
class WritersTest {
    private static final Change DONE = new Change.Done();
    private static final Password PASSWORD = new Password.Clear("correct horse");
    private static final int CHANGES = 15;

    @TempDir
    Path folder;

    State state;
    private List<Domains> writers;

    @BeforeEach
    void start() throws IOException {
        state = new State(folder);
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        writers = writers();
        assertEquals(DONE, writers.getFirst().apply(new Edit.AddDomain("example.test", PASSWORD)));
    }

    @AfterEach
    void stop() {
        writers.reversed().forEach(Domains::close);
    }

    /// Two of them. On HSQLDB they are threads of one process, since no other can open it.
    List<Domains> writers() throws IOException {
        Domains first = open();
        return List.of(first, first.as("another"));
    }

    Domains open() throws IOException {
        return Domains.open(state, Settings.of(environment(), state), InstantSource.system());
    }

    Map<String, String> environment() throws IOException {
        return Map.of("QRATE_BCRYPT_COST", "4");
    }

    @FunctionalInterface
    private interface Work {
        Change with(Domains writer, int number) throws IOException;
    }

    private List<Change> both(Work work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<List<Change>>> all = new ArrayList<>();
            for (int who = 0; who < 2; who++) {
                int writer = who;
                all.add(threads.submit(() -> {
                    List<Change> changes = new ArrayList<>();
                    for (int i = 0; i < CHANGES; i++) {
                        changes.add(work.with(writers.get(writer), writer * CHANGES + i));
                    }
                    return changes;
                }));
            }
            List<Change> changes = new ArrayList<>();
            for (Future<List<Change>> one : all) {
                changes.addAll(one.get(100, TimeUnit.SECONDS));
            }
            return changes;
        }
    }

    @Test
    void everyChangeOfBothIsThereAndInTheFiles() throws Exception {
        assertTrue(both((writer, i) -> writer.apply(new Edit.AddMailbox("u" + i + "@example.test", PASSWORD))).stream()
                .allMatch(DONE::equals));
        assertTrue(both((writer, i) -> i % 3 == 0
                        ? writer.apply(new Edit.DeleteMailbox("u" + i + "@example.test"))
                        : writer.apply(new Edit.AddAlias(
                                new EditableDirectory.Alias("a" + i + "@example.test", "u1@example.test"))))
                .stream()
                .allMatch(DONE::equals));
        SnapshotDirectory directory = new SnapshotDirectory(state, InstantSource.system());
        for (int i = 0; i < 2 * CHANGES; i++) {
            Route box = directory.route(Address.of("u" + i + "@example.test"));
            Route alias = directory.route(Address.of("a" + i + "@example.test"));
            assertEquals(i % 3 != 0, box instanceof Route.Mailbox, "u" + i);
            assertEquals(i % 3 != 0, alias instanceof Route.Forward, "a" + i);
            assertEquals(
                    i % 3 != 0, directory.account("u" + i + "@example.test").isPresent());
        }
    }

    @Test
    void aLimitHoldsForBothTogether() throws Exception {
        assertEquals(
                DONE,
                writers.getFirst().apply(new Edit.SetLimits("example.test", new EditableDirectory.Limits(10, 0, 0))));
        List<Change> changes =
                both((writer, i) -> writer.apply(new Edit.AddMailbox("u" + i + "@example.test", PASSWORD)));
        long done = changes.stream().filter(DONE::equals).count();
        assertEquals(10, writers.getLast().mailboxes("example.test").size());
        assertEquals(9, done, "beside postmaster");
    }

    @Test
    void domainsComeAndGoUnderBoth() throws Exception {
        assertTrue(both((writer, i) -> writer.apply(new Edit.AddDomain("d" + i + ".test", PASSWORD))).stream()
                .allMatch(DONE::equals));
        assertTrue(both((writer, i) -> writer.apply(new Edit.DeleteDomain("d" + i + ".test"))).stream()
                .allMatch(DONE::equals));
        assertEquals(List.of("example.test"), Files.readAllLines(state.control().resolve("rcpthosts")));
        assertEquals(
                1,
                Files.readAllLines(state.users().resolve("assign")).stream()
                        .filter(line -> line.startsWith("+"))
                        .count());
        assertFalse(Files.exists(state.users().resolve("domains/d0.test.cdb")));
    }
}
