package qrate.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static byte[] some(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    @Test
    void givesBackWhatItWasGivenWhateverTheSize() throws IOException {
        for (int bytes : List.of(
                0,
                1,
                4096,
                4097,
                16_384,
                70_000,
                2_000_000,
                Spool.MEMORY_BYTES_MAX,
                Spool.MEMORY_BYTES_MAX + 1,
                5_000_001)) {
            byte[] content = some(bytes);
            try (Spool.Held held = new Spool(folder).all(new ByteArrayInputStream(content))) {
                assertEquals(bytes, held.size());
                try (InputStream one = held.open();
                        InputStream two = held.open()) {
                    assertArrayEquals(one.readNBytes(bytes / 2), two.readNBytes(bytes / 2));
                    assertEquals(bytes - bytes / 2, one.readAllBytes().length);
                }
                try (InputStream again = held.open()) {
                    assertArrayEquals(content, again.readAllBytes());
                }
                try (InputStream again = held.open()) {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    again.skipNBytes(bytes / 3);
                    assertEquals(bytes - bytes / 3, again.transferTo(out));
                    assertArrayEquals(Arrays.copyOfRange(content, bytes / 3, bytes), out.toByteArray());
                }
            }
        }
    }

    @Test
    void leavesNoNameBehindWhileItHoldsAFile() throws IOException {
        int bytes = 2 * Spool.MEMORY_BYTES_MAX;
        try (Spool.Held held = new Spool(folder).all(new ByteArrayInputStream(some(bytes)))) {
            assertEquals(List.of(), names());
            assertEquals(bytes, held.size());
        }
    }

    @Test
    void holdsWhatIsWrittenInPiecesOfAnySize() throws IOException {
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            byte[] content = some(random.nextInt(3 * Spool.MEMORY_BYTES_MAX / 2));
            Budget budget = new Budget(random.nextInt(4 * Spool.MEMORY_BYTES_MAX));
            long whole = budget.free();
            try (Budget.Share share = budget.share("192.0.2.1");
                    Spool.Held held = new Spool(folder).hold(share)) {
                for (int at = 0; at < content.length; ) {
                    int n = Math.min(1 + random.nextInt(100_000), content.length - at);
                    if (n < 10_000) {
                        for (int i = 0; i < n; i++) {
                            held.write(content[at + i]);
                        }
                    } else {
                        held.write(content, at, n);
                    }
                    at += n;
                }
                try (InputStream in = held.body().open()) {
                    assertArrayEquals(content, in.readAllBytes());
                }
                try (InputStream in = held.open()) {
                    for (int i = 0; i < Math.min(70_000, content.length); i++) {
                        assertEquals(content[i] & 0xff, in.read());
                    }
                }
            }
            assertEquals(whole, budget.free());
        }
    }

    @Test
    void deletesWhatOthersLeftAndNothingElse() throws IOException {
        List<String> left = List.of("smtpd-123.tmp", "message-9.tmp", "spool-77", "qrate5.body", "qrate-5.spool");
        List<String> others = List.of("message-a.tmp", "smtpd-1.tmp.keep", "spool", "x");
        for (String name : Stream.concat(left.stream(), others.stream()).toList()) {
            Files.writeString(folder.resolve(name), "x");
        }
        Files.createDirectory(folder.resolve("spool-8"));
        Spool.swept(folder);
        assertEquals(
                Stream.concat(others.stream(), Stream.of("spool-8")).sorted().toList(), names());
    }

    @Test
    void takesNoMoreMemoryThanItsShareAndGivesItBack() throws IOException {
        Budget budget = new Budget(100 << 10);
        Budget.Share share = budget.share("192.0.2.1");
        byte[] content = some(300_000);
        try (Spool.Held held = new Spool(folder).all(new ByteArrayInputStream(content), Long.MAX_VALUE, share)) {
            assertTrue(budget.heldBy("192.0.2.1") <= 50 << 10);
            try (InputStream in = held.open()) {
                assertArrayEquals(content, in.readAllBytes());
            }
        }
        assertEquals(100 << 10, budget.free());
    }

    @Test
    void saysWhenAMessageIsTooLargeOrTooShortAndLetsItsMemoryGo() {
        Budget budget = new Budget(10 << 20);
        Budget.Share share = budget.share("192.0.2.1");
        Spool spool = new Spool(folder);
        assertThrows(Spool.TooLarge.class, () -> spool.all(new ByteArrayInputStream(some(5000)), 4999, share));
        assertThrows(EOFException.class, () -> spool.exactly(new ByteArrayInputStream(some(5000)), 5001, share));
        assertEquals(10 << 20, budget.free());
    }

    @Test
    void isFullWhereItsFolderIsGone() {
        Spool spool = new Spool(folder.resolve("gone"));
        assertThrows(Spool.Full.class, () -> spool.all(new ByteArrayInputStream(some(2 * Spool.MEMORY_BYTES_MAX))));
    }
}
