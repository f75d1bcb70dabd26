package qrate.milter;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import qrate.core.Budget;
import qrate.core.Daemon;
import qrate.core.Log;
import qrate.core.Reasons;
import qrate.core.UnixSocket;

/// A milter of ours behind a listener: SMTP servers ask it, ours or others.
public final class MilterServer implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 << 10;

    /// What a server may be asked.
    ///
    /// @param sessions most at once; more wait at the door
    /// @param idle longest silence of an SMTP server, and longest time in which it may take an answer
    /// @param headerBytes longest header of a message; one that is longer is refused
    /// @param sessionBytes most bytes of packets and macros held for one session
    /// @param bytes most bytes held for all of them
    /// @param drain how long {@link MilterServer#close} waits for messages under way
    public record Limits(int sessions, Duration idle, int headerBytes, int sessionBytes, long bytes, Duration drain) {
        /// Those of a service that has 64 MiB for it; SMTP servers are silent as long as their clients are,
        /// which is five minutes (RFC 5321 §4.5.3.2).
        public static final Limits USUAL =
                new Limits(256, Duration.ofMinutes(10), 512 << 10, 512 << 10, 64L << 20, Duration.ofSeconds(5));
    }

    /// What it does.
    ///
    /// @param wish what it asks of SMTP servers ({@link MilterOptions#wish})
    /// @param handlers one for each session
    public record Work(MilterOptions wish, Supplier<MilterHandler> handlers) {}

    private final Work work;
    private final Limits limits;
    private final Log log;
    private final SocketAddress address;
    private final ServerSocketChannel listener;
    private final Semaphore permits;
    private final Budget memory;
    private final Map<SocketChannel, MilterDialogue> open = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("milter-idle").daemon(true).factory());
    private volatile boolean closed;

    /// Listens and serves from now on; a socket file left by a process before this one is replaced.
    ///
    /// @param mode of the socket file, as `rw-rw----`; of no meaning for TCP
    public MilterServer(MilterAddress at, String mode, Work work, Limits limits, Log log) throws IOException {
        this(at.socket(), mode, work, limits, log);
    }

    /// The same at an address that is known already: port 0 is one that is free.
    MilterServer(SocketAddress at, String mode, Work work, Limits limits, Log log) throws IOException {
        this.work = work;
        this.limits = limits;
        this.log = log;
        this.permits = new Semaphore(limits.sessions);
        this.memory = new Budget(limits.bytes);
        clock.setRemoveOnCancelPolicy(true);
        if (at instanceof UnixDomainSocketAddress unix) {
            this.listener = UnixSocket.listen(unix.getPath(), 0, mode);
        } else {
            this.listener = ServerSocketChannel.open();
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(at);
        }
        this.address = listener.getLocalAddress();
        Thread.ofVirtual().name("milter-listener").start(this::accept);
    }

    /// The port it listens on; 0 at a Unix socket.
    public int port() {
        return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    /// Bytes held now, for all sessions.
    public String memory() {
        return memory.toString();
    }

    private void accept() {
        while (!closed) {
            permits.acquireUninterruptibly();
            try {
                SocketChannel channel = listener.accept();
                Thread.ofVirtual().name("milter-session").start(() -> serve(channel));
            } catch (IOException e) {
                permits.release();
                if (!closed) {
                    log.line("milter: warning: cannot accept a connection: " + Reasons.of(e));
                    Daemon.stumble();
                }
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel;
                InputStream in = new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
                Budget.Share share = memory.share(channel.toString());
                MilterDialogue dialogue = new MilterDialogue(work, limits, share, out, log)) {
            open.put(channel, dialogue);
            boolean more = true;
            while (more && !(closed && !dialogue.busy())) {
                ScheduledFuture<?> end =
                        clock.schedule(() -> hangUp(channel), limits.idle.toMillis(), TimeUnit.MILLISECONDS);
                more = dialogue.next(in);
                end.cancel(false);
            }
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                log.line("milter: warning: a session ended: "
                        + (e instanceof IOException io ? Reasons.of(io) : Log.escape(e.toString())));
            }
        } finally {
            open.remove(channel);
            permits.release();
        }
    }

    private void hangUp(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            log.line("milter: warning: cannot close a connection: " + Reasons.of(e));
        }
    }

    /// Closes the door, lets messages under way end, and closes the connections.
    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
            if (address instanceof UnixDomainSocketAddress unix) {
                Files.deleteIfExists(unix.getPath());
            }
        } catch (IOException e) {
            log.line("milter: warning: cannot close the door: " + Reasons.of(e));
        }
        open.forEach((channel, dialogue) -> {
            if (!dialogue.busy()) {
                hangUp(channel);
            }
        });
        try {
            // every session has given its permit back
            if (!permits.tryAcquire(limits.sessions, limits.drain.toMillis(), TimeUnit.MILLISECONDS)) {
                log.line("milter: warning: " + open.size() + " sessions are cut off");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        open.keySet().forEach(this::hangUp);
        clock.shutdownNow();
    }
}
