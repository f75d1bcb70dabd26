package qrate.zone;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import qrate.core.Control;
import qrate.dns.Hosts;

/// Who we are, as control files say.
///
/// @param host `me`
/// @param addresses by which the world reaches us, as far as is known
/// @param domains whose mail we take
public record Ours(String host, List<InetAddress> addresses, Set<String> domains) {
    /// @param said addresses that somebody named; else those of `localips` that the world can reach
    /// @param machine what the machine itself has, else; behind a router that is not what the world sees
    /// @throws IOException when there is no `me`, or a file cannot be read
    public static Ours of(Control control, List<InetAddress> said, List<InetAddress> machine) throws IOException {
        String host = control.line("me").orElseThrow(() -> new IOException("control/me: missing"));
        List<InetAddress> addresses = new ArrayList<>(said);
        if (addresses.isEmpty()) {
            for (String line : control.lines("localips")) {
                Hosts.literal(line).filter(Ours::isPublic).ifPresent(addresses::add);
            }
        }
        if (addresses.isEmpty()) {
            machine.stream().filter(Ours::isPublic).forEach(addresses::add);
        }
        Set<String> domains = new LinkedHashSet<>();
        for (String file : List.of("rcpthosts", "morercpthosts")) {
            for (String line : control.lines(file)) {
                Optional.of(line.toLowerCase(Locale.ROOT))
                        .filter(name -> !name.startsWith("."))
                        .ifPresent(domains::add);
            }
        }
        return new Ours(host.toLowerCase(Locale.ROOT), List.copyOf(addresses), domains);
    }

    /// Whether the world can reach an address (RFC 6890, in what matters here).
    private static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64; // RFC 6598
        boolean unique = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc; // RFC 4193
        return !(address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || shared
                || unique);
    }
}
