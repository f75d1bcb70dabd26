package qrate.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.cdb.CdbWriter;
import qrate.core.Address;
import qrate.core.State;
import qrate.snapshots.Directory.Account;
import qrate.snapshots.Directory.Route;
import qrate.testkit.Fuzz;
import qrate.testkit.Seeds;

/// The version before and this one on the same files, either reading what the other wrote. Classes whose names end with
/// 020 are those of 0.2.0 as they were.
class VersionsOfSnapshotsTest {
    private static final String DOMAIN = "example.test";

    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong(1_764_000_000_000L);
    private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
    private State state;
    private SnapshotWriter writer;
    private SnapshotWriter020 before;

    @BeforeEach
    void start() throws IOException {
        state = new State(folder.resolve("var"));
        writer = new SnapshotWriter(state, 1, 1);
        before = new SnapshotWriter020(state, 1, 1);
        writer.makeFolders();
    }

    private static Route mailbox(String local, long quota, String... copies) {
        return new Route.Mailbox(
                local + "@" + DOMAIN, "domains/" + DOMAIN + "/" + local, quota, 7, List.of(copies), true);
    }

    @Test
    void aVacationComesBackAsItWasAndTheVersionBeforePassesOverIt() throws IOException {
        Vacation away = new Vacation(
                true, Instant.ofEpochMilli(5), Instant.ofEpochMilli(9), 3, "離開", "Back\non=Monday", "Asia/Taipei");
        Route.Mailbox ann =
                new Route.Mailbox("ann@" + DOMAIN, "h/ann", 1, 7, List.of("a@b.test"), true, away, "zh-Hant");
        assertEquals(ann, Records.route(Records.named(ann)));
        Route plain = new Route.Mailbox("ann@" + DOMAIN, "h/ann", 1, 7, List.of("a@b.test"), true);
        assertEquals(plain, Records.route(Records.ordered(ann)));
        assertEquals(plain, Records020.route(Records.ordered(ann)));
    }

    @Test
    void appPasswordsComeBackAsTheyWereAndTheVersionBeforePassesOverThem() throws IOException {
        List<AppPassword> apps = List.of(
                new AppPassword("0123456789ab", true, false, "5a17", "d19e57"),
                new AppPassword("ba9876543210", false, true, "5a18", "d19e58"));
        Account ann = new Account("ann@" + DOMAIN, "x", "h/ann", true, true, apps, true);
        assertEquals(ann, Records.account(Records.named(ann)));
        Account plain = new Account("ann@" + DOMAIN, "x", "h/ann", true, true);
        assertEquals(plain, Records.account(Records.ordered(ann)));
        assertEquals(plain, Records020.account(Records.ordered(ann)));
        assertEquals(
                List.of(new AppPassword("id", false, false, "5a17", "d19e57")),
                Records.account(bytes("2", "address=a@b", "hash=x", "home=h", "app=id i 5a17 d19e57 later"))
                        .apps());
    }

    private static Account account(String local, String hash) {
        return new Account(local + "@" + DOMAIN, hash, "domains/" + DOMAIN + "/" + local, true, false);
    }

    private static Snapshot.Domain example(long revision) {
        return new Snapshot.Domain(
                DOMAIN,
                revision,
                Map.of(
                        "ann",
                        mailbox("ann", 1_000, "a=b@elsewhere.test", "x@elsewhere.test"),
                        "bob",
                        mailbox("bob", 0),
                        "team-default",
                        new Route.Forward(List.of("ann@example.test", "bob@example.test"))),
                new Route.Forward(List.of("ann@example.test")),
                Map.of("ann", account("ann", "$2b$04$x=y"), "bob", account("bob", "old")));
    }

    private static Snapshot.Amendment change(long revision, String local, Optional<String> hash) {
        return new Snapshot.Amendment(
                DOMAIN,
                revision,
                revision - 1,
                Set.of(local),
                hash.map(_ -> Map.of(local, mailbox(local, 5))).orElse(Map.of()),
                hash.map(h -> Map.of(local, account(local, h))).orElse(Map.of()));
    }

    /// What both versions say of some names, which must be one thing.
    private Map<String, String> both(String... locals) throws IOException {
        Directory ours = new SnapshotDirectory(state, clock);
        Directory theirs = new SnapshotDirectory020(state, clock);
        Map<String, String> said = new TreeMap<>();
        for (String local : locals) {
            for (String domain : List.of(DOMAIN, "example.net")) {
                String address = local + "@" + domain;
                String text = ours.route(Address.of(address)) + " " + ours.account(address);
                assertEquals(text, theirs.route(Address.of(address)) + " " + theirs.account(address));
                said.put(address, text);
            }
        }
        return said;
    }

    private static final String[] SOME = {"ann", "bob", "cid", "team-x", "nobody"};

    @Test
    void eachReadsWhatTheOtherWrote() throws IOException {
        before.write(example(1));
        before.write(new Snapshot.Alias("example.net", 1, DOMAIN));
        Map<String, String> old = both(SOME);
        writer.write(example(1));
        writer.write(new Snapshot.Alias("example.net", 1, DOMAIN));
        assertEquals(old, both(SOME));
        assertTrue(old.get("ann@example.net").contains("a=b@elsewhere.test"), old::toString);
    }

    @Test
    void changesBesideTheFilesAreReadByBoth() throws IOException {
        writer.write(example(1));
        assertTrue(writer.amend(change(2, "cid", Optional.of("new"))));
        assertTrue(writer.amend(change(3, "bob", Optional.empty())));
        Map<String, String> said = both(SOME);
        assertTrue(said.get("cid@example.test").contains("hash=new"), said::toString);
        assertTrue(said.get("bob@example.test").contains("Optional.empty"), said::toString);
    }

    /// After a rollback the version before puts its changes beside files of ours: those count, not our older ones.
    @Test
    void whatTheVersionBeforeChangesInFilesOfOursIsSeen() throws IOException {
        writer.write(example(1));
        assertTrue(writer.amend(change(2, "cid", Optional.of("new"))));
        assertTrue(before.amend(change(3, "ann", Optional.of("theirs"))));
        assertTrue(before.amend(change(4, "bob", Optional.empty())));
        Map<String, String> said = both(SOME);
        assertTrue(said.get("ann@example.test").contains("hash=theirs"), said::toString);
        assertTrue(said.get("bob@example.test").contains("Optional.empty"), said::toString);
        assertTrue(said.get("cid@example.test").contains("hash=new"), said::toString);
        assertEquals(OptionalLong.empty(), writer.revision(DOMAIN), "to be written anew");
        assertFalse(writer.amend(change(5, "cid", Optional.of("x"))));
    }

    @Test
    void filesOfTheVersionBeforeAreWrittenAnew() throws IOException {
        before.write(example(4));
        assertEquals(OptionalLong.empty(), writer.revision(DOMAIN));
        assertFalse(writer.amend(change(5, "cid", Optional.of("x"))));
        writer.write(example(4));
        assertEquals(OptionalLong.of(4), writer.revision(DOMAIN));
        assertEquals(OptionalLong.of(4), before.revision(DOMAIN), "the version before does not write them again");
    }

    /// A crash at each step of that: every file there is either as it was or as it will be, and those beside are there
    /// or not.
    @Test
    void aCrashAtAnyStepOfWritingAnewLeavesWhatBothReadAndIsHealed() throws IOException {
        before.write(example(1));
        assertTrue(before.amend(change(2, "cid", Optional.of("new"))));
        assertTrue(before.amend(change(3, "bob", Optional.empty())));
        Map<String, byte[]> first = files();
        Map<String, String> said = both(SOME);
        Map<String, Route> routes = new HashMap<>(example(3).routes());
        Map<String, Account> accounts = new HashMap<>(example(3).accounts());
        routes.remove("bob");
        accounts.remove("bob");
        routes.put("cid", mailbox("cid", 5));
        accounts.put("cid", account("cid", "new"));
        Snapshot.Domain all = new Snapshot.Domain(DOMAIN, 3, routes, example(3).catchAll(), accounts);
        writer.write(all);
        Map<String, byte[]> last = files();
        assertEquals(said, both(SOME));
        // in the order in which the writer does it
        List<String> steps = List.of(
                "passwords/" + DOMAIN + ".cdb",
                "passwords/" + DOMAIN + ".more",
                "users/domains/" + DOMAIN + ".cdb",
                "users/domains/" + DOMAIN + ".more");
        Set<String> changed = new HashSet<>(first.keySet());
        changed.addAll(last.keySet());
        assertEquals(Set.copyOf(steps), changed);
        for (int done = 0; done <= steps.size(); done++) {
            for (String step : steps) {
                byte[] content = (steps.indexOf(step) < done ? last : first).get(step);
                Path file = state.root().resolve(step);
                if (content == null) {
                    Files.deleteIfExists(file);
                } else {
                    Files.write(file, content);
                }
            }
            // what the writer had begun for the next one
            Files.write(state.users().resolve("domains/." + DOMAIN + ".cdb.tmp"), new byte[10]);
            assertEquals(said, both(SOME), "after " + done + " steps");
            boolean whole = done >= 3;
            assertEquals(whole ? OptionalLong.of(3) : OptionalLong.empty(), writer.revision(DOMAIN), "after " + done);
            writer.write(all);
            assertEquals(said, both(SOME));
            assertEquals(OptionalLong.of(3), writer.revision(DOMAIN));
            assertEquals(List.of(DOMAIN), writer.written());
        }
    }

    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> all = new TreeMap<>();
        for (Path in : List.of(state.passwords(), state.users().resolve("domains"))) {
            try (Stream<Path> files = Files.list(in)) {
                for (Path file : files.toList()) {
                    all.put(state.root().relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
        return all;
    }

    /// What this version will be to the next one.
    @Test
    void fieldsThatAreNotKnownArePassedOverAndMissingOnesHaveDefaults() throws IOException {
        byte[] route =
                bytes("2", "kind=mailbox", "later=1", "home=h/ann", "address=ann@example.test", "copy=", "x=y=z");
        assertEquals(new Route.Mailbox("ann@example.test", "h/ann", 0, 0, List.of(""), true), Records.route(route));
        byte[] account = bytes("2", "address=ann@example.test", "hash=x", "home=h/ann", "pop=1", "doors=pop,imap");
        assertEquals(new Account("ann@example.test", "x", "h/ann", true, false), Records.account(account));
        Path file = state.users().resolve("domains/" + DOMAIN + ".cdb");
        new CdbWriter()
                .put(bytes("#"), bytes("1"))
                .put(bytes("%"), bytes("2"))
                .put(bytes("!later"), bytes("anything"))
                .put(bytes("+ann"), route)
                .write(file, "rw-r-----");
        assertInstanceOf(Route.Mailbox.class, new SnapshotDirectory(state, clock).route(Address.of("ann@" + DOMAIN)));
    }

    @Test
    void damagedOnesAreCalledDamaged() {
        for (byte[] route : List.of(
                bytes("2"),
                bytes("2", ""),
                bytes("2", "kind"),
                bytes("2", "=x"),
                bytes("2", "kind=forward"),
                bytes("2", "kind=mailbox", "address=a@b"),
                bytes("2", "kind=mailbox", "address=a@b", "home=h", "quota-bytes=many"),
                bytes("2", "kind=mailbox", "kind=mailbox", "address=a@b", "home=h"),
                bytes("2", "kind=something"),
                bytes("3", "kind=mailbox", "address=a@b", "home=h"),
                bytes("99999999999", "kind=forward", "to=a@b"),
                bytes("mailbox", "a@b"),
                bytes(""))) {
            assertThrows(IOException.class, () -> Records.route(route), () -> new String(route, UTF_8));
        }
        for (byte[] account : List.of(
                bytes("2", "address=a@b", "home=h"),
                bytes("2", "address=a@b", "hash=x", "home=h", "app=id ps 5a17"),
                bytes("2", "address=a@b", "hash=x", "home=h", "app="),
                bytes("a@b", "x", "h", "1"),
                bytes("a@b", "x", "h", "1", "1", "1"))) {
            assertThrows(IOException.class, () -> Records.account(account), () -> new String(account, UTF_8));
        }
    }

    @Test
    void anyRecordComesBackInBothForms() {
        Seeds.forAll(300, random -> {
            List<String> copies = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                copies.add(text(random));
            }
            Route route = new Route.Mailbox(
                    text(random), text(random), random.nextLong(), random.nextLong(), copies, random.nextBoolean());
            Account account = new Account(
                    text(random) + "@x", text(random), text(random), random.nextBoolean(), random.nextBoolean());
            try {
                assertEquals(route, Records.route(Records.named(route)));
                assertEquals(route, Records.route(Records.ordered(route)));
                assertEquals(route, Records020.route(Records.ordered(route)));
                assertEquals(account, Records.account(Records.named(account)));
                assertEquals(account, Records.account(Records.ordered(account)));
                assertEquals(account, Records020.account(Records.ordered(account)));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertThrows(IllegalArgumentException.class, () -> Records.named(new Route.Forward(List.of("a\0to=b"))));
    }

    @Test
    void anyBytesAreARecordOrDamaged() {
        List<byte[]> corpus = List.of(
                Records.named(mailbox("ann", 5, "x@y")),
                Records.ordered(mailbox("ann", 5, "x@y")),
                Records.named(account("ann", "x")),
                Records.ordered(account("ann", "x")));
        Fuzz.run("snapshot record", corpus, bytes -> {
            try {
                Records.route(bytes);
            } catch (IOException _) {
                Records.account(bytes);
            }
        });
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append("ab=@2é+\n \"".charAt(random.nextInt(10)));
        }
        return text.toString();
    }

    private static byte[] bytes(String... fields) {
        return String.join("\0", fields).getBytes(UTF_8);
    }
}
