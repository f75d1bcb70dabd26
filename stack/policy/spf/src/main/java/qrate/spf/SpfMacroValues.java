package qrate.spf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.function.Supplier;
import qrate.dns.Hosts;

/// What the letters of macros stand for (RFC 7208 §7.2).
///
/// @param domain the one whose record it is
/// @param receiver the host that checks
/// @param name the client's name that leads back to it, or `unknown`; asked for when it is needed
record SpfMacroValues(SpfSubject subject, String domain, String receiver, Instant now, Supplier<String> name) {
    private static final int GROUPS = 8;
    private static final int ZEROS_MIN = 2;

    String of(char letter) {
        InetAddress address = subject.client().address();
        return switch (letter) {
            case 's' -> subject.sender();
            case 'l' -> subject.local();
            case 'o' -> subject.domain();
            case 'd' -> domain;
            case 'i' -> address instanceof Inet4Address ? address.getHostAddress() : nibbles(address);
            case 'p' -> name.get();
            case 'v' -> address instanceof Inet4Address ? "in-addr" : "ip6";
            case 'h' -> subject.client().helo();
            case 'c' -> readable(address);
            case 'r' -> receiver;
            case 't' -> Long.toString(now.getEpochSecond());
            default -> throw new IllegalArgumentException("no macro: " + letter);
        };
    }

    private static String nibbles(InetAddress address) {
        StringBuilder text = new StringBuilder();
        for (byte b : address.getAddress()) {
            for (int shift = 4; shift >= 0; shift -= 4) {
                text.append(text.isEmpty() ? "" : ".").append(Character.forDigit((b >> shift) & 0xf, 16));
            }
        }
        return text.toString();
    }

    /// An address as people write it, IPv6 with its zeros left out (RFC 5952 §4.2).
    static String readable(InetAddress address) {
        String text = Hosts.text(address);
        if (address instanceof Inet4Address) {
            return text;
        }
        String[] groups = text.split(":", -1);
        int best = 0;
        int longest = 0;
        for (int from = 0; from < GROUPS; from++) {
            int end = from;
            while (end < GROUPS && groups[end].equals("0")) {
                end++;
            }
            if (end - from > longest) {
                best = from;
                longest = end - from;
            }
        }
        if (longest < ZEROS_MIN) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < best; i++) {
            out.append(groups[i]).append(i + 1 < best ? ":" : "");
        }
        out.append("::");
        for (int i = best + longest; i < GROUPS; i++) {
            out.append(groups[i]).append(i + 1 < GROUPS ? ":" : "");
        }
        return out.toString();
    }
}
