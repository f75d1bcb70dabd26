package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlTest {
    @TempDir
    Path folder;

    private Instant now = Instant.now();

    private Control control() {
        return new Control(folder, () -> now);
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    @Test
    void givesTheFirstLineWithoutTrailingBlanks() throws IOException {
        write("smtpgreeting", "mail.example.test ESMTP \t\nsecond\n");
        assertEquals(Optional.of("mail.example.test ESMTP"), control().line("smtpgreeting"));
    }

    @Test
    void leavesOutCommentsAndEmptyLinesOfALIst() throws IOException {
        write("rcpthosts", "# ours\nexample.test\n\n.example.org  \n");
        assertEquals(List.of("example.test", ".example.org"), control().lines("rcpthosts"));
    }

    @Test
    void tellsAMissingFileFromAnEmptyOne() throws IOException {
        write("rcpthosts", "");
        assertTrue(control().exists("rcpthosts"));
        assertFalse(control().exists("locals"));
        assertEquals(Optional.empty(), control().line("rcpthosts"));
        assertEquals(List.of(), control().lines("locals"));
    }

    @Test
    void whatIsMadeOfFilesIsMadeAgainOnlyWhenOneOfThemSaysSomethingElse() throws IOException {
        Control control = control();
        List<String> files = List.of("locals", "virtualdomains");
        List<String> made = new ArrayList<>();
        Control.Reading<String> joined = read -> {
            made.add(String.join(",", read.lines("locals")) + "/" + read.exists("virtualdomains"));
            return made.getLast();
        };
        write("locals", "a.test\n");
        assertEquals("a.test/false", control.made(String.class, joined, files));
        now = now.plusMillis(Control.RECHECK_MILLIS);
        write("locals", "a.test\n");
        assertEquals("a.test/false", control.made(String.class, joined, files));
        assertEquals(1, made.size(), "written anew, and the same");
        now = now.plusMillis(Control.RECHECK_MILLIS);
        write("locals", "b.test\n");
        assertEquals("b.test/false", control.made(String.class, joined, files));
        now = now.plusMillis(Control.RECHECK_MILLIS);
        write("virtualdomains", "");
        assertEquals("b.test/true", control.made(String.class, joined, files));
        control.reread();
        assertEquals("b.test/true", control.made(String.class, joined, files));
        assertEquals(4, made.size());
        assertEquals(1, control.made(Integer.class, _ -> 1, files), "another reading of the same files");
    }

    @Test
    void aReadingThatFailsIsTriedAgain() throws IOException {
        Control control = control();
        Control.Reading<String> strict = read -> {
            if (!read.exists("me")) {
                throw new IOException("no me");
            }
            return read.lineOrMe("me");
        };
        assertThrows(IOException.class, () -> control.made(String.class, strict, List.of("me")));
        assertThrows(IOException.class, () -> control.made(String.class, strict, List.of("me")));
        write("me", "mail.example.test\n");
        now = now.plusMillis(Control.RECHECK_MILLIS);
        assertEquals("mail.example.test", control.made(String.class, strict, List.of("me")));
    }

    @Test
    void fallsBackToMeAndFailsWithoutIt() throws IOException {
        assertThrows(IOException.class, () -> control().lineOrMe("helohost"));
        write("me", "mail.example.test\n");
        assertEquals("mail.example.test", control().lineOrMe("helohost"));
    }

    @Test
    void refusesANumberThatIsNone() throws IOException {
        write("databytes", "12x\n");
        assertThrows(IOException.class, () -> control().number(ControlFile.DATABYTES));
        write("databytes", "-1\n");
        assertThrows(IOException.class, () -> control().number(ControlFile.DATABYTES));
        write("databytes", "52428800\n");
        assertEquals(52_428_800, control().number(ControlFile.DATABYTES));
        assertEquals(300, control().number(ControlFile.TIMEOUTSMTPD));
    }

    @Test
    void throwsForAFileThatCannotBeRead() throws IOException {
        Files.createDirectory(folder.resolve("locals"));
        assertThrows(IOException.class, () -> control().lines("locals"));
        Files.write(folder.resolve("me"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThrows(IOException.class, () -> control().line("me"));
    }

    @Test
    void seesAChangeAfterASecondAndAtOnceAfterReread() throws IOException {
        Control control = control();
        write("me", "old\n");
        Files.setLastModifiedTime(folder.resolve("me"), FileTime.from(now.minusSeconds(3600)));
        assertEquals(Optional.of("old"), control.line("me"));
        write("me", "new\n");
        assertEquals(Optional.of("old"), control.line("me"));
        now = now.plusMillis(Control.RECHECK_MILLIS);
        assertEquals(Optional.of("new"), control.line("me"));
        write("me", "newer\n");
        control.reread();
        assertEquals(Optional.of("newer"), control.line("me"));
    }

    /// A look that is under way while a HUP comes has read the old file, and is not to be taken for the new one.
    @Test
    void aRereadIsNotUndoneByALookUnderWay() throws Exception {
        Path file = folder.resolve("locals");
        FileTime old = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        AtomicLong millis = new AtomicLong(Instant.parse("2026-11-29T12:00:00Z").toEpochMilli());
        Control control = new Control(folder, () -> Instant.ofEpochMilli(millis.addAndGet(2 * Control.RECHECK_MILLIS)));
        AtomicBoolean over = new AtomicBoolean();
        Files.writeString(file, "a0000.test");
        Files.setLastModifiedTime(file, old);
        Thread other = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                try {
                    control.line("locals");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        try {
            for (int i = 0; i < 2000; i++) {
                String now = "a%04d.test".formatted(i);
                try (RandomAccessFile written = new RandomAccessFile(file.toFile(), "rw")) {
                    written.writeBytes(now);
                }
                Files.setLastModifiedTime(file, old);
                control.reread();
                control.line("locals");
                assertEquals(now, control.line("locals").orElseThrow());
            }
        } finally {
            over.set(true);
            other.join();
        }
    }
}
