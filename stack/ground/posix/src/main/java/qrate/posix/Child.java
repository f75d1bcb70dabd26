package qrate.posix;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A program that was started, until it has ended.
public final class Child implements AutoCloseable {
    /// How it ended.
    public sealed interface End {
        /// By itself.
        ///
        /// @param code 0 to 255
        record Exited(int code) implements End {}

        /// By a signal: it crashed, or someone killed it.
        record Killed(int signal) implements End {}

        /// The status as wait(2) gives it, which tcpserver logs.
        default int status() {
            return switch (this) {
                case Exited(int code) -> code << 8;
                case Killed(int signal) -> signal;
            };
        }
    }

    private final int pid;
    private final Map<Integer, OutputStream> feeds;
    private final Map<Integer, InputStream> drains;
    private final CompletableFuture<End> end = new CompletableFuture<>();

    Child(int pid, Map<Integer, OutputStream> feeds, Map<Integer, InputStream> drains) {
        this.pid = pid;
        this.feeds = feeds;
        this.drains = drains;
    }

    /// Waits in a thread of its own, since a native wait would hold a virtual thread's carrier.
    void awaitWith(Libc libc) {
        Thread.ofPlatform().daemon().name("wait-" + pid).start(() -> {
            try {
                end.complete(Posix.waitFor(libc, pid));
            } catch (IOException | RuntimeException e) {
                end.completeExceptionally(e);
            }
        });
    }

    /// Its process id.
    public int pid() {
        return pid;
    }

    /// Where to write what the child reads from a descriptor; close it so that the child sees the end.
    public OutputStream feed(int descriptor) {
        return feeds.get(descriptor);
    }

    /// What the child writes to a descriptor.
    public InputStream drain(int descriptor) {
        return drains.get(descriptor);
    }

    /// Waits for its end.
    ///
    /// @return empty when it has not ended in time
    public Optional<End> await(long millis) throws IOException {
        try {
            return Optional.of(end.get(millis, TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while a program ran", e);
        }
    }

    /// Waits for its end, however long that takes.
    public End await() throws IOException {
        return await(Long.MAX_VALUE).orElseThrow();
    }

    /// Kills it, and what it started, if it has not ended; closes the pipes.
    @Override
    public void close() {
        if (!end.isDone()) {
            ProcessHandle.of(pid).ifPresent(process -> {
                List<ProcessHandle> below = process.descendants().toList();
                process.destroyForcibly();
                below.forEach(ProcessHandle::destroyForcibly);
            });
        }
        feeds.values().forEach(Child::close);
        drains.values().forEach(Child::close);
    }

    private static void close(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception _) {
            // a pipe whose other end is gone
        }
    }
}
