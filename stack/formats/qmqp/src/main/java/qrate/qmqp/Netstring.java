package qrate.qmqp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads netstrings: a decimal length, `:`, so many bytes, `,`. Counts what it takes, so that netstrings inside a
/// netstring cannot run over its end.
final class Netstring {
    /// Most digits of a length; ten gigabytes and more are nothing we ever take.
    static final int DIGITS_MAX = 10;

    /// Bytes that are not a netstring, or are longer than allowed.
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1L;

        Malformed(String why) {
            super(why);
        }
    }

    private final InputStream in;
    private long left;

    /// @param limit most bytes to read in all
    Netstring(InputStream in, long limit) {
        this.in = in;
        this.left = limit;
    }

    /// Bytes that may still be read.
    long left() {
        return left;
    }

    /// From now on only so many bytes may be read: the content of the netstring just begun.
    void enter(long length) {
        left = length;
    }

    /// Reads a length and its colon.
    ///
    /// @throws Malformed for no digit, a leading zero, too many digits, or another byte
    long length() throws IOException {
        return length(next());
    }

    /// Reads on behind the first digit.
    long length(int first) throws IOException {
        long length = 0;
        int digits = 0;
        for (int b = first; b != ':'; b = next()) {
            if (b < '0' || b > '9' || (digits > 0 && length == 0) || ++digits > DIGITS_MAX) {
                throw new Malformed("not the length of a netstring");
            }
            length = length * 10 + b - '0';
        }
        if (digits == 0) {
            throw new Malformed("a netstring without length");
        }
        return length;
    }

    /// Reads the comma at the end.
    void comma() throws IOException {
        if (next() != ',') {
            throw new Malformed("a netstring without its comma");
        }
    }

    /// Reads a whole netstring; one that is longer than anything of its kind is read and not kept.
    ///
    /// @return empty for one that is too long
    Optional<byte[]> bytes(int bytesMax) throws IOException {
        long length = length();
        claim(length);
        if (length > bytesMax) {
            in.skipNBytes(length);
            comma();
            return Optional.empty();
        }
        byte[] bytes = in.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException("the connection ended in a netstring");
        }
        comma();
        return Optional.of(bytes);
    }

    /// Takes so many bytes into account that the caller reads from the stream itself.
    void claim(long bytes) throws Malformed {
        if (bytes > left) {
            throw new Malformed("a netstring runs over the end of the one around it");
        }
        left -= bytes;
    }

    /// Reads and drops what is left.
    void drain() throws IOException {
        in.skipNBytes(left);
        left = 0;
    }

    private int next() throws IOException {
        claim(1);
        int b = in.read();
        if (b < 0) {
            throw new EOFException("the connection ended in a netstring");
        }
        return b;
    }

    /// Writes `length:` for a netstring whose content follows.
    static byte[] head(long length) {
        return (length + ":").getBytes(StandardCharsets.US_ASCII);
    }
}
