package qrate.core;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

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
        DurableFiles one = new DurableFiles();
        one.add(file, content, permissions);
        one.show();
        one.sync();
    }

    /// Makes the names in a folder durable.
    public static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
