package qrate.local.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;
import qrate.maildir.MaildirReader;

class Maildir2mboxTest {
    private static final Instant WHEN = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void setVariables() throws IOException {
        for (String name : List.of("new", "cur", "tmp")) {
            Files.createDirectories(folder.resolve("Maildir/" + name));
        }
        environment.put("MAILDIR", folder.resolve("Maildir").toString());
        environment.put("MAIL", folder.resolve("mbox").toString());
        environment.put("MAILTMP", folder.resolve("mbox.tmp").toString());
    }

    private void message(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve("Maildir").resolve(name), text);
        Files.setLastModifiedTime(file, FileTime.from(WHEN));
    }

    private int run(String... arguments) {
        PrintStream stream = new PrintStream(err, true, UTF_8);
        return new Maildir2mbox()
                .run(List.of(arguments), new Program.Stdio(environment, InputStream.nullInputStream(), stream, stream));
    }

    private String mbox() throws IOException {
        return Files.readString(folder.resolve("mbox"));
    }

    private List<MaildirReader.Entry> left() throws IOException {
        return MaildirReader.list(folder.resolve("Maildir"));
    }

    @Test
    void appendsNewAndReadMailByArrivalAndEmptiesTheMaildir() throws IOException {
        Files.writeString(folder.resolve("mbox"), "From before D\n\nbefore\n\n");
        Files.setPosixFilePermissions(folder.resolve("mbox"), PosixFilePermissions.fromString("rw-rw----"));
        message("new/200.b.h", "Return-Path: <ann@example.org>\nSubject: second\n\nFrom me\n>From you\nno end");
        message("cur/100.a.h:2,S", "Subject: first\n\nfirst\n");
        assertEquals(0, run(), err.toString(UTF_8));
        assertEquals("""
            From before D

            before

            From MAILER-DAEMON Mon Jun  1 12:00:00 2026
            Subject: first

            first

            From ann@example.org Mon Jun  1 12:00:00 2026
            Return-Path: <ann@example.org>
            Subject: second

            >From me
            >>From you
            no end

            """, mbox());
        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("mbox"))));
        assertEquals(List.of(), left());
        assertFalse(Files.exists(folder.resolve("mbox.tmp")));
        assertEquals(0, run());
        assertTrue(mbox().startsWith("From before D\n"));
    }

    @Test
    void makesAnMboxAndOverwritesWhatACrashLeftInMailtmp() throws IOException {
        Files.writeString(folder.resolve("mbox.tmp"), "half a mess");
        message("new/1.a.h", "Subject: x\n\nx\n");
        assertEquals(0, run(), err.toString(UTF_8));
        assertEquals("From MAILER-DAEMON Mon Jun  1 12:00:00 2026\nSubject: x\n\nx\n\n", mbox());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("mbox"))));
    }

    @Test
    void leavesTheMaildirAloneWhenTheMboxCannotBeWritten() throws IOException {
        message("new/1.a.h", "Subject: x\n\nx\n");
        Files.createDirectories(folder.resolve("mbox.tmp/in the way"));
        assertEquals(111, run());
        assertEquals(1, left().size());
        environment.put("MAILTMP", folder.resolve("no/such/folder").toString());
        assertEquals(111, run());
        assertEquals(1, left().size());
        assertEquals("", mbox());
        environment.put("MAIL", folder.resolve("Maildir").toString());
        assertEquals(111, run());
        assertEquals(1, left().size());
    }

    @Test
    void saysWhichVariableIsMissing() {
        assertEquals(100, run("x"));
        for (String name : List.of("MAILDIR", "MAIL", "MAILTMP")) {
            String value = environment.remove(name);
            assertEquals(111, run());
            assertTrue(err.toString(UTF_8).contains(": fatal: " + name + " not set\n"));
            environment.put(name, value);
        }
        environment.put("MAILDIR", folder.resolve("nowhere").toString());
        assertEquals(111, run());
    }

    @Test
    void waitsForAReaderThatHoldsEitherLock() throws Exception {
        message("new/1.a.h", "Subject: x\n\nx\n");
        Process reader = new ProcessBuilder("flock", folder.resolve("mbox").toString(), "sh", "-c", "echo locked; cat")
                .redirectErrorStream(true)
                .start();
        assertEquals('l', reader.getInputStream().read());
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> run());
        await().during(Duration.ofMillis(300)).until(() -> !code.isDone());
        assertFalse(mbox().contains("Subject: x"), "it waits");
        reader.getOutputStream().close();
        assertEquals(0, code.get(), err.toString(UTF_8));
        assertEquals(0, reader.waitFor());
        assertTrue(mbox().contains("Subject: x"));
    }
}
