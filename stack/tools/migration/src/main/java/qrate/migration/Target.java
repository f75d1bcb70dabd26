package qrate.migration;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import qrate.core.DurableFile;
import qrate.core.State;

/// Writes below our state, and nowhere else. Run as root it gives what it makes to the owner of the volume.
final class Target {
    private static final int ROOT = 0;
    private static final int FOLDER_MODE = 02770;
    private static final String MESSAGE_MODE = "rw-r-----";

    private final State state;
    private final ChangeListener steps;
    private final boolean root;

    Target(State state, ChangeListener steps) throws IOException {
        this.state = state;
        this.steps = steps;
        this.root = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == ROOT;
    }

    State state() {
        return state;
    }

    ChangeListener steps() {
        return steps;
    }

    /// Replaces or makes a small file, durably.
    ///
    /// @param permissions as `ls -l` shows them
    void file(Path file, byte[] content, String permissions) throws IOException {
        Path path = checked(file);
        steps.at("write " + path);
        DurableFile.write(path, content, permissions);
        own(path);
        steps.at("wrote " + path);
    }

    /// Makes a folder and its missing parents.
    void folder(Path folder) throws IOException {
        Path path = checked(folder);
        if (Files.isDirectory(path)) {
            return;
        }
        Path parent = Objects.requireNonNull(path.getParent());
        if (!parent.equals(state.root())) {
            folder(parent);
        }
        steps.at("make " + path);
        Files.createDirectories(path);
        Files.setAttribute(path, "unix:mode", FOLDER_MODE);
        own(path);
        DurableFile.syncFolder(parent);
        steps.at("made " + path);
    }

    /// Puts a message beside its place: its content, its time, not yet durable.
    void copy(Path from, Path to) throws IOException {
        Path path = checked(to);
        steps.at("copy " + path);
        Files.deleteIfExists(path);
        BasicFileAttributes found = Source.attributes(from);
        try (InputStream in = Channels.newInputStream(
                        Files.newByteChannel(from, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
                OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)) {
            in.transferTo(out);
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(MESSAGE_MODE));
        own(path);
        Files.setLastModifiedTime(path, found.lastModifiedTime());
        steps.at("copied " + path);
    }

    /// The same by a second name of the same file.
    ///
    /// @return false when that cannot be, as across file systems
    boolean link(Path from, Path to) throws IOException {
        Path path = checked(to);
        boolean ours = Files.getAttribute(from, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                .equals(Files.getAttribute(state.maildirs(), "unix:uid"));
        if (!ours) {
            return false;
        }
        steps.at("link " + path);
        Files.deleteIfExists(path);
        try {
            Files.createLink(path, from);
        } catch (java.nio.file.NoSuchFileException e) {
            throw e;
        } catch (java.nio.file.FileSystemException | UnsupportedOperationException _) {
            return false; // another file system, or one without links: copied instead
        }
        steps.at("linked " + path);
        return true;
    }

    /// Makes a file's bytes durable.
    static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Gives a file its place, at once.
    void rename(Path from, Path to) throws IOException {
        Path path = checked(to);
        steps.at("place " + path);
        Files.move(checked(from), path, StandardCopyOption.ATOMIC_MOVE);
        steps.at("placed " + path);
    }

    void delete(Path file) throws IOException {
        Path path = checked(file);
        steps.at("delete " + path);
        Files.deleteIfExists(path);
        steps.at("deleted " + path);
    }

    /// Gives a file to whoever owns the volume it is in; nothing happens unless we are root.
    void own(Path path) throws IOException {
        if (!root) {
            return;
        }
        Path volume = state.root().resolve(state.root().relativize(path).getName(0));
        for (String attribute : new String[] {"unix:uid", "unix:gid"}) {
            Object owner = Files.getAttribute(volume, attribute);
            if (!owner.equals(Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS))) {
                Files.setAttribute(path, attribute, owner, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /// @throws IOException when a path leaves our state, by a link or otherwise
    private Path checked(Path path) throws IOException {
        Path whole = path.toAbsolutePath().normalize();
        Path below = state.root().toAbsolutePath().normalize();
        if (!whole.startsWith(below) || whole.equals(below)) {
            throw new IOException(path + ": outside " + state.root());
        }
        // a volume itself may be a link to another disk; nothing below it
        Path relative = below.relativize(whole);
        for (int parts = 2; parts < relative.getNameCount(); parts++) {
            Path at = below.resolve(relative.subpath(0, parts));
            if (Files.isSymbolicLink(at)) {
                throw new IOException(at + ": is a link");
            }
        }
        return whole;
    }
}
