package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a door leaves of those it refused.
class RefusedCountsTest {
    private static final LocalDate DAY = LocalDate.parse("2026-03-01");

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void aProcessGoesOnWhereTheOneBeforeLeftIt() throws IOException {
        Path file = folder.resolve(RefusedCounts.FILE);
        RefusedCounts first = RefusedCounts.of(file, () -> now);
        first.add("example.test");
        first.add("example.test");
        first.write(file);
        RefusedCounts.Left left = RefusedCounts.read(file);
        assertEquals(Map.of("example.test", 2L), left.of(DAY));
        now = now.plusSeconds(86_400);
        RefusedCounts second = RefusedCounts.of(file, () -> now);
        second.add("example.test");
        second.write(file);
        RefusedCounts.Left later = RefusedCounts.read(file);
        assertEquals(left.run(), later.run());
        assertEquals(Map.of("example.test", 2L), later.of(DAY));
        assertEquals(Map.of("example.test", 1L), later.of(DAY.plusDays(1)));
        now = now.plusSeconds(86_400);
        second.add("two.test");
        second.write(file);
        assertEquals(Map.of(), RefusedCounts.read(file).of(DAY), "the day before yesterday");
        assertEquals(RefusedCounts.Left.NONE, RefusedCounts.read(folder.resolve("nothing")));
    }

    @Test
    void whatNobodyWroteIsWorthNothing() throws IOException {
        Path file = folder.resolve(RefusedCounts.FILE);
        Files.writeString(
                file,
                "run 5\n2026-03-01 a.test 3\n2026-03-01 b.test x\nnever c.test 3\n2026-03-01 d.test 1 2\n"
                        + "2026-03-01 e.test 99999999999999999999\n2026-03-01 torn.test 1");
        assertEquals(Map.of("a.test", 3L), RefusedCounts.read(file).of(DAY));
        String letters = "run 0123456789-\n abc.";
        Random random = new Random(17);
        for (int turn = 0; turn < 500; turn++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "run 7\n" : "");
            for (int i = random.nextInt(200); i > 0; i--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            Files.writeString(file, text);
            RefusedCounts.read(file)
                    .days()
                    .values()
                    .forEach(counts -> counts.values().forEach(count -> assertTrue(count > 0)));
        }
    }

    @Test
    void remembersNoMoreDomainsThanItMay() throws IOException {
        RefusedCounts counts = new RefusedCounts(() -> now);
        for (int i = 0; i < RefusedCounts.DOMAINS_MAX + 10; i++) {
            counts.add("d" + i + ".test");
        }
        Path file = folder.resolve(RefusedCounts.FILE);
        counts.write(file);
        assertEquals(RefusedCounts.DOMAINS_MAX, RefusedCounts.read(file).of(DAY).size());
    }
}
