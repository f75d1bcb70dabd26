package qrate.posix;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
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

    DescriptorInput(InputStream from, Waiting waiting, int ahead) {
        super(ahead);
        this.from = from;
        this.waiting = waiting;
    }

    /// Sets how long a read may wait.
    ///
    /// @return how long it might before
    Duration readTimeout(Duration wait) {
        Duration before = Duration.ofMillis(millisMax);
        millisMax = wait.toMillis();
        return before;
    }

    @Override
    protected int raw(byte[] bytes, int offset, int count) throws IOException {
        if (!waiting.readable(millisMax)) {
            throw new SocketTimeoutException("Read timed out");
        }
        return from.read(bytes, offset, count);
    }
}
