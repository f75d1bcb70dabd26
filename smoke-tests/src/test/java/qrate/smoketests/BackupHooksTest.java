package qrate.smoketests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Backups go on, encrypted, to restic and borg as docs/backup.md says, and what comes back from there is whole.
@Tag("container")
@Tag("long")
@Timeout(1200)
class BackupHooksTest {
    private static final Duration COMMAND_MAX = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();

    private Ran run(String... command) throws IOException {
        return Ran.of(COMMAND_MAX, environment, List.of(command));
    }

    private static Path only(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().endsWith("Z"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void whatResticAndBorgGiveBackIsWhole() throws IOException {
        Path top = Release.unpack(folder);
        String qrate = top.resolve("qrate").toString();
        environment.putAll(Release.ports());
        environment.put("QRATE_STATE", folder.resolve("state").toString());
        environment.put("HOME", folder.toString());
        environment.put("BORG_REPO", folder.resolve("borg").toString());
        environment.put("BORG_PASSPHRASE", "a passphrase");
        Files.writeString(folder.resolve("password"), "a password");
        String restic =
                "restic -q -r '" + folder.resolve("restic") + "' --password-file '" + folder.resolve("password") + "'";
        run("chmod", "755", folder.toString()).orFail(); // the user of the state must get there
        run("sh", "-c", restic + " init").orFail();
        run("borg", "init", "--encryption=repokey").orFail();
        Path backups = folder.resolve("backups");
        try {
            assertTrue(run(qrate, "up", "--embedded").text().contains("Qrate is up"));
            run(qrate, "vadduser", "ann@example.test", "a good password").orFail();
            run(qrate, "backup", "--to", backups.toString(), "--post", restic + " backup \"$QRATE_BACKUP\"")
                    .orFail();
            run(
                            qrate,
                            "backup",
                            "--to",
                            backups.toString(),
                            "--post",
                            "borg create \"::$(basename \"$QRATE_BACKUP\")\" \"$QRATE_BACKUP\"")
                    .orFail();
            Ran failed = run(qrate, "backup", "--to", backups.toString(), "--post", restic + " backup /no-such-folder");
            assertEquals(111, failed.code(), failed.text());
            assertTrue(failed.text().contains("is whole"), failed.text());
        } finally {
            run(qrate, "down").orFail();
        }
        Path fromRestic = folder.resolve("from-restic");
        run("sh", "-c", restic + " restore latest --target '" + fromRestic + "'")
                .orFail();
        comesBack(qrate, only(fromRestic.resolve(backups.toString().substring(1))), "one");
        Path fromBorg = Files.createDirectory(folder.resolve("from-borg"));
        run("sh", "-c", "cd '" + fromBorg + "' && borg extract \"::$(borg list --short | tail -n 1)\"")
                .orFail();
        comesBack(qrate, only(fromBorg.resolve(backups.toString().substring(1))), "two");
    }

    private void comesBack(String qrate, Path backup, String name) throws IOException {
        run(qrate, "backup", "verify", backup.toString()).orFail();
        Path state = folder.resolve(name);
        run(qrate, "--state", state.toString(), "restore", "--embedded", backup.toString())
                .orFail();
        assertTrue(Files.isDirectory(state.resolve("maildirs/domains/example.test/ann/Maildir")));
    }
}
