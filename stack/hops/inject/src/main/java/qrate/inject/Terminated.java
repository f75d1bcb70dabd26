package qrate.inject;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A text whose last line ends with LF, whether or not it did.
final class Terminated extends FilterInputStream {
    private int last = '\n';

    Terminated(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        if (b < 0) {
            return end();
        }
        last = b;
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        int n = in.read(bytes, offset, count);
        if (n > 0) {
            last = bytes[offset + n - 1];
        } else if (n < 0 && end() == '\n') {
            bytes[offset] = '\n';
            return 1;
        }
        return n;
    }

    private int end() {
        if (last == '\n') {
            return -1;
        }
        last = '\n';
        return last;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
