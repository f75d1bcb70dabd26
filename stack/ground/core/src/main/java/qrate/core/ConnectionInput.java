package qrate.core;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Buffered input of a connection that tells exactly how much it holds, since what came in plain must not be taken for
/// what comes inside TLS.
public abstract class ConnectionInput extends InputStream {
    /// Usual number of bytes read ahead.
    public static final int AHEAD_BYTES = 4096;

    private static final byte[] NONE = {};

    private final int ahead;
    private byte[] buffer = NONE; // a client that has said nothing costs none
    private int at;
    private int end;

    /// @param ahead most bytes read ahead of what is asked for; 1 for none, so that whoever reads next gets the rest
    protected ConnectionInput(int ahead) {
        this.ahead = ahead;
    }

    /// Reads what is below; every read of it comes through here.
    protected abstract int raw(byte[] bytes, int offset, int count) throws IOException;

    @Override
    public final int read() throws IOException {
        if (at == end && !fill()) {
            return -1;
        }
        return buffer[at++] & 0xff;
    }

    @Override
    public final int read(byte[] bytes, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (at == end) {
            if (count >= ahead) {
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
    public final int available() {
        return end - at;
    }

    /// Takes what is buffered out.
    public final byte[] takeBuffered() {
        byte[] taken = Arrays.copyOfRange(buffer, at, end);
        at = end;
        return taken;
    }

    /// Refuses to go on with STARTTLS when the client sent something behind it in plain (CVE-2011-0411).
    ///
    /// @throws IOException when it did; the connection must be closed then
    public final void requireEmpty() throws IOException {
        if (available() > 0) {
            throw new IOException("plaintext waits behind STARTTLS");
        }
    }

    private boolean fill() throws IOException {
        if (buffer.length == 0) {
            buffer = new byte[ahead];
        }
        int n = raw(buffer, 0, buffer.length);
        at = 0;
        end = Math.max(n, 0);
        return n > 0;
    }
}
