package qrate.posix;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// A descriptor that is read with a time limit, and that tells exactly how much of it is buffered here.
final class DescriptorInput extends InputStream {
    /// Waits until there is something to read.
    @FunctionalInterface
    interface Waiting {
        /// Whether there is, within a time.
        boolean readable(long millis) throws IOException;
    }

    private final InputStream from;
    private final Waiting waiting;
    private final byte[] buffer;
    private int at;
    private int end;
    private long millisMax = Long.MAX_VALUE;

    /// @param ahead most bytes read ahead of what is asked for; 1 for none, so that the next program gets the rest
    DescriptorInput(InputStream from, Waiting waiting, int ahead) {
        this.buffer = new byte[ahead];
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
    public int read() throws IOException {
        if (at == end && !fill()) {
            return -1;
        }
        return buffer[at++] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (at == end) {
            if (count >= buffer.length) {
                await();
                return from.read(bytes, offset, count);
            }
            if (!fill()) {
                return -1;
            }
        }
        int n = Math.min(count, end - at);
        System.arraycopy(buffer, at, bytes, offset, n);
        at += n;
        return n;
    }

    @Override
    public int available() {
        return end - at;
    }

    private void await() throws IOException {
        if (!waiting.readable(millisMax)) {
            throw new SocketTimeoutException("Read timed out");
        }
    }

    private boolean fill() throws IOException {
        await();
        int n = from.read(buffer, 0, buffer.length);
        at = 0;
        end = Math.max(n, 0);
        return n > 0;
    }
}
