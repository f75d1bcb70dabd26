package qrate.qmqp;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Verdict;

/// qmail-qmqpc: hands messages to the first server that can be reached.
///
/// A message that was sent and not answered may have been accepted; it is reported as a temporary failure and never
/// sent again from here, so that a second copy is only ever made by who sends again (qmail-qmqpc(8)).
public final class QmqpClient implements Intake, AutoCloseable {
    /// The port of QMQP.
    public static final int PORT = 628;

    /// Most servers.
    public static final int SERVERS_MAX = 50;

    /// How long a server that could not be reached is tried after the others.
    public static final Duration ABSENCE = Duration.ofSeconds(30);

    /// A server: host name or address, and port. The name is looked up for each new connection.
    ///
    /// @param ours whether it is certainly Qrate's, so that it understands who the client was
    public record Server(String host, int port, boolean ours) {
        public Server(String host, int port) {
            this(host, port, false);
        }

        /// The same, which is Qrate's.
        public Server asOurs() {
            return new Server(host, port, true);
        }

        /// Reads `host`, `host:port` or `[address]:port`.
        ///
        /// @throws IllegalArgumentException when the port is none
        public static Server of(String text) {
            int colon = text.lastIndexOf(':');
            boolean bare = colon < 0 || (text.indexOf(':') < colon && !text.startsWith("[")) || text.endsWith("]");
            String host = bare ? text : text.substring(0, colon);
            int port = bare ? PORT : Integer.parseInt(text.substring(colon + 1));
            if (port < 1 || port > 65535 || host.isEmpty()) {
                throw new IllegalArgumentException("not a host and port: " + text);
            }
            return new Server(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /// How the client behaves.
    ///
    /// @param connectWait as control/timeoutconnect
    /// @param readWait as control/timeoutremote
    /// @param connectionsMax open at the same time; further callers wait
    /// @param keep whether connections are used again: for our own server only, since a classic one closes
    public record Settings(Duration connectWait, Duration readWait, int connectionsMax, boolean keep) {
        /// For our own server.
        public static final Settings OWN = new Settings(Duration.ofSeconds(10), Duration.ofSeconds(60), 64, true);

        /// For any server.
        public static final Settings CLASSIC = new Settings(Duration.ofSeconds(10), Duration.ofSeconds(60), 64, false);
    }

    /// What became of a message, in the steps that qmail-queue's exit codes tell apart.
    public sealed interface Outcome {
        /// The server's own answer.
        record Answered(Verdict verdict) implements Outcome {}

        /// No connection in time.
        record TimedOut(String why) implements Outcome {}

        /// No connection: refused, unknown, unreachable.
        record Rejected(String why) implements Outcome {}

        /// The connection broke, or what came back was no answer.
        record Broken(String why) implements Outcome {}

        /// Which servers there are cannot be told.
        record Unconfigured(String why) implements Outcome {}

        /// The message could not be read here.
        record Unreadable(String why) implements Outcome {}

        /// As an intake says it.
        default Verdict verdict() {
            return switch (this) {
                case Answered(Verdict verdict) -> verdict;
                case TimedOut(String why) -> new Verdict.Later("qmqp: unable to connect: " + why + " (#4.4.1)");
                case Rejected(String why) -> new Verdict.Later("qmqp: unable to connect: " + why + " (#4.4.1)");
                case Broken(String why) -> new Verdict.Later("qmqp: connection died: " + why + " (#4.4.2)");
                case Unconfigured(String why) -> new Verdict.Later("qmqp: " + why + " (#4.3.5)");
                case Unreadable(String why) -> new Verdict.Later("qmqp: unable to read message: " + why + " (#4.3.0)");
            };
        }
    }

    private final QmqpServers servers;
    private final Settings settings;
    private final InstantSource clock;
    private final Semaphore permits;
    private final ArrayDeque<Kept> idle = new ArrayDeque<>();
    private final Map<Server, Instant> absent = new ConcurrentHashMap<>();
    private boolean closed;

    private record Kept(Server server, QmqpLine line) {}

    /// @param servers in the order in which they are tried
    public QmqpClient(List<Server> servers, Settings settings) {
        this(QmqpServers.of(servers), settings, InstantSource.system());
    }

    /// @param servers asked anew for each message
    /// @param clock tells when a server that could not be reached may be tried first again
    public QmqpClient(QmqpServers servers, Settings settings, InstantSource clock) {
        this.servers = servers;
        this.settings = settings;
        this.clock = clock;
        this.permits = new Semaphore(settings.connectionsMax());
    }

    @Override
    public Verdict accept(Envelope envelope, Body body) {
        return send(envelope, body).verdict();
    }

    /// Sends a message and says in more detail than {@link #accept} what became of it.
    public Outcome send(Envelope envelope, Body body) {
        try {
            if (!permits.tryAcquire(settings.readWait().toMillis(), TimeUnit.MILLISECONDS)) {
                return new Outcome.TimedOut("all " + settings.connectionsMax() + " connections are busy");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Outcome.TimedOut("interrupted");
        }
        try {
            return deliver(servers.now(), envelope, body);
        } catch (IOException e) {
            return new Outcome.Unconfigured(String.valueOf(e.getMessage()));
        } finally {
            permits.release();
        }
    }

    private Outcome deliver(List<Server> all, Envelope envelope, Body body) {
        Server preferred = all.getFirst();
        Optional<QmqpLine> kept = kept(preferred);
        if (kept.isPresent()) {
            return deliver(kept.get(), preferred, true, envelope, body);
        }
        List<Outcome> failures = new ArrayList<>();
        for (Server server : order(all)) {
            QmqpLine line;
            try {
                line = QmqpLine.connect(server, settings);
                absent.remove(server);
            } catch (IOException e) {
                absent.put(server, clock.instant().plus(ABSENCE));
                failures.add(unreachable(server, e));
                continue;
            }
            // only the first server's connections are kept, so that it is found again after an absence
            return deliver(line, server, server.equals(preferred), envelope, body);
        }
        return failures.getLast();
    }

    /// Why mail could not be handed to anybody a moment ago; nobody is asked for this.
    public Optional<String> problem() {
        try {
            List<Server> all = servers.now();
            Instant now = clock.instant();
            return all.stream().allMatch(server -> isAbsent(server, now))
                    ? Optional.of("does not answer at " + all.getFirst() + ": no mail is taken")
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// The servers as they stand, those last that could not be reached a moment ago: nobody waits for them each time.
    private List<Server> order(List<Server> all) {
        Instant now = clock.instant();
        List<Server> order = new ArrayList<>(all);
        order.removeIf(server -> isAbsent(server, now));
        all.stream().filter(server -> isAbsent(server, now)).forEach(order::add);
        return order;
    }

    private boolean isAbsent(Server server, Instant now) {
        Instant until = absent.get(server);
        return until != null && now.isBefore(until);
    }

    private static Outcome unreachable(Server server, IOException e) {
        return switch (e) {
            case SocketTimeoutException _ -> new Outcome.TimedOut(server + ": " + e.getMessage());
            case UnknownHostException _ -> new Outcome.Rejected(server + ": unknown host");
            case ConnectException _ -> new Outcome.Rejected(server + ": " + e.getMessage());
            default -> new Outcome.Rejected(server + ": " + e);
        };
    }

    private Outcome deliver(QmqpLine line, Server server, boolean keep, Envelope envelope, Body body) {
        if (envelope.held() && !server.ours()) {
            line.close();
            return new Outcome.Answered(new Verdict.Later(server + " may not know how to hold mail (#4.3.5)"));
        }
        if (envelope.requiresTls() && !server.ours()) {
            line.close();
            return new Outcome.Answered(
                    new Verdict.Never(server + " may not know that a message must go by TLS (#5.7.30)"));
        }
        boolean whole = false;
        try {
            Outcome outcome = line.send(server.ours() ? envelope : envelope.from(Client.UNKNOWN), body);
            whole = outcome instanceof Outcome.Answered;
            return outcome;
        } finally {
            if (whole && keep && settings.keep()) {
                keep(new Kept(server, line));
            } else {
                line.close();
            }
        }
    }

    /// A connection that the server has not closed meanwhile.
    private Optional<QmqpLine> kept(Server server) {
        while (true) {
            Kept last;
            synchronized (idle) {
                last = idle.pollLast();
            }
            if (last == null) {
                return Optional.empty();
            }
            if (last.server.equals(server) && last.line.usable()) {
                return Optional.of(last.line);
            }
            last.line.close();
        }
    }

    private void keep(Kept one) {
        synchronized (idle) {
            if (!closed) {
                idle.addLast(one);
                return;
            }
        }
        one.line.close();
    }

    /// Closes the connections that are not in use; those in use are closed by their callers.
    @Override
    public void close() {
        List<Kept> all;
        synchronized (idle) {
            closed = true;
            all = List.copyOf(idle);
            idle.clear();
        }
        all.forEach(one -> one.line.close());
    }
}
