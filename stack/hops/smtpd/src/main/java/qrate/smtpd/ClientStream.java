package qrate.smtpd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;

/// The client's bytes in one buffer, and the replies, which leave together when there is nothing left to read.
final class ClientStream {
    /// Longest command line in bytes, CRLF included; RFC 5321 §4.5.3.1.4 asks for 512, its extensions for more.
    static final int COMMAND_LINE_BYTES_MAX = 2048;

    private static final int BUFFER_BYTES = 16 << 10;

    /// What came instead of, or as, a line.
    sealed interface Line {
        /// A line in {@link ClientStream#buffer()}, without CRLF, until the next read.
        record Text(int from, int end) implements Line {}

        /// The client has closed.
        record End() implements Line {}

        /// The protocol is broken, and so is the connection.
        record Broken(String reply) implements Line {}
    }

    private static final Line END = new Line.End();
    private static final Line BARE = new Line.Broken("500 5.5.2 bare CR or LF is not allowed");
    private static final Line NUL = new Line.Broken("500 5.5.2 NUL is not allowed");
    private static final Line LONG = new Line.Broken("500 5.5.2 line too long");

    private final InputStream in;
    private final OutputStream out;
    private Duration patience;
    private final InstantSource clock;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int limit;

    /// @param patience how long a whole command may take
    ClientStream(InputStream in, OutputStream out, Duration patience, InstantSource clock) {
        this.in = in;
        this.out = out;
        this.patience = patience;
        this.clock = clock;
    }

    /// From now on a whole command may take this long.
    void patience(Duration most) {
        patience = most;
    }

    byte[] buffer() {
        return buffer;
    }

    /// First unread byte.
    int at() {
        return at;
    }

    /// Behind the last unread byte.
    int limit() {
        return limit;
    }

    /// Whether the client sent more than was read.
    boolean isPending() {
        return at < limit;
    }

    /// Marks what stands before an index as read.
    void readUpTo(int index) {
        at = index;
    }

    /// Reads one command line; only CRLF ends it.
    ///
    /// @throws SocketTimeoutException when it has not come in time, however many small pieces it comes in
    Line line() throws IOException {
        long start = 0;
        int scanned = 0;
        while (true) {
            for (int i = at + scanned; i < limit; i++) {
                byte b = buffer[i];
                if (b > '\r') {
                    continue;
                }
                if (b == '\n') {
                    return i > at && buffer[i - 1] == '\r' ? took(i) : BARE;
                }
                if (b == 0) {
                    return NUL;
                }
                if (b == '\r' && i + 1 < limit && buffer[i + 1] != '\n') {
                    return BARE;
                }
            }
            // a CR at the end is looked at again, together with what follows it
            scanned = limit - at - (limit > at && buffer[limit - 1] == '\r' ? 1 : 0);
            if (scanned >= COMMAND_LINE_BYTES_MAX) {
                return LONG;
            }
            long now = clock.millis();
            start = start == 0 ? now : start;
            if (now - start > patience.toMillis()) {
                throw new SocketTimeoutException("command took too long");
            }
            if (!fill()) {
                return END;
            }
        }
    }

    private Line took(int newline) {
        int from = at;
        at = newline + 1;
        return at - from > COMMAND_LINE_BYTES_MAX ? LONG : new Line.Text(from, newline - 1);
    }

    /// Reads more behind what is unread; replies leave first.
    ///
    /// @return false at the end of the stream
    boolean fill() throws IOException {
        out.flush();
        if (at == limit) {
            at = 0;
            limit = 0;
        } else if (at > 0) {
            System.arraycopy(buffer, at, buffer, 0, limit - at);
            limit -= at;
            at = 0;
        }
        int n = in.read(buffer, limit, buffer.length - limit);
        limit += Math.max(n, 0);
        return n > 0;
    }

    /// Reads so many bytes that nobody wants.
    ///
    /// @return false when the client ends before, or when they are too many
    boolean skip(long bytes) throws IOException {
        if (bytes > Incoming.REFUSED_BYTES_MAX) {
            return false;
        }
        long left = bytes;
        while (left > 0) {
            if (!isPending() && !fill()) {
                return false;
            }
            int take = (int) Math.min(left, limit - at);
            at += take;
            left -= take;
        }
        return true;
    }

    /// Queues a reply; CRLF is added.
    void reply(String line) throws IOException {
        out.write(line.getBytes(StandardCharsets.US_ASCII));
        out.write('\r');
        out.write('\n');
    }

    void flush() throws IOException {
        out.flush();
    }
}
