package qrate.spawn;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import qrate.core.Budget;
import qrate.core.Daemon;
import qrate.core.Log;
import qrate.core.Spawner;
import qrate.core.Spool;

/// The receiving end: puts a spawner of this process behind a listener. The spawner is the server's from then on, which
/// closes it between its door and its connections, so that what is out when it ends is still answered.
public final class SpawnServer implements AutoCloseable {
    /// Most connections at once; there is one sender, and perhaps its successor.
    public static final int CONNECTIONS_MAX = 16;

    /// How long {@link #close()} waits for senders to take the last answers.
    static final Duration LAST_ANSWERS_MAX = Duration.ofSeconds(1);

    /// Most bytes of bodies in memory for all connections, of which one may have half; what is over stands in
    /// files.
    static final long MEMORY_BYTES_MAX = 64L << 20;

    private final Spawner spawner;
    private final Spool spool;
    private final Budget memory = new Budget(MEMORY_BYTES_MAX);
    private final Log log;
    private final ServerSocket listener;
    private final Semaphore permits = new Semaphore(CONNECTIONS_MAX);
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<SpawnSession> sessions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// Listens and serves from now on.
    ///
    /// @param spool a folder for large bodies, for this server alone
    /// @throws IOException when the address is taken or the folder cannot be used
    public SpawnServer(Spawner spawner, InetSocketAddress address, Path spool, Log log) throws IOException {
        this.spawner = spawner;
        this.spool = Spool.swept(spool);
        this.log = log;
        this.listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(address);
        Thread.ofVirtual().name("spawn-listener").start(this::accept);
    }

    /// The port it listens on.
    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!closed) {
            permits.acquireUninterruptibly();
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().name("spawn-connection").start(() -> serve(socket));
            } catch (IOException e) {
                permits.release();
                if (!closed) {
                    log.line("warning: cannot accept a connection: " + e);
                    Daemon.stumble();
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                Stream stream = new Stream(socket, "spawn");
                Budget.Share share =
                        memory.share(socket.getRemoteSocketAddress().toString())) {
            SpawnSession session = new SpawnSession(stream, spawner, () -> spool.hold(share), log);
            sessions.add(session);
            try {
                if (!closed) {
                    stream.greet(); // only now: a sender that is greeted gets the answers of what it sent
                    session.serve();
                }
            } finally {
                sessions.remove(session);
            }
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                log.line("warning: connection of send ended: " + e);
            }
        } finally {
            sockets.remove(socket);
            permits.release();
        }
    }

    /// Closes the door, takes no job any more, closes the spawner, which lets what is out end, sends the answers, and
    /// closes the connections. A delivery whose answer is lost is made twice.
    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            log.line("warning: cannot close the spawn listener: " + e);
        }
        sessions.forEach(SpawnSession::takeNoMore);
        spawner.close();
        long end = System.nanoTime() + LAST_ANSWERS_MAX.toNanos();
        sessions.forEach(session -> session.finish(end));
        try {
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            log.line("warning: cannot close a connection: " + e);
        }
    }
}
