package qrate.tcpserver;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/// IP addresses as text, and back, without ever asking DNS.
final class Ip {
    private Ip() {}

    /// Dotted decimal, or the one canonical form of IPv6 (RFC 5952), without a zone.
    static String text(InetAddress address) {
        return address instanceof Inet4Address ? address.getHostAddress() : text6(address.getAddress());
    }

    private static String text6(byte[] bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int zeros = -1; // where the longest run of two or more zero groups starts
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int j = i;
            while (j < 8 && groups[j] == 0) {
                j++;
            }
            if (j - i > length) {
                zeros = i;
                length = j - i;
            }
            i = Math.max(i, j - 1);
        }
        StringBuilder text = new StringBuilder(40);
        for (int i = 0; i < 8; i++) {
            if (i == zeros) {
                text.append("::");
                i += length - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /// Reads an address; four decimal numbers or IPv6, nothing else: no names, no short forms, no zones.
    static Optional<InetAddress> parse(String text) {
        boolean six = text.indexOf(':') >= 0;
        if (text.length() > 45 || (six ? text.indexOf('%') >= 0 || text.indexOf('[') >= 0 : !isDotted(text))) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static boolean isDotted(String text) {
        int numbers = 0;
        for (String part : text.split("\\.", -1)) {
            numbers++;
            boolean digits =
                    !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!digits || (part.length() > 1 && part.charAt(0) == '0') || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return numbers == 4;
    }

    /// The first `bits` bits of an address, the rest zero.
    static byte[] masked(byte[] address, int bits) {
        byte[] out = new byte[address.length];
        int whole = bits / 8;
        System.arraycopy(address, 0, out, 0, whole);
        if (bits % 8 != 0) {
            out[whole] = (byte) (address[whole] & (0xff << (8 - bits % 8)));
        }
        return out;
    }
}
