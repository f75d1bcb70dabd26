package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.ANN;
import static qrate.images.embedded.Installation.BOB;
import static qrate.images.embedded.Installation.letter;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real file systems without room: small ones that root mounts for the test.
@Tag("container")
class DiskFullTest {
    private static final int BLOCK_BYTES = 4096;

    @TempDir
    private Path folder;

    @FunctionalInterface
    private interface Work {
        void run(Installation qrate) throws Exception;
    }

    private static int command(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        try (Stream<String> said = process.inputReader(StandardCharsets.UTF_8).lines()) {
            String text = String.join(" ", said.toList());
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), text);
        }
        return process.exitValue();
    }

    /// Runs with one folder of the state on a file system of 2 MiB.
    private void with(String volume, Work work) throws Exception {
        Installation qrate = Installation.prepare(folder, Map.of());
        Path small = Files.createDirectories(qrate.state().root().resolve(volume));
        Path kept = Files.createDirectory(folder.resolve("kept"));
        assertEquals(0, command("cp", "-a", small + "/.", kept.toString()));
        Assumptions.assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()) == 0,
                "only root can mount");
        try {
            assertEquals(0, command("cp", "-a", kept + "/.", small.toString()));
            qrate.start();
            try (qrate) {
                work.run(qrate);
            }
        } finally {
            command("umount", "-l", small.toString());
        }
    }

    /// Takes every byte that is left.
    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] block = new byte[BLOCK_BYTES];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    private static void assertOnce(Installation qrate, String user, int count) {
        qrate.box(user, count);
        qrate.drained();
        assertEquals(count, qrate.box(user).size());
    }

    @Test
    void aFullQueueIsATemporaryAnswerUntilThereIsRoom() throws Exception {
        with("queue", qrate -> {
            assertTrue(qrate.send("before", BOB).startsWith("250 "));
            assertOnce(qrate, BOB, 1);
            Path filler = qrate.state().queue().resolve("filler");
            fill(filler);
            String large = letter("large") + ("x".repeat(70) + "\r\n").repeat(2000);
            for (int i = 0; i < 3; i++) {
                try (Talk talk = qrate.smtp()) {
                    String reply = talk.message("someone@elsewhere.test", List.of(BOB), large);
                    assertTrue(reply.startsWith("451 4.3.1 "), reply);
                }
            }
            Files.delete(filler);
            assertTrue(qrate.send("after", BOB).startsWith("250 "));
            assertOnce(qrate, BOB, 2);
            qrate.stop();
            qrate.start();
            assertOnce(qrate, BOB, 2);
        });
    }

    @Test
    void fullMaildirsHoldMailBackUntilThereIsRoom() throws Exception {
        with("maildirs", qrate -> {
            Path filler = qrate.state().maildirs().resolve("filler");
            fill(filler);
            String large = letter("large") + ("x".repeat(70) + "\r\n").repeat(500);
            try (Talk talk = qrate.smtp()) {
                String reply = talk.message("someone@elsewhere.test", List.of(BOB, ANN), large);
                assertTrue(reply.startsWith("250 "), reply);
            }
            qrate.logged("deferral: Unable_to_deliver_to_domains/example.test/bob/Maildir:");
            assertTrue(qrate.log().contains("No_space_left_on_device._(#4.3.1)"), qrate.log());
            assertEquals(0, qrate.box(BOB).size());
            assertEquals(1, qrate.running().send().stat().messages());
            Files.delete(filler);
            qrate.running().send().retryNow();
            assertOnce(qrate, BOB, 1);
            assertOnce(qrate, ANN, 1);
            assertTrue(qrate.box(BOB).getFirst().endsWith(large));
            assertEquals(List.of(), Installation.files(qrate.maildir(BOB).resolve("tmp")));
        });
    }
}
