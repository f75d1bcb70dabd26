package qrate.core;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The log of a process that no container engine and no multilog keeps: a file that its owner and group may read. One
/// that is full becomes `NAME.1`, `NAME.1` becomes `NAME.2`, and the oldest goes, so that all of them together have an
/// end whatever strangers send.
final class LogFile extends OutputStream {
    /// Largest file, in bytes, but for the lines of one write.
    static final long BYTES_MAX = 10L << 20;

    /// How many full ones are kept.
    static final int KEPT = 5;

    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-r-----");

    private final Path file;
    private final long bytesMax;
    private FileChannel channel;

    LogFile(Path file, long bytesMax) throws IOException {
        this.file = file;
        this.bytesMax = bytesMax;
        this.channel = open();
    }

    private FileChannel open() throws IOException {
        FileChannel opened = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(MODE));
        Files.setPosixFilePermissions(file, MODE); // versions before left it to the umask
        return opened;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (channel.size() >= bytesMax) {
            turn();
        }
        ByteBuffer rest = ByteBuffer.wrap(bytes, from, length);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    private void turn() throws IOException {
        for (int number = KEPT - 1; number >= 0; number--) {
            try {
                Files.move(numbered(number), numbered(number + 1), StandardCopyOption.REPLACE_EXISTING);
            } catch (NoSuchFileException _) {
                // not that many yet
            }
        }
        FileChannel full = channel;
        channel = open();
        full.close();
    }

    private Path numbered(int number) {
        return number == 0 ? file : file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
