package qrate.local.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Turns names from addresses, users/cdb and `.qmail` lines into paths that lie below the maildirs, or into none.
///
/// A folder that was found inside is believed for a second: who delivers to it again need not look at each folder on
/// the way.
public final class Homes {
    /// How long a folder is believed to be there and inside, in nanoseconds.
    private static final long BELIEVED_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Folders remembered; past this number all are forgotten.
    private static final int FOLDERS_MAX = 10_000;

    /// Longest file name in bytes (Linux).
    static final int NAME_BYTES_MAX = 255;

    /// Folder of the deliverers' notes, below the maildirs.
    public static final String NOTES = ".notes";

    private final Path root;
    private final Map<Path, Long> inside = new ConcurrentHashMap<>();

    public Homes(Path root) {
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
            return isName(name) && Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
        } catch (InvalidPathException _) {
            return false;
        }
    }

    /// A home folder.
    Optional<Path> home(String home) throws IOException {
        return below(root, home);
    }

    /// The maildirs themselves.
    public String root() {
        return root.toString();
    }

    /// Whether a folder below the maildirs is there, or was a second ago.
    boolean exists(Path folder) throws IOException {
        if (isBelieved(folder)) {
            return true;
        }
        if (look(folder).filter(BasicFileAttributes::isDirectory).isPresent()) {
            believe(folder);
            return true;
        }
        return Files.isDirectory(folder);
    }

    private boolean isBelieved(Path folder) {
        Long seen = inside.get(folder);
        return seen != null && System.nanoTime() - seen < BELIEVED_NANOS;
    }

    private void believe(Path folder) {
        if (inside.size() >= FOLDERS_MAX) {
            inside.clear();
        }
        inside.put(folder, System.nanoTime());
    }

    /// What stands under a name, a link as itself; nothing when there is nothing.
    ///
    /// @throws IOException when that cannot be told
    static Optional<BasicFileAttributes> look(Path path) throws IOException {
        return Optional.ofNullable(path.getFileSystem()
                .provider()
                .readAttributesIfExists(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    }

    /// The name of a path on the disk whose root is the maildirs.
    public String onDisk(Path path) {
        return root.relativize(path).toString();
    }

    private boolean staysInside(Path path) throws IOException {
        if (isBelieved(path)) {
            return true;
        }
        Path parent = path.getParent();
        Path at = parent != null && isBelieved(parent) ? parent : root;
        for (Path part : at.relativize(path)) {
            at = at.resolve(part);
            Optional<BasicFileAttributes> found = look(at);
            if (found.isEmpty()) {
                return true;
            }
            if (found.get().isSymbolicLink() && !leadsInside(at)) {
                return false;
            }
            if (found.get().isDirectory()) {
                believe(at);
            }
        }
        return true;
    }

    private boolean leadsInside(Path link) throws IOException {
        try {
            return link.toRealPath().startsWith(root.toRealPath());
        } catch (NoSuchFileException _) {
            return false; // a link to nowhere could be made to lead anywhere
        }
    }

    /// Whether a file of a folder could have that name here.
    static boolean isName(String name) {
        return isPrintable(name)
                && name.indexOf('/') < 0
                && name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX;
    }

    private static boolean isPrintable(String name) {
        return name.chars().noneMatch(c -> c < ' ' || c == 0x7f);
    }
}
