package qrate.sendlimits;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import qrate.core.DurableFile;
import qrate.core.Log;

/// `queue/stopped`: a line for each user who is stopped, with TAB between user, milliseconds since 1970, `held` or
/// `refused`, and why.
///
/// @param path nothing to keep them in memory alone
record StopFile(Optional<Path> path, Log log) {
    /// Most users that are stopped at once.
    static final int STOPS_MAX = 10_000;

    /// Largest file that is read, in bytes.
    private static final int FILE_BYTES_MAX = 16 << 20;

    private static final String HELD = "held";
    private static final String REFUSED = "refused";
    private static final int FIELDS = 4;

    /// Reads it. What makes no sense is passed over and said, and a file that cannot be read is: neither must keep mail
    /// from being taken.
    Map<String, SendStop> read() {
        Map<String, SendStop> stops = new LinkedHashMap<>();
        String text;
        try (InputStream in = path.isEmpty() ? InputStream.nullInputStream() : Files.newInputStream(path.get())) {
            text = new String(in.readNBytes(FILE_BYTES_MAX), UTF_8);
        } catch (NoSuchFileException _) {
            return stops;
        } catch (IOException e) {
            log.line("alert: sendlimits: unable to read who is stopped, so that nobody is: " + e);
            return stops;
        }
        for (String line : text.lines().toList()) {
            Optional<SendStop> stop = parse(line);
            if (stop.isEmpty() || stops.size() == STOPS_MAX) {
                log.line("alert: sendlimits: passed over of those who are stopped: " + Log.escape(line));
            } else {
                stops.put(stop.get().user(), stop.get());
            }
        }
        return stops;
    }

    private static Optional<SendStop> parse(String line) {
        String[] fields = line.split("\t", FIELDS);
        if (fields.length < FIELDS
                || fields[0].isEmpty()
                || !fields[1].matches("[0-9]{1,15}")
                || !(fields[2].equals(HELD) || fields[2].equals(REFUSED))) {
            return Optional.empty();
        }
        Instant since = Instant.ofEpochMilli(Long.parseLong(fields[1]));
        return Optional.of(new SendStop(fields[0], since, fields[2].equals(REFUSED), fields[3]));
    }

    /// Replaces it, durably.
    void write(Collection<SendStop> stops) throws IOException {
        if (path.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (SendStop stop : stops) {
            text.append(word(stop.user())).append('\t');
            text.append(stop.since().toEpochMilli()).append('\t');
            text.append(stop.refused() ? REFUSED : HELD).append('\t');
            text.append(word(stop.why())).append('\n');
        }
        DurableFile.write(path.get(), text.toString().getBytes(UTF_8));
    }

    private static String word(String text) {
        return text.replaceAll("[\\t\\r\\n]", " ");
    }
}
