package qrate.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What an operator watches of this process: its parts add what they know, and say it when asked.
///
/// Where `QRATE_FIGURES` names a file, the figures stand in it, one a line, `NAME{LABEL="VALUE"} NUMBER`, for a service
/// that shows them ({@link FiguresFile}). It is written anew every few seconds at most.
public final class Figures implements AutoCloseable {
    /// How often the file is written at most.
    static final Duration WRITE_EVERY = Duration.ofSeconds(5);

    private final List<Supplier<List<Figure.Sample>>> parts = new CopyOnWriteArrayList<>();
    private final Optional<Path> file;
    private final InstantSource clock;
    private final Log log;
    private String written = "";
    private Instant due = Instant.MIN;

    Figures(Optional<Path> file, InstantSource clock, Log log) {
        this.file = file;
        this.clock = clock;
        this.log = log;
        add(new ProcessFigures(clock.instant())::samples);
    }

    /// As `QRATE_FIGURES` says.
    static Figures of(Map<String, String> environment, Log log) {
        Optional<Path> file = Optional.ofNullable(environment.get("QRATE_FIGURES"))
                .filter(name -> !name.isEmpty())
                .map(Path::of);
        return new Figures(file, InstantSource.system(), log);
    }

    /// Adds what a part knows; it takes no longer than a look at a file.
    public void add(Supplier<List<Figure.Sample>> part) {
        parts.add(part);
    }

    /// Every figure now.
    public List<Figure.Sample> samples() {
        return parts.stream().flatMap(part -> part.get().stream()).toList();
    }

    /// How a folder's disk is.
    ///
    /// @param name of the volume: `queue`, `spool`
    public static Supplier<List<Figure.Sample>> disk(String name, Path folder) {
        return () -> List.of(
                Figure.DISK_FREE.of(folder.toFile().getUsableSpace(), name),
                Figure.DISK_SIZE.of(folder.toFile().getTotalSpace(), name));
    }

    /// Writes the file, unless that was a moment ago.
    synchronized void write() {
        if (file.isEmpty() || clock.instant().isBefore(due)) {
            return;
        }
        due = clock.instant().plus(WRITE_EVERY);
        try {
            String text = samples().stream().map(sample -> sample.line("")).collect(Collectors.joining());
            if (text.equals(written)) {
                Files.setLastModifiedTime(file.get(), FileTime.from(clock.instant())); // still alive
                return;
            }
            // in place, as Health does: whoever reads half of it reads again soon
            Files.writeString(
                    file.get(),
                    text,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
            written = text;
        } catch (IOException | RuntimeException e) {
            // the thread that looks after the process's health goes on
            written = "";
            log.line("figures: unable to write " + file.get().getFileName() + ": " + e);
        }
    }

    /// Leaves no figures behind that nobody keeps up.
    @Override
    public synchronized void close() {
        due = Instant.MAX;
        if (file.isPresent()) {
            try {
                Files.deleteIfExists(file.get());
            } catch (IOException e) {
                log.line("figures: unable to remove " + file.get().getFileName() + ": " + e);
            }
        }
    }
}
