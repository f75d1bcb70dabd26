package qrate.local.deliver;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import qrate.posix.FileLocks;

/// An mbox file, open and locked in both ways that mail readers know: flock and fcntl.
///
/// Whoever waited for the lock may hold that of a file which `maildir2mbox` or a reader has meanwhile put another in
/// the place of; so the name is looked up again once it is locked.
record MboxLock(FileChannel channel, FileLocks.Held held, FileLock fcntl) implements AutoCloseable {
    /// How long another holder is waited for, in seconds.
    static final int SECONDS_MAX = 30;

    private static final int RETRY_MILLIS = 50;

    /// Opens and locks a file, which is made if need be, for its owner alone.
    ///
    /// @throws IOException when that cannot be done, or somebody else holds it all the time
    static MboxLock of(Path file, FileLocks locks) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (true) {
            Optional<MboxLock> lock = attempt(file, locks);
            if (lock.isPresent()) {
                return lock.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("somebody holds the lock of the mailbox");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("stopped while waiting for the lock of the mailbox", e);
            }
        }
    }

    private static Optional<MboxLock> attempt(Path file, FileLocks locks) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file)) {
            throw new IOException("not a regular file");
        }
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileLocks.Held held = null;
        try {
            Object before = key(file);
            held = locks.tryLock(file).orElse(null);
            FileLock fcntl = held == null ? null : channel.tryLock();
            if (fcntl != null && Objects.equals(before, key(file))) {
                return Optional.of(new MboxLock(channel, held, fcntl));
            }
            close(channel, held);
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            close(channel, held);
            throw e;
        }
    }

    /// What tells a file from another that has taken its name.
    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static void close(FileChannel channel, FileLocks.Held held) throws IOException {
        try (channel) {
            // the channel goes first, and its lock with it
        } finally {
            if (held != null) {
                held.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        close(channel, held);
    }
}
