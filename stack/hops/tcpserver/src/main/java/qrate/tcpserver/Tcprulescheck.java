package qrate.tcpserver;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import qrate.cdb.Cdb;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Program;

/// tcprulescheck(1): `tcprulescheck [--json] rules.cdb [ip [host]]` tells what tcpserver would do with a connection.
public final class Tcprulescheck implements Program {
    /// Nobody's, so that the rule for all others is found.
    private static final String NO_ADDRESS = "0.0.0.0";

    private static final Getopt KNOWN = Getopt.of("", "json");

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            return usage(stdio);
        }
        List<String> words = given.operands();
        if (words.isEmpty() || words.size() > 3) {
            return usage(stdio);
        }
        String ip = words.size() > 1 ? words.get(1) : stdio.environment().getOrDefault("TCPREMOTEIP", NO_ADDRESS);
        String host = words.size() > 2 ? words.get(2) : stdio.environment().getOrDefault("TCPREMOTEHOST", "");
        String info = stdio.environment().getOrDefault("TCPREMOTEINFO", "");
        Optional<InetAddress> address = Ip.parse(ip);
        if (address.isEmpty()) {
            stdio.err().println("tcprulescheck: fatal: '" + ip + "' is no address");
            return 100;
        }
        try (Cdb cdb = Cdb.open(Path.of(words.getFirst()))) {
            Optional<Rules.Match> match = Rules.of(cdb).find(address.get(), host, info);
            if (given.has("json")) {
                JsonWriter.print(shape(match), stdio.out());
            } else {
                tell(match, stdio);
            }
            return 0;
        } catch (IOException e) {
            stdio.err().println("tcprulescheck: fatal: unable to read " + words.getFirst() + ": " + e.getMessage());
            return 111;
        }
    }

    private static int usage(Stdio stdio) {
        stdio.err().println("tcprulescheck: usage: tcprulescheck [--json] rules.cdb [ip [host]]");
        return 100;
    }

    private static Map<String, Object> shape(Optional<Rules.Match> match) {
        Map<String, Object> shape = new LinkedHashMap<>();
        match.ifPresent(found -> shape.put("rule", found.key()));
        Map<String, String> variables = match.map(Rules.Match::rule)
                .map(rule -> switch (rule) {
                    case Rules.Rule.Deny _ -> Map.<String, String>of();
                    case Rules.Rule.Allow allow -> new TreeMap<>(allow.variables());
                })
                .orElse(Map.of());
        shape.put("allow", match.isEmpty() || match.get().rule() instanceof Rules.Rule.Allow);
        shape.put("variables", variables);
        return shape;
    }

    private static void tell(Optional<Rules.Match> match, Stdio stdio) {
        if (match.isEmpty()) {
            stdio.out().println("default:\nallow connection");
            return;
        }
        stdio.out().println("rule " + match.get().key() + ":");
        switch (match.get().rule()) {
            case Rules.Rule.Deny _ -> stdio.out().println("deny connection");
            case Rules.Rule.Allow allow -> {
                new TreeMap<>(allow.variables())
                        .forEach(
                                (name, value) -> stdio.out().println("set environment variable " + name + "=" + value));
                stdio.out().println("allow connection");
            }
        }
    }
}
