package qrate.tcpserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.Service;

/// tcpserver: listens on one port, applies rules and limits, and hands each connection to a {@link Service} on a
/// virtual thread of its own.
///
/// It never looks into the dialogue. A connection has a permit before it is accepted and gives it back when it ends,
/// however it ends.
public final class Listener implements AutoCloseable {
    /// How much is logged: tcpserver's `-q`, `-Q` and `-v`.
    public enum Verbosity {
        /// nothing but what stops the listener
        QUIET,
        /// refusals and errors
        ERRORS,
        /// each connection
        VERBOSE
    }

    /// What one listener is told.
    ///
    /// @param host name or address to bind, `0` for all
    /// @param port 0 for any free one
    /// @param connectionsMax most connections at once (`-c`); further clients wait in the system's backlog
    /// @param perAddressMax most connections at once from one IPv4 address or IPv6 /64, 0 for no limit
    /// @param implicitTls whether TLS starts with the first byte (465, 995)
    /// @param quietChecks whether connections from loopback that say nothing (health checks) stay out of the log
    /// @param busy what a client over its limit is told before the door (`421 …`), or `""`
    public record Settings(
            String host,
            int port,
            int connectionsMax,
            int perAddressMax,
            boolean implicitTls,
            boolean quietChecks,
            Verbosity verbosity,
            String busy) {
        /// The usual ones: a port on all addresses, many connections, quiet health checks.
        public static Settings on(String host, int port) {
            return new Settings(host, port, CONNECTIONS_MAX, 0, false, true, Verbosity.VERBOSE, "");
        }

        /// As the environment says: on a variable's port or the usual one, of `QRATE_BIND` or all addresses.
        public static Settings of(Map<String, String> environment, String name, int usual) {
            int port = Integer.parseInt(environment.getOrDefault(name, Integer.toString(usual)));
            return on(environment.getOrDefault("QRATE_BIND", "0"), port);
        }

        /// The same with TLS from the first byte.
        public Settings withImplicitTls() {
            return new Settings(host, port, connectionsMax, perAddressMax, true, quietChecks, verbosity, busy);
        }

        /// The same with other limits.
        public Settings withLimits(int connections, int perAddress) {
            return new Settings(host, port, connections, perAddress, implicitTls, quietChecks, verbosity, busy);
        }

        /// The same with another verbosity.
        public Settings withVerbosity(Verbosity other) {
            return new Settings(host, port, connectionsMax, perAddressMax, implicitTls, quietChecks, other, busy);
        }

        /// The same with words for a client that has too many connections.
        public Settings withBusy(String words) {
            return new Settings(host, port, connectionsMax, perAddressMax, implicitTls, quietChecks, verbosity, words);
        }
    }

    /// What a listener works with.
    ///
    /// @param control for `proxyfrom`
    public record Parts(Control control, RulesFile rules, Certificates certificates, Log log) {}

    /// Most connections at once when nothing else is said.
    public static final int CONNECTIONS_MAX = 1000;

    /// How long one write may wait for a client that does not read, in seconds.
    static final int WRITE_SECONDS_MAX = 300;

    /// How long a client may have been silent to be cut off at once when the listener stops, in milliseconds.
    static final int SILENT_MILLIS = 500;

    private static final int BACKLOG = 512;
    private static final long FIRST_READ_NANOS = TimeUnit.SECONDS.toNanos(1200);
    private static final int SWEEP_MILLIS = 1000;
    private static final int STUMBLE_MILLIS = 100;

    private final Settings settings;
    private final Parts parts;
    private final Service service;
    private final Crowd crowd;
    private final Semaphore permits;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger active = new AtomicInteger();
    private final Set<SocketConnection> open = ConcurrentHashMap.newKeySet();
    private final ServerSocket server;
    private final Thread accepting;
    private volatile boolean stopping;

    private Listener(Settings settings, Parts parts, Service service) throws IOException {
        this.settings = settings;
        this.parts = parts;
        this.service = service;
        this.crowd = new Crowd(settings.perAddressMax);
        this.permits = new Semaphore(settings.connectionsMax);
        this.server = new ServerSocket();
        this.accepting = Thread.ofPlatform().daemon().unstarted(this::acceptAll);
    }

    /// Binds the port and starts to accept.
    ///
    /// @throws IOException when it cannot, or when the rules cannot be read or would let a gateway relay;
    ///     the message is what a command prints behind `tcpserver: fatal: `
    public static Listener start(Settings settings, Parts parts, Service service) throws IOException {
        parts.rules.rules();
        Listener listener = new Listener(settings, parts, service);
        try {
            boolean any = settings.host.equals("0") || settings.host.isEmpty();
            listener.server.setReuseAddress(true);
            listener.server.bind(
                    any
                            ? new InetSocketAddress(settings.port)
                            : new InetSocketAddress(InetAddress.getByName(settings.host), settings.port),
                    BACKLOG);
        } catch (IOException e) {
            listener.server.close();
            throw new IOException("unable to bind " + settings.host + ":" + settings.port + ": " + e.getMessage(), e);
        }
        listener.accepting.setName("tcpserver-" + listener.port());
        listener.accepting.start();
        Thread.ofVirtual().name("tcpserver-sweep-" + listener.port()).start(listener::sweep);
        return listener;
    }

    /// The port it listens on.
    public int port() {
        return server.getLocalPort();
    }

    /// How many connections are open.
    public int connections() {
        return active.get();
    }

    private void acceptAll() {
        while (!stopping) {
            try {
                permits.acquire();
            } catch (InterruptedException _) {
                continue; // it may be the end
            }
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> run(socket));
            } catch (IOException e) {
                permits.release();
                if (!stopping) {
                    error("tcpserver: unable to accept: " + e.getMessage());
                    pause(STUMBLE_MILLIS); // no descriptors, no memory: it may pass
                }
            }
        }
    }

    private void run(Socket socket) {
        active.incrementAndGet();
        try (socket) {
            new Session(socket, numbers.incrementAndGet()).run();
        } catch (IOException e) {
            error("tcpserver: unable to close: " + e.getMessage());
        } finally {
            active.decrementAndGet();
            permits.release();
        }
    }

    /// One connection from its first line in the log to its last.
    private final class Session {
        private final Socket socket;
        private final long number;
        private boolean check;
        private boolean told;
        private List<String> introduction = List.of();

        Session(Socket socket, long number) {
            this.socket = socket;
            this.number = number;
        }

        void run() {
            check = settings.quietChecks && socket.getInetAddress().isLoopbackAddress();
            try {
                socket.setTcpNoDelay(true);
                Input in = new Input(socket.getInputStream(), this::tell);
                Endpoints ends = ends(in);
                introduction = List.of("tcpserver: pid " + number + " from " + Ip.text(ends.remote()));
                check = settings.quietChecks && ends.remote().isLoopbackAddress();
                if (crowd.enter(ends.remote())) {
                    try {
                        admit(in, ends);
                    } finally {
                        crowd.leave(ends.remote());
                    }
                } else {
                    deny(ends, "too many connections");
                    socket.getOutputStream().write(settings.busy.getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                drop(e);
            }
        }

        private Endpoints ends(Input in) throws IOException {
            Endpoints own = new Endpoints(
                    socket.getLocalAddress(), socket.getLocalPort(), socket.getInetAddress(), socket.getPort());
            if (!AddressList.covers(parts.control.lines("proxyfrom"), own.remote())) {
                return own;
            }
            socket.setSoTimeout(ProxyProtocol.HEADER_MILLIS);
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ProxyProtocol.HEADER_MILLIS);
            Endpoints ends = ProxyProtocol.read(in, own);
            if (System.nanoTime() > deadline) {
                throw new IOException("PROXY header took too long");
            }
            socket.setSoTimeout(0);
            return ends;
        }

        private void admit(Input in, Endpoints ends) throws IOException {
            Optional<Rules.Match> match;
            try {
                match = parts.rules.rules().find(ends.remote(), "");
            } catch (IOException e) {
                tell(); // whoever comes, this is worth a line
                throw e;
            }
            switch (match.map(Rules.Match::rule).orElse(new Rules.Rule.Allow(Map.of()))) {
                case Rules.Rule.Deny _ -> deny(ends, "");
                case Rules.Rule.Allow allow -> serve(in, ends, ends.environment(allow.variables()));
            }
        }

        private void serve(Input in, Endpoints ends, Map<String, String> environment) throws IOException {
            introduction = List.of(introduction.getFirst(), "tcpserver: ok " + number + " " + ends.forLog());
            if (!check) {
                tell();
            }
            SocketConnection connection =
                    new SocketConnection(socket, in, parts.certificates, environment, FIRST_READ_NANOS);
            open.add(connection);
            int status = 0;
            try {
                if (stopping) {
                    return;
                }
                if (settings.implicitTls) {
                    connection.handshake();
                }
                service.serve(connection);
            } catch (IOException e) {
                status = 111;
                drop(e);
            } catch (RuntimeException e) {
                status = 111;
                error("tcpserver: bug " + number + " " + e + " at " + e.getStackTrace()[0]);
            } finally {
                connection.end();
                open.remove(connection); // whoever stops waits for the last reply too
                if (told) {
                    verbose(
                            "tcpserver: end " + number + " status " + status,
                            "tcpserver: status: " + (connections() - 1) + "/" + settings.connectionsMax);
                }
            }
        }

        /// Writes the lines that were held back while this could still be a health check.
        private void tell() {
            if (!told && !introduction.isEmpty()) { // a PROXY header comes before anyone is introduced
                told = true;
                verbose(Stream.concat(
                                Stream.of("tcpserver: status: " + connections() + "/" + settings.connectionsMax),
                                introduction.stream())
                        .toArray(String[]::new));
            }
        }

        /// A connection that breaks is worth a line, unless it is a health check that has said nothing.
        private void drop(IOException e) {
            if (!check) {
                tell();
            }
            if (told || !check) {
                error("tcpserver: drop " + number + " " + e.getMessage());
            }
        }

        private void deny(Endpoints ends, String why) {
            tell();
            error("tcpserver: deny " + number + " " + ends.forLog() + (why.isEmpty() ? "" : " " + why));
        }
    }

    private void verbose(String... lines) {
        if (settings.verbosity == Verbosity.VERBOSE) {
            parts.log.lines(lines);
        }
    }

    private void error(String line) {
        if (settings.verbosity != Verbosity.QUIET) {
            parts.log.line(line);
        }
    }

    /// The time limits of reads and writes, kept to the second.
    private void sweep() {
        while (!stopping || !open.isEmpty()) {
            long now = System.nanoTime();
            for (SocketConnection connection : open) {
                if (connection.stuck(TimeUnit.SECONDS.toNanos(WRITE_SECONDS_MAX), now)) {
                    connection.cut();
                }
                connection.expire(now);
            }
            pause(SWEEP_MILLIS);
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Stops: closes the door, asks each service to end, waits, and cuts what is left at the deadline.
    public void stop(Duration deadline) {
        stopping = true;
        try {
            server.close();
            accepting.interrupt();
            accepting.join(); // until it is out of its call, the kernel takes connections and nobody else gets the port
        } catch (IOException e) {
            error("tcpserver: unable to close the door: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        long end = System.nanoTime() + deadline.toNanos();
        while (!open.isEmpty()
                && System.nanoTime() < end
                && !Thread.currentThread().isInterrupted()) {
            ask(TimeUnit.MILLISECONDS.toNanos(SILENT_MILLIS));
            pause(20);
        }
        open.forEach(SocketConnection::cut);
    }

    private void ask(long silentNanos) {
        long now = System.nanoTime();
        for (SocketConnection connection : open) {
            try {
                connection.stop(silentNanos, now);
            } catch (IOException _) {
                connection.cut();
            }
        }
    }

    /// Stops without waiting; daemons close {@link Doors}.
    @Override
    public void close() {
        stop(Duration.ZERO);
    }
}
