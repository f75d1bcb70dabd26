package qrate.maildir;

import java.io.IOException;
import java.io.InputStream;

/// How many octets a message has with each of its lines ended by CRLF, as it is sent (RFC 1939 §11): what `,W=` in a
/// Maildir name says, by Dovecot's and Courier's convention.
public final class SentSize {
    private static final int BUFFER_BYTES = 64 << 10;

    private long octets;
    private byte last = '\n';

    private SentSize() {}

    /// Counts all that comes, dots that POP3 doubles not included; a last line without an end is sent with one.
    public static long of(InputStream message) throws IOException {
        SentSize size = new SentSize();
        byte[] part = new byte[BUFFER_BYTES];
        for (int n = message.read(part); n >= 0; n = message.read(part)) {
            size.count(part, n);
        }
        return size.octets + (size.last == '\n' ? 0 : size.last == '\r' ? 1 : 2);
    }

    private void count(byte[] part, int length) {
        byte before = last;
        long lines = 0;
        for (int i = 0; i < length; i++) {
            byte b = part[i];
            if (b == '\n' && before != '\r') {
                lines++;
            }
            before = b;
        }
        last = before;
        octets += length + lines;
    }
}
