package qrate.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Locks of flock(2), which the JDK has not: it locks by fcntl(2) alone, and neither kind sees the other.
public final class FileLocks {
    private static final int WRITE = 1;
    private static final int NO_FOLLOW = 0x20000;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int EXCLUSIVE_NOW = 2 | 4;
    private static final int WOULD_WAIT = 11;
    private static final int NONE = -1;

    private final Libc libc;

    public FileLocks(Posix posix) {
        this.libc = posix.libc();
    }

    /// A lock, until it is closed. Closing it gives up every fcntl lock of this process on the file as well, so those
    /// go first.
    public final class Held implements AutoCloseable {
        private final int descriptor;

        private Held(int descriptor) {
            this.descriptor = descriptor;
        }

        @Override
        public void close() throws IOException {
            if (descriptor != NONE) {
                libc.call("close", descriptor);
            }
        }
    }

    /// Locks a file that is there.
    ///
    /// Where native calls are not allowed there is nothing to hold. Nor is there on NFS, which makes one of both
    /// kinds, so that a process which holds both would wait for itself.
    ///
    /// @return empty while somebody else holds it
    /// @throws IOException when the file cannot be opened
    public Optional<Held> tryLock(Path file) throws IOException {
        if (!isAllowed() || Files.getFileStore(file).type().startsWith("nfs")) {
            return Optional.of(new Held(NONE));
        }
        int descriptor;
        try (Arena arena = Arena.ofConfined()) {
            descriptor = libc.must("open", Libc.string(arena, file.toString()), WRITE | NO_FOLLOW | CLOSE_ON_EXEC, 0);
        }
        Libc.Result result = libc.call("flock", descriptor, EXCLUSIVE_NOW);
        if (result.value() == 0) {
            return Optional.of(new Held(descriptor));
        }
        libc.call("close", descriptor);
        if (result.errno() == WOULD_WAIT) {
            return Optional.empty();
        }
        throw new IOException("flock: " + Libc.reason(result.errno()));
    }

    private boolean isAllowed() {
        try {
            libc.call("getpid");
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
