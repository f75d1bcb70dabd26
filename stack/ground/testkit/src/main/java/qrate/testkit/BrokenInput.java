package qrate.testkit;

import java.io.IOException;
import java.io.InputStream;

/// Input that fails at the first read: a disk that is broken, a client that is gone.
public final class BrokenInput extends InputStream {
    private final String why;

    /// @param why what the exception says
    public BrokenInput(String why) {
        this.why = why;
    }

    @Override
    public int read() throws IOException {
        throw new IOException(why);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        throw new IOException(why);
    }
}
