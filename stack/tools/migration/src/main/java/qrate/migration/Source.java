package qrate.migration;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A folder of the old installation, only ever read; nothing outside it is.
final class Source {
    /// Largest file that is read whole, in bytes.
    static final long FILE_BYTES_MAX = 64L << 20;

    /// Most names read of one folder.
    static final int NAMES_MAX = 1_000_000;

    private final Path root;

    private Source(Path root) {
        this.root = root;
    }

    /// @throws IOException when it is not there or no folder
    static Source of(Path folder) throws IOException {
        Path real = folder.toRealPath();
        if (!Files.isDirectory(real)) {
            throw new NotDirectoryException(folder.toString());
        }
        return new Source(real);
    }

    Path root() {
        return root;
    }

    /// One of the fixed folders of an installation, which may be a link its administrator made: `control` to
    /// `/etc/qmail`, `queue` to another disk.
    ///
    /// @return empty when it is not there
    Optional<Source> part(String name) throws IOException {
        Path path = root.resolve(name);
        return Files.isDirectory(path) ? Optional.of(of(path)) : Optional.empty();
    }

    /// A file or folder below the root, links followed only inside it.
    ///
    /// @param name relative, `/`-separated
    /// @return empty when there is none, or it is somewhere else
    Optional<Path> find(String name) throws IOException {
        try {
            Path relative = Path.of(name);
            for (Path part : relative) {
                if (part.toString().equals("..")) {
                    return Optional.empty();
                }
            }
            return relative.isAbsolute() ? Optional.empty() : inside(root.resolve(relative));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /// Where a path really leads, if that is inside.
    Optional<Path> inside(Path path) throws IOException {
        try {
            Path real = path.toRealPath();
            return real.startsWith(root) ? Optional.of(real) : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// Finds what a path of the old place names in the tree at hand.
    @FunctionalInterface
    interface Named {
        Optional<Path> find(String path) throws IOException;
    }

    /// The same for a link that may name the old place in full.
    Optional<Path> inside(Path path, Named named) throws IOException {
        Optional<Path> inside = inside(path);
        return inside.isEmpty() && Files.isSymbolicLink(path)
                ? named.find(Files.readSymbolicLink(path).toString())
                : inside;
    }

    /// A whole small file that is no link.
    ///
    /// @throws IOException when it is missing, no regular file, too large, or cannot be read
    static byte[] read(Path file) throws IOException {
        BasicFileAttributes found = attributes(file);
        if (!found.isRegularFile()) {
            throw new IOException("not a regular file");
        }
        if (found.size() > FILE_BYTES_MAX) {
            throw new IOException("larger than " + FILE_BYTES_MAX + " bytes");
        }
        try (var channel = Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                var in = java.nio.channels.Channels.newInputStream(channel)) {
            byte[] content = in.readNBytes((int) FILE_BYTES_MAX + 1);
            if (content.length > FILE_BYTES_MAX) {
                throw new IOException("larger than " + FILE_BYTES_MAX + " bytes");
            }
            return content;
        }
    }

    static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /// Whether there is something of that name. `Files.exists` asks access(2), which does not count the right that
    /// root's import has beside a user of its own: a folder that only vpopmail may enter would be empty to it.
    static boolean exists(Path path) {
        try {
            Files.readAttributes(path, BasicFileAttributes.class);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Whether there is something of that name that is a folder and no link.
    static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /// What is in a folder, sorted; nothing when it is not there.
    static List<Path> list(Path folder) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path path : stream) {
                if (all.size() == NAMES_MAX) {
                    throw new IOException(folder + ": more than " + NAMES_MAX + " names");
                }
                all.add(path);
            }
        } catch (NoSuchFileException | NotDirectoryException _) {
            return List.of();
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(all);
        return all;
    }

    /// Why something cannot be read, in a few words.
    static String why(IOException e) {
        return switch (e) {
            case java.nio.file.AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "it is not there";
            default -> String.valueOf(e.getMessage());
        };
    }

    /// The last part of a path.
    static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
