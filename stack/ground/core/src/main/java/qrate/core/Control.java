package qrate.core;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// qmail's control files: one value or one list a file (qmail-control(5)).
///
/// A file is looked at again at most once in {@link #RECHECK_MILLIS}, so a change is seen without a signal. A missing
/// file
/// is an empty Optional or list; a file that is there and cannot be read throws, and the caller answers 451 or 111:
/// never
/// a silent default.
public final class Control {
    /// How long a value may be stale, in milliseconds.
    public static final long RECHECK_MILLIS = 1000;

    /// Largest control file, in bytes; a larger one is refused as unreadable.
    public static final long FILE_BYTES_MAX = 64L << 20;

    /// @param values the lines but for those that are empty or comments
    private record Seen(
            long checked, long modified, long size, boolean present, List<String> lines, List<String> values) {
        Seen(long checked, long modified, long size, List<String> lines) {
            this(
                    checked,
                    modified,
                    size,
                    true,
                    lines,
                    lines.stream()
                            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                            .toList());
        }
    }

    /// Makes something of control files.
    @FunctionalInterface
    public interface Reading<T> {
        /// @throws IOException when one cannot be read, or makes no sense
        T of(Control control) throws IOException;
    }

    /// @param from the lines of its files, or nothing for one that is not there
    private record Made(List<Optional<List<String>>> from, Object what) {}

    private final Path folder;
    private final InstantSource clock;
    private final Map<Class<?>, Made> made = new ConcurrentHashMap<>();

    /// Replaced as a whole: what a look under way during a HUP has found is not taken for new.
    private volatile Map<String, Seen> cache = new ConcurrentHashMap<>();

    /// @param folder `control`, read when a value is asked for
    /// @param clock says when a file that was read is looked at again
    public Control(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /// The folder itself.
    public Path folder() {
        return folder;
    }

    /// The first line, without trailing blanks; empty when the file is missing or the line is.
    ///
    /// @throws IOException when the file is there and cannot be read
    public Optional<String> line(String name) throws IOException {
        Seen seen = look(name);
        return seen.lines.isEmpty()
                ? Optional.empty()
                : Optional.of(seen.lines.getFirst()).filter(s -> !s.isEmpty());
    }

    /// All lines without trailing blanks, comments (`#`) and empty lines left out (qmail-control(5)).
    ///
    /// @throws IOException when the file is there and cannot be read
    public List<String> lines(String name) throws IOException {
        return look(name).values;
    }

    /// Whether the file is there, even if empty: an empty `rcpthosts` refuses everyone, a missing one does not exist.
    ///
    /// @throws IOException when that cannot be told
    public boolean exists(String name) throws IOException {
        return look(name).present;
    }

    /// The first line as a whole number, or what holds without one; beyond the file's limits, the limit.
    ///
    /// @throws IOException when the file cannot be read, or holds something else
    public long number(ControlFile file) throws IOException {
        Optional<String> line = line(file.file());
        ControlValue value = file.value();
        if (line.isEmpty()) {
            return value.usual();
        }
        try {
            long number = Long.parseLong(line.get());
            if (number >= 0) {
                return Math.clamp(number, value.least(), value.most());
            }
        } catch (NumberFormatException _) {
            // said below, with the file's name
        }
        throw new IOException("control/" + file.file() + ": not a whole number of at least 0");
    }

    /// The same as a time, of a file that counts seconds.
    public Duration seconds(ControlFile file) throws IOException {
        return Duration.ofSeconds(number(file));
    }

    /// The first line, or the value that holds without one.
    ///
    /// @throws IOException when the file is there and cannot be read
    public String value(ControlFile file) throws IOException {
        return line(file.file()).orElse(file.value().otherwise());
    }

    /// The value of a file, or `me`, which alone is enough (qmail-control(5)).
    ///
    /// @throws IOException when neither is there, or one cannot be read
    public String lineOrMe(String name) throws IOException {
        Optional<String> own = line(name);
        if (own.isPresent()) {
            return own.get();
        }
        return line("me").orElseThrow(() -> new IOException("control/me: missing"));
    }

    /// What a reading makes of files, made again only when one of them says something else.
    ///
    /// @param type has one reading
    /// @param names of all files that it looks at
    /// @throws IOException as the reading, or when one of them cannot be read
    public <T> T made(Class<T> type, Reading<T> reading, List<String> names) throws IOException {
        List<Optional<List<String>>> from = new ArrayList<>();
        for (String name : names) {
            Seen seen = look(name);
            from.add(seen.present ? Optional.of(seen.lines) : Optional.empty());
        }
        Made last = made.get(type);
        if (last != null && last.from.equals(from)) { // the same lists, mostly
            return type.cast(last.what);
        }
        T fresh = reading.of(this);
        made.put(type, new Made(from, fresh));
        return fresh;
    }

    /// Forgets what was read, as a HUP asks.
    public void reread() {
        cache = new ConcurrentHashMap<>();
        made.clear();
    }

    private Seen look(String name) throws IOException {
        Map<String, Seen> known = cache;
        long now = clock.millis();
        Seen seen = known.get(name);
        if (seen != null && now - seen.checked < RECHECK_MILLIS && now >= seen.checked) {
            return seen;
        }
        Seen fresh = read(folder.resolve(name), now, seen);
        known.put(name, fresh);
        return fresh;
    }

    private static Seen read(Path file, long now, Seen before) throws IOException {
        try {
            long modified = Files.getLastModifiedTime(file).toMillis();
            long size = Files.size(file);
            boolean settled = now - modified > 2 * RECHECK_MILLIS;
            if (settled && before != null && before.present && before.modified == modified && before.size == size) {
                return new Seen(now, modified, size, true, before.lines, before.values);
            }
            if (size > FILE_BYTES_MAX) {
                throw new IOException("control/" + file.getFileName() + ": larger than " + FILE_BYTES_MAX + " bytes");
            }
            List<String> lines = Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::stripTrailing)
                    .toList();
            return new Seen(now, modified, size, lines);
        } catch (NoSuchFileException _) {
            return new Seen(now, 0, 0, false, List.of(), List.of());
        } catch (CharacterCodingException e) {
            throw new IOException("control/" + file.getFileName() + ": not UTF-8", e);
        } catch (FileSystemException e) {
            throw e; // names the file itself
        } catch (IOException e) {
            throw new IOException("control/" + file.getFileName() + ": " + e.getMessage(), e);
        }
    }
}
