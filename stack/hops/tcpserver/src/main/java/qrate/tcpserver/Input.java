package qrate.tcpserver;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import qrate.core.ConnectionInput;

/// Input that tells whether it is waiting.
final class Input extends ConnectionInput {
    private final InputStream from;
    private final Runnable onFirst;
    private long counted;
    private volatile long volume;
    private volatile long waitingSince;
    private volatile boolean expired;

    /// @param onFirst run once, when the first bytes have come
    Input(InputStream from, Runnable onFirst) {
        super(AHEAD_BYTES);
        this.from = from;
        this.onFirst = onFirst;
    }

    /// How many bytes have come so far.
    long volume() {
        return volume;
    }

    /// When the read that is under way began ({@link System#nanoTime()}), 0 if none is.
    long waitingSince() {
        return waitingSince;
    }

    /// Makes the read under way, which another thread is about to end, and each later one a timeout.
    void expire() {
        expired = true;
    }

    @Override
    protected int raw(byte[] bytes, int offset, int count) throws IOException {
        waitingSince = System.nanoTime() | 1; // 0 means no read is under way
        int n;
        try {
            n = from.read(bytes, offset, count);
        } catch (IOException e) {
            throw expired ? timeout(e) : e;
        } finally {
            waitingSince = 0;
        }
        if (n < 0 && expired) {
            throw timeout(new EOFException());
        }
        if (n > 0) {
            if (volume == 0) {
                onFirst.run();
            }
            counted += n;
            volume = counted; // for other threads
        }
        return n;
    }

    private static SocketTimeoutException timeout(IOException cause) {
        SocketTimeoutException timeout = new SocketTimeoutException("Read timed out");
        timeout.initCause(cause);
        return timeout;
    }
}
