package qrate.doctor;

import java.net.InetAddress;
import java.util.Optional;
import qrate.dns.Hosts;

/// A network: an address and how many of its bits count (RFC 4632).
record Prefix(InetAddress address, int bits) {
    /// `192.0.2.0/24`, `192.0.2.1`, `2001:db8::/32`; empty when it is none.
    static Optional<Prefix> of(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = Hosts.literal(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int most = address.get().getAddress().length * Byte.SIZE;
        try {
            int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            return bits < 0 || bits > most ? Optional.empty() : Optional.of(new Prefix(address.get(), bits));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    boolean holds(InetAddress other) {
        byte[] own = address.getAddress();
        byte[] its = other.getAddress();
        if (own.length != its.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if ((own[bit / Byte.SIZE] & mask) != (its[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }
}
