package qrate.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import qrate.cdb.Cdb;

/// Maps cdb files by name and maps them again when another file stands there.
///
/// Only files that exist are remembered, so that names made up by strangers take no memory. The old map lives until
/// its last reader lets go of it.
final class MappedFile {
    /// How long a file may be stale, in milliseconds.
    static final long RECHECK_MILLIS = 1000;

    private record Mapped(Cdb cdb, Object inode, long modified, long size, long checked) {
        boolean is(BasicFileAttributes now) {
            return Objects.equals(inode, now.fileKey())
                    && modified == now.lastModifiedTime().toMillis()
                    && size == now.size();
        }
    }

    private final InstantSource clock;
    private final Map<Path, Mapped> files = new ConcurrentHashMap<>();

    MappedFile(InstantSource clock) {
        this.clock = clock;
    }

    /// Makes the next {@link #open} of a file look whether another one stands there.
    void recheck(Path file) {
        files.computeIfPresent(file, (_, m) -> new Mapped(m.cdb, m.inode, m.modified, m.size, 0));
    }

    /// The file as it is now, or was a second ago.
    ///
    /// @return empty when there is no such file, though its folder is there
    /// @throws IOException when it, or its folder, cannot be read
    Optional<Cdb> open(Path file) throws IOException {
        long now = clock.millis();
        Mapped known = files.get(file);
        if (known != null && now - known.checked < RECHECK_MILLIS && now >= known.checked) {
            return Optional.of(known.cdb);
        }
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            Cdb cdb = known != null && known.is(found) ? known.cdb : Cdb.openShared(file);
            files.put(
                    file,
                    new Mapped(cdb, found.fileKey(), found.lastModifiedTime().toMillis(), found.size(), now));
            return Optional.of(cdb);
        } catch (NoSuchFileException e) {
            files.remove(file);
            if (!Files.isDirectory(Objects.requireNonNull(file.getParent()))) {
                throw new IOException(file.getParent() + ": missing", e);
            }
            return Optional.empty();
        }
    }
}
