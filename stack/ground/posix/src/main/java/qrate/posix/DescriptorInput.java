package qrate.posix;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import qrate.core.ConnectionInput;

/// A descriptor that is read with a time limit.
final class DescriptorInput extends ConnectionInput {
    /// Waits until there is something to read.
    @FunctionalInterface
    interface Waiting {
        /// Whether there is, within a time.
        boolean readable(long millis) throws IOException;
    }

    private final InputStream from;
    private final Waiting waiting;
    private long millisMax = Long.MAX_VALUE;
    private OptionalLong endNanos = OptionalLong.empty();

    DescriptorInput(InputStream from, Waiting waiting, int ahead) {
        super(ahead);
        this.from = from;
        this.waiting = waiting;
    }

    /// Sets how long a read may wait.
    void readTimeout(Duration wait) {
        millisMax = wait.toMillis();
    }

    /// All reads from now on may wait this long together, however little each brings.
    void within(Duration whole) {
        endNanos = OptionalLong.of(System.nanoTime() + whole.toNanos());
    }

    /// Each read has its own time again.
    void relax() {
        endNanos = OptionalLong.empty();
    }

    @Override
    protected int raw(byte[] bytes, int offset, int count) throws IOException {
        long millis = millisMax;
        if (endNanos.isPresent()) {
            millis = Math.min(millis, TimeUnit.NANOSECONDS.toMillis(endNanos.getAsLong() - System.nanoTime()));
        }
        if (millis <= 0 || !waiting.readable(millis)) { // a socket would take 0 for no limit
            throw new SocketTimeoutException("Read timed out");
        }
        return from.read(bytes, offset, count);
    }
}
