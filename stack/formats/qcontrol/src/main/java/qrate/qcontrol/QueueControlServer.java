package qrate.qcontrol;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import qrate.core.Daemon;
import qrate.core.Log;
import qrate.core.UnixSocket;

/// The control socket of qmail-send.
public final class QueueControlServer implements AutoCloseable {
    /// Most connections at once; more wait.
    public static final int CONNECTIONS_MAX = 16;

    /// Longest wait for the next request on a connection.
    public static final Duration IDLE_MAX = Duration.ofSeconds(30);

    /// Between the words of `list`, for login and reason of each message. A release before looks at its place never.
    static final String MORE = "more";

    private final QueueControl control;
    private final Path socket;
    private final Log log;
    private final ServerSocketChannel listener;
    private final Semaphore permits = new Semaphore(CONNECTIONS_MAX);
    private final Set<SocketChannel> channels = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("qcontrol-deadlines").daemon(true).factory());
    private volatile boolean closed;

    /// Listens and serves from now on; a socket file left by a process before this one is replaced.
    ///
    /// @param socket `run/send.sock`
    public QueueControlServer(QueueControl control, Path socket, Log log) throws IOException {
        this.control = control;
        this.socket = socket;
        this.log = log;
        deadlines.setRemoveOnCancelPolicy(true);
        Files.createDirectories(socket.toAbsolutePath().getParent());
        this.listener = UnixSocket.listen(socket, 0, UnixSocket.GROUP);
        Thread.ofVirtual().name("qcontrol-listener").start(this::accept);
    }

    private void accept() {
        while (!closed) {
            permits.acquireUninterruptibly();
            try {
                SocketChannel channel = listener.accept();
                channels.add(channel);
                Thread.ofVirtual().name("qcontrol-connection").start(() -> serve(channel));
            } catch (IOException e) {
                permits.release();
                if (!closed) {
                    log.line("warning: control socket: cannot accept: " + e);
                    Daemon.stumble();
                }
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel;
                InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
            while (!closed) {
                var deadline = deadlines.schedule(() -> hangUp(channel), IDLE_MAX.toSeconds(), TimeUnit.SECONDS);
                Optional<List<String>> request = WordList.read(in, WordList.REQUEST_WORDS_MAX);
                if (request.isEmpty()) {
                    deadline.cancel(false);
                    return;
                }
                WordList.write(out, answer(request.get()));
                deadline.cancel(false);
            }
        } catch (IOException e) {
            if (!closed) {
                log.line("warning: control socket: " + e);
            }
        } finally {
            channels.remove(channel);
            permits.release();
        }
    }

    private List<String> answer(List<String> request) {
        try {
            String verb = request.isEmpty() ? "" : request.getFirst();
            String what = request.size() < 2 ? "" : request.get(1);
            return switch (verb) {
                case "stat" -> found(Codec.stat(control.stat()));
                case "list" -> {
                    int limit = (int) Math.min(QueueControl.LIST_MESSAGES_MAX, number(what));
                    yield found(Codec.items(control.list(limit, number(request.getLast())), request.contains(MORE)));
                }
                case "retry" -> {
                    if (what.equals("all")) {
                        control.retryAll();
                        yield found(List.of());
                    }
                    yield found(control.retry(number(what)));
                }
                case "hold" -> found(control.hold(number(what), true));
                case "release" -> found(control.hold(number(what), false));
                case "bounce" -> found(control.bounce(number(what)));
                case "drop" -> found(control.drop(number(what)));
                case "senders" -> found(Codec.senders(control.senders()));
                case "refused-domains" -> found(Codec.refused(control.refusedDomains()));
                case "let" -> found(control.letSend(what));
                case "tls" -> found(control.tls(LocalDate.parse(what)));
                case "kept" -> {
                    int limit = (int) Math.min(Quarantine.LIST_MESSAGES_MAX, number(request.get(2)));
                    yield found(KeptCodec.words(
                            control.quarantine().list(Whose.of(what), limit, number(request.getLast()))));
                }
                case "trace" -> found(TraceCodec.words(control.trace().find(TraceCodec.query(request))));
                case "let-out" -> found(control.quarantine().letOut(Whose.of(what), number(request.getLast())));
                case "discard" -> found(control.quarantine().delete(Whose.of(what), number(request.getLast())));
                case "traffic" -> found(Codec.traffic(control.traffic(LocalDate.parse(what))));
                case "freeze" -> found(List.of("" + control.freeze(QueueControl.Freeze.valueOf(what))));
                default -> List.of("Z", "no such request: " + verb);
            };
        } catch (NumberFormatException e) {
            return List.of("Z", "not a number: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            log.line("warning: control socket: " + e);
            return List.of("Z", e.toString());
        }
    }

    private static long number(String text) {
        return Long.parseUnsignedLong(text);
    }

    private static List<String> found(List<String> words) {
        List<String> answer = new ArrayList<>(List.of("K"));
        answer.addAll(words);
        return answer;
    }

    private static List<String> found(boolean found) {
        return List.of(found ? "K" : "N");
    }

    private void hangUp(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            log.line("warning: control socket: " + e);
        }
    }

    @Override
    public void close() {
        closed = true;
        deadlines.shutdownNow();
        try {
            listener.close();
            channels.forEach(this::hangUp);
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            log.line("warning: control socket: " + e);
        }
    }
}
