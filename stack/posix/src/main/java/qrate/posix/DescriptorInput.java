package qrate.posix;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// A descriptor that is read with a time limit, and that tells exactly how much of it is buffered here.
final class DescriptorInput extends InputStream {
    private static final int BUFFER_BYTES = 4096;

    /// Waits until there is something to read.
    @FunctionalInterface
    interface Waiting {
        /// Whether there is, within a time.
        boolean readable(long millis) throws IOException;
    }

    private final InputStream from;
    private final Waiting waiting;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;
    private long millisMax = Long.MAX_VALUE;

    DescriptorInput(InputStream from, Waiting waiting) {
        this.from = from;
        this.waiting = waiting;
    }

    void readTimeout(Duration wait) {
        millisMax = wait.toMillis();
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
        if (at == end && !fill()) {
            return -1;
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

    private boolean fill() throws IOException {
        if (!waiting.readable(millisMax)) {
            throw new SocketTimeoutException("Read timed out");
        }
        int n = from.read(buffer, 0, buffer.length);
        at = 0;
        end = Math.max(n, 0);
        return n > 0;
    }
}
