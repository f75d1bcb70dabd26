package qrate.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.RealDisk;
import qrate.maildir.MaildirReader.Entry;

class SentSizesTest {
    @TempDir
    Path root;

    private Path maildir;
    private int read;

    @BeforeEach
    void make() throws IOException {
        Maildir.make(new RealDisk(root), "ann/Maildir");
        maildir = root.resolve("ann/Maildir");
    }

    private void put(String name, String message) throws IOException {
        Files.writeString(maildir.resolve("new").resolve(FileNames.path(name)), message);
    }

    private List<Long> sizes() throws IOException {
        List<Entry> entries = MaildirReader.list(maildir);
        SentSizes sizes = new SentSizes(maildir, entries);
        SentSizes.Source source = index -> {
            read++;
            return MaildirReader.open(maildir, entries.get(index));
        };
        sizes.all(source, () -> {});
        sizes.all(source, () -> {});
        return java.util.stream.IntStream.range(0, entries.size())
                .mapToObj(index -> sizes.of(index, source))
                .toList();
    }

    @Test
    void readsNoMessageTwice() throws IOException {
        put("1.named,S=4,W=6", "a\nb\n");
        put("2.old,S=4", "a\nb\n");
        put("3.b\u00fccher", "a\nb\r\nc");
        put("4.line\nend", "\n");
        assertEquals(List.of(6L, 6L, 9L, 2L), sizes());
        assertEquals(3, read);
        assertEquals(List.of(6L, 6L, 9L, 2L), sizes());
        assertEquals(4, read, "only the name that no line can hold is read again");
        Files.delete(maildir.resolve("new").resolve(FileNames.path("4.line\nend")));
        Files.delete(maildir.resolve("new/2.old,S=4"));
        put("5.new", "\n\n");
        assertEquals(List.of(6L, 9L, 4L), sizes());
        assertEquals(5, read);
        assertEquals(
                2,
                Files.readAllLines(maildir.resolve(SentSizes.FILE), java.nio.charset.StandardCharsets.ISO_8859_1)
                        .size());
    }

    @Test
    void keepsNoFileWhereNamesSayAll() throws IOException {
        put("1.named,S=4,W=6", "a\nb\n");
        assertEquals(List.of(6L), sizes());
        assertEquals(0, read);
        assertFalse(Files.exists(maildir.resolve(SentSizes.FILE)));
    }

    @Test
    void takesNoSizeThatCannotBe() throws IOException {
        put("1.small,S=4,W=3", "a\nb\n");
        put("2.large,S=4,W=4000", "a\nb\n");
        put("3.none,S=4,W=x", "a\nb\n");
        assertEquals(List.of(6L, 6L, 6L), sizes());
        for (String wrong : List.of("x 1.small,S=4,W=3\n", "\0", "9", "-7 1.small,S=4,W=3\n", "y".repeat(5000))) {
            Files.writeString(maildir.resolve(SentSizes.FILE), wrong);
            assertEquals(List.of(6L, 6L, 6L), sizes(), wrong);
        }
    }

    @Test
    void countsOnWhereTheFileCannotBeWritten() throws IOException {
        put("1.old", "a\n");
        Files.createDirectories(maildir.resolve(SentSizes.FILE).resolve("in the way"));
        assertEquals(List.of(3L), sizes());
    }
}
