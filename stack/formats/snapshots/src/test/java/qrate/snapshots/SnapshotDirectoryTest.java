package qrate.snapshots;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.cdb.Cdb;
import qrate.core.Address;
import qrate.core.State;
import qrate.snapshots.Directory.Account;
import qrate.snapshots.Directory.Route;
import qrate.testkit.Seeds;

class SnapshotDirectoryTest {
    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong(1_764_000_000_000L);
    private State state;
    private SnapshotWriter writer;
    private SnapshotDirectory directory;

    @BeforeEach
    void start() throws IOException {
        state = new State(folder);
        writer = new SnapshotWriter(state, 7789, 7790);
        writer.makeFolders();
        directory = new SnapshotDirectory(state, () -> java.time.Instant.ofEpochMilli(now.get()));
    }

    private static Route.Mailbox mailbox(String local) {
        return new Route.Mailbox(
                local + "@example.test", "domains/example.test/" + local, 1000, 10, List.of("copy@example.org"), true);
    }

    @Test
    void aDomainSaysItsOwnTheSystemElse() throws IOException {
        writer.writeSaid(Map.of("a", "system's", "b", "system's too"));
        writer.write(new Snapshot.Domain(
                "example.test", 1, Map.of(), new Route.NoSuchUser(), Map.of(), Map.of("a", "its own\n退信")));
        writer.write(new Snapshot.Alias("alias.test", 1, "example.test"));
        assertEquals(Optional.of("its own\n退信"), directory.said("example.test", "a"));
        assertEquals(Optional.of("its own\n退信"), directory.said("ALIAS.test", "a"), "another name of it");
        assertEquals(Optional.of("system's too"), directory.said("example.test", "b"));
        assertEquals(Optional.of("system's"), directory.said("elsewhere.test", "a"), "no domain of ours");
        assertEquals(Optional.empty(), directory.said("example.test", "c"));
        assertEquals(Optional.empty(), directory.said("../../etc", "c"));
        writer.writeSaid(Map.of());
        now.addAndGet(MappedFile.RECHECK_MILLIS);
        assertEquals(Optional.empty(), directory.said("example.test", "b"), "nothing is said any more");
    }

    @Test
    void whatADomainSaysStaysWhenOneOfItsPeopleChanges() throws IOException {
        writer.write(new Snapshot.Domain(
                "example.test", 1, Map.of(), new Route.NoSuchUser(), Map.of(), Map.of("a", "its own")));
        assertTrue(writer.amend(new Snapshot.Amendment(
                "example.test", 2, 1, Set.of("ann"), Map.of("ann", mailbox("ann")), Map.of("ann", account("ann")))));
        writer.sync();
        assertEquals(Optional.of("its own"), directory.said("example.test", "a"));
    }

    private static Account account(String local) {
        return new Account(local + "@example.test", "$2b$04$x", "domains/example.test/" + local, true, false);
    }

    private void writeExample(Route catchAll) throws IOException {
        writer.write(new Snapshot.Domain(
                "example.test",
                1,
                Map.of(
                        "ann",
                        mailbox("ann"),
                        "bob",
                        mailbox("bob"),
                        "sales",
                        new Route.Forward(List.of("ann@example.test", "x@example.org")),
                        "shop",
                        new Route.Forward(List.of("sales@example.test"))),
                catchAll,
                Map.of("ann", account("ann"))));
        writer.write(new Snapshot.Alias("example.net", 1, "example.test"));
    }

    @Test
    void anAliasNamedDefaultTakesWhatBeginsLikeIt() throws IOException {
        Route list = new Route.Forward(List.of("postmaster@example.test"));
        writer.write(new Snapshot.Domain(
                "example.test",
                1,
                Map.of("team-default", list, "team-lead", mailbox("team-lead")),
                new Route.NoSuchUser(),
                Map.of()));
        assertEquals(list, route("team-subscribe-Ann=example.org@example.test"));
        assertEquals(list, route("team-return-7-" + "x".repeat(80) + "=example.org@example.test"));
        assertEquals(mailbox("team-lead"), route("team-lead@example.test"));
        assertEquals(new Route.NoSuchUser(), route("team@example.test"));
        assertEquals(new Route.NoSuchUser(), route("teams-x@example.test"));
    }

    private Route route(String address) throws IOException {
        return directory.route(Address.of(address));
    }

    @Test
    void tellsWhoIsHereAndWhoIsNot() throws IOException {
        writeExample(new Route.NoSuchUser());
        assertEquals(mailbox("ann"), route("Ann@Example.Test"));
        assertEquals(mailbox("ann"), route("ann@example.net"));
        assertEquals(new Route.Forward(List.of("sales@example.test")), route("shop@example.test"));
        assertEquals(new Route.NoSuchUser(), route("carl@example.test"));
        assertEquals(new Route.NoSuchUser(), route("carl@example.net"));
        assertEquals(new Route.NotOurs(), route("ann@example.org"));
        assertEquals(Optional.of(account("ann")), directory.account("ANN@example.net"));
        assertEquals(Optional.empty(), directory.account("bob@example.test"));
        assertEquals(Optional.empty(), directory.account("ann"));
    }

    @Test
    void saysWhetherADomainThrowsMailForTheUnknownAway() throws IOException {
        writer.write(new Snapshot.Domain(
                "example.test", 1, Map.of(), new Route.NoSuchUser(), Map.of(), Map.of(Directory.DROPS, "yes")));
        writer.write(new Snapshot.Alias("example.net", 1, "example.test"));
        writer.write(new Snapshot.Domain("other.test", 1, Map.of(), new Route.NoSuchUser(), Map.of()));
        assertTrue(directory.drops("example.test") && directory.drops("EXAMPLE.net"));
        assertFalse(directory.drops("other.test") || directory.drops("far.test"));
        assertEquals(new Route.NoSuchUser(), route("whoever@example.net"));
    }

    @Test
    void sendsTheUnknownToTheCatchAll() throws IOException {
        writeExample(mailbox("bob"));
        assertEquals(mailbox("bob"), route("whoever@example.test"));
        assertEquals(mailbox("bob"), route("\"odd one\"@example.test"));
    }

    @Test
    void letsAMailboxSendAsItselfAndItsAliasesOnly() throws IOException {
        writeExample(mailbox("ann"));
        for (String own : List.of("ann@example.test", "ANN@EXAMPLE.NET", "sales@example.test", "shop@example.net")) {
            assertTrue(directory.maySendAs("ann@example.test", Address.of(own)), own);
        }
        for (String other : List.of("bob@example.test", "x@example.org", "whoever@example.test", "", "ann")) {
            assertFalse(directory.maySendAs("ann@example.test", Address.of(other)), other);
        }
        assertFalse(directory.maySendAs("bob@example.test", Address.of("sales@example.test")));
    }

    @Test
    void endsAtAliasesThatLeadToEachOther() throws IOException {
        writer.write(new Snapshot.Domain(
                "loop.test",
                1,
                Map.of(
                        "a", new Route.Forward(List.of("b@loop.test", "a@loop.test")),
                        "b", new Route.Forward(List.of("a@loop.test", "b@loop.test"))),
                new Route.NoSuchUser(),
                Map.of()));
        assertFalse(directory.maySendAs("ann@example.test", Address.of("a@loop.test")));
    }

    @Test
    void opensNoFileOutsideItsFolder() throws IOException {
        writeExample(new Route.NoSuchUser());
        Files.copy(
                state.users().resolve("domains/example.test.cdb"), state.users().resolve("evil.cdb"));
        for (String domain : List.of("../evil", "..", ".", "", "a/b", "a\0b", "example.test\0", "-a.test", "a..b")) {
            assertEquals(new Route.NotOurs(), route("ann@" + domain), domain);
            assertEquals(Optional.empty(), directory.account("ann@" + domain), domain);
        }
    }

    @Test
    void refusesNobodyByAnOldFile() throws IOException {
        writeExample(new Route.NoSuchUser());
        assertEquals(mailbox("ann"), route("ann@example.test"));
        writer.write(
                new Snapshot.Domain("example.test", 2, Map.of("new", mailbox("new")), mailbox("caught"), Map.of()));
        assertEquals(mailbox("new"), route("new@example.test"), "made within the same second");
        writer.write(
                new Snapshot.Domain("example.test", 3, Map.of("newer", mailbox("newer")), mailbox("caught"), Map.of()));
        assertEquals(mailbox("newer"), route("newer@example.net"), "nor by an alias domain's, nor for the catch-all");
    }

    @Test
    void aNewMailboxOrPasswordCountsAtTheNextLogin() throws IOException {
        writeExample(new Route.NoSuchUser());
        assertEquals(Optional.empty(), directory.account("bob@example.net"));
        Account changed = new Account("ann@example.test", "$2b$04$y", "domains/example.test/ann", true, false);
        writer.write(new Snapshot.Domain(
                "example.test", 2, Map.of(), new Route.NoSuchUser(), Map.of("ann", changed, "bob", account("bob"))));
        assertEquals(Optional.of(account("bob")), directory.account("bob@example.net"));
        assertEquals(Optional.of(changed), directory.account("ann@example.test"));
    }

    @Test
    void seesAChangeWithinASecond() throws IOException {
        assertEquals(new Route.NotOurs(), route("ann@example.test"));
        writeExample(new Route.NoSuchUser());
        assertEquals(mailbox("ann"), route("ann@example.test"));
        writer.write(new Snapshot.Domain("example.test", 2, Map.of(), new Route.NoSuchUser(), Map.of()));
        assertEquals(mailbox("ann"), route("ann@example.test"));
        now.addAndGet(MappedFile.RECHECK_MILLIS);
        assertEquals(new Route.NoSuchUser(), route("ann@example.test"));
        writer.remove("example.test");
        now.addAndGet(MappedFile.RECHECK_MILLIS);
        assertEquals(new Route.NotOurs(), route("ann@example.test"));
    }

    @Test
    void theNewestAnswerIsNeverASecondOld() throws IOException {
        writeExample(new Route.NoSuchUser());
        Address ann = Address.of("ann@example.test");
        assertEquals(mailbox("ann"), directory.newest(ann));
        writer.write(new Snapshot.Domain("example.test", 2, Map.of(), new Route.NoSuchUser(), Map.of()));
        assertEquals(new Route.NoSuchUser(), directory.newest(ann));
        writer.remove("example.test");
        assertEquals(new Route.NotOurs(), directory.newest(ann));
    }

    @Test
    void failsTemporarilyWhenASnapshotIsDamagedOrItsFolderMissing() throws IOException {
        writeExample(new Route.NoSuchUser());
        Path file = state.users().resolve("domains/example.test.cdb");
        Files.write(file, new byte[10]);
        assertThrows(IOException.class, () -> route("ann@example.test"));
        byte[] noise = new byte[4096];
        new Random(7).nextBytes(noise);
        Files.write(file, noise);
        now.addAndGet(MappedFile.RECHECK_MILLIS);
        assertThrows(IOException.class, () -> route("ann@example.test"));
        Files.delete(state.passwords().resolve("example.test.cdb"));
        Files.delete(state.passwords().resolve("example.net.cdb"));
        Files.delete(state.passwords());
        assertThrows(IOException.class, () -> directory.account("ann@example.test"));
    }

    @Test
    void neverTakesADamagedSnapshotForAnythingButAnErrorOrAnAnswer() throws IOException {
        writeExample(new Route.NoSuchUser());
        byte[] good = Files.readAllBytes(state.users().resolve("domains/example.test.cdb"));
        Path file = state.users().resolve("domains/example.test.cdb");
        Seeds.forAll(200, random -> {
            byte[] bad = good.clone();
            for (int i = 0; i < 40; i++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            try {
                Files.write(file, bad);
                now.addAndGet(MappedFile.RECHECK_MILLIS);
                route("ann@example.test");
            } catch (IOException _) {
                // a temporary failure is the right answer
            }
        });
    }

    @Test
    void givesBackWhatWasWritten() {
        Seeds.forAll(20, random -> {
            Map<String, Route> routes = new HashMap<>();
            Map<String, Account> accounts = new HashMap<>();
            for (int i = random.nextInt(200); i > 0; i--) {
                String local = "u" + random.nextInt(1000);
                routes.put(
                        local,
                        random.nextBoolean()
                                ? mailbox(local)
                                : new Route.Forward(List.of("é" + random.nextInt() + "@x", "y@z")));
                accounts.put(local, account(local));
            }
            try {
                writer.write(new Snapshot.Domain("example.test", 3, routes, new Route.NoSuchUser(), accounts));
                now.addAndGet(MappedFile.RECHECK_MILLIS);
                for (int i = 0; i < 1000; i++) {
                    String local = "u" + i;
                    assertEquals(routes.getOrDefault(local, new Route.NoSuchUser()), route(local + "@example.test"));
                    assertEquals(Optional.ofNullable(accounts.get(local)), directory.account(local + "@example.test"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void writesAssignmentsAsQmailNewuDoes() throws IOException {
        Files.writeString(
                state.users().resolve("assign"), "=Joe:joe:503:78:/home/joe:::\n+old.test-:old.test:1:1:/x:-::\n.\n");
        writer.writeAssign(Map.of("example.test", "example.test", "alias.test", "example.test"), List.of("old.test"));
        String home = state.maildirs().toAbsolutePath() + "/domains/example.test";
        assertEquals(
                "+alias.test-:example.test:7789:7790:" + home + ":-::\n+example.test-:example.test:7789:7790:" + home
                        + ":-::\n=Joe:joe:503:78:/home/joe:::\n.\n",
                Files.readString(state.users().resolve("assign")));
        try (Cdb cdb = Cdb.open(state.users().resolve("cdb"))) {
            assertEquals("-", value(cdb, ""));
            assertEquals("joe\000503\00078\0/home/joe\0\0", value(cdb, "!joe\0"));
            assertEquals("example.test\0007789\0007790\0" + home + "\0-\0", value(cdb, "!example.test-"));
        }
        assertThrows(IOException.class, () -> Assignments.toCdb(List.of("=joe:joe:1:1:/home")));
    }

    private static String value(Cdb cdb, String key) throws IOException {
        return new String(cdb.get(key.getBytes(ISO_8859_1)).orElseThrow(), ISO_8859_1);
    }

    @Test
    void knowsWhetherAFileIsOlderThanTheDatabase() throws IOException {
        assertTrue(writer.revision("example.test").isEmpty());
        writeExample(new Route.NoSuchUser());
        assertEquals(1, writer.revision("example.test").orElseThrow());
        assertEquals(List.of("example.net", "example.test"), writer.written());
        Files.write(state.passwords().resolve("example.test.cdb"), new byte[3]);
        assertTrue(writer.revision("example.test").isEmpty());
    }
}
