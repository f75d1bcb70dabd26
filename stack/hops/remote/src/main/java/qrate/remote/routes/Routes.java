package qrate.remote.routes;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import qrate.core.Control;
import qrate.core.DomainName;
import qrate.core.Steps;

/// smtproutes (qmail-control(5)): `domain:relay:port user password` or `… user:password`, `.domain:…` for its
/// subdomains, `:…` for the rest. A relay may be an address, IPv6 in brackets; `smtps://relay:port` and port 465 mean
/// TLS from the beginning, `smtp://relay:port` not.
public final class Routes {
    /// The SMTP port.
    public static final int SMTP_PORT = 25;

    /// The port on which TLS begins with the connection (RFC 8314 §7.3).
    public static final int SMTPS_PORT = 465;

    private static final String SMTPS = "smtps://";
    private static final String SMTP = "smtp://";

    /// What a line says.
    ///
    /// @param relay lower case, maybe an address in brackets; empty for the MX of the domain
    /// @param port of the relay
    /// @param implicit whether TLS begins with the connection
    /// @param login for AUTH; empty for none
    public record Route(String relay, int port, boolean implicit, Optional<Login> login) {
        private String words() {
            String user = login.map(who -> ", login as " + who.user()).orElse("");
            return relay.isEmpty()
                    ? "nothing, so the exchangers count" + user
                    : relay + " port " + port + (implicit ? " in TLS" : "") + user;
        }
    }

    /// Who we are to a relay.
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return user + ":(hidden)"; // never into a log
        }
    }

    /// What stands behind each name.
    ///
    /// @param lines of the file that it was made from
    private record Known(List<String> lines, Map<String, String> targets) {}

    private final Control control;
    private volatile Known known = new Known(List.of(), Map.of());

    public Routes(Control control) {
        this.control = control;
    }

    /// The route for a host: its own line, then the longest suffix's, then the default's.
    ///
    /// @param host empty for the default alone
    /// @throws IOException when the file cannot be read or the line that fits makes no sense
    public Optional<Route> find(String host) throws IOException {
        return find(host, Steps.none());
    }

    /// The same, explained; a password is never said.
    public Optional<Route> find(String host, Steps steps) throws IOException {
        List<String> lines = control.lines("smtproutes");
        if (lines.isEmpty()) {
            steps.say("smtproutes: there is none");
            return Optional.empty();
        }
        Map<String, String> targets = targets(lines);
        String name = DomainName.ascii(host);
        for (int i = 0; i <= name.length(); i++) {
            if (i == 0 || i == name.length() || name.charAt(i) == '.') {
                String target = targets.get(name.substring(i));
                if (target != null) {
                    Route route = parse(target);
                    steps.say("smtproutes: the line of \"" + name.substring(i) + "\" says " + route.words());
                    return Optional.of(route);
                }
            }
        }
        steps.say("smtproutes: no line for " + host);
        return Optional.empty();
    }

    /// As long as the file stays the same its lines are the very same list.
    @SuppressWarnings("ReferenceEquality")
    private Map<String, String> targets(List<String> lines) {
        Known now = known;
        if (now.lines != lines) {
            Map<String, String> targets = new HashMap<>();
            lines.forEach(line -> note(line, targets)); // of several the last counts, as in qmail
            now = new Known(lines, targets);
            known = now;
        }
        return now.targets;
    }

    /// The name ends at the first colon, or at the one behind the bracket of an address; it may be in letters of its
    /// own (RFC 5890).
    private static void note(String line, Map<String, String> targets) {
        int colon = line.indexOf(':', line.startsWith("[") ? Math.max(0, line.indexOf(']')) : 0);
        if (colon >= 0) {
            targets.put(DomainName.ascii(line.substring(0, colon)), line.substring(colon + 1));
        }
    }

    private static Route parse(String text) throws IOException {
        int blank = blank(text);
        String target = text.substring(0, blank).toLowerCase(Locale.ROOT);
        boolean tls = target.startsWith(SMTPS);
        boolean plain = target.startsWith(SMTP);
        target = target.substring(tls ? SMTPS.length() : plain ? SMTP.length() : 0);
        int colon = target.indexOf(':', target.startsWith("[") ? Math.max(target.indexOf(']'), 0) : 0);
        String relay = colon < 0 ? target : target.substring(0, colon);
        String port = colon < 0 ? "" : target.substring(colon + 1);
        int number = port.isEmpty() ? (tls ? SMTPS_PORT : SMTP_PORT) : port(port);
        return new Route(
                name(relay),
                number,
                tls || (number == SMTPS_PORT && !plain),
                login(text.substring(blank).strip()));
    }

    /// As a certificate has it: without the dot of the root, in ASCII.
    private static String name(String relay) {
        String name = relay.endsWith(".") ? relay.substring(0, relay.length() - 1) : relay;
        return name.startsWith("[") ? name : DomainName.ascii(name);
    }

    private static int port(String text) throws IOException {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65_536) {
                return port;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new IOException("control/smtproutes: not a port: " + text);
    }

    private static Optional<Login> login(String text) throws IOException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int blank = blank(text);
        int end = blank < text.length() ? blank : text.indexOf(':');
        if (end <= 0) {
            throw new IOException("control/smtproutes: a login must be a user and a password");
        }
        return Optional.of(
                new Login(text.substring(0, end), text.substring(end + 1).strip()));
    }

    private static int blank(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ' ' || text.charAt(i) == '\t') {
                return i;
            }
        }
        return text.length();
    }
}
