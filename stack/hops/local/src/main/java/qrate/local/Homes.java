package qrate.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Turns names from addresses, users/cdb and `.qmail` lines into paths that lie below the maildirs, or into none.
final class Homes {
    /// Longest file name in bytes (Linux).
    static final int NAME_BYTES_MAX = 255;

    private final Path root;

    Homes(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /// The path of a name below a folder; empty when it leaves the maildirs by `..`, by a link, or by being absolute
    /// elsewhere, or could be no name.
    ///
    /// @throws IOException when that cannot be told
    Optional<Path> below(Path folder, String name) throws IOException {
        if (!isPrintable(name)) {
            return Optional.empty();
        }
        try {
            for (Path part : Path.of(name)) {
                if (part.toString().equals("..")
                        || part.toString().getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
                    return Optional.empty();
                }
            }
            Path path = folder.resolve(name).normalize();
            return path.startsWith(root) && staysInside(path) ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /// Whether anything has a name in a folder: a file, a folder, or a link, wherever it leads.
    boolean stands(Path folder, String name) {
        try {
            return isPrintable(name)
                    && name.indexOf('/') < 0
                    && Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
        } catch (InvalidPathException _) {
            return false;
        }
    }

    /// A home folder.
    Optional<Path> home(String home) throws IOException {
        return below(root, home);
    }

    /// The maildirs themselves.
    String root() {
        return root.toString();
    }

    /// Whether a folder is there.
    boolean exists(Path folder) {
        return Files.isDirectory(folder);
    }

    /// The name of a path on the disk whose root is the maildirs.
    String onDisk(Path path) {
        return root.relativize(path).toString();
    }

    private boolean staysInside(Path path) throws IOException {
        Path at = root;
        for (Path part : root.relativize(path)) {
            at = at.resolve(part);
            try {
                if (Files.isSymbolicLink(at) && !at.toRealPath().startsWith(root.toRealPath())) {
                    return false;
                }
            } catch (NoSuchFileException _) {
                // a link to nowhere could be made to lead anywhere
                return false;
            }
            if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                return true;
            }
        }
        return true;
    }

    private static boolean isPrintable(String name) {
        return name.chars().noneMatch(c -> c < ' ' || c == 0x7f);
    }
}
