package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.cdb.Cdb;
import qrate.cdb.CdbWriter;
import qrate.core.Address;
import qrate.core.State;
import qrate.snapshots.Directory.Route;
import qrate.snapshots.SnapshotDirectory;

/// Snapshots as 0.2.0 left them are written anew when the directory is opened, whichever of them a crash kept from it.
class OldSnapshotsTest {
    private static final Change DONE = new Change.Done();
    private static final Password PASSWORD = new Password.Clear("correct horse");

    @TempDir
    Path folder;

    private State state;
    private List<Path> files;

    @BeforeEach
    void start() throws IOException {
        state = new State(folder);
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        try (Domains domains = open()) {
            assertEquals(DONE, domains.apply(new Edit.AddDomain("example.test", PASSWORD)));
            assertEquals(DONE, domains.apply(new Edit.AddAliasDomain("example.test", "example.net")));
            assertEquals(DONE, domains.apply(new Edit.AddMailbox("ann@example.test", PASSWORD)));
            assertEquals(
                    DONE,
                    domains.apply(
                            new Edit.AddAlias(new EditableDirectory.Alias("office@example.test", "ann@example.test"))));
        }
        files = new ArrayList<>();
        for (String name : List.of("example.test.cdb", "example.test.more", "example.net.cdb")) {
            files.add(state.users().resolve("domains").resolve(name));
            files.add(state.passwords().resolve(name));
        }
    }

    private Domains open() throws IOException {
        return Domains.open(state, Settings.of(Map.of("QRATE_BCRYPT_COST", "4"), state), InstantSource.system());
    }

    private static Map<String, String> records(Path file) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Cdb cdb = Cdb.open(file)) {
            cdb.forEach((key, value) -> all.put(new String(key, UTF_8), new String(value, UTF_8)));
        }
        return all;
    }

    /// Leaves of a file what 0.2.0 wrote into it.
    private static void age(Path file) throws IOException {
        CdbWriter old = new CdbWriter();
        records(file).forEach((key, value) -> {
            if (!key.startsWith("+") && !key.equals("**") && !key.equals("%")) {
                old.put(key.getBytes(UTF_8), value.getBytes(UTF_8));
            }
        });
        old.write(file, "rw-r-----");
    }

    @Test
    void theyAreWrittenAnewAtTheStartHoweverManyAreStillOld() throws IOException {
        Map<Path, byte[]> ours = new TreeMap<>();
        for (Path file : files) {
            ours.put(file, Files.readAllBytes(file));
        }
        for (int some = 1; some < 1 << files.size(); some++) {
            for (int i = 0; i < files.size(); i++) {
                Files.write(files.get(i), ours.get(files.get(i)));
                if ((some & 1 << i) != 0) {
                    age(files.get(i));
                }
            }
            isWhole("before, " + some);
            if (some % 7 == 0) { // each start takes its time
                open().close();
                isWhole("after, " + some);
                isOfOurForm();
            }
        }
        for (Path file : files) {
            Files.write(file, ours.get(file));
            age(file);
        }
        open().close();
        isWhole("after all");
        isOfOurForm();
    }

    private void isWhole(String when) throws IOException {
        SnapshotDirectory directory = new SnapshotDirectory(state, InstantSource.system());
        for (String domain : List.of("example.test", "example.net")) {
            assertInstanceOf(Route.Mailbox.class, directory.route(Address.of("ann@" + domain)), when);
            assertInstanceOf(Route.Forward.class, directory.route(Address.of("office@" + domain)), when);
            assertEquals(
                    "ann@example.test",
                    directory.account("ann@" + domain).orElseThrow().address(),
                    when);
        }
    }

    private void isOfOurForm() throws IOException {
        for (Path file : files) {
            // one beside a file of another revision means nothing
            if (file.toString().endsWith(".cdb")) {
                Map<String, String> all = records(file);
                assertEquals("2", all.get("%"), file.toString());
                assertEquals(names(all, "="), names(all, "+"), file.toString());
            }
        }
    }

    private static List<String> names(Map<String, String> records, String kind) {
        return records.keySet().stream()
                .filter(key -> key.startsWith(kind))
                .map(key -> key.substring(1))
                .toList();
    }
}
