package qrate.spawn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;

class QmailCleanTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path queue;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Path file(String name) throws IOException {
        Path file = queue.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "x");
    }

    private int run(String commands, String... arguments) throws IOException {
        out.reset();
        PrintStream stream = new PrintStream(out, true, UTF_8);
        return new QmailClean(queue, InstantSource.fixed(NOW))
                .run(
                        List.of(arguments),
                        new Program.Stdio(
                                Map.of(), new ByteArrayInputStream(commands.getBytes(ISO_8859_1)), stream, stream));
    }

    @Test
    void removesAMessageThatIsFinished() throws IOException {
        Path mess = file("mess/3/417"); // 417 = 18 * 23 + 3
        Path intd = file("intd/417");
        Path other = file("mess/4/418");
        assertEquals(0, run("foop/417\0"));
        assertEquals("+", out.toString(UTF_8));
        assertFalse(Files.exists(mess));
        assertFalse(Files.exists(intd));
        assertTrue(Files.exists(other));
    }

    @Test
    void removesAnEnvelopeThatIsPreprocessedAndWhatIsGoneIsFine() throws IOException {
        Path mess = file("mess/3/417");
        Path todo = file("todo/417");
        assertEquals(0, run("todo/417\0todo/417\0foop/999\0"));
        assertEquals("+++", out.toString(UTF_8));
        assertFalse(Files.exists(todo));
        assertTrue(Files.exists(mess));
    }

    @Test
    void answersXToWhatIsNoCommandAndBangToWhatItCannotRemove() throws IOException {
        Path outside = file("other/417");
        assertEquals(
                0,
                run("foop/\0foop/4x\0fool/417\0foop/../other/417\0\0foop/" + "9".repeat(200) + "\0foop/"
                        + "9".repeat(19) + "\0half"));
        assertEquals("xxxxxxx", out.toString(UTF_8));
        assertTrue(Files.exists(outside));
        file("mess/3/417/a-folder-in-its-place");
        assertEquals(0, run("foop/417\0"));
        assertEquals("!", out.toString(UTF_8));
    }

    @Test
    void removesWhatAQueueProgramLeftTwoDaysAgo() throws IOException {
        Path old = file("pid/1.2.3");
        Path young = file("pid/4.5.6");
        Files.setLastModifiedTime(
                old, FileTime.from(NOW.minus(QmailClean.ABANDONED).minusSeconds(1)));
        Files.setLastModifiedTime(
                young, FileTime.from(NOW.minus(QmailClean.ABANDONED).plusSeconds(1)));
        assertEquals(0, run("foop/1\0"));
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(young));
    }

    @Test
    void endsWhenNobodyHearsItsAnswers() throws IOException {
        PrintStream gone = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        });
        ByteArrayInputStream in = new ByteArrayInputStream("foop/1\0".getBytes(UTF_8));
        assertEquals(
                111,
                new QmailClean(queue, InstantSource.fixed(NOW))
                        .run(List.of(), new Program.Stdio(Map.of(), in, gone, gone)));
    }

    @Test
    void takesNoArguments() throws IOException {
        assertEquals(100, run("", "now"));
    }

    @Test
    void whoAsksHearsOfRefusalsAndOfItsEnd() throws IOException {
        ByteArrayOutputStream commands = new ByteArrayOutputStream();
        List<String> lost = new ArrayList<>();
        Mess.Cleaning asked =
                QmailClean.asked(commands, new ByteArrayInputStream("+!".getBytes(UTF_8)), () -> lost.add("lost"));
        asked.clean(417);
        assertEquals("foop/417\0", commands.toString(UTF_8));
        assertEquals(
                "qmail-clean answered !",
                assertThrows(IOException.class, () -> asked.clean(418)).getMessage());
        assertEquals(List.of(), lost);
        assertThrows(IOException.class, () -> asked.clean(419));
        assertEquals(List.of("lost"), lost);
    }
}
