package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthTest {
    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-11-29T10:00:00Z");
    private Optional<String> trouble = Optional.empty();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private Health health() {
        Log log = new Log(new PrintStream(written, true, StandardCharsets.UTF_8), Log.Stamp.NONE, () -> now);
        Health health = new Health(Optional.of(folder.resolve("smtpd")), () -> now, log);
        health.watch("tls", () -> trouble);
        return health;
    }

    @Test
    void aProblemStandsInTheFileAsLongAsItLasts() throws IOException {
        Health health = health();
        assertTrue(health.look());
        assertEquals("", Files.readString(folder.resolve("smtpd")));
        trouble = Optional.of("the certificate ended\nand more");
        assertFalse(health.look());
        assertEquals("tls: the certificate ended\\x0aand more\n", Files.readString(folder.resolve("smtpd")));
        trouble = Optional.empty();
        assertTrue(health.look());
        assertEquals("", Files.readString(folder.resolve("smtpd")));
        assertEquals("", written.toString(StandardCharsets.UTF_8), "a moment is not logged");
    }

    /// Whoever reads the file while it is written anew must not take a moment of emptiness for health.
    @Test
    void aProblemThatStaysIsInTheFileAtEachMoment() throws Exception {
        Health health = health();
        trouble = Optional.of("there is no certificate");
        health.look();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 5000; i++) {
                health.look();
            }
        });
        int read = 0;
        while (writer.isAlive() || read == 0) {
            assertEquals("tls: there is no certificate\n", Files.readString(folder.resolve("smtpd")));
            read++;
        }
        writer.join();
    }

    @Test
    void aProblemThatStaysIsLoggedOnceAndItsEndToo() {
        Health health = health();
        trouble = Optional.of("there is no certificate");
        for (int i = 0; i < 20; i++) {
            health.look();
            now = now.plusSeconds(1);
        }
        trouble = Optional.empty();
        health.look();
        health.look();
        assertEquals(
                "health: tls: there is no certificate\nhealth: all is well again\n",
                written.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aCheckThatFailsIsAProblemOfItsOwn() {
        Health health = health();
        health.watch("queue", () -> {
            throw new IllegalStateException("no queue");
        });
        assertEquals(
                List.of("queue: cannot be looked at: java.lang.IllegalStateException: no queue"), health.problems());
    }

    @Test
    void whatOtherServicesSayIsShownAndThatOneIsSilent() throws IOException {
        Health health = health();
        say("pop3d", "tls: the certificate ended\nvchkpw: does not answer\n", now);
        say("send", "", now.minusSeconds(300));
        say("smtpd", "an own file is not read\n", now);
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("pop3d"));
        assertEquals(
                List.of(
                        "send: has not been heard of for 300 seconds",
                        "tls: the certificate ended",
                        "vchkpw: does not answer"),
                health.everywhere().stream().sorted().toList());
    }

    /// The folder is shared: whoever is broken into must not fill another's memory.
    @Test
    void littleOfAnothersFileIsRead() throws IOException {
        say("pop3d", "x".repeat(1 << 20), now);
        assertTrue(health().everywhere().getFirst().length() <= Health.FILE_BYTES_MAX);
    }

    private void say(String service, String text, Instant at) throws IOException {
        Files.writeString(folder.resolve(service), text);
        Files.setLastModifiedTime(folder.resolve(service), FileTime.from(at));
    }

    @Test
    void roomIsAProblemOnlyWhereThereIsNone() throws IOException {
        assertEquals(Optional.empty(), Health.room(folder).problem());
        Path gone = folder.resolve("gone");
        assertTrue(Health.room(gone).problem().orElse("").startsWith("gone cannot be written"));
        long gib = 1L << 30;
        assertEquals(Optional.empty(), Health.room("queue", gib, 100 * gib));
        assertEquals(
                Optional.of("almost full: 61440 KiB are left for queue"), Health.room("queue", 60L << 20, 100 * gib));
        assertEquals(Optional.empty(), Health.room("spool", 60L << 20, 64L << 20), "a small disk");
        assertTrue(Health.room("spool", 1 << 20, 64L << 20).isPresent());
    }

    @Test
    void nothingIsLeftBehindByADaemonThatEnds() throws IOException {
        Health health = health();
        health.start();
        assertTrue(Files.exists(folder.resolve("smtpd")));
        health.close();
        assertFalse(Files.exists(folder.resolve("smtpd")));
    }
}
