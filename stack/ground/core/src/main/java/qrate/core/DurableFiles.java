package qrate.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Replaces files together: each is written under another name ({@link #add}), then all are synced at once and get
/// their names in order ({@link #show}), then each folder is synced once ({@link #sync}). Readers and crashes see the
/// old content or the new one of each; which of them a crash leaves new is not said. For one thread.
public final class DurableFiles {
    private record Added(Path temporary, Path file, FileChannel channel) {}

    private final List<Added> added = new ArrayList<>();
    private final Set<Path> changed = new LinkedHashSet<>();

    /// Writes what a file shall hold; nobody sees it yet. When that fails, nothing that was added is left. It is open
    /// until it is shown.
    ///
    /// @param permissions as `ls -l` shows them: `rw-r-----`
    public void add(Path file, byte[] content, String permissions) throws IOException {
        Set<PosixFilePermission> mode = PosixFilePermissions.fromString(permissions);
        Path temporary = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + "." + System.nanoTime());
        try {
            FileChannel channel = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(mode));
            added.add(new Added(temporary, file, channel));
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            // the umask may have taken bits away that a reader of the same group needs
            Files.setPosixFilePermissions(temporary, mode);
        } catch (IOException e) {
            drop();
            throw e;
        }
    }

    /// How many are added, and not shown.
    public int pending() {
        return added.size();
    }

    /// Gives all that was added its name, in the order in which it was added. When that fails, those before stay
    /// replaced.
    public void show() throws IOException {
        try {
            AtOnce.each(added, one -> one.channel.force(true));
            for (Iterator<Added> rest = added.iterator(); rest.hasNext(); rest.remove()) {
                Added next = rest.next();
                next.channel.close();
                changed(folder(next.file));
                Files.move(
                        next.temporary, next.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            drop();
            throw e;
        }
    }

    /// Deletes a file; durable with the next {@link #sync}.
    ///
    /// @return whether it was there
    public boolean delete(Path file) throws IOException {
        boolean there = Files.deleteIfExists(file);
        if (there) {
            changed(folder(file));
        }
        return there;
    }

    /// Says that names in a folder may have changed otherwise.
    public void changed(Path folder) {
        changed.add(folder);
    }

    /// Makes the new names durable; after an error the next call does it again.
    public void sync() throws IOException {
        AtOnce.each(changed, DurableFile::syncFolder);
        changed.clear();
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    private void drop() throws IOException {
        for (Iterator<Added> rest = added.iterator(); rest.hasNext(); rest.remove()) {
            Added next = rest.next();
            next.channel.close();
            Files.deleteIfExists(next.temporary);
        }
    }
}
