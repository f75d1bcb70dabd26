package qrate.tcpserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import qrate.core.Budget;
import qrate.core.Control;
import qrate.core.Daemon;
import qrate.core.Log;
import qrate.core.Service;

/// tcpserver: listens on one port, applies rules and limits, and hands each connection to a {@link Service} on a
/// virtual thread of its own.
///
/// It never looks into the dialogue. A connection has a permit before it is accepted and gives it back when it ends,
/// however it ends.
public final class Listener implements AutoCloseable {
    /// What one listener is told.
    ///
    /// @param host name or address to bind, `0` for all
    /// @param port 0 for any free one
    /// @param connectionsMax most connections at once (`-c`); for one more, whoever stands still makes room
    /// @param perAddressMax most connections at once from one IPv4 address or IPv6 /64, 0 for no limit
    /// @param implicitTls whether TLS starts with the first byte (465, 995)
    /// @param quietChecks whether connections from loopback that say nothing (health checks) stay out of the log
    /// @param words what is said to whoever is not let in
    public record Settings(
            String host,
            int port,
            int connectionsMax,
            int perAddressMax,
            boolean implicitTls,
            boolean quietChecks,
            Verbosity verbosity,
            RefusalReplies words) {
        /// The usual ones: a port on all addresses, many connections, quiet health checks.
        public static Settings on(String host, int port) {
            return new Settings(host, port, CONNECTIONS_MAX, 0, false, true, Verbosity.VERBOSE, RefusalReplies.NONE);
        }

        /// As the environment says: on a variable's port or the usual one, of `QRATE_BIND` or all addresses.
        public static Settings of(Map<String, String> environment, String name, int usual) {
            int port = Integer.parseInt(environment.getOrDefault(name, Integer.toString(usual)));
            return on(environment.getOrDefault("QRATE_BIND", "0"), port);
        }

        /// The same with TLS from the first byte.
        public Settings withImplicitTls() {
            return new Settings(host, port, connectionsMax, perAddressMax, true, quietChecks, verbosity, words);
        }

        /// The same with other limits.
        public Settings withLimits(int connections, int perAddress) {
            return new Settings(host, port, connections, perAddress, implicitTls, quietChecks, verbosity, words);
        }

        /// The same with another verbosity.
        public Settings withVerbosity(Verbosity other) {
            return new Settings(host, port, connectionsMax, perAddressMax, implicitTls, quietChecks, other, words);
        }

        /// The same with words for those who are not let in.
        public Settings withWords(RefusalReplies others) {
            return new Settings(host, port, connectionsMax, perAddressMax, implicitTls, quietChecks, verbosity, others);
        }
    }

    /// What a listener works with.
    ///
    /// @param control for `proxyfrom`
    /// @param budget what may be held of the heap for all clients of this door
    public record Parts(Control control, RulesFile rules, Certificates certificates, Log log, Budget budget) {
        /// With a quarter of the heap.
        public Parts(Control control, RulesFile rules, Certificates certificates, Log log) {
            this(control, rules, certificates, log, new Budget(Budget.ofHeap(4)));
        }

        /// The same with another budget.
        public Parts withBudget(Budget other) {
            return new Parts(control, rules, certificates, log, other);
        }
    }

    /// Most connections at once when nothing else is said.
    public static final int CONNECTIONS_MAX = 1000;

    /// What one connection holds without a word said, in bytes of heap (measured: DoorHeapTest).
    static final int CONNECTION_BYTES = 48 << 10;

    private static final int BACKLOG = 512;
    private static final long SWEEP_NANOS = 1_000_000_000;
    private static final long ASK_NANOS = 20_000_000;

    private final Settings settings;
    private final Parts parts;
    private final Service service;
    private final Crowd crowd;
    private final ConnectionSlots places;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong came = new AtomicLong();
    private final AtomicInteger active = new AtomicInteger();
    private final Guests guests = new Guests();
    private final ServerSocket server;
    private final Thread accepting;
    private volatile boolean stopping;
    private volatile boolean closed;

    private Listener(Settings settings, Parts parts, Service service) throws IOException {
        this.settings = settings;
        this.parts = parts;
        this.service = service;
        this.crowd = new Crowd(settings.perAddressMax);
        this.places = new ConnectionSlots(settings, parts, crowd, guests);
        this.server = new ServerSocket();
        parts.budget.relieve(guests::relieve);
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

    Traffic traffic() {
        return new Traffic(active.get(), came.get(), places.refusals());
    }

    private void acceptAll() {
        while (!closed) {
            try {
                Socket socket = server.accept();
                came.incrementAndGet();
                if (places.take(socket)) {
                    Thread.ofVirtual().start(() -> run(socket));
                } else {
                    places.refuse(socket);
                }
            } catch (IOException e) {
                if (!closed) {
                    error("tcpserver: unable to accept: " + e.getMessage());
                    Daemon.stumble(); // no descriptors, no memory: it may pass
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
            places.release();
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
                    try (Budget.Share memory = parts.budget.share(Crowd.key(ends.remote()))) {
                        if (memory.take(CONNECTION_BYTES)) {
                            admit(in, ends, memory);
                        } else {
                            turnAway(ends, "no memory left for this client");
                        }
                    } finally {
                        crowd.leave(ends.remote());
                    }
                } else {
                    turnAway(ends, "too many connections");
                }
            } catch (IOException e) {
                drop(e);
            }
        }

        private Endpoints ends(Input in) throws IOException {
            Endpoints own = new Endpoints(
                    socket.getLocalAddress(), socket.getLocalPort(), socket.getInetAddress(), socket.getPort());
            if (!NetworkList.covers(parts.control.lines("proxyfrom"), own.remote())) {
                return own;
            }
            guests.introducing(socket);
            try {
                return ProxyProtocol.read(in, own);
            } finally {
                guests.introduced(socket);
            }
        }

        private void admit(Input in, Endpoints ends, Budget.Share memory) throws IOException {
            Optional<Rules.Match> match;
            try {
                match = parts.rules.rules().find(ends.remote(), "");
            } catch (IOException e) {
                tell(); // whoever comes, this is worth a line
                throw e;
            }
            switch (match.map(Rules.Match::rule).orElse(new Rules.Rule.Allow(Map.of()))) {
                case Rules.Rule.Deny _ -> deny(ends, "");
                case Rules.Rule.Allow allow -> {
                    SocketConnection.Owner owner = new SocketConnection.Owner(Crowd.key(ends.remote()), memory);
                    serve(
                            ends,
                            new SocketConnection(
                                    socket, in, owner, parts.certificates, ends.environment(allow.variables())));
                }
            }
        }

        private void serve(Endpoints ends, SocketConnection connection) throws IOException {
            introduction = List.of(introduction.getFirst(), "tcpserver: ok " + number + " " + ends.forLog());
            if (!check) {
                tell();
            }
            guests.add(connection, stopping);
            int status = 0;
            try {
                if (settings.implicitTls) {
                    connection.handshake();
                }
                if (stopping) {
                    connection.out().write(settings.words.closingLine());
                } else {
                    service.serve(connection);
                }
            } catch (IOException e) {
                status = 111;
                drop(e);
            } catch (RuntimeException e) {
                status = 111;
                error("tcpserver: bug " + number + " " + e + " at " + e.getStackTrace()[0]);
            } finally {
                connection.end();
                guests.remove(connection); // whoever stops waits for the last reply too
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

        private void turnAway(Endpoints ends, String why) throws IOException {
            deny(ends, why);
            socket.getOutputStream().write(settings.words.busyLine());
        }

        private void deny(Endpoints ends, String why) {
            places.refused();
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

    /// Time limits, kept to the second.
    private void sweep() {
        while (!closed || !guests.isEmpty()) {
            int many = settings.connectionsMax - settings.connectionsMax / 4;
            guests.sweep(active.get() > many || parts.budget.isNearlySpent());
            LockSupport.parkNanos(SWEEP_NANOS);
        }
    }

    /// Stops: leaves those who are inside until a deadline, and closes the door.
    public void stop(Duration deadline) {
        empty(deadline);
        shut();
    }

    /// Asks each service to end, waits, and cuts what is left at the deadline. Whoever comes meanwhile, and until the
    /// door is shut, is told to come back.
    void empty(Duration deadline) {
        stopping = true;
        long end = System.nanoTime() + deadline.toNanos();
        while (!guests.isEmpty()
                && System.nanoTime() < end
                && !Thread.currentThread().isInterrupted()) {
            guests.ask();
            LockSupport.parkNanos(ASK_NANOS);
        }
        guests.cut();
    }

    /// Closes the door; from now on nobody gets in.
    void shut() {
        closed = true;
        try {
            server.close();
            accepting.interrupt();
            accepting.join(); // until it is out of its call, the kernel takes connections and nobody else gets the port
        } catch (IOException e) {
            error("tcpserver: unable to close the port: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        guests.cut();
    }

    /// Stops without waiting; daemons close {@link Doors}.
    @Override
    public void close() {
        stop(Duration.ZERO);
    }
}
