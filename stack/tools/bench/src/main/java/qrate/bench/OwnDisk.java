package qrate.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A file system for the servers' files: ext4 as mkfs makes it, with a journal, in a file that grows as it is filled.
///
/// What a machine of tests has for a disk may be none that people run: on ext4 without a journal a new file costs 30
/// times more while others were deleted a moment ago, and a sync half. Only root can mount it.
final class OwnDisk implements AutoCloseable {
    private static final long BYTES = 20L << 30;

    private final Path image;
    private final Path mounted;

    private OwnDisk(Path image, Path mounted) {
        this.image = image;
        this.mounted = mounted;
    }

    /// Makes one below a folder.
    ///
    /// @throws IOException when there is no mkfs.ext4, or it cannot be mounted
    static OwnDisk in(Path folder) throws IOException {
        Path image = folder.resolve("disk.img");
        Path mounted = Files.createDirectories(folder.resolve("disk"));
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(BYTES);
        }
        Processes.run("mkfs.ext4", "-q", "-F", image.toString());
        Processes.run("mount", "-o", "loop", image.toString(), mounted.toString());
        return new OwnDisk(image, mounted);
    }

    /// Where it is mounted.
    Path folder() {
        return mounted;
    }

    /// Says what file system a folder is on.
    static void tell(Path folder, PrintWriter out) throws IOException {
        String type = Processes.output(Map.of(), "stat", "-f", "-c", "%T", folder.toString());
        String from = Processes.output(Map.of(), "df", "--output=source", folder.toString());
        String device = Path.of(from.lines().toList().getLast()).getFileName().toString();
        boolean ext = type.startsWith("ext");
        boolean journal = Files.isDirectory(Path.of("/proc/fs/jbd2/" + device + "-8"));
        out.printf("files of the servers on %s%s%n%n", type.strip(), ext ? journal ? ", journal" : ", no journal" : "");
    }

    @Override
    public void close() throws IOException {
        Processes.run("umount", mounted.toString());
        Files.delete(image);
    }
}
