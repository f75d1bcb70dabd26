package qrate.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Verdict;
import qrate.queue.Journal;
import qrate.queue.Queue;

/// A state that nothing runs on, copied and made again.
class BackupTest {
    private static final String MESSAGE = "maildirs/domains/example.test/ann/Maildir/new/1764000000.M1.host,S=6";

    @TempDir
    private Path folder;

    private final AtomicLong seconds = new AtomicLong(1_764_000_000);
    private final InstantSource clock = () -> Instant.ofEpochSecond(seconds.get());
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path state;
    private Path backups;

    @BeforeEach
    void make() throws IOException {
        state = folder.resolve("state");
        backups = folder.resolve("backups");
        file("control/me", "mail.example.test\n");
        file("tls/key.pem", "secret\n");
        Files.setPosixFilePermissions(state.resolve("tls/key.pem"), PosixFilePermissions.fromString("rw-r-----"));
        file("db/vpopmail.script", "tables\n");
        file("db/vpopmail.log", "changes\n");
        file("db/vpopmail.lck", "lock\n");
        file("db/session-key", "key\n");
        file("run/ports", "25\n");
        for (String name : List.of("new", "cur", "tmp")) {
            Files.createDirectories(state.resolve("maildirs/domains/example.test/ann/Maildir/" + name));
        }
        file(MESSAGE, "hello\n");
        file("maildirs/domains/example.test/ann/Maildir/tmp/half", "hal");
        Files.createDirectories(state.resolve("queue"));
    }

    private void file(String name, String text) throws IOException {
        Path file = state.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Program.Stdio stdio(Path root) {
        out.reset();
        err.reset();
        return new Program.Stdio(
                Map.of("QRATE_STATE", root.toString()),
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private int backup(String... arguments) {
        seconds.incrementAndGet();
        return new BackupProgram(clock).run(List.of(arguments), stdio(state));
    }

    private Path backedUp() throws IOException {
        assertEquals(0, backup("--to", backups.toString()), err::toString);
        return Backup.all(backups).getLast();
    }

    private int restore(Path root, String... arguments) {
        return new RestoreProgram((made, _) -> Files.createDirectories(made.queue()), clock)
                .run(List.of(arguments), stdio(root));
    }

    private static List<String> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> root.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatIsRestoredIsWhatWasThereWithModesAndTimes() throws IOException {
        Path made = backedUp();
        Path fresh = folder.resolve("fresh");
        assertEquals(0, restore(fresh, made.toString()), err::toString);
        assertEquals(
                List.of("control/me", "db/vpopmail.log", "db/vpopmail.script", MESSAGE, "tls/key.pem"),
                files(fresh).stream().filter(name -> !name.startsWith("queue/")).toList());
        for (String name : List.of("control/me", MESSAGE, "tls/key.pem")) {
            assertEquals(Files.readString(state.resolve(name)), Files.readString(fresh.resolve(name)));
            assertEquals(
                    Files.getLastModifiedTime(state.resolve(name)), Files.getLastModifiedTime(fresh.resolve(name)));
            assertEquals(
                    Files.getPosixFilePermissions(state.resolve(name)),
                    Files.getPosixFilePermissions(fresh.resolve(name)));
        }
        assertTrue(Files.isDirectory(fresh.resolve("maildirs/domains/example.test/ann/Maildir/tmp")));
    }

    @Test
    void everyVolumeOfTheContainersIsCopiedOrHoldsNothingThatLasts() throws IOException {
        Path compose = Path.of("").toAbsolutePath();
        while (!Files.exists(compose.resolve("compose/compose.yaml"))) {
            compose = compose.getParent();
        }
        Set<String> volumes = new TreeSet<>(Files.readString(compose.resolve("compose/compose.yaml"))
                .replaceAll("(?s).*\\nvolumes:\\n", "")
                .lines()
                .filter(line -> line.matches("  [a-z-]+:.*"))
                .map(line -> line.strip().replaceAll(":.*", ""))
                .toList());
        assertTrue(volumes.contains("queue"), volumes::toString);
        volumes.removeAll(Set.of(
                "run", "spool", "vchkpw", "signer", "gate", "health")); // sockets; half received; statistics; memory
        volumes.removeIf(volume -> volume.startsWith("figures-")); // memory
        assertEquals(Backup.tops(), volumes);
    }

    @Test
    void namesInAnyEncodingComeThrough() throws IOException {
        file("maildirs/domains/example.test/ann/Maildir/cur/1.M2.host:2,S", "x");
        file("maildirs/domains/example.test/ann/a b%41#?", "y");
        Path made = backedUp();
        Path fresh = folder.resolve("fresh");
        assertEquals(0, restore(fresh, made.toString()), err::toString);
        assertEquals(
                "x", Files.readString(fresh.resolve("maildirs/domains/example.test/ann/Maildir/cur/1.M2.host:2,S")));
        assertEquals("y", Files.readString(fresh.resolve("maildirs/domains/example.test/ann/a b%41#?")));
    }

    @Test
    void noLinkIsFollowed() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "not mail");
        Files.createSymbolicLink(state.resolve("maildirs/file"), secret);
        Files.createSymbolicLink(state.resolve("maildirs/folder"), folder);
        Files.createSymbolicLink(state.resolve("maildirs/up"), Path.of("../control/me"));
        Path made = backedUp();
        assertTrue(Files.isSymbolicLink(made.resolve("state/maildirs/file")));
        assertFalse(Files.readString(made.resolve("MANIFEST")).contains("/folder/"));
        Path fresh = folder.resolve("fresh");
        assertEquals(0, restore(fresh, made.toString()), err::toString);
        assertEquals(secret, Files.readSymbolicLink(fresh.resolve("maildirs/file")));
        assertEquals(Path.of("../control/me"), Files.readSymbolicLink(fresh.resolve("maildirs/up")));
    }

    @Test
    void theNextBackupHoldsWhatStayedTheSameOnceMoreWithoutACopy() throws IOException {
        Path first = backedUp();
        Path read = state.resolve(MESSAGE.replace("/new/", "/cur/") + ":2,S");
        Files.move(state.resolve(MESSAGE), read);
        file("control/me", "other.example.test\n");
        Path second = backedUp();
        assertEquals(
                Files.getAttribute(first.resolve("state").resolve(MESSAGE), "unix:ino"),
                Files.getAttribute(second.resolve("state").resolve(state.relativize(read)), "unix:ino"),
                "a message that was read meanwhile");
        assertEquals("mail.example.test\n", Files.readString(first.resolve("state/control/me")));
        assertEquals("other.example.test\n", Files.readString(second.resolve("state/control/me")));
        assertEquals(0, backup("verify", first.toString()), err::toString);
        assertEquals(0, backup("verify", second.toString()), err::toString);
    }

    @Test
    void aBackupThatWasChangedOrCutIsRefusedByName() throws IOException {
        Path made = backedUp();
        Path fresh = folder.resolve("fresh");
        Path me = made.resolve("state/control/me");
        Files.writeString(me, "evil.example.test\n");
        assertRefused(made, fresh, "control/me: was changed");
        Files.writeString(me, "longer than it was before\n");
        assertRefused(made, fresh, "control/me: has 26 bytes instead of 18");
        Files.delete(me);
        assertRefused(made, fresh, "control/me: is missing");
        Files.createSymbolicLink(me, Path.of("/etc/hostname"));
        assertRefused(made, fresh, "control/me: is no file");
        Files.delete(me);
        Files.writeString(me, "mail.example.test\n");
        Files.writeString(made.resolve("state/control/more"), "");
        assertRefused(made, fresh, "holds 1 files or folders that are not in its list");
        Files.delete(made.resolve("state/control/more"));
        assertEquals(0, backup("verify", made.toString()), err::toString);
        Path list = made.resolve("MANIFEST");
        String text = Files.readString(list);
        for (int cut : List.of(0, 5, 40, text.length() / 2, text.length() - 1)) {
            Files.writeString(list, text.substring(0, cut));
            assertRefused(made, fresh, "MANIFEST");
        }
        Files.writeString(list, text.replace("control/me", "control/mx"));
        assertRefused(made, fresh, "was changed: its sum is another");
        Files.delete(list);
        assertRefused(made, fresh, "is no backup");
        assertFalse(Files.exists(fresh.resolve("control")), "nothing was touched");
    }

    private void assertRefused(Path made, Path fresh, String why) {
        assertEquals(1, backup("verify", made.toString()));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains(why), err::toString);
        assertEquals(1, restore(fresh, made.toString()));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains(why), err::toString);
    }

    @Test
    void aListThatLeadsOutOfTheStateIsRefused() throws IOException {
        Path made = backedUp();
        Path list = made.resolve("MANIFEST");
        for (String name : List.of("../control/me", "control/../me", "%2e%2e/me", "/etc/passwd", "control//me", "")) {
            String before = Files.readString(list);
            List<String> lines = new ArrayList<>(before.lines().toList());
            lines.removeLast();
            lines.add("FILE 644 0 0 - " + name);
            String body = String.join("\n", lines) + "\n";
            byte[] sum = Manifest.sha256().digest(body.getBytes(StandardCharsets.UTF_8));
            Files.writeString(list, body + "end " + java.util.HexFormat.of().formatHex(sum) + "\n");
            assertEquals(1, backup("verify", made.toString()), name);
            Files.writeString(list, before);
        }
    }

    @Test
    void aStateThatIsInUseIsNotRestoredOver() throws IOException {
        Path made = backedUp();
        assertEquals(111, restore(state, made.toString()));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("is there already"), err::toString);
        assertEquals("mail.example.test\n", Files.readString(state.resolve("control/me")));
    }

    @Test
    void aDryRunMakesNothing() throws IOException {
        Path made = backedUp();
        Path fresh = folder.resolve("fresh");
        assertEquals(0, restore(fresh, "--dry-run", made.toString()), err::toString);
        assertFalse(Files.exists(fresh));
    }

    @Test
    void aRestoreThatWasCutOffIsBegunAnew() throws IOException {
        Path made = backedUp();
        Path fresh = folder.resolve("fresh");
        Files.createDirectories(fresh.resolve("queue"));
        Files.createDirectories(fresh.resolve("control"));
        Files.writeString(fresh.resolve("queue/restoring"), "");
        Files.writeString(fresh.resolve("control/me"), "half");
        Files.writeString(fresh.resolve("control/left"), "over");
        assertEquals(0, restore(fresh, made.toString()), err::toString);
        assertEquals("mail.example.test\n", Files.readString(fresh.resolve("control/me")));
        assertFalse(Files.exists(fresh.resolve("control/left")));
        assertFalse(Files.exists(fresh.resolve("queue/restoring")));
    }

    @Test
    void aBackupThatWasCutOffHasNoNameAndGoesWithTheNext() throws IOException {
        Path partial = backups.resolve(".partial-20251124T160000Z/state");
        Files.createDirectories(partial);
        Files.writeString(partial.resolve("file"), "");
        backedUp();
        assertEquals(0, backup("list", backups.toString()));
        assertEquals(1, out.toString(StandardCharsets.UTF_8).lines().count(), out::toString);
        assertFalse(Files.exists(partial));
    }

    @Test
    void onlyTheNewestAreKeptWhereThatIsAsked() throws IOException {
        backedUp();
        backedUp();
        Path third = backedUp();
        assertEquals(0, backup("--to", backups.toString(), "--keep", "2"), err::toString);
        assertEquals(2, Backup.all(backups).size());
        assertEquals(third, Backup.all(backups).getFirst());
    }

    @Test
    void callsThatMakeNoSenseSayHowItIsCalled() {
        for (List<String> wrong : List.of(
                List.<String>of(),
                List.of("--to"),
                List.of("--keep", "1"),
                List.of("--to", "x", "--keep", "0"),
                List.of("verify"),
                List.of("verify", "x", "--sum"),
                List.of("list"),
                List.of("--bogus", "x"))) {
            assertEquals(100, backup(wrong.toArray(String[]::new)), wrong::toString);
            assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("usage: backup"), err::toString);
        }
        assertEquals(100, restore(state));
        assertEquals(100, restore(state, "a", "b"));
        assertEquals(111, backup("--to", state.resolve("control").toString()));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("lies in what is backed up"), err::toString);
        assertEquals(111, backup("list", folder.resolve("none").toString()));
    }

    @Test
    void aQueueThatSomebodyHasWithoutAnsweringIsNotCopied() throws IOException {
        try (Journal _ = Journal.open(state.resolve("queue"), clock, Log.silent())) {
            assertEquals(111, backup("--to", backups.toString()));
            assertTrue(err.toString(StandardCharsets.UTF_8).contains("in use"), err::toString);
            assertEquals(List.of(), Backup.all(backups));
        }
    }

    @Test
    void whatAMaildirHoldsAlreadyIsNotedAndWhatItLacksIsOwed() throws IOException {
        long id;
        try (Journal journal = Journal.open(state.resolve("queue"), clock, Log.silent())) {
            Envelope two = Envelope.of("x@elsewhere.test", "ann@example.test", "bob@example.test");
            Verdict verdict = journal.accept(two, Body.of("hello\n".getBytes(StandardCharsets.UTF_8)));
            String text = ((Verdict.Delivered) verdict).text();
            id = Long.parseLong(text.substring(text.lastIndexOf(' ') + 1));
        }
        String delivered = clock.millis() / 1000 + ".Q" + id + "R0.host,S=6";
        file("maildirs/domains/example.test/ann/Maildir/cur/" + delivered + ":2,RS", "hello\n");
        file("maildirs/.notes/log.7", "of the old system\n");
        Path made = backedUp();
        Path fresh = folder.resolve("fresh");
        assertEquals(0, restore(fresh, made.toString()), err::toString);
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("1 deliveries were made"), out::toString);
        String notes = String.join("", files(fresh.resolve("maildirs/.notes")));
        assertFalse(notes.contains("log.7"), notes);
        try (Journal journal = Journal.open(fresh.resolve("queue"), clock, Log.silent())) {
            assertEquals(
                    List.of(new Queue.State.Pending(), new Queue.State.Pending()),
                    journal.read(id).states());
        }
    }

    @Test
    void whatIsThereIsPrintedAsJson() throws IOException {
        Path made = backedUp();
        assertEquals(0, backup("list", "--json", backups.toString()));
        assertEquals("[\"" + made.getFileName() + "\"]\n", out.toString(StandardCharsets.UTF_8));
        assertEquals(0, backup("verify", "--json", made.toString()), err::toString);
        Verified verified = Verified.of(made);
        assertEquals(
                "{\"name\":\"" + made.getFileName() + "\",\"whole\":true,\"frozen\":\""
                        + verified.head().frozen() + "\",\"files\":" + verified.files() + ",\"bytes\":"
                        + verified.bytes()
                        + ",\"sum\":\"" + verified.head().sum() + "\",\"wrong\":[]}\n",
                out.toString(StandardCharsets.UTF_8));
        assertEquals(1, backup("verify", made.toString(), "--sum=other", "--json"));
        assertTrue(
                out.toString(StandardCharsets.UTF_8)
                        .endsWith("\"wrong\":[\"is another: the sum of its list is "
                                + verified.head().sum() + "\"]}\n"),
                out::toString);
        assertEquals(1, backup("verify", "--json", folder.resolve("no\"ne").toString()));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("{\"whole\":false,\"wrong\":[\""), out::toString);
        assertEquals(100, backup("--to", backups.toString(), "--json"));
    }
}
