package qrate.local.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Small files that were read, and names that were found to be missing, until a file or folder has another stamp: the
/// same few `.qmail` files are asked for with every message.
final class FileCache {
    /// Largest file that is remembered, in bytes.
    static final int FILE_BYTES_MAX = 4096;

    /// Files remembered; past this number all are forgotten.
    private static final int FILES_MAX = 500;

    /// Missing names remembered; past this number all are forgotten.
    private static final int NAMES_MAX = 10_000;

    private record Content(Stamp stamp, String text) {}

    private final InstantSource clock;
    private final Map<Path, Content> files = new ConcurrentHashMap<>();
    private final Map<Path, Stamp> missing = new ConcurrentHashMap<>();

    /// @param clock the file system's
    FileCache(InstantSource clock) {
        this.clock = clock;
    }

    /// The text of a file.
    ///
    /// @param stamp as it was a moment ago
    String text(Path file, Stamp stamp) throws IOException {
        Content known = files.get(file);
        if (known != null && known.stamp.equals(stamp)) {
            return known.text;
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        if (stamp.size() <= FILE_BYTES_MAX && stamp.isSettled(clock.millis())) {
            if (files.size() >= FILES_MAX) {
                files.clear();
            }
            files.put(file, new Content(stamp, text));
        }
        return text;
    }

    /// Whether a name is known to be missing.
    ///
    /// @param folder the stamp of the folder, as it was a moment ago
    boolean isMissing(Path name, Stamp folder) {
        return folder.equals(missing.get(name));
    }

    /// Remembers that a name is missing.
    ///
    /// @param folder the stamp of the folder before it was looked for
    void missing(Path name, Stamp folder) {
        if (folder.isSettled(clock.millis())) {
            if (missing.size() >= NAMES_MAX) {
                missing.clear();
            }
            missing.put(name, folder);
        }
    }
}
