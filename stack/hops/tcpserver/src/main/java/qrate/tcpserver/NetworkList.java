package qrate.tcpserver;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A list of addresses and prefixes: `10.0.0.7`, `10.0.`, `10.0.0.0/8`, `2001:db8::/32`.
public final class NetworkList {
    private NetworkList() {}

    /// Whether a line of the list covers the address; a line that is none of the forms covers nothing.
    public static boolean covers(List<String> list, InetAddress address) {
        if (list.isEmpty()) {
            return false;
        }
        String ip = Ip.text(address);
        for (String line : list) {
            if (line.endsWith(".") ? ip.startsWith(line) : inPrefix(line, address)) {
                return true;
            }
        }
        return false;
    }

    private static boolean inPrefix(String line, InetAddress address) {
        int slash = line.indexOf('/');
        Optional<InetAddress> base = Ip.parse(slash < 0 ? line : line.substring(0, slash));
        byte[] bytes = address.getAddress();
        if (base.isEmpty() || base.get().getAddress().length != bytes.length) {
            return false;
        }
        int bits = slash < 0 ? bytes.length * 8 : bits(line.substring(slash + 1), bytes.length * 8);
        return bits >= 0 && Arrays.equals(Ip.masked(base.get().getAddress(), bits), Ip.masked(bytes, bits));
    }

    /// Bits of a prefix, -1 for anything that is no number from 0 to `max`.
    static int bits(String text, int max) {
        boolean digits = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int bits = digits ? Integer.parseInt(text) : -1;
        return bits <= max ? bits : -1;
    }
}
