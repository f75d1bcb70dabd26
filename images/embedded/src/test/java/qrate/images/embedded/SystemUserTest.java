package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Launcher;
import qrate.core.Program;

/// A qmail-lspawn that is root, as below qmail's own qmail-start: what is a user's happens as that user
/// (qmail-lspawn(8)).
class SystemUserTest {
    private static final String USER = "nobody";

    /// Its number, and that of its group, on every Debian.
    private static final String IDS = "65534:65534";

    @TempDir
    Path folder;

    @Test
    void mailAndProgramsOfAUserAreTheUsers() throws Exception {
        assumeTrue(Checkout.isRoot(), "runs as root");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Installation here = Installation.prepare(folder, Map.of());
        Path home = Files.createDirectory(folder.resolve("home"));
        Path made = home.resolve("made");
        Path beyond = folder.resolve("beyond");
        Files.writeString(
                home.resolve(".qmail"), "./box\n|id -u >" + made + "; id -G >>" + made + "; >" + beyond + "; true\n");
        own(home);
        own(home.resolve(".qmail"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(here.state().users().resolve("assign"), "=joe:" + USER + ":" + IDS + ":" + home + ":::\n.\n");
        Program.Stdio stdio = new Program.Stdio(
                Map.of("QRATE_STATE", here.state().root().toString()), System.in, System.out, System.err);
        assertEquals(0, Launcher.run(qrate.images.admin.Main.commands(), new String[] {"qmail-newu"}, stdio));
        String send = "127.0.0.1:" + Beside.freePort();
        try (Beside beside = new Beside(folder, here.state(), send)) {
            beside.script("logging", "while read -r line; do echo \"$line\"; done");
            int started = beside.start(beside.bin().resolve("qmail-start").toString(), "./Mailbox", "logging");
            Awaitility.await()
                    .atMost(Installation.SOON)
                    .until(() -> beside.said(started).contains("status: local 0/"));
            Files.writeString(folder.resolve("envelope"), "Fann@example.org\0Tjoe@localhost\0\0");
            assertEquals(0, beside.run("Subject: x\n\nx\n", "sh", "-c", "qmail-queue 1<'" + folder + "/envelope'"));
            Awaitility.await()
                    .atMost(Installation.SOON)
                    .until(() -> beside.said(started).contains("\ndelivery 1: "));
            assertTrue(beside.said(started).contains("\ndelivery 1: success: "), beside.said(started));
        }
        assertEquals(
                USER,
                Files.getOwner(home.resolve("box"), LinkOption.NOFOLLOW_LINKS).getName());
        assertEquals(List.of("65534", "65534"), Files.readAllLines(made));
        assertTrue(Files.notExists(beyond), "it cannot write where only root may");
    }

    private static void own(Path path) throws Exception {
        assertEquals(
                0, new ProcessBuilder("chown", IDS, path.toString()).start().waitFor());
    }
}
