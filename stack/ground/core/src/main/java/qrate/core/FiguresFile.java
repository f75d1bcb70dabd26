package qrate.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The figures that another service has left ({@link Figures}).
public final class FiguresFile {
    /// Largest file that is read, in bytes.
    static final int FILE_BYTES_MAX = 16 << 10;

    /// How old a file may be: its process is gone, or stands still.
    static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    private static final Pattern LINE = Pattern.compile("^([a-z_]{1,60}+)(?:\\{([^{}]{0,300})\\})? (-?[0-9]{1,18})");
    private static final Pattern PAIR =
            Pattern.compile("([a-z_]{1,30})=\"(" + Figure.Sample.LABEL.pattern() + ")\"(?:,|$)");

    private FiguresFile() {}

    /// The figures of another service; nothing when its file is missing, old, or no file. Lines that are none of ours
    /// are left out: whoever took that service over may have written them.
    public static List<Figure.Sample> read(Path file, Instant now) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        Duration age = Duration.between(Files.getLastModifiedTime(file).toInstant(), now);
        if (age.compareTo(SILENCE_MAX) > 0) {
            return List.of();
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return new String(in.readNBytes(FILE_BYTES_MAX), StandardCharsets.ISO_8859_1)
                    .lines()
                    .flatMap(line -> parse(line).stream())
                    .toList();
        }
    }

    static Optional<Figure.Sample> parse(String line) {
        Matcher found = LINE.matcher(line);
        if (!found.matches()) {
            return Optional.empty();
        }
        for (Figure figure : Figure.values()) {
            if (figure.title().equals(found.group(1))) {
                Map<String, String> pairs = new HashMap<>();
                String labels = found.group(2) == null ? "" : found.group(2);
                int rest = 0;
                Matcher pair = PAIR.matcher(labels);
                for (; pair.find() && pair.start() == rest; rest = pair.end()) {
                    pairs.put(pair.group(1), pair.group(2));
                }
                return rest == labels.length() && pairs.keySet().equals(Set.copyOf(figure.labels()))
                        ? Optional.of(new Figure.Sample(
                                figure,
                                figure.labels().stream().map(pairs::get).toList(),
                                Long.parseLong(found.group(3))))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
