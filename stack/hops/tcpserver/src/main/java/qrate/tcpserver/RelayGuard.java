package qrate.tcpserver;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Optional;

/// Refuses rules that would make an open relay of a container: through a published port, a userland proxy or IPv6
/// every client on the Internet can show as the gateway or as the machine itself.
final class RelayGuard {
    private static final String RELAY = "RELAYCLIENT";

    private RelayGuard() {}

    /// Why these rules must not be used, if they must not.
    ///
    /// @param own addresses that any client can seem to have: gateways, and this machine's own but loopback
    static Optional<String> refusal(Rules rules, Collection<InetAddress> own) {
        for (InetAddress address : own) {
            Optional<Rules.Match> match = rules.find(address, "");
            if (match.isPresent() && relays(match.get().rule())) {
                return Optional.of("rule '" + match.get().key() + "' sets RELAYCLIENT for " + Ip.text(address)
                        + ", which is a gateway or this machine: every client can come from there");
            }
        }
        return rules.everyone().filter(RelayGuard::relays).map(_ -> "the empty rule sets RELAYCLIENT for every client");
    }

    private static boolean relays(Rules.Rule rule) {
        return switch (rule) {
            case Rules.Rule.Deny _ -> false;
            case Rules.Rule.Allow allow -> allow.variables().containsKey(RELAY);
        };
    }
}
