package qrate.tcpserver;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import qrate.cdb.Cdb;
import qrate.core.Program;

/// tcprulescheck(1): `tcprulescheck rules.cdb [ip [host]]` tells what tcpserver would do with a connection.
public final class Tcprulescheck implements Program {
    /// Nobody's, so that the rule for all others is found.
    private static final String NO_ADDRESS = "0.0.0.0";

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        if (arguments.isEmpty() || arguments.size() > 3) {
            stdio.err().println("tcprulescheck: usage: tcprulescheck rules.cdb [ip [host]]");
            return 100;
        }
        String ip =
                arguments.size() > 1 ? arguments.get(1) : stdio.environment().getOrDefault("TCPREMOTEIP", NO_ADDRESS);
        String host =
                arguments.size() > 2 ? arguments.get(2) : stdio.environment().getOrDefault("TCPREMOTEHOST", "");
        String info = stdio.environment().getOrDefault("TCPREMOTEINFO", "");
        Optional<InetAddress> address = Ip.parse(ip);
        if (address.isEmpty()) {
            stdio.err().println("tcprulescheck: fatal: '" + ip + "' is no address");
            return 100;
        }
        try (Cdb cdb = Cdb.open(Path.of(arguments.getFirst()))) {
            tell(Rules.of(cdb).find(address.get(), host, info), stdio);
            return 0;
        } catch (IOException e) {
            stdio.err().println("tcprulescheck: fatal: unable to read " + arguments.getFirst() + ": " + e.getMessage());
            return 111;
        }
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
