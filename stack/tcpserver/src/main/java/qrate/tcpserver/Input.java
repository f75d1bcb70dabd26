package qrate.tcpserver;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/// Buffered input that tells exactly how much it holds, and whether it is waiting.
final class Input extends InputStream {
    private static final int BUFFER_BYTES = 4096;
    private static final byte[] NONE = {};

    private final InputStream from;
    private final Runnable onFirst;
    private byte[] buffer = NONE;
    private int at;
    private int end;
    private boolean heard;
    private volatile long waitingSince;
    private volatile boolean expired;

    /// @param onFirst run once, when the first bytes have come
    Input(InputStream from, Runnable onFirst) {
        this.from = from;
        this.onFirst = onFirst;
    }

    /// The same over another stream (TLS), empty.
    Input over(InputStream other) {
        Input next = new Input(other, onFirst);
        next.heard = heard;
        return next;
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
            if (count >= BUFFER_BYTES) {
                return raw(bytes, offset, count); // a reader with a buffer of its own needs none here
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

    /// What is buffered, and nothing of what the system may hold.
    @Override
    public int available() {
        return end - at;
    }

    /// Takes what is buffered out.
    byte[] takeBuffered() {
        byte[] taken = Arrays.copyOfRange(buffer, at, end);
        at = end;
        return taken;
    }

    /// When the read that is under way began ({@link System#nanoTime()}), 0 if none is.
    long waitingSince() {
        return waitingSince;
    }

    /// Makes the read under way, which another thread is about to end, and each later one a timeout.
    void expire() {
        expired = true;
    }

    private boolean fill() throws IOException {
        if (buffer.length == 0) {
            buffer = new byte[BUFFER_BYTES];
        }
        int n = raw(buffer, 0, buffer.length);
        at = 0;
        end = Math.max(n, 0);
        return n > 0;
    }

    private int raw(byte[] bytes, int offset, int count) throws IOException {
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
        if (n > 0 && !heard) {
            heard = true;
            onFirst.run();
        }
        return n;
    }

    private static SocketTimeoutException timeout(IOException cause) {
        SocketTimeoutException timeout = new SocketTimeoutException("Read timed out");
        timeout.initCause(cause);
        return timeout;
    }
}
