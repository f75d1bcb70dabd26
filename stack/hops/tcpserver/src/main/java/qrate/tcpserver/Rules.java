package qrate.tcpserver;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import qrate.cdb.Cdb;

/// Which address may connect, and with what environment: one compiled rules file (tcprules(1)), as a whole in memory.
final class Rules {
    /// No rules: everyone may connect, no one may relay.
    static final Rules NONE = new Rules(Map.of());

    /// Most rules of a file.
    static final int RULES_MAX = 1_000_000;

    /// What a rule says.
    sealed interface Rule {
        /// The connection is closed.
        record Deny() implements Rule {}

        /// The connection goes on with these variables.
        record Allow(Map<String, String> variables) implements Rule {
            public Allow {
                variables = Map.copyOf(variables);
            }
        }
    }

    /// A rule and the key it stands under.
    record Match(String key, Rule rule) {}

    private final Map<String, Rule> rules;
    private final TreeSet<Integer> prefixes6 = new TreeSet<>();

    Rules(Map<String, Rule> rules) {
        this.rules = Map.copyOf(rules);
        for (String key : rules.keySet()) {
            int slash = key.indexOf('/');
            if (slash > 0 && key.indexOf(':') >= 0) {
                prefixes6.add(Integer.parseInt(key, slash + 1, key.length(), 10));
            }
        }
    }

    /// Reads a compiled file.
    ///
    /// @throws IOException when it is damaged, or holds what tcprules does not write
    static Rules of(Cdb cdb) throws IOException {
        Map<String, Rule> rules = new HashMap<>();
        Map<String, byte[]> bad = new HashMap<>();
        cdb.forEach((key, value) -> {
            String name = new String(key, StandardCharsets.UTF_8);
            Optional<Rule> rule = rules.size() < RULES_MAX ? decode(value) : Optional.empty();
            rule.ifPresentOrElse(r -> rules.putIfAbsent(name, r), () -> bad.put(name, value));
        });
        if (!bad.isEmpty()) {
            throw new IOException("a rule that tcprules does not write");
        }
        try {
            return new Rules(rules);
        } catch (NumberFormatException e) {
            throw new IOException("a prefix that tcprules does not write", e);
        }
    }

    /// `D`, or `+VAR=value`, each ended by NUL.
    private static Optional<Rule> decode(byte[] value) {
        Map<String, String> variables = new LinkedHashMap<>();
        String text = new String(value, StandardCharsets.UTF_8);
        boolean deny = false;
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\0', at);
            int equals = text.indexOf('=', at);
            if (end < 0) {
                return Optional.empty();
            }
            if (end == at + 1 && text.charAt(at) == 'D') {
                deny = true;
            } else if (text.charAt(at) == '+' && equals > at + 1 && equals < end) {
                variables.put(text.substring(at + 1, equals), text.substring(equals + 1, end));
            } else {
                return Optional.empty();
            }
            at = end + 1;
        }
        return Optional.of(deny ? new Rule.Deny() : new Rule.Allow(variables));
    }

    /// The rule for a client, in tcprules' order: ip, =host, ip prefixes, =.host suffixes, =, empty.
    ///
    /// @param host TCPREMOTEHOST, `""` when it is not known
    Optional<Match> find(InetAddress address, String host) {
        return find(address, host, "");
    }

    /// The rule for a client whose user is known too: info@ip and info@=host come first.
    ///
    /// @param info TCPREMOTEINFO, `""` when it is not known
    Optional<Match> find(InetAddress address, String host, String info) {
        String ip = Ip.text(address);
        Optional<Match> user = info.isEmpty()
                ? Optional.empty()
                : at(info + "@" + ip).or(() -> host.isEmpty() ? Optional.empty() : at(info + "@=" + host));
        return user.or(() -> at(ip))
                .or(() -> host.isEmpty() ? Optional.empty() : at("=" + host))
                .or(() -> address instanceof Inet4Address ? prefixes4(ip) : prefixes6(address.getAddress()))
                .or(() -> host.isEmpty() ? Optional.empty() : suffixes(host))
                .or(() -> at(""));
    }

    /// The empty rule, which holds for whoever no other rule names.
    Optional<Rule> everyone() {
        return Optional.ofNullable(rules.get(""));
    }

    private Optional<Match> at(String key) {
        return Optional.ofNullable(rules.get(key)).map(rule -> new Match(key, rule));
    }

    private Optional<Match> prefixes4(String ip) {
        for (int dot = ip.lastIndexOf('.'); dot > 0; dot = ip.lastIndexOf('.', dot - 1)) {
            Optional<Match> match = at(ip.substring(0, dot + 1));
            if (match.isPresent()) {
                return match;
            }
        }
        return Optional.empty();
    }

    private Optional<Match> prefixes6(byte[] address) {
        for (int bits : prefixes6.descendingSet()) {
            Optional<Match> match = bits < 0 || bits > 128 ? Optional.empty() : at(prefix6(address, bits));
            if (match.isPresent()) {
                return match;
            }
        }
        return Optional.empty();
    }

    /// The key of an IPv6 prefix: `2001:db8::/32`.
    static String prefix6(byte[] address, int bits) {
        try {
            return Ip.text(InetAddress.getByAddress(Ip.masked(address, bits))) + "/" + bits;
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("sixteen bytes are an address", e);
        }
    }

    private Optional<Match> suffixes(String host) {
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            Optional<Match> match = at("=" + host.substring(dot));
            if (match.isPresent()) {
                return match;
            }
        }
        return at("=");
    }
}
