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
import qrate.remote.routes.Routes;

/// Whether mail can leave: many providers of machines block port 25.
///
/// @param named servers that somebody named; else the smarthost, or whoever takes mail for a domain that all know
record OutboundCheck(Control control, Dns dns, List<InetSocketAddress> named) implements Check {
    /// Of whom mail is taken almost everywhere; asked for a greeting, and nothing else.
    static final String KNOWN = "gmail.com";

    private static final String AREA = "outbound";
    private static final String MEND =
            "ask your provider to open port 25 to the outside, or send through a relay: write"
                    + " ':smtp.provider.example:587 user password' into control/smtproutes";

    @Override
    public List<Finding> look() throws IOException {
        if (!named.isEmpty()) {
            return named.stream()
                    .map(server -> one(server, server.getPort() == Routes.SMTPS_PORT))
                    .toList();
        }
        Optional<Routes.Route> smarthost =
                new Routes(control).find("").filter(route -> !route.relay().isEmpty());
        if (smarthost.isPresent()) {
            Routes.Route route = smarthost.get();
            return List.of(one(at(route.relay(), route.port()), route.implicit()));
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
        return List.of(one(at(host, Routes.SMTP_PORT), false));
    }

    private InetSocketAddress at(String host, int port) {
        Optional<InetAddress> literal = Hosts.literal(host).or(() -> Hosts.bracketed(host));
        if (literal.isEmpty() && dns.addresses(host) instanceof Dns.Answer.Found<InetAddress>(var found)) {
            literal = Optional.of(found.getFirst());
        }
        return literal.map(address -> new InetSocketAddress(address, port))
                .orElseGet(() -> InetSocketAddress.createUnresolved(host, port));
    }

    /// @param tls whether it waits for TLS, and greets nobody before
    private Finding one(InetSocketAddress server, boolean tls) {
        String text = server.getHostString() + " port " + server.getPort();
        try (Talk talk = Talk.to(server)) {
            if (tls) {
                return Finding.well(AREA, text + " can be reached");
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
