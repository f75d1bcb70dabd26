package qrate.smoketests;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Containers that are backed up while they run, lost, and restored by `./qrate`, as docs/backup.md says.
@Timeout(900) // the one process may have to be built first
class BackupInContainersTest extends OnStack {
    private static final Duration ARRIVAL_MAX = Duration.ofSeconds(60);
    private static final String ANN = "ann@example.test";

    @TempDir
    static Path folder;

    @BeforeAll
    @Override
    void up() throws IOException {
        stack = Stack.prepared();
    }

    private Ran qrate(String... arguments) throws IOException {
        return stack.qrate(folder.resolve("state"), arguments);
    }

    private long messages() throws IOException {
        return stack.inside("lspawn", "ls /var/qmail/maildirs/domains/example.test/ann/Maildir/new").lines().stream()
                .filter(line -> line.contains(".Q"))
                .count();
    }

    private void send(String to) throws IOException {
        stack.inside("send", "printf 'To: " + to + "\\nSubject: hi\\n\\nx\\n' | qrate qmail-inject -f" + ANN)
                .orFail();
    }

    @Test
    void whatIsBackedUpWhileItRunsComesBackAfterAllVolumesAreLost() throws IOException {
        Path backups = folder.resolve("backups");
        qrate("up", "--compose").orFail();
        qrate("vadduser", ANN, "correct horse battery").orFail();
        stack.inside("admin", "echo :127.0.0.1:1 >/var/qmail/control/smtproutes")
                .orFail(); // nobody there: it waits
        send(ANN);
        send("someone@elsewhere.test");
        await().atMost(ARRIVAL_MAX).until(() -> messages() == 1);
        qrate("backup", "--to", backups.toString(), "--post", "basename $QRATE_BACKUP >" + folder + "/name")
                .orFail();
        Path backup = backups.resolve(Files.readString(folder.resolve("name")).strip());
        qrate("backup", "verify", backup.toString()).orFail();
        Ran running = qrate("restore", backup.toString());
        assertEquals(111, running.code(), running.text());
        assertTrue(running.text().contains("the containers are running"), running.text());

        declared();

        qrate("down", "--volumes").orFail();
        qrate("restore", "--compose", backup.toString()).orFail();
        qrate("up", "--compose").orFail();
        assertEquals(1, messages(), "once");
        qrate("vuserinfo", ANN).orFail();
        Ran queue = qrate("qmail-qread");
        assertTrue(queue.text().contains("someone@elsewhere.test"), queue.text());
        send(ANN);
        await().atMost(ARRIVAL_MAX).until(() -> messages() == 2);

        Ran zone = qrate("dns", "example.test", "--address", "192.0.2.25");
        assertTrue(zone.text().contains("\nexample.test. 3600 IN MX 10 mail.example.test.\n"), zone.text());
        Ran look = qrate("doctor", "--outbound", "127.0.0.1:1");
        assertEquals(2, look.code(), look.text());
        assertTrue(look.text().contains("broken    outbound: 127.0.0.1 port 1 cannot be reached"), look.text());
        for (String part : List.of(
                "port: smtp answers",
                "port: pop3s answers",
                "relay: nobody can send through this server without signing in",
                "health: every part reports that it is well",
                "folder: every folder has its owner and mode")) {
            assertTrue(look.text().contains("well      " + part), part + ": " + look.text());
        }

        // as root the one process is another user's, who must get there
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path one = folder.resolve("one");
        stack.qrate(one, "restore", "--embedded", backup.toString()).orFail();
        try (Stream<Path> box = Files.list(one.resolve("maildirs/domains/example.test/ann/Maildir/new"))) {
            assertEquals(1, List.copyOf(box.toList()).size());
        }
        Ran again = stack.qrate(one, "restore", "--embedded", backup.toString());
        assertEquals(111, again.code(), again.text());
        assertTrue(again.text().contains("a restore needs an empty state"), again.text());
    }

    /// `./qrate export` and `apply`, whose file lies on this machine, while containers run and while none does.
    private void declared() throws IOException {
        Path file = folder.resolve("mail.yaml");
        qrate("export", "--secrets", file.toString()).orFail();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Ran nothing = qrate("apply", "--prune", "--dry-run", file.toString());
        assertEquals(0, nothing.code(), nothing.text());
        Path more = folder.resolve("more.yaml");
        Files.writeString(more, """
            control: {badmailfrom: ['@spam.test']}
            domains: {example.test: {mailboxes: {dora: {}}, lists: {team: {subscribers: [a@b.test]}}}}
            """);
        Ran would = qrate("apply", "--dry-run", more.toString());
        assertEquals(2, would.code(), would.text());
        qrate("apply", more.toString()).orFail();
        qrate("vuserinfo", "dora@example.test").orFail();
        qrate("down").orFail();
        Ran stopped = qrate("apply", more.toString());
        assertTrue(stopped.code() == 0 && stopped.text().contains("nothing to do"), stopped.text());
    }
}
