package qrate.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import qrate.core.Control;
import qrate.core.Reasons;
import qrate.dns.Dns;
import qrate.dns.Hosts;

/// Whether mail can leave: many providers of machines block port 25.
///
/// @param named servers that somebody named; else the smarthost, or whoever takes mail for a domain that all know
record OutboundCheck(Control control, Dns dns, List<InetSocketAddress> named) implements Check {
    /// Of whom mail is taken almost everywhere; asked for a greeting, and nothing else.
    static final String KNOWN = "gmail.com";

    private static final String AREA = "outbound";
    private static final int SMTP = 25;
    private static final String MEND = "have your provider open port 25 to the outside, or send through one: write"
            + " ':smtp.provider.example:587 user password' into control/smtproutes";

    @Override
    public List<Finding> look() throws IOException {
        if (!named.isEmpty()) {
            return named.stream().map(this::one).toList();
        }
        Optional<InetSocketAddress> smarthost = smarthost();
        if (smarthost.isPresent()) {
            return List.of(one(smarthost.get()));
        }
        if (!(dns.exchangers(KNOWN) instanceof Dns.Answer.Found<Dns.Exchanger>(var found))) {
            return List.of(Finding.broken(
                    AREA,
                    "DNS does not say who takes mail for " + KNOWN + ": mail cannot leave",
                    "look at /etc/resolv.conf"));
        }
        String host = found.stream()
                .min(Comparator.comparingInt(Dns.Exchanger::preference))
                .orElseThrow()
                .host();
        return List.of(one(at(host, SMTP)));
    }

    /// The route of everybody: `:HOST:PORT USER PASSWORD` (qmail-remote(8)).
    private Optional<InetSocketAddress> smarthost() throws IOException {
        for (String line : control.lines("smtproutes")) {
            String route = line.split(" ", 2)[0];
            if (route.length() > 1 && route.startsWith(":")) {
                int end = route.indexOf(']');
                int colon = route.indexOf(':', Math.max(end, 1));
                String host = colon < 0 ? route.substring(1) : route.substring(1, colon);
                int port = SMTP;
                try {
                    port = colon < 0 || colon + 1 == route.length()
                            ? SMTP
                            : Integer.parseInt(route.substring(colon + 1));
                } catch (NumberFormatException _) {
                    throw new IOException("control/smtproutes: no port in " + route);
                }
                return Optional.of(at(host, port));
            }
        }
        return Optional.empty();
    }

    private InetSocketAddress at(String host, int port) {
        Optional<InetAddress> literal = Hosts.literal(host).or(() -> Hosts.bracketed(host));
        if (literal.isEmpty() && dns.addresses(host) instanceof Dns.Answer.Found<InetAddress>(var found)) {
            literal = Optional.of(found.getFirst());
        }
        return literal.map(address -> new InetSocketAddress(address, port))
                .orElseGet(() -> InetSocketAddress.createUnresolved(host, port));
    }

    private Finding one(InetSocketAddress server) {
        String text = server.getHostString() + " port " + server.getPort();
        try (Talk talk = Talk.to(server)) {
            if (server.getPort() == Door.Kind.SMTPS.wellKnown()) {
                return Finding.well(AREA, text + " can be reached"); // it waits for TLS
            }
            String line = talk.reply();
            return line.startsWith("220")
                    ? Finding.well(AREA, text + " answers")
                    : Finding.doubtful(AREA, text + " greets with: " + line, "see ./qrate man qmail-remote");
        } catch (IOException e) {
            return Finding.broken(AREA, text + " cannot be reached: " + Reasons.of(e) + ": mail cannot leave", MEND);
        }
    }
}
