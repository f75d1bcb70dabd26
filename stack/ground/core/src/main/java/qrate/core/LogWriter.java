package qrate.core;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Writes a daemon's log from a thread of its own, in the order it was given: what was said while it wrote or rested
/// goes out in one write. A busy server says five lines a message, and a write for each, from virtual threads that
/// queue for the stream, took an eighth of its time.
///
/// A reader that stalls holds up whoever logs once {@link #PENDING_CHARS_MAX} characters wait, as a full pipe does.
/// The JVM's end waits for what was said before it; a process that is killed loses its last {@link #REST_MILLIS}.
final class LogWriter {
    /// How much may wait, in characters.
    static final int PENDING_CHARS_MAX = 64 << 10;

    /// How long the thread rests after each write, in milliseconds.
    static final long REST_MILLIS = 5;

    /// How long the JVM's end may wait for a reader, in milliseconds.
    private static final long END_MILLIS_MAX = 2000;

    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition said = lock.newCondition();
    private final Condition written = lock.newCondition();
    private final Condition ended = lock.newCondition();
    private StringBuilder pending = new StringBuilder();
    private boolean writing;
    private boolean ending;

    LogWriter(OutputStream out) {
        this.out = out;
        Thread.ofPlatform().daemon().name("log").start(this::writeAll);
    }

    /// The one on standard error.
    static LogWriter standardError() {
        return Standard.ERROR;
    }

    /// One in a file that has an end ({@link LogFile}), for the rest of this process.
    static LogWriter toFile(Path file) throws IOException {
        return untilTheEnd(new LogWriter(new LogFile(file, LogFile.BYTES_MAX)));
    }

    private static LogWriter untilTheEnd(LogWriter writer) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("log end").unstarted(writer::end));
        return writer;
    }

    private static final class Standard {
        static final LogWriter ERROR = untilTheEnd(new LogWriter(new FileOutputStream(FileDescriptor.err)));

        private Standard() {}
    }

    /// Hands over whole lines.
    void write(CharSequence lines) {
        lock.lock();
        try {
            while (pending.length() >= PENDING_CHARS_MAX && !ending) {
                written.awaitUninterruptibly();
            }
            pending.append(lines);
            said.signal();
            if (ending) {
                awaitWritten();
            }
        } finally {
            lock.unlock();
        }
    }

    /// From now on, what is said is written before {@link #write} returns.
    void end() {
        lock.lock();
        try {
            ending = true;
            ended.signal();
            written.signalAll();
            awaitWritten();
        } finally {
            lock.unlock();
        }
    }

    private void awaitWritten() {
        long nanos = TimeUnit.MILLISECONDS.toNanos(END_MILLIS_MAX);
        try {
            while ((writing || !pending.isEmpty()) && nanos > 0) {
                nanos = written.awaitNanos(nanos);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeAll() {
        while (true) {
            byte[] bytes = take();
            try {
                out.write(bytes);
                out.flush();
            } catch (IOException _) {
                // nobody reads the log: there is nobody to tell
            }
            rest();
        }
    }

    private byte[] take() {
        lock.lock();
        try {
            while (pending.isEmpty()) {
                said.awaitUninterruptibly();
            }
            String lines = pending.toString();
            pending = new StringBuilder();
            writing = true;
            return lines.getBytes(StandardCharsets.UTF_8);
        } finally {
            lock.unlock();
        }
    }

    private void rest() {
        lock.lock();
        try {
            writing = false;
            written.signalAll();
            long nanos = TimeUnit.MILLISECONDS.toNanos(REST_MILLIS);
            while (!ending && nanos > 0) {
                nanos = ended.awaitNanos(nanos);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
