package qrate.snapshots;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/// One cdb file as it is now, or was a second ago; safe for many threads.
public final class SnapshotFile {
    private final Path file;
    private final MappedFile files;

    public SnapshotFile(Path file, InstantSource clock) {
        this.file = file;
        this.files = new MappedFile(clock);
    }

    /// A record.
    ///
    /// @return empty when there is none, or it is empty, or there is no such file or folder
    /// @throws IOException when the file cannot be read
    public Optional<byte[]> get(byte[] key) throws IOException {
        Optional<Layers> all;
        try {
            all = files.open(file);
        } catch (IOException e) {
            if (Files.notExists(Objects.requireNonNull(file.getParent()))) {
                return Optional.empty();
            }
            throw e;
        }
        return all.isEmpty() ? Optional.empty() : all.get().get(key);
    }
}
