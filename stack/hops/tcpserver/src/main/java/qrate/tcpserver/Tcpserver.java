package qrate.tcpserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.posix.DescriptorConnection;
import qrate.posix.Posix;
import qrate.posix.Sockets;

/// `tcpserver [-qQvdDoOhHpPrR1UX] [-c n] [-C n] [-x rules.cdb] [-B banner] [-t s] [-b n] [-u uid] [-g gid] [-l name]
/// host port program…`: runs a program for each connection, with the connection as its descriptors 0 and 1
/// (tcpserver(1)). The socket itself is passed, so the program may half-close it and nothing is copied.
///
/// `-C` limits connections from one IPv4 address or IPv6 /64. A listening socket passed by systemd is used in place of
/// host and port.
///
/// Exit codes: 0 after TERM, 100 for a wrong call, 111 when it cannot listen.
public final class Tcpserver implements Program {
    private static final int USAGE = 100;
    private static final int TEMPORARY = 111;
    private static final int STUMBLE_MILLIS = 100;
    private static final Path SERVICES = Path.of("/etc/services");

    private final Posix posix;
    private final Sockets sockets;
    private final RulesFile.Own own;
    private final InstantSource clock;

    public Tcpserver(Posix posix, InstantSource clock) {
        this.posix = posix;
        this.sockets = new Sockets(posix);
        this.own = Gateways::ofThisMachine;
        this.clock = clock;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) throws InterruptedException {
        Options options;
        try {
            options = Options.parse(arguments, stdio.environment());
        } catch (IllegalArgumentException e) {
            stdio.err()
                    .println("tcpserver: usage: tcpserver [-qQvdDoOhHpPrR1UX] [-c limit] [-C limit] [-x rules.cdb]"
                            + " [-B banner] [-t seconds] [-b backlog] [-u uid] [-g gid] [-l name] host port program: "
                            + Log.escape(e.getMessage()));
            return USAGE;
        }
        try {
            RulesFile rules = rules(options);
            if (options.rules().filter(Files::exists).isPresent()) {
                rules.rules(); // rules that would let a gateway relay stop the start
            }
            int listener = listener(options, stdio.environment());
            posix.become(options.rights().uid(), options.rights().gid());
            if (options.flags().printsPort()) {
                stdio.out().println(sockets.local(listener).getPort());
                stdio.out().flush();
            }
            // TERM ends it with 0; programs that run go on
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform()
                            .unstarted(() -> Runtime.getRuntime().halt(0)));
            Connections connections =
                    new Connections(posix, options, rules, stdio.environment(), DescriptorConnection.log(stdio));
            acceptAll(connections, listener);
            return 0;
        } catch (IOException e) {
            if (options.verbosity() != Verbosity.QUIET) {
                stdio.err().println("tcpserver: fatal: " + Reasons.of(e));
            }
            return TEMPORARY;
        }
    }

    private RulesFile rules(Options options) {
        if (options.rules().isEmpty()) {
            return RulesFile.none();
        }
        Path file = options.rules().get();
        // without its file tcpserver starts all the same, and drops every connection until there is one, unless -X
        return options.flags().rulesOptional() ? RulesFile.of(file, own, clock) : RulesFile.needed(file, own, clock);
    }

    private int listener(Options options, Map<String, String> environment) throws IOException {
        if (Sockets.passed(environment) > 0) {
            if (sockets.ends(Sockets.PASSED_FIRST).isPresent()) {
                throw new IOException("descriptor 3 is a connection, not a listening socket");
            }
            sockets.local(Sockets.PASSED_FIRST);
            return Sockets.PASSED_FIRST;
        }
        int port = port(options.port());
        boolean any = options.host().equals("0") || options.host().isEmpty();
        try {
            InetAddress address = any ? InetAddress.ofLiteral("::") : InetAddress.getByName(options.host());
            return sockets.listen(address, port, options.limits().backlog());
        } catch (UnknownHostException e) {
            throw new IOException("unable to figure out IP address for " + options.host(), e);
        } catch (IOException e) {
            if (any && e.getMessage().startsWith("socket: ")) { // a machine without IPv6
                return sockets.listen(
                        InetAddress.ofLiteral("0.0.0.0"), port, options.limits().backlog());
            }
            throw new IOException("unable to bind " + options.host() + ":" + options.port() + ": " + e.getMessage(), e);
        }
    }

    private static int port(String text) throws IOException {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65535) {
            return Integer.parseInt(text);
        }
        for (String line : Files.exists(SERVICES) ? Files.readAllLines(SERVICES) : List.<String>of()) {
            Optional<Integer> port = service(line, text);
            if (port.isPresent()) {
                return port.get();
            }
        }
        throw new IOException("unable to figure out port number for " + text);
    }

    /// The port, if a line of services(5) names the service for TCP.
    static Optional<Integer> service(String line, String name) {
        String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
        boolean named = words.length > 1
                && words[1].matches("[0-9]{1,5}/tcp")
                && (words[0].equals(name)
                        || List.of(words).subList(2, words.length).contains(name));
        return named ? Optional.of(Integer.parseInt(words[1].replace("/tcp", ""))) : Optional.empty();
    }

    private void acceptAll(Connections connections, int listener) throws InterruptedException {
        connections.status();
        while (!Thread.currentThread().isInterrupted()) {
            connections.await();
            try {
                connections.start(sockets.accept(listener));
            } catch (IOException e) {
                connections.stumbled(e);
                Thread.sleep(STUMBLE_MILLIS); // no descriptors, no memory: it may pass
            }
        }
    }
}
