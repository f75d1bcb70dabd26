package qrate.spawn;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import qrate.core.Log;
import qrate.core.Spawner;
import qrate.core.Verdict;

/// The sending end: a spawner that stands for another one behind a stream.
///
/// Connects in the background and again after a break. Without a connection it is not ready, and every job is answered
/// at once with {@link Spawner#NO_ANSWER}.
public final class SpawnClient implements Spawner {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    /// How long after the start nobody hears that there is no connection yet.
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration BACKOFF_FIRST = Duration.ofMillis(50);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(2);

    /// Where the other end listens.
    ///
    /// @param name for the log: `lspawn`, `rspawn`
    /// @param host looked up anew at each connection
    public record Peer(String name, String host, int port) {}

    /// A job whose answers are still to come.
    private record Open(Stream stream, Set<Integer> numbers, Answers answers) {
        void answer(int number, Verdict verdict) {
            if (numbers.remove(number)) {
                answers.answer(number, verdict);
            }
        }
    }

    private final Peer peer;
    private final Log log;
    private final Map<Long, Open> open = new ConcurrentHashMap<>();
    private final AtomicLong jobs = new AtomicLong();
    private final Thread connector;
    private volatile Optional<Stream> current = Optional.empty();
    private volatile boolean closed;
    private final long started = System.nanoTime();

    /// Begins to connect at once, by a thread of its own, and goes on trying until it is closed.
    public SpawnClient(Peer peer, Log log) {
        this.peer = peer;
        this.log = log;
        this.connector = Thread.ofVirtual().name(peer.name + "-stream").start(this::connect);
    }

    @Override
    public boolean isReady() {
        return current.isPresent();
    }

    @Override
    public void start(Job job, Answers answers) {
        Set<Integer> numbers = ConcurrentHashMap.newKeySet();
        job.deliveries().forEach(delivery -> numbers.add(delivery.number()));
        Optional<Stream> stream = current;
        if (stream.isEmpty()) {
            numbers.forEach(number -> answers.answer(number, noAnswer()));
            return;
        }
        long number = jobs.incrementAndGet();
        Open entry = new Open(stream.get(), numbers, answers);
        open.put(number, entry);
        if (job.body().size() > Frame.CHUNK_BYTES_MAX || !small(number, job, entry)) {
            Thread.ofVirtual().name(peer.name + "-job-" + number).start(() -> large(number, job, entry));
        }
        if (entry.stream.closed()) {
            breakOff(entry.stream); // it may have broken before the job was in the map
        }
    }

    /// A message that fits one frame goes out without a thread of its own.
    ///
    /// @return false when the line is full, and nothing was sent
    private boolean small(long number, Job job, Open entry) {
        ByteArrayOutputStream all = new ByteArrayOutputStream((int) job.body().size() + 512);
        all.writeBytes(head(number, job));
        try (InputStream in = job.body().open()) {
            if (job.body().size() > 0) {
                all.writeBytes(Frame.piece(number, in, (int) job.body().size()));
            }
            if (in.read() >= 0) {
                throw new IOException("the body is longer than it was");
            }
        } catch (IOException e) {
            unreadable(number, entry, e);
            return true;
        }
        return entry.stream.offer(all.toByteArray());
    }

    private void large(long number, Job job, Open entry) {
        try {
            entry.stream.put(head(number, job));
        } catch (IOException _) {
            return; // the connection broke: its jobs are answered by the thread that reads it
        }
        long left = job.body().size();
        try (InputStream in = job.body().open()) {
            while (left > 0) {
                int piece = (int) Math.min(left, Frame.CHUNK_BYTES_MAX);
                entry.stream.put(Frame.piece(number, in, piece));
                left -= piece;
            }
        } catch (IOException e) {
            if (!entry.stream.closed()) {
                unreadable(number, entry, e);
            }
        }
    }

    private byte[] head(long number, Job job) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        Frame.Head head = new Frame.Head(
                job.id(), job.birth().toEpochMilli(), job.sender(), job.client().behind(job.parameters()), job.host());
        out.writeBytes(
                new Frame.Job(number, head, job.body().size(), job.deliveries().size()).bytes());
        job.deliveries()
                .forEach(delivery ->
                        out.writeBytes(new Frame.To(number, delivery.number(), delivery.recipient()).bytes()));
        return out.toByteArray();
    }

    private void unreadable(long number, Open entry, IOException e) {
        log.line("warning: trouble reading a message for " + peer.name + ": " + e);
        open.remove(number);
        entry.stream.offer(new Frame.Cancel(number).bytes());
        fail(entry, new Verdict.Later("4.3.0 cannot read the message"));
    }

    @Override
    public void settled(long id, List<Integer> numbers) {
        current.ifPresent(stream -> {
            for (int from = 0; from < numbers.size(); from += Frame.SETTLED_MAX) {
                int to = Math.min(numbers.size(), from + Frame.SETTLED_MAX);
                byte[] frame = new Frame.Settled(id, numbers.subList(from, to)).bytes();
                if (!stream.offer(frame)) {
                    Thread.ofVirtual().name(peer.name + "-settled").start(() -> late(stream, frame));
                }
            }
        });
    }

    private static void late(Stream stream, byte[] frame) {
        try {
            stream.put(frame);
        } catch (IOException _) {
            // losing it does no harm (Spawner.settled)
        }
    }

    private void connect() {
        Duration wait = BACKOFF_FIRST;
        boolean said = false;
        while (!closed) {
            boolean met = false;
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(peer.host, peer.port), (int) CONNECT_MAX.toMillis());
                try (Stream stream = new Stream(socket, peer.name)) {
                    stream.greet();
                    log.line("connected to " + peer.name + " at " + peer.host + ":" + peer.port);
                    met = true;
                    wait = BACKOFF_FIRST;
                    said = false;
                    serve(stream);
                }
            } catch (IOException | RuntimeException e) {
                if (!closed && !said && (met || System.nanoTime() - started > PATIENCE.toNanos())) {
                    said = true;
                    log.line("alert: no connection to " + peer.name + " at " + peer.host + ":" + peer.port + ": " + e);
                }
            }
            try {
                if (!closed) {
                    Thread.sleep(wait);
                }
            } catch (InterruptedException _) {
                return; // close() asks for it
            }
            wait = wait.multipliedBy(2).compareTo(BACKOFF_MAX) < 0 ? wait.multipliedBy(2) : BACKOFF_MAX;
        }
    }

    private void serve(Stream stream) throws IOException {
        current = Optional.of(stream);
        try {
            while (!closed) {
                Optional<Frame> frame = stream.read();
                if (frame.isEmpty()) {
                    throw new IOException("the other end closed");
                }
                switch (frame.get()) {
                    case Frame.Answer(var job, var number, var verdict) -> answered(job, number, verdict);
                    case Frame.Waits(var job, var waits) -> {
                        Open entry = open.get(job);
                        if (entry != null) {
                            entry.answers.waits(waits);
                        }
                    }
                    case Frame.Ping() -> {
                        // it is there
                    }
                    case Frame.Hello _, Frame.Job _, Frame.To _, Frame.Piece _, Frame.Settled _, Frame.Cancel _ ->
                        throw new Frame.Nonsense("a frame only we send");
                }
            }
        } finally {
            current = Optional.empty();
            stream.close();
            breakOff(stream);
        }
    }

    private void answered(long job, int number, Verdict verdict) {
        Open entry = open.get(job);
        if (entry != null) {
            entry.answer(number, verdict);
            if (entry.numbers.isEmpty()) {
                open.remove(job);
            }
        }
    }

    /// Answers what was open on a broken stream.
    private void breakOff(Stream stream) {
        open.forEach((number, entry) -> {
            if (entry.stream == stream && open.remove(number) != null) {
                fail(entry, noAnswer());
            }
        });
    }

    private static void fail(Open entry, Verdict verdict) {
        List.copyOf(entry.numbers).forEach(number -> entry.answer(number, verdict));
    }

    private Verdict noAnswer() {
        return new Verdict.Later(NO_ANSWER + " " + peer.name);
    }

    @Override
    public void close() {
        closed = true;
        current.ifPresent(Stream::close);
        connector.interrupt();
        try {
            connector.join(CONNECT_MAX);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        open.values().forEach(entry -> fail(entry, noAnswer()));
        open.clear();
    }
}
