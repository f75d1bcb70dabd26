package qrate.snapshots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Address;
import qrate.core.State;
import qrate.snapshots.Directory.Account;
import qrate.snapshots.Directory.Route;

/// A change of one mailbox stands beside the domain's files until many have gathered.
class AmendmentTest {
    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong(1_764_000_000_000L);
    private SnapshotWriter writer;
    private SnapshotDirectory directory;
    private Path file;
    private Path more;

    @BeforeEach
    void start() throws IOException {
        State state = new State(folder);
        writer = new SnapshotWriter(state, 1, 1);
        writer.makeFolders();
        directory = new SnapshotDirectory(state, () -> Instant.ofEpochMilli(now.get()));
        file = state.users().resolve("domains/example.test.cdb");
        more = state.users().resolve("domains/example.test.more");
        write(1, "ann", "bob");
    }

    private void write(long revision, String... locals) throws IOException {
        Map<String, Route> routes = new HashMap<>();
        Map<String, Account> accounts = new HashMap<>();
        for (String local : locals) {
            routes.put(local, route(local));
            accounts.put(local, account(local, "x"));
        }
        writer.write(new Snapshot.Domain("example.test", revision, routes, new Route.NoSuchUser(), accounts));
    }

    private static Route route(String local) {
        return new Route.Mailbox(local + "@example.test", "h/" + local, 0, 0, List.of(), true);
    }

    private static Account account(String local, String hash) {
        return new Account(local + "@example.test", hash, "h/" + local, true, true);
    }

    private boolean put(long revision, String local, String hash) throws IOException {
        return writer.amend(new Snapshot.Amendment(
                "example.test",
                revision,
                revision - 1,
                Set.of(local),
                Map.of(local, route(local)),
                Map.of(local, account(local, hash))));
    }

    private boolean remove(long revision, String local) throws IOException {
        return writer.amend(
                new Snapshot.Amendment("example.test", revision, revision - 1, Set.of(local), Map.of(), Map.of()));
    }

    private boolean there(String local) throws IOException {
        now.addAndGet(2 * MappedFile.RECHECK_MILLIS);
        return directory.route(Address.of(local + "@example.test")) instanceof Route.Mailbox;
    }

    private Optional<String> hash(String local) throws IOException {
        return directory.account(local + "@example.test").map(Account::hash);
    }

    @Test
    void changesAreSeenAndTheFilesStayAsTheyAre() throws IOException {
        byte[] before = Files.readAllBytes(file);
        assertTrue(put(2, "cid", "y"));
        assertTrue(put(3, "ann", "z"));
        assertTrue(remove(4, "bob"));
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(OptionalLong.of(4), writer.revision("example.test"));
        assertTrue(there("cid") && there("ann"));
        assertFalse(there("bob"));
        assertEquals(
                List.of(Optional.of("y"), Optional.of("z"), Optional.empty()),
                List.of(hash("cid"), hash("ann"), hash("bob")));
        assertTrue(put(5, "bob", "again"));
        assertTrue(there("bob"));
    }

    @Test
    void aFileThatIsWrittenAnewCountsAlone() throws IOException {
        assertTrue(put(2, "cid", "y"));
        write(3, "ann");
        assertFalse(there("cid"));
        assertFalse(there("bob"));
        assertEquals(OptionalLong.of(3), writer.revision("example.test"));
        assertTrue(put(4, "eve", "e"));
        assertFalse(there("cid"));
        assertTrue(there("eve"));
    }

    /// A database put back from a backup has old revisions again.
    @Test
    void aFileOfARevisionThatWasThereBeforeTakesNothingOverFromThen() throws IOException {
        assertTrue(put(2, "cid", "y"));
        write(1, "ann", "bob");
        assertEquals(OptionalLong.of(1), writer.revision("example.test"));
        assertFalse(there("cid"));
    }

    @Test
    void whatDoesNotFitIsNotWritten() throws IOException {
        assertFalse(put(3, "cid", "y"), "one between them is missing");
        Files.writeString(more, "no cdb");
        assertFalse(put(2, "cid", "y"));
        write(2, "ann");
        Files.deleteIfExists(more);
        assertTrue(put(3, "cid", "y"));
        Files.delete(file);
        assertFalse(put(4, "cid", "y"));
        assertEquals(OptionalLong.empty(), writer.revision("example.test"));
        writer.remove("example.test");
        assertFalse(Files.exists(more));
        assertInstanceOf(Route.NotOurs.class, routeNow("cid"));
    }

    private Route routeNow(String local) throws IOException {
        now.addAndGet(2 * MappedFile.RECHECK_MILLIS);
        return directory.route(Address.of(local + "@example.test"));
    }

    @Test
    void tooManyAreForTheFileItself() throws IOException {
        long revision = 1;
        for (int i = 0; i < SnapshotWriter.AMENDED_MAX; i++) {
            assertTrue(put(++revision, "u" + i, "x"));
        }
        assertFalse(put(++revision, "one-more", "x"));
        assertTrue(put(revision, "u0", "another"), "one that stands there already adds none");
    }

    /// Names of the files in `users/domains` and `passwords`, each with its bytes and what tells it from a
    /// rewritten one.
    private Map<Path, Object> files() throws IOException {
        Map<Path, Object> all = new HashMap<>();
        for (String part : List.of("users/domains", "passwords")) {
            try (Stream<Path> found = Files.list(folder.resolve(part))) {
                for (Path one : found.toList()) {
                    all.put(
                            folder.relativize(one),
                            Objects.requireNonNull(Files.readAttributes(one, BasicFileAttributes.class)
                                    .fileKey()));
                }
            }
        }
        return all;
    }

    private Set<String> written(Map<Path, Object> before) throws IOException {
        Set<String> names = new TreeSet<>();
        files().forEach((name, key) -> {
            if (!key.equals(before.get(name))) {
                names.add(name.toString());
            }
        });
        return names;
    }

    @Test
    void onlyTheFileThatSaysSomethingElseIsWritten() throws IOException {
        Map<Path, Object> before = files();
        assertTrue(put(2, "ann", "new hash"));
        assertEquals(Set.of("passwords/example.test.more"), written(before));
        before = files();
        assertTrue(writer.amend(new Snapshot.Amendment(
                "example.test", 3, 2, Set.of("sales"), Map.of("sales", new Route.Forward(List.of("a@b"))), Map.of())));
        assertEquals(Set.of("users/domains/example.test.more"), written(before));
        before = files();
        assertTrue(put(4, "cid", "y"));
        assertEquals(Set.of("users/domains/example.test.more", "passwords/example.test.more"), written(before));
        before = files();
        assertTrue(put(5, "cid", "y"), "nothing but the revision");
        assertEquals(Set.of("users/domains/example.test.more"), written(before));
        assertEquals(OptionalLong.of(5), writer.revision("example.test"));
        assertEquals(
                List.of(Optional.of("new hash"), Optional.of("x"), Optional.of("y")),
                List.of(hash("ann"), hash("bob"), hash("cid")));
        assertTrue(there("cid"));
    }

    @Test
    void aWholeFileThatSaysWhatItSaidStays() throws IOException {
        Map<String, Account> accounts = Map.of("ann", account("ann", "x"), "bob", account("bob", "x"));
        Map<String, Route> routes = Map.of("ann", route("ann"), "bob", route("bob"));
        Route all = new Route.Forward(List.of("all@far.test"));
        Map<Path, Object> before = files();
        writer.write(new Snapshot.Domain("example.test", 2, routes, all, accounts));
        assertEquals(Set.of("users/domains/example.test.cdb"), written(before));
        assertEquals(OptionalLong.of(2), writer.revision("example.test"));
        before = files();
        writer.write(new Snapshot.Domain("example.test", 2, routes, all, accounts));
        assertEquals(
                Set.of("users/domains/example.test.cdb"), written(before), "as a database that was put back has it");
        before = files();
        writer.write(new Snapshot.Domain("example.test", 3, routes, all, Map.of("ann", account("ann", "x"))));
        assertEquals(Set.of("passwords/example.test.cdb"), written(before));
        assertTrue(put(4, "ann", "y"));
        assertEquals(Optional.of("y"), hash("ann"));
        assertEquals(OptionalLong.of(4), writer.revision("example.test"));
    }
}
