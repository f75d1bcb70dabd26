package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresTest {
    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-11-29T10:00:00Z");
    private final AtomicLong open = new AtomicLong(3);

    private Figures figures() {
        Figures figures = new Figures(Optional.of(folder.resolve("figures")), () -> now, Log.silent());
        figures.add(() -> List.of(Figure.CONNECTIONS_OPEN.of(open.get(), "smtp")));
        return figures;
    }

    private List<Figure.Sample> read() throws IOException {
        return FiguresFile.read(folder.resolve("figures"), now);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        try (Figures figures = figures()) {
            figures.write();
            List<Figure.Sample> read = read();
            assertTrue(read.contains(Figure.CONNECTIONS_OPEN.of(3, "smtp")), read::toString);
            assertTrue(read.contains(Figure.BUILD.of(1, Version.text())), read::toString);
            assertTrue(read.contains(Figure.STARTED.of(now.getEpochSecond())), read::toString);
            assertTrue(
                    read.stream().anyMatch(one -> one.figure() == Figure.RESIDENT && one.value() > 1 << 20),
                    read::toString);
        }
        assertFalse(Files.exists(folder.resolve("figures")), "nobody keeps it up any more");
    }

    @Test
    void theFileIsWrittenEveryFewSecondsAtMost() throws IOException {
        Figures figures = figures();
        figures.write();
        open.set(4);
        figures.write();
        assertTrue(read().contains(Figure.CONNECTIONS_OPEN.of(3, "smtp")), "a moment later");
        now = now.plus(Figures.WRITE_EVERY);
        figures.write();
        assertTrue(read().contains(Figure.CONNECTIONS_OPEN.of(4, "smtp")));
    }

    @Test
    void whoHasNotWrittenForAMinuteIsSilent() throws IOException {
        figures().write();
        Files.setLastModifiedTime(folder.resolve("figures"), FileTime.from(now));
        now = now.plus(FiguresFile.SILENCE_MAX);
        assertFalse(read().isEmpty());
        now = now.plusSeconds(1);
        assertEquals(List.of(), read());
    }

    @Test
    void aPartThatFailsKeepsNobodyFromLookingOn() {
        Figures figures = figures();
        figures.add(() -> {
            throw new IllegalStateException("a bug");
        });
        figures.write();
        now = now.plus(Figures.WRITE_EVERY);
        figures.write();
    }

    @Test
    void whatIsNoFigureOfOursIsLeftOut() {
        assertEquals(
                Optional.of(Figure.CONNECTIONS_OPEN.of(-1, "smtp")),
                FiguresFile.parse("qrate_connections_open{door=\"smtp\"} -1"));
        assertEquals(
                Optional.of(Figure.LOGINS.of(7, "pop3", "refused")),
                FiguresFile.parse("qrate_logins_total{result=\"refused\",protocol=\"pop3\"} 7"));
        for (String line : List.of(
                "",
                "qrate_connections_open 1",
                "qrate_connections_open{} 1",
                "qrate_connections_open{door=\"smtp\"}",
                "qrate_connections_open{door=\"smtp\"} 1.5",
                "qrate_connections_open{door=\"smtp\"} 1 1",
                "qrate_connections_open{door=\"smtp\"} 99999999999999999999",
                "qrate_connections_open{door=\"sm\\\"tp\"} 1",
                "qrate_connections_open{door=\"smtp\",service=\"admin\"} 1",
                "qrate_connections_open{door=\"smtp\",door=\"pop3\",x} 1",
                "qrate_connections_open{door=\"" + "x".repeat(61) + "\"} 1",
                "# HELP qrate_connections_open x",
                "node_load1 1")) {
            assertEquals(Optional.empty(), FiguresFile.parse(line), line);
        }
        assertThrows(IllegalArgumentException.class, () -> Figure.CONNECTIONS_OPEN.of(1, "a\nb"));
        assertThrows(IllegalArgumentException.class, () -> Figure.CONNECTIONS_OPEN.of(1));
    }

    @Test
    void aFileThatIsTooLongIsReadNoFurtherAndALinkNotAtAll() throws IOException {
        Files.writeString(folder.resolve("figures"), "qrate_queue_up 1\n".repeat(100_000));
        now = Instant.now();
        assertEquals(FiguresFile.FILE_BYTES_MAX / "qrate_queue_up 1\n".length(), read().size());
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("figures"));
        assertEquals(List.of(), FiguresFile.read(folder.resolve("link"), now));
        assertEquals(List.of(), FiguresFile.read(folder, now));
        assertEquals(List.of(), FiguresFile.read(folder.resolve("none"), now));
    }

    @Test
    void namesAreAsPrometheusWantsThem() {
        for (Figure figure : Figure.values()) {
            assertTrue(figure.title().matches("qrate_[a-z_]+"), figure.title());
            assertEquals(figure.kind() == Figure.Kind.COUNTER, figure.title().endsWith("_total"), figure.title());
            assertTrue(figure.help().endsWith(".") && !figure.help().contains("\n"), figure.help());
        }
        assertEquals(
                Figure.values().length,
                Arrays.stream(Figure.values()).map(Figure::title).distinct().count());
    }

    @Test
    void theVersionIsTheBuilds() {
        assertTrue(Version.text().matches("[0-9]+\\.[0-9]+\\.[0-9]+.*"), Version.text());
    }
}
