package qrate.spf;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import qrate.dns.Hosts;

/// A range of addresses.
///
/// @param address 4 or 16 bytes
/// @param bits of it that count, from the left
record SpfNetwork(byte[] address, int bits) {
    static final int IPV4_BITS = 32;
    static final int IPV6_BITS = 128;

    private static final int IPV4_PARTS = 4;
    private static final int IPV6_CHARS_MAX = 45;

    /// Whether an address of the same kind lies in it.
    boolean holds(InetAddress other) {
        byte[] theirs = other.getAddress();
        if (theirs.length != address.length) {
            return false;
        }
        for (int i = 0; i < address.length; i++) {
            int counting = Math.clamp(bits - 8L * i, 0, 8);
            int mask = 0xff << (8 - counting);
            if (((theirs[i] ^ address[i]) & mask & 0xff) != 0) {
                return false;
            }
        }
        return true;
    }

    /// Four numbers without zeros in front (RFC 7208 §5.6).
    static Optional<byte[]> ipv4(String text) {
        byte[] bytes = new byte[IPV4_PARTS];
        int part = 0;
        int value = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && value >= 0 && part < IPV4_PARTS - 1) {
                bytes[part++] = (byte) value;
                value = -1;
            } else if (c >= '0' && c <= '9' && value != 0) {
                value = Math.max(value, 0) * 10 + c - '0';
            } else {
                return Optional.empty();
            }
            if (value > 255) {
                return Optional.empty();
            }
        }
        bytes[part] = (byte) value;
        return part == IPV4_PARTS - 1 && value >= 0 ? Optional.of(bytes) : Optional.empty();
    }

    /// As RFC 4291 §2.2 writes them, without a zone.
    static Optional<byte[]> ipv6(String text) {
        boolean fits = text.indexOf(':') >= 0 && text.length() <= IPV6_CHARS_MAX;
        for (int i = 0; i < text.length() && fits; i++) {
            char c = text.charAt(i);
            fits = c == ':' || c == '.' || Character.digit(c, 16) >= 0;
        }
        return fits ? Hosts.literal(text).map(SpfNetwork::sixteen) : Optional.empty();
    }

    /// The JDK makes an IPv4 address of a mapped one.
    private static byte[] sixteen(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length > IPV4_PARTS) {
            return bytes;
        }
        byte[] mapped = new byte[IPV6_BITS / 8];
        Arrays.fill(mapped, 10, 12, (byte) -1);
        System.arraycopy(bytes, 0, mapped, 12, bytes.length);
        return mapped;
    }
}
