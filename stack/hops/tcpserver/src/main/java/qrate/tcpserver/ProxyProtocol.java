package qrate.tcpserver;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The PROXY protocol's header, versions 1 and 2, as a proxy sends it ahead of the client's first byte.
final class ProxyProtocol {
    /// Longest header of version 1 in bytes, CRLF included.
    static final int V1_BYTES_MAX = 107;

    /// Longest address block of version 2 in bytes, with its extensions.
    static final int V2_BYTES_MAX = 2048;

    /// How long the whole header may take, in milliseconds.
    static final int HEADER_MILLIS = 5000;

    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    private ProxyProtocol() {}

    /// Reads one header and not a byte more.
    ///
    /// @param own what the socket says: the answer for a proxy's own connection (LOCAL, UNKNOWN)
    /// @throws IOException when there is no header, or it is broken
    static Endpoints read(InputStream in, Endpoints own) throws IOException {
        int first = next(in);
        return switch (first) {
            case 'P' -> v1(in, own);
            case '\r' -> v2(in, own);
            default -> throw bad();
        };
    }

    private static IOException bad() {
        return new IOException("bad PROXY header");
    }

    private static int next(InputStream in) throws IOException {
        int b = in.read();
        if (b < 0) {
            throw bad();
        }
        return b;
    }

    private static Endpoints v1(InputStream in, Endpoints own) throws IOException {
        byte[] line = new byte[V1_BYTES_MAX];
        line[0] = 'P';
        int n = 1;
        while (n < 2 || line[n - 1] != '\n' || line[n - 2] != '\r') {
            if (n == line.length) {
                throw bad();
            }
            line[n++] = (byte) next(in);
        }
        String[] words = new String(line, 0, n - 2, StandardCharsets.ISO_8859_1).split(" ", -1);
        if (words.length >= 2 && words[0].equals("PROXY") && words[1].equals("UNKNOWN")) {
            return own;
        }
        boolean four = words.length == 6 && words[1].equals("TCP4");
        boolean six = words.length == 6 && words[1].equals("TCP6");
        if (!words[0].equals("PROXY") || !(four || six)) {
            throw bad();
        }
        return new Endpoints(address(words[3], six), port(words[5]), address(words[2], six), port(words[4]));
    }

    private static InetAddress address(String text, boolean six) throws IOException {
        if (text.indexOf(':') >= 0 != six) {
            throw bad();
        }
        return Ip.parse(text).orElseThrow(ProxyProtocol::bad);
    }

    private static int port(String text) throws IOException {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : -1;
        if (port < 0 || port > 65_535) {
            throw bad();
        }
        return port;
    }

    private static Endpoints v2(InputStream in, Endpoints own) throws IOException {
        for (int i = 1; i < SIGNATURE.length; i++) {
            if (next(in) != SIGNATURE[i]) {
                throw bad();
            }
        }
        int command = next(in);
        int family = next(in);
        int length = next(in) << 8 | next(in);
        if (command >> 4 != 2 || length > V2_BYTES_MAX) {
            throw bad();
        }
        byte[] block = in.readNBytes(length);
        if (block.length < length) {
            throw bad();
        }
        if ((command & 15) == 0) {
            return own; // LOCAL: the proxy itself, as for a health check
        }
        int bytes = switch (family) {
            case 0x11 -> 4;
            case 0x21 -> 16;
            default -> throw bad(); // datagrams and Unix sockets bring no mail
        };
        if ((command & 15) != 1 || length < 2 * bytes + 4) {
            throw bad();
        }
        InetAddress source = InetAddress.getByAddress(Arrays.copyOfRange(block, 0, bytes));
        InetAddress target = InetAddress.getByAddress(Arrays.copyOfRange(block, bytes, 2 * bytes));
        return new Endpoints(target, word(block, 2 * bytes + 2), source, word(block, 2 * bytes));
    }

    private static int word(byte[] block, int at) {
        return (block[at] & 0xff) << 8 | (block[at + 1] & 0xff);
    }
}
