package qrate.queue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Keeps a second process off a queue folder; the system lets go of it with the process.
public final class QueueLock implements Closeable {
    private final FileChannel channel;

    private QueueLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Takes the lock at once or not at all.
    ///
    /// @throws IOException when another process has it
    public static QueueLock take(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            Optional<FileLock> lock = Optional.ofNullable(channel.tryLock());
            if (lock.isPresent()) {
                return new QueueLock(channel);
            }
        } catch (OverlappingFileLockException _) {
            // this very process has it
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IOException(folder + " is in use by another queue");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
