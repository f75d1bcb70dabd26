package qrate.gate;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import qrate.dns.Hosts;

/// Networks as they stand in control files: `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`.
final class Subnets {
    private static final int IPV4_BYTES = 3;
    private static final int IPV6_BYTES = 8;

    private Subnets() {}

    /// Whether a word is one, by what stands before its slash.
    static boolean isOne(String word) {
        return Hosts.literal(before(word)).isPresent();
    }

    /// Whether a client is in it; never in one that makes no sense.
    static boolean holds(String network, InetAddress client) {
        byte[] ours =
                Hosts.literal(before(network)).map(InetAddress::getAddress).orElse(new byte[0]);
        byte[] theirs = client.getAddress();
        int bits = bits(network.substring(before(network).length()), ours.length * Byte.SIZE);
        if (ours.length != theirs.length || bits < 0) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> i % Byte.SIZE;
            if (((ours[i / Byte.SIZE] ^ theirs[i / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /// The network that one who sends mail usually has to himself: /24, of IPv6 /64.
    static String of(InetAddress client) {
        byte[] address = client.getAddress();
        boolean four = client instanceof Inet4Address;
        Arrays.fill(address, four ? IPV4_BYTES : IPV6_BYTES, address.length, (byte) 0);
        try {
            return Hosts.text(InetAddress.getByAddress(address)) + (four ? "/24" : "/64");
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // of a length that no address has
        }
    }

    private static String before(String network) {
        int slash = network.indexOf('/');
        return slash < 0 ? network : network.substring(0, slash);
    }

    /// @return negative for what makes no sense
    private static int bits(String behind, int all) {
        String digits = behind.isEmpty() ? "" : behind.substring(1);
        boolean number =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int bits = behind.isEmpty() ? all : number ? Integer.parseInt(digits) : -1;
        return bits > all ? -1 : bits;
    }
}
