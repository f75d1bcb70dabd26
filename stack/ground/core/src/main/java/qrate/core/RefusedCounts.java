package qrate.core;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// How many recipients a door refused for each domain, today and the day before: counted in the heap, and left in a
/// file for whoever shows it. Days are those of UTC.
///
/// The file begins with `run N`, another N whenever counts begin anew; then `DAY DOMAIN COUNT`, a line each. A process
/// goes on where the one before left it. A reader who remembers N and the counts knows what came since, whichever of
/// the two was started anew meanwhile.
public final class RefusedCounts {
    /// Its name in the folder where a service leaves its figures.
    public static final String FILE = "refused";

    /// Most domains of a day; of more, those that came first.
    public static final int DOMAINS_MAX = 10_000;

    /// Largest file that is read: a line of each domain and day.
    static final int FILE_BYTES_MAX = 2 * DOMAINS_MAX * 300;

    private static final String RUN = "run ";
    private static final int PARTS = 3;

    private final InstantSource clock;
    private final long run;
    private final Map<LocalDate, Map<String, Long>> days = new TreeMap<>();
    private boolean changed = true;

    /// From nothing on.
    public RefusedCounts(InstantSource clock) {
        this(clock, Left.NONE);
    }

    /// From where a process before left them.
    public static RefusedCounts of(Path file, InstantSource clock) {
        try {
            return new RefusedCounts(clock, read(file));
        } catch (IOException _) {
            return new RefusedCounts(clock);
        }
    }

    private RefusedCounts(InstantSource clock, Left before) {
        this.clock = clock;
        this.run = before.run > 0 ? before.run : clock.millis();
        before.days.forEach((day, counts) -> days.put(day, new TreeMap<>(counts)));
    }

    /// Counts one.
    ///
    /// @param domain in ASCII; one of ours, or strangers could fill it
    public synchronized void add(String domain) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        days.keySet().removeIf(day -> day.isBefore(today.minusDays(1)));
        Map<String, Long> counts = days.computeIfAbsent(today, _ -> new TreeMap<>());
        if (counts.size() < DOMAINS_MAX || counts.containsKey(domain)) {
            counts.merge(domain, 1L, Long::sum);
            changed = true;
        }
    }

    /// Leaves them in a file, where there are others than before.
    public void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        synchronized (this) {
            if (!changed) {
                return;
            }
            text.append(RUN).append(run).append('\n');
            days.forEach((day, counts) -> counts.forEach((domain, count) -> text.append(day)
                    .append(' ')
                    .append(domain)
                    .append(' ')
                    .append(count)
                    .append('\n')));
            changed = false;
        }
        try {
            Path next = file.resolveSibling(FILE + ".next");
            Files.writeString(next, text, US_ASCII);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            synchronized (this) {
                changed = true;
            }
            throw e;
        }
    }

    /// What a process has left.
    ///
    /// @param run which one; 0 for nothing
    public record Left(long run, Map<LocalDate, Map<String, Long>> days) {
        /// Nothing.
        public static final Left NONE = new Left(0, Map.of());

        /// Of one day, by domain.
        public Map<String, Long> of(LocalDate day) {
            return days.getOrDefault(day, Map.of());
        }
    }

    /// Reads a file; what makes no sense in it is left out: whoever took that service over may have written it.
    public static Left read(Path file) throws IOException {
        String text;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            text = new String(in.readNBytes(FILE_BYTES_MAX), US_ASCII);
        } catch (NoSuchFileException _) {
            return Left.NONE;
        }
        String[] lines = text.split("\n", -1);
        long run = lines[0].startsWith(RUN) ? number(lines[0].substring(RUN.length())) : 0;
        Map<LocalDate, Map<String, Long>> days = new HashMap<>();
        for (int i = 1; run > 0 && i < lines.length - 1; i++) { // what has no end of line is torn
            String[] parts = lines[i].split(" ", -1);
            if (parts.length == PARTS && number(parts[2]) > 0) {
                try {
                    days.computeIfAbsent(LocalDate.parse(parts[0]), _ -> new HashMap<>())
                            .put(parts[1], number(parts[2]));
                } catch (DateTimeException _) {
                    // no day
                }
            }
        }
        return run > 0 ? new Left(run, days) : Left.NONE;
    }

    /// A number; -1 for none.
    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }
}
