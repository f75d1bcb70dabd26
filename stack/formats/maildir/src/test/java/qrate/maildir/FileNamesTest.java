package qrate.maildir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.RealDisk;
import qrate.maildir.MaildirReader.Entry;

/// Names in any encoding, in any locale of ours, and links.
class FileNamesTest {
    private static final List<String> NAMES = List.of(
            "1.plain",
            "2.b\u00fccher", // ISO 8859-1
            "3.b\u00c3\u00bccher", // UTF-8
            "4.\u00ff\u00fe 100%+",
            "5.%41?",
            "6.\n\t\\");

    @TempDir
    Path root;

    private Path maildir;

    @BeforeEach
    void make() throws IOException {
        Maildir.make(new RealDisk(root), "ann/Maildir");
        maildir = root.resolve("ann/Maildir");
    }

    private static String read(Path maildir, Entry entry) throws IOException {
        try (InputStream message = MaildirReader.open(maildir, entry)) {
            return new String(message.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void comeThroughByteForByte() throws IOException {
        for (String name : NAMES) {
            Files.writeString(maildir.resolve("new").resolve(FileNames.path(name)), name.substring(0, 1));
        }
        List<Entry> entries = MaildirReader.list(maildir);
        assertEquals(NAMES, entries.stream().map(Entry::unique).toList());
        for (Entry entry : entries) {
            assertEquals(entry.unique().substring(0, 1), read(maildir, entry));
            Files.delete(entry.path(maildir));
        }
        assertEquals(List.of(), MaildirReader.list(maildir));
    }

    /// What another process, with another locale, finds and reads; run by the test below.
    static final class Elsewhere {
        public static void main(String[] arguments) throws IOException {
            Path maildir = Path.of(arguments[0]);
            for (Entry entry : MaildirReader.list(maildir)) {
                String unique = entry.unique();
                System.out.write((unique + "=" + read(maildir, entry) + "\0").getBytes(StandardCharsets.ISO_8859_1));
                Files.delete(entry.path(maildir));
            }
            new MaildirQuota(maildir, InstantSource.system()).usage();
            System.out.flush();
        }
    }

    @Test
    void doNotDependOnTheLocale() throws Exception {
        for (String locale : List.of("C", "POSIX", "C.UTF-8")) {
            for (String name : NAMES) {
                Files.writeString(maildir.resolve("cur").resolve(FileNames.path(name + ":2,S")), name.substring(0, 1));
            }
            Maildir.make(new RealDisk(maildir), "x");
            Files.createDirectories(
                    maildir.resolve(FileNames.path(".Entw\u00fcrfe")).resolve("cur"));
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Elsewhere.class.getName(),
                    maildir.toString());
            builder.environment().put("LC_ALL", locale);
            Process process = builder.redirectErrorStream(true).start();
            byte[] found = process.getInputStream().readAllBytes();
            assertEquals(0, process.waitFor(), () -> new String(found, StandardCharsets.ISO_8859_1));
            StringBuilder expected = new StringBuilder();
            NAMES.forEach(name -> expected.append(name + "=" + name.charAt(0) + "\0"));
            assertArrayEquals(expected.toString().getBytes(StandardCharsets.ISO_8859_1), found, locale);
            assertEquals(List.of(), MaildirReader.list(maildir));
        }
    }

    @Test
    void followsALinkWithinTheMailboxOnly() throws IOException {
        Path kept = Files.writeString(
                Files.createDirectory(root.resolve("ann/kept")).resolve("letter"), "mine");
        Path other = Files.writeString(root.resolve("secret"), "not mine");
        Files.createSymbolicLink(maildir.resolve("new/1.in"), kept);
        Files.createSymbolicLink(maildir.resolve("cur/2.in,S=4:2,S"), Path.of("../../kept/letter"));
        Files.createSymbolicLink(maildir.resolve("new/3.out"), other);
        Files.createSymbolicLink(maildir.resolve("new/4.out,S=9,W=9"), Path.of("../../../secret"));
        Files.createSymbolicLink(root.resolve("ann/way"), root);
        Files.createSymbolicLink(maildir.resolve("new/5.out"), root.resolve("ann/way/secret"));
        Files.createSymbolicLink(maildir.resolve("new/6.nothing"), root.resolve("ann/nothing"));
        Files.createSymbolicLink(maildir.resolve("new/7.folder"), root.resolve("ann/kept"));
        Files.createSymbolicLink(maildir.resolve("new/8.loop"), Path.of("8.loop"));
        List<Entry> entries = MaildirReader.list(maildir);
        assertEquals(
                List.of(4L, 4L, 0L, 9L, 0L, 0L, 0L, 0L),
                entries.stream().map(Entry::size).toList());
        assertEquals("mine", read(maildir, entries.get(0)));
        assertEquals("mine", read(maildir, entries.get(1)));
        for (int out : List.of(2, 3, 4)) {
            assertThrows(AccessDeniedException.class, () -> read(maildir, entries.get(out)));
        }
        assertThrows(NoSuchFileException.class, () -> read(maildir, entries.get(5)));
        assertThrows(IOException.class, () -> read(maildir, entries.get(6)));
        assertThrows(IOException.class, () -> read(maildir, entries.get(7)));
        for (Entry entry : entries) {
            Files.delete(entry.path(maildir));
        }
        assertEquals("mine", Files.readString(kept));
        assertEquals(List.of(), MaildirReader.list(maildir));
    }

    @Test
    void waitsForNoPipe() throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", maildir.resolve("new/1.pipe,S=5").toString())
                        .start()
                        .waitFor());
        Entry pipe = MaildirReader.list(maildir).getFirst();
        assertThrows(IOException.class, () -> read(maildir, pipe));
    }

    @Test
    void areCleanedAwayFromTmp() throws IOException {
        Files.writeString(maildir.resolve("tmp").resolve(FileNames.path("b\u00fccher")), "left");
        assertEquals(
                1,
                Maildir.cleanTmp(
                        maildir, Instant.now().plus(Maildir.TMP_AGE_MAX).plusSeconds(60), _ -> false));
    }
}
