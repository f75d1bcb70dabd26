package qrate.httpd;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// Who stands behind a proxy, by the headers that it adds; they count from proxies that are trusted, and from nobody
/// else.
///
/// The client is the hop farthest to the right that is no trusted proxy: what stands left of it, it could have written
/// itself. Undertow's ForwardedHandler and ProxyPeerAddressHandler take the hop farthest to the left, see no
/// contradiction between the two headers, and let X-Forwarded-Host change the Host that was checked.
final class Proxies {
    /// Most hops looked at, from the right.
    static final int HOPS_MAX = 16;

    private Proxies() {}

    /// A request whose headers of proxies contradict each other: one of them is the client's own.
    static final class Contradiction extends Exception {
        private static final long serialVersionUID = 1L;

        Contradiction() {
            super("Forwarded and X-Forwarded-For name two clients");
        }
    }

    /// What a proxy says.
    ///
    /// @param forwarded all values of `Forwarded`, in order
    /// @param forwardedFor all values of `X-Forwarded-For`
    /// @param proto all values of `X-Forwarded-Proto`
    record Said(List<String> forwarded, List<String> forwardedFor, List<String> proto) {}

    /// The client behind a connection.
    ///
    /// @param peer whoever connected
    /// @param trusted which addresses are proxies
    static Asked.Client client(InetAddress peer, Said said, Predicate<InetAddress> trusted) throws Contradiction {
        if (!trusted.test(peer)) {
            return new Asked.Client(peer.getHostAddress(), false);
        }
        List<String> elements = items(said.forwarded);
        List<String> one = elements.stream().map(e -> parameter(e, "for")).toList();
        List<String> two = items(said.forwardedFor);
        InetAddress byOne = farthest(peer, one, trusted);
        InetAddress byTwo = farthest(peer, two, trusted);
        if (!one.isEmpty() && !two.isEmpty() && !byOne.equals(byTwo)) {
            throw new Contradiction();
        }
        List<String> protos = items(said.proto);
        String proto =
                !protos.isEmpty() ? protos.getLast() : elements.isEmpty() ? "" : parameter(elements.getLast(), "proto");
        InetAddress client = one.isEmpty() ? byTwo : byOne;
        return new Asked.Client(client.getHostAddress(), proto.equalsIgnoreCase("https"));
    }

    private static InetAddress farthest(InetAddress peer, List<String> hops, Predicate<InetAddress> trusted) {
        InetAddress client = peer;
        for (int i = hops.size() - 1; i >= 0 && i >= hops.size() - HOPS_MAX; i--) {
            Optional<InetAddress> hop = address(hops.get(i));
            if (hop.isEmpty()) {
                return client; // `unknown`, a name, or nonsense: whoever told us of it is the last that is known
            }
            client = hop.get();
            if (!trusted.test(client)) {
                return client;
            }
        }
        return client;
    }

    /// Items of a list (RFC 9110 §5.6.1), where a comma between quotes parts nothing.
    private static List<String> items(List<String> values) {
        List<String> items = new ArrayList<>();
        for (String value : values) {
            split(value, ',').forEach(item -> {
                if (!item.isBlank()) {
                    items.add(item.strip());
                }
            });
        }
        return items;
    }

    private static List<String> split(String text, char at) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == at && !quoted) {
                parts.add(text.substring(begin, i));
                begin = i + 1;
            }
        }
        parts.add(text.substring(begin));
        return parts;
    }

    /// A parameter of an element of `Forwarded` (RFC 7239 §4), without its quotes; empty where it has none.
    private static String parameter(String element, String name) {
        for (String pair : split(element, ';')) {
            int equals = pair.indexOf('=');
            if (equals > 0
                    && pair.substring(0, equals)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .equals(name)) {
                String value = pair.substring(equals + 1).strip();
                boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
                return quoted ? value.substring(1, value.length() - 1) : value;
            }
        }
        return "";
    }

    /// An address as a node (RFC 7239 §6) or as proxies write it: bare, in brackets, with a port.
    static Optional<InetAddress> address(String node) {
        String host = node;
        int end = node.indexOf(']');
        if (node.startsWith("[") && end > 0) {
            host = node.substring(1, end);
        } else if (node.indexOf(':') == node.lastIndexOf(':') && node.indexOf(':') > 0) {
            host = node.substring(0, node.indexOf(':'));
        }
        if (host.isEmpty() || host.indexOf('%') >= 0) {
            return Optional.empty(); // a zone means something on one machine only
        }
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            // no address
            return Optional.empty();
        }
    }
}
