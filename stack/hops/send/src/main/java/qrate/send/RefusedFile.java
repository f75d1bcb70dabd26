package qrate.send;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.DurableFile;
import qrate.qcontrol.QueueControl.RefusedDomain;

/// `queue/refused`: a line for each domain of ours that a provider refuses, with TAB between domain, provider's domain,
/// milliseconds since 1970 of the first refusal and of the last one, and the reply in URL encoding.
///
/// @param path nothing to keep them in memory alone
record RefusedFile(Optional<Path> path) {
    /// Largest file that is read, in bytes: a character of a reply takes 9 at most.
    private static final int FILE_BYTES_MAX =
            RefusedDomains.PAIRS_MAX * (10 * RefusedDomain.REPLY_CHARS_MAX + (1 << 10));

    private static final int FIELDS = 5;
    private static final String MILLIS = "[0-9]{1,15}";

    /// Below a folder.
    static RefusedFile in(Optional<Path> folder) {
        return new RefusedFile(folder.map(one -> one.resolve("refused")));
    }

    /// Reads it; a line that makes no sense is passed over.
    ///
    /// @throws IOException when it is there and cannot be read
    List<RefusedDomain> read() throws IOException {
        String text;
        try (InputStream in = path.isEmpty() ? InputStream.nullInputStream() : Files.newInputStream(path.get())) {
            text = new String(in.readNBytes(FILE_BYTES_MAX), UTF_8);
        } catch (NoSuchFileException _) {
            return List.of();
        }
        List<RefusedDomain> all = new ArrayList<>();
        text.lines().limit(RefusedDomains.PAIRS_MAX).forEach(line -> parse(line).ifPresent(all::add));
        return all;
    }

    private static Optional<RefusedDomain> parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length < FIELDS
                || fields[0].isEmpty()
                || fields[1].isEmpty()
                || !fields[2].matches(MILLIS)
                || !fields[3].matches(MILLIS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new RefusedDomain(
                    fields[0],
                    fields[1],
                    Instant.ofEpochMilli(Long.parseLong(fields[2])),
                    Instant.ofEpochMilli(Long.parseLong(fields[3])),
                    URLDecoder.decode(fields[4], UTF_8)));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // torn
        }
    }

    /// Replaces it, durably.
    void write(List<RefusedDomain> all) throws IOException {
        if (path.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (RefusedDomain one : all) {
            text.append(one.domain()).append('\t').append(one.provider()).append('\t');
            text.append(one.since().toEpochMilli()).append('\t');
            text.append(one.last().toEpochMilli()).append('\t');
            text.append(URLEncoder.encode(one.reply(), UTF_8)).append('\n');
        }
        DurableFile.write(path.get(), text.toString().getBytes(UTF_8));
    }
}
