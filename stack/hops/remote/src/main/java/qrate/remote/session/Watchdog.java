package qrate.remote.session;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// One thread that ends what takes too long: a socket's own time-out covers a single read, and no write at all.
final class Watchdog implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    Watchdog() {
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("remote-watchdog").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Runs something short later, unless cancelled.
    Future<?> after(Duration wait, Runnable action) {
        return timer.schedule(action, wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
