package qrate.httpd;

import io.undertow.UndertowOptions;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.handlers.HttpContinueReadHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;
import qrate.core.Log;

/// A listening door and its connections.
public final class HttpListener implements AutoCloseable {
    /// Largest request body, in bytes.
    public static final int BODY_BYTES_MAX = 65_536;

    /// Most bytes of a body that are read so that its client hears why it is too large; a longer one of unknown length
    /// is cut off.
    static final long READ_ON_BYTES_MAX = 1 << 20;

    /// Longest header of a request, its first line included, in bytes.
    static final int HEADER_BYTES_MAX = 16_384;

    private static final int HEADERS_MAX = 50;
    private static final int PARAMETERS_MAX = 100;
    private static final int BUFFER_BYTES = 4096;
    private static final int BUFFERS_KEPT_MAX = 64;
    private static final int BACKLOG_MAX = 256;

    /// How long requests under way have to end.
    private static final int CLOSE_SECONDS_MAX = 5;

    private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

    /// Undertow's and XNIO's own loggers, quiet but for trouble; held, since the JDK keeps them by weak references.
    private static final List<Logger> LOGGERS = List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"));

    /// What a door works with.
    ///
    /// @param proxies whose headers about clients count
    public record Parts(RequestHandler service, Predicate<InetAddress> proxies, Log log) {}

    private final Parts parts;
    private final Seats seats;
    private final Map<StreamConnection, Seats.Seat> taken = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final XnioWorker worker;
    private final HttpOpenListener http;
    private final AcceptingChannel<StreamConnection> channel;
    private final Thread sweeper;
    private volatile boolean closing;

    private HttpListener(Parts parts, InetSocketAddress at, Limits limits) throws IOException {
        this.parts = parts;
        this.seats = new Seats(limits, () -> System.nanoTime() / 1_000_000);
        this.worker = Xnio.getInstance(HttpListener.class.getClassLoader())
                .createWorker(OptionMap.builder()
                        .set(Options.WORKER_IO_THREADS, 1)
                        .set(Options.WORKER_TASK_CORE_THREADS, 1)
                        .set(Options.WORKER_TASK_MAX_THREADS, 1)
                        .set(Options.THREAD_DAEMON, true)
                        .getMap());
        this.http = new HttpOpenListener(
                new DefaultByteBufferPool(false, BUFFER_BYTES, BUFFERS_KEPT_MAX, 0),
                OptionMap.builder()
                        .set(UndertowOptions.MAX_ENTITY_SIZE, READ_ON_BYTES_MAX)
                        .set(UndertowOptions.MAX_PARAMETERS, PARAMETERS_MAX)
                        .set(UndertowOptions.MAX_HEADERS, HEADERS_MAX)
                        .set(UndertowOptions.MAX_HEADER_SIZE, HEADER_BYTES_MAX)
                        .set(UndertowOptions.BUFFER_PIPELINED_DATA, false)
                        .getMap());
        Requests requests = new Requests(parts, seats, new Turns(limits), threads);
        http.setRootHandler(new HttpContinueReadHandler(
                exchange -> requests.begin(exchange, Optional.ofNullable(taken.get(Requests.channel(exchange))))));
        ChannelListener<AcceptingChannel<StreamConnection>> accepts = this::accept;
        try {
            this.channel = worker.createStreamConnectionServer(
                    at,
                    accepts,
                    OptionMap.builder()
                            .set(Options.TCP_NODELAY, true)
                            .set(Options.REUSE_ADDRESSES, true)
                            .set(Options.BACKLOG, BACKLOG_MAX)
                            .getMap());
        } catch (IOException e) {
            worker.shutdownNow();
            throw new IOException("cannot listen on " + at + ": " + e.getMessage(), e);
        }
        this.sweeper = Thread.ofVirtual().name("http-sweep").unstarted(this::sweep);
    }

    /// Opens a door.
    ///
    /// @param at where it listens; port 0 for any
    /// @throws IOException when the port is taken
    public static HttpListener open(InetSocketAddress at, Parts parts) throws IOException {
        return open(at, parts, Limits.of(Runtime.getRuntime().maxMemory()));
    }

    static HttpListener open(InetSocketAddress at, Parts parts, Limits limits) throws IOException {
        // XNIO logs through JBoss Logging, which would look for other loggers
        System.setProperty("org.jboss.logging.provider", "jdk");
        LOGGERS.forEach(logger -> logger.setLevel(Level.SEVERE));
        HttpListener door = new HttpListener(parts, at, limits);
        door.channel.resumeAccepts();
        door.sweeper.start();
        return door;
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return channel.getLocalAddress(InetSocketAddress.class);
    }

    /// Takes all who wait. XNIO's own listener takes one for each look, and writes a stack trace for each look that was
    /// due when the door was closed.
    private void accept(AcceptingChannel<StreamConnection> from) {
        try {
            for (StreamConnection connection = from.accept(); connection != null; connection = from.accept()) {
                opened(connection);
            }
        } catch (ClosedChannelException _) {
            // the door is closed: nobody waits any more
        } catch (IOException e) {
            parts.log.line("admin: a connection is not accepted: " + e.getMessage());
        }
    }

    private void opened(StreamConnection connection) {
        if (closing) {
            IoUtils.safeClose(connection);
            return;
        }
        InetAddress peer = connection.getPeerAddress(InetSocketAddress.class).getAddress();
        Optional<Seats.Seat> seat = seats.take(
                ClientGroup.group(peer), parts.proxies.test(peer), (was, late) -> end(connection, was, late));
        if (seat.isEmpty()) {
            say(connection, Answer.last(503, "Service Unavailable"));
            IoUtils.safeClose(connection);
            return;
        }
        taken.put(connection, seat.get());
        Metered.wrap(connection, bytes -> seats.moved(seat.get(), bytes));
        connection.getCloseSetter().set(closed -> {
            taken.remove(connection);
            seats.leave(seat.get());
        });
        http.handleEvent(connection);
    }

    /// Ends a connection in its own thread; whoever was still asking hears why.
    private void end(StreamConnection connection, Seats.Phase was, boolean late) {
        taken.remove(connection);
        connection.getIoThread().execute(() -> {
            if (was == Seats.Phase.HEADER || was == Seats.Phase.BODY) {
                say(connection, late ? Answer.last(408, "Request Timeout") : Answer.last(503, "Service Unavailable"));
            }
            IoUtils.safeClose(connection);
        });
    }

    /// Says something to a client that may not hear it any more.
    private static void say(StreamConnection connection, byte[] bytes) {
        try {
            connection.getSinkChannel().write(ByteBuffer.wrap(bytes));
            connection.getSinkChannel().shutdownWrites();
            connection.getSinkChannel().flush();
        } catch (IOException _) {
            // it is gone
        }
    }

    private void sweep() {
        try {
            while (true) {
                Thread.sleep(SWEEP_EVERY);
                seats.sweep();
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /// Connections now, for tests.
    int connections() {
        return seats.size();
    }

    /// Stops listening, lets requests under way end, and closes all connections.
    @Override
    public void close() {
        closing = true;
        sweeper.interrupt();
        threads.shutdown();
        try {
            stopListening();
            if (!threads.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
            seats.clear();
            worker.shutdown();
            if (!worker.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                worker.shutdownNow();
            }
        } catch (InterruptedException _) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /// Closes the channel in its own thread, so that no look at it is under way then.
    private void stopListening() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        channel.getIoThread().execute(() -> {
            IoUtils.safeClose(channel);
            closed.countDown();
        });
        if (!closed.await(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
            IoUtils.safeClose(channel);
        }
    }
}
