package qrate.snapshots;

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

/// Maps cdb files by name, with what stands beside them, and maps them again when other files stand there.
///
/// Only files that exist are remembered, so that names made up by strangers take no memory. The old map lives until
/// its last reader lets go of it.
final class MappedFile {
    /// How long a file may be stale, in milliseconds.
    static final long RECHECK_MILLIS = 1000;

    /// What tells a file from the one that stood there before.
    private record Stamp(Object inode, long modified, long size) {
        static final Stamp NONE = new Stamp("", 0, 0);

        static Stamp of(Path file) throws IOException {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(found.fileKey(), found.lastModifiedTime().toMillis(), found.size());
        }

        static Stamp ofMore(Path file) throws IOException {
            Path more = Layers.more(file);
            try {
                return Files.exists(more) ? of(more) : NONE;
            } catch (NoSuchFileException _) {
                return NONE; // gone since
            }
        }
    }

    private record Mapped(Layers layers, Stamp more, Stamp base, long checked) {}

    private final InstantSource clock;
    private final Map<Path, Mapped> files = new ConcurrentHashMap<>();

    MappedFile(InstantSource clock) {
        this.clock = clock;
    }

    /// Makes the next {@link #open} of a file look whether another one stands there.
    void recheck(Path file) {
        files.computeIfPresent(file, (_, m) -> new Mapped(m.layers, m.more, m.base, 0));
    }

    /// The file as it is now, or was a second ago.
    ///
    /// @return empty when there is no such file, though its folder is there
    /// @throws IOException when it, or its folder, cannot be read
    Optional<Layers> open(Path file) throws IOException {
        long now = clock.millis();
        Mapped known = files.get(file);
        if (known != null && now - known.checked < RECHECK_MILLIS && now >= known.checked) {
            return Optional.of(known.layers);
        }
        try {
            Stamp more = Stamp.ofMore(file);
            Stamp base = Stamp.of(file);
            boolean same = known != null && known.more.equals(more) && known.base.equals(base);
            Layers layers = same ? known.layers : Layers.open(file, Cdb::openShared);
            files.put(file, new Mapped(layers, more, base, now));
            return Optional.of(layers);
        } catch (NoSuchFileException e) {
            files.remove(file);
            if (!Files.isDirectory(Objects.requireNonNull(file.getParent()))) {
                throw new IOException(file.getParent() + ": missing", e);
            }
            return Optional.empty();
        }
    }
}
