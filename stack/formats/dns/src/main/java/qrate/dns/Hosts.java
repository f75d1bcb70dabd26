package qrate.dns;

import java.net.InetAddress;
import java.util.Optional;

/// Host names and address literals.
public final class Hosts {
    private Hosts() {}

    /// An address in digits, IPv4 or IPv6; never asks DNS.
    public static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// An address in brackets: `[192.0.2.1]`, `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3), and `[2001:db8::1]` as well.
    public static Optional<InetAddress> bracketed(String host) {
        if (!host.startsWith("[") || !host.endsWith("]")) {
            return Optional.empty();
        }
        String inner = host.substring(1, host.length() - 1);
        boolean tagged = inner.regionMatches(true, 0, "IPv6:", 0, 5);
        return literal(tagged ? inner.substring(5) : inner);
    }

    /// An address as it stands in texts, without a zone.
    public static String text(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
