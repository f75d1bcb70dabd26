package qrate.tcpserver;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/// Counts connections per client: an IPv4 address, or a /64 of IPv6, which one subscriber has whole.
final class Crowd {
    private static final int NETWORK6_BITS = 64;

    private final int perClientMax;
    private final Map<String, Integer> counts = new HashMap<>();

    /// @param perClientMax most connections at once from one client, 0 for no limit
    Crowd(int perClientMax) {
        this.perClientMax = perClientMax;
    }

    /// Counts one in; false if that client has its fill.
    synchronized boolean enter(InetAddress address) {
        int count = counts.merge(key(address), 1, Integer::sum);
        if (perClientMax > 0 && count > perClientMax) {
            leave(address);
            return false;
        }
        return true;
    }

    /// Counts one out that {@link #enter} let in.
    synchronized void leave(InetAddress address) {
        counts.computeIfPresent(key(address), (_, count) -> count == 1 ? null : count - 1);
    }

    /// How many connections one client has.
    synchronized int count(String client) {
        return counts.getOrDefault(client, 0);
    }

    /// How many clients are counted now.
    synchronized int size() {
        return counts.size();
    }

    /// Who an address belongs to, as far as counting goes.
    static String key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? Ip.text(address) : Rules.prefix6(bytes, NETWORK6_BITS);
    }
}
