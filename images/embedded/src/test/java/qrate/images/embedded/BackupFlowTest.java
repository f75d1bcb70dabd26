package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.ANN;
import static qrate.images.embedded.Installation.BOB;
import static qrate.images.embedded.Installation.letter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;
import qrate.directory.Edit;
import qrate.directory.Password;

/// A backup of a system under load, restored elsewhere: nothing is missing, and nothing is twice in a Maildir.
class BackupFlowTest {
    private static final int CLIENTS = 4;

    @TempDir
    private Path folder;

    private static List<String> marks(List<String> box) {
        return box.stream()
                .map(text -> text.substring(text.indexOf("\r\nSubject: ") + 11))
                .map(text -> text.substring(0, text.indexOf('\r')))
                .toList();
    }

    private static String run(String program, Path state, String... arguments) throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, UTF_8);
        Program.Stdio stdio =
                new Program.Stdio(Map.of("QRATE_STATE", state.toString()), InputStream.nullInputStream(), out, out);
        int code = qrate.images.admin.Main.commands().get(program).run(List.of(arguments), stdio);
        assertEquals(0, code, said.toString(UTF_8));
        return said.toString(UTF_8);
    }

    private static void load(int port, String name, AtomicBoolean enough, Set<String> accepted) {
        try (Talk talk = Talk.smtp(port)) {
            for (int i = 0; !enough.get(); i++) {
                String mark = name + i;
                String reply = talk.message("someone@elsewhere.test", List.of(ANN, BOB), letter(mark));
                if (reply.startsWith("250 ")) {
                    accepted.add(mark);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyMessageFromBeforeTheBackupIsThereOnceAfterARestoreElsewhere() throws Exception {
        underLoad(300);
    }

    @Test
    @Tag("long")
    void thatHoldsForThousands() throws Exception {
        underLoad(5000);
    }

    /// @param messages that are accepted before, and at least as many again while, the backup is made
    private void underLoad(int messages) throws Exception {
        Path backups = folder.resolve("backups");
        Set<String> before;
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        try (Installation old = Installation.start(folder.resolve("old"))) {
            AtomicBoolean enough = new AtomicBoolean();
            List<Thread> clients = new ArrayList<>();
            int port = old.running().smtp().smtp().port();
            for (int client = 0; client < CLIENTS; client++) {
                String name = "c" + client + "-";
                clients.add(Thread.ofVirtual().start(() -> load(port, name, enough, accepted)));
            }
            Awaitility.await().atMost(Installation.SOON).until(() -> accepted.size() >= messages);
            before = new TreeSet<>(accepted);
            run("backup", old.state().root(), "--to", backups.toString());
            Awaitility.await().atMost(Installation.SOON).until(() -> accepted.size() >= 2 * messages);
            run("backup", old.state().root(), "--to", backups.toString());
            enough.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
        Path backup;
        try (var made = Files.list(backups)) {
            backup = made.sorted().findFirst().orElseThrow();
        }
        run("backup", folder, "verify", backup.toString());
        Path state = folder.resolve("new/state");
        run("restore", state, backup.toString());
        try (Installation fresh = Installation.restored(folder.resolve("new"))) {
            fresh.drained();
            for (String user : List.of(ANN, BOB)) {
                List<String> got = marks(fresh.box(user));
                Set<String> missing = new TreeSet<>(before);
                missing.removeAll(got);
                assertEquals(Set.of(), missing, user);
                List<String> twice = got.stream()
                        .filter(mark -> Collections.frequency(got, mark) > 1)
                        .toList();
                assertEquals(List.of(), twice, user);
            }
            assertTrue(fresh.send("afterwards", ANN).startsWith("250 "));
            Awaitility.await()
                    .atMost(Installation.SOON)
                    .until(() -> marks(fresh.box(ANN)).contains("afterwards"));
        }
    }

    @Test
    void theDirectoryIsRestoredWithWhatWasChangedWhileItWasOpen() throws Exception {
        Path backups = folder.resolve("backups");
        try (Installation old = Installation.start(folder.resolve("old"))) {
            old.people(3);
            run("backup", old.state().root(), "--to", backups.toString());
        }
        Path backup;
        try (var made = Files.list(backups)) {
            backup = made.findFirst().orElseThrow();
        }
        run("restore", folder.resolve("new/state"), backup.toString());
        try (Installation fresh = Installation.restored(folder.resolve("new"))) {
            for (String user : List.of(ANN, "user0@example.test", "user2@example.test")) {
                assertTrue(fresh.login(user).startsWith("+OK"), user);
            }
            Installation.done(fresh.directory()
                    .apply(new Edit.AddMailbox("new@example.test", new Password.Clear(Installation.PASSWORD))));
        }
    }
}
