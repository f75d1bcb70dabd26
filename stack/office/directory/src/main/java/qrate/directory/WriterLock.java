package qrate.directory;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// One writer of a directory at a time, of all threads and of all processes on its database: from before a change until
/// its files are written. Whoever holds it may take it again.
final class WriterLock {
    /// How long a writer waits for another process, in seconds; a change that writes a large domain takes one.
    static final int WAIT_SECONDS_MAX = 30;

    private final Database database;
    private final ReentrantLock here = new ReentrantLock();
    private Optional<Database.Claim> claim = Optional.empty();

    WriterLock(Database database) {
        this.database = database;
    }

    /// What is held until it is closed.
    @FunctionalInterface
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /// @throws IOException when another process holds it for too long, or the database is away; nothing is held then
    Held take() throws IOException {
        here.lock();
        boolean done = false;
        try {
            if (here.getHoldCount() == 1) {
                claim = Optional.of(database.claim(WAIT_SECONDS_MAX));
            }
            done = true;
            return this::release;
        } finally {
            if (!done) {
                here.unlock();
            }
        }
    }

    private void release() {
        try {
            if (here.getHoldCount() == 1) {
                claim.ifPresent(Database.Claim::close);
                claim = Optional.empty();
            }
        } finally {
            here.unlock();
        }
    }

    static Trouble busy() {
        return Trouble.of("another program is changing the directory: try again", Trouble.Saved.NOTHING);
    }
}
