package qrate.local.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/// What tells a file or folder from what it was before: any change of its bytes, its names or its rights.
///
/// @param inode its number
/// @param changed when it was changed last, which nobody can set (ctime)
/// @param mode type and rights, as stat(2) has them
/// @param size in bytes
record Stamp(long inode, FileTime changed, int mode, long size) {
    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;

    /// From this age on a change would have another time: clocks of file systems tick in some milliseconds.
    private static final long SETTLED_MILLIS = 1000;

    /// Of what stands there now; empty when nothing does.
    ///
    /// @param options whether a link is looked at itself
    /// @throws IOException when that cannot be told
    static Optional<Stamp> of(Path path, LinkOption... options) throws IOException {
        try {
            Map<String, Object> found = Files.readAttributes(path, "unix:ino,ctime,mode,size", options);
            return Optional.of(new Stamp(
                    (Long) found.get("ino"), (FileTime) found.get("ctime"), (Integer) found.get("mode"), (Long)
                            found.get("size")));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    boolean isRegular() {
        return (mode & TYPE) == REGULAR;
    }

    boolean isLink() {
        return (mode & TYPE) == LINK;
    }

    /// Whether whoever sees this stamp again sees what stands there now.
    boolean isSettled(long nowMillis) {
        return nowMillis - changed.toMillis() > SETTLED_MILLIS;
    }
}
