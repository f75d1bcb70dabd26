package qrate.queue;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import qrate.core.Log;

/// The threads behind a journal; a test does their work itself, step by step.
interface Workers {
    /// Starts the committer and the regular cleaning.
    void start(Committer committer, Runnable clean);

    /// Has records written and waits.
    void submit(Committer committer, List<? extends Op> ops) throws IOException;

    /// Has a record written and waits.
    ///
    /// @return false if there was nothing to write
    boolean submit(Committer committer, Op op) throws IOException;

    /// Does work that blocks in the file system on a platform thread.
    <T> T onPlatform(Callable<T> work) throws IOException;

    /// Has everything that waits written, and ends the threads.
    void stop(Committer committer) throws IOException;

    /// Waits for every record, and then throws what the first that failed had to say.
    static void await(List<? extends Op> ops) throws IOException {
        IOException failure = null;
        for (Op op : ops) {
            try {
                op.await();
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /// One committer, a few writers of large bodies, one cleaner.
    final class Threads implements Workers {
        private static final int STOP_SECONDS_MAX = 8;

        private final Closeable lock;
        private final Log log;
        private final ExecutorService writers = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("queue-body-", 0).factory());
        private final Semaphore writing = new Semaphore(Journal.BODY_WRITERS);
        private final Semaphore stopping = new Semaphore(0);
        private Thread committing = Thread.currentThread();
        private Thread cleaning = Thread.currentThread();

        Threads(Closeable lock, Log log) {
            this.lock = lock;
            this.log = log;
        }

        @Override
        public void start(Committer committer, Runnable clean) {
            committing = Thread.ofPlatform().daemon().name("queue-commit").start(committer::run);
            cleaning = Thread.ofPlatform().daemon().name("qmail-clean").start(() -> cleanUntilStopped(clean));
        }

        private void cleanUntilStopped(Runnable clean) {
            try {
                while (!stopping.tryAcquire(Journal.CLEAN_EVERY.toSeconds(), TimeUnit.SECONDS)) {
                    try {
                        clean.run();
                    } catch (RuntimeException e) {
                        log.line("queue: alert: cleaner: " + e);
                    }
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void submit(Committer committer, List<? extends Op> ops) throws IOException {
            for (Op op : ops) {
                committer.start(op);
            }
            Workers.await(ops);
        }

        @Override
        public boolean submit(Committer committer, Op op) throws IOException {
            committer.start(op);
            return op.await();
        }

        @Override
        public <T> T onPlatform(Callable<T> work) throws IOException {
            writing.acquireUninterruptibly();
            try {
                return writers.submit(work).get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException io) {
                    throw new IOException(io.getMessage(), io);
                }
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } finally {
                writing.release();
            }
        }

        @Override
        public void stop(Committer committer) throws IOException {
            committer.refuse();
            stopping.release();
            try {
                committing.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS_MAX));
                cleaning.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS_MAX));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            writers.shutdown();
            if (committing.isAlive()) {
                throw new IOException("the queue's writer does not end: the disk does not answer");
            }
            committer.close();
            lock.close();
        }
    }
}
