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
import java.util.Set;

/// Replaces a file so that readers and crashes see the old content or the new one: write, sync, rename, sync the
/// folder.
public final class DurableFile {
    private DurableFile() {}

    /// Replaces or makes a file readable by owner and group.
    public static void write(Path file, byte[] content) throws IOException {
        write(file, content, "rw-r-----");
    }

    /// Replaces or makes a file.
    ///
    /// @param permissions as `ls -l` shows them: `rw-r-----`
    public static void write(Path file, byte[] content, String permissions) throws IOException {
        replace(file, content, permissions);
        syncFolder(file.toAbsolutePath().getParent());
    }

    /// The same for many files of one folder: readers see it, and it is durable once the caller has synced the folder,
    /// which it does once for all.
    ///
    /// @param permissions as `ls -l` shows them: `rw-r-----`
    public static void replace(Path file, byte[] content, String permissions) throws IOException {
        Set<PosixFilePermission> mode = PosixFilePermissions.fromString(permissions);
        Path temporary = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + "." + System.nanoTime());
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(mode))) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                // the umask may have taken bits away that a reader of the same group needs
                Files.setPosixFilePermissions(temporary, mode);
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /// Makes the names in a folder durable.
    public static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
