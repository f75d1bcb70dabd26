package qrate.spawn;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Log;
import qrate.core.Spawner;
import qrate.core.Spool;
import qrate.core.Verdict;

/// One connection at the receiving end: gathers jobs from their frames and sends the answers.
final class SpawnSession {
    /// Most jobs begun or open on one connection.
    static final int JOBS_MAX = 4000;

    private static final long LOOK_MILLIS = 5;

    /// A job that is not complete yet.
    private static final class Incoming {
        final Frame.Job job;
        final List<Spawner.Delivery> deliveries = new ArrayList<>();
        /// empty when there was no room for the body: the rest of it is read and dropped
        Optional<Spool.Held> held;
        long left;

        Incoming(Frame.Job job, Optional<Spool.Held> held) {
            this.job = job;
            this.held = held;
            this.left = job.bodyBytes();
        }

        boolean complete() {
            return left == 0 && deliveries.size() == job.recipients();
        }
    }

    private final Stream stream;
    private final Spawner spawner;
    private final Supplier<Spool.Held> room;
    private final Log log;
    private final Map<Long, Incoming> incoming = new HashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    /// answers that wait for room in the line
    private final AtomicInteger late = new AtomicInteger();

    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean full;

    SpawnSession(Stream stream, Spawner spawner, Supplier<Spool.Held> room, Log log) {
        this.stream = stream;
        this.spawner = spawner;
        this.room = room;
        this.log = log;
    }

    /// Serves until the stream ends.
    void serve() throws IOException {
        try {
            for (Optional<Frame> frame = stream.read(); frame.isPresent(); frame = stream.read()) {
                take(frame.get());
            }
        } finally {
            for (Incoming half : incoming.values()) {
                half.held.ifPresent(this::release);
            }
            over.countDown();
        }
    }

    /// Leaves every job that is not complete unanswered from now on: the sender takes the end of the connection for
    /// "not tried".
    void takeNoMore() {
        full = true;
    }

    /// Sends the answers there are, and waits until the sender has them.
    ///
    /// @param end longest, by {@link System#nanoTime()}
    void finish(long end) {
        try {
            while (late.get() > 0 && System.nanoTime() < end) {
                Thread.sleep(LOOK_MILLIS);
            }
            stream.finish(end);
            over.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Frame frame) throws IOException {
        if (full && !(frame instanceof Frame.Settled)) {
            return;
        }
        switch (frame) {
            case Frame.Job job -> begin(job);
            case Frame.To(var job, var number, var recipient) -> {
                Incoming half = half(job);
                if (half.deliveries.size() == half.job.recipients()) {
                    throw new Frame.Nonsense("more recipients than were announced");
                }
                half.deliveries.add(new Spawner.Delivery(number, recipient));
                startIfComplete(half);
            }
            case Frame.Piece piece -> {
                Incoming half = half(piece.job());
                write(half, piece);
                startIfComplete(half);
            }
            case Frame.Settled(var id, var numbers) -> spawner.settled(id, numbers);
            case Frame.Cancel(var job) -> {
                Incoming half = incoming.remove(job);
                if (half != null) {
                    half.held.ifPresent(this::release);
                }
            }
            case Frame.Ping() -> {
                // it is there
            }
            case Frame.Hello _, Frame.Answer _, Frame.Waits _ -> throw new Frame.Nonsense("a frame only we send");
        }
    }

    private void begin(Frame.Job job) throws IOException {
        if (incoming.size() + open.get() >= JOBS_MAX) {
            throw new Frame.Nonsense("more than " + JOBS_MAX + " jobs at once");
        }
        if (incoming.put(job.job(), new Incoming(job, Optional.of(room.get()))) != null) {
            throw new Frame.Nonsense("a job begun twice");
        }
    }

    private Incoming half(long job) throws IOException {
        Incoming half = incoming.get(job);
        if (half == null) {
            throw new Frame.Nonsense("a piece of a job that was not begun");
        }
        return half;
    }

    private void write(Incoming half, Frame.Piece piece) throws IOException {
        int bytes = piece.part().remaining();
        if (bytes > half.left) {
            throw new Frame.Nonsense("more body than was announced");
        }
        half.left -= bytes;
        if (half.held.isPresent()) {
            Spool.Held held = half.held.get();
            try {
                ByteBuffer part = piece.part();
                held.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
            } catch (IOException e) {
                log.line("alert: unable to hold a message: " + e);
                half.held = Optional.empty();
                release(held);
            }
        }
    }

    private void startIfComplete(Incoming half) {
        if (!half.complete()) {
            return;
        }
        long job = half.job.job();
        incoming.remove(job);
        Optional<Body> body = body(half);
        if (body.isEmpty()) {
            half.deliveries.forEach(delivery -> send(
                    new Frame.Answer(job, delivery.number(), new Verdict.Later("4.3.1 no room to hold the message"))));
            return;
        }
        Set<Integer> numbers = ConcurrentHashMap.newKeySet();
        half.deliveries.forEach(delivery -> numbers.add(delivery.number()));
        AtomicInteger left = new AtomicInteger(numbers.size());
        open.incrementAndGet();
        Spawner.Answers answers = new Spawner.Answers() {
            @Override
            public void answer(int number, Verdict verdict) {
                if (numbers.remove(number)) {
                    send(new Frame.Answer(job, number, verdict));
                    if (left.decrementAndGet() == 0) {
                        open.decrementAndGet();
                        half.held.ifPresent(SpawnSession.this::release);
                    }
                }
            }

            @Override
            public void waits(boolean waits) {
                send(new Frame.Waits(job, waits));
            }
        };
        Frame.Head head = half.job.head();
        Client.Travelled from = Client.travelled(head.parameters());
        try {
            spawner.start(
                    new Spawner.Job(
                            head.id(),
                            Instant.ofEpochMilli(head.birth()),
                            head.sender(),
                            from.parameters(),
                            from.client(),
                            body.get(),
                            head.host(),
                            half.deliveries),
                    answers);
        } catch (RuntimeException e) {
            log.line("alert: the spawner failed: " + e);
            List.copyOf(numbers).forEach(number -> answers.answer(number, new Verdict.Later("4.3.0 internal error")));
        }
    }

    private Optional<Body> body(Incoming half) {
        if (half.held.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(half.held.get().body());
        } catch (IOException e) {
            log.line("alert: unable to hold a message: " + e);
            half.held.ifPresent(this::release);
            return Optional.empty();
        }
    }

    /// Sends without holding up the spawner's thread.
    private void send(Frame frame) {
        byte[] bytes = frame.bytes();
        if (!stream.offer(bytes) && !stream.closed()) {
            late.incrementAndGet();
            Thread.ofVirtual().name("spawn-answer").start(() -> {
                try {
                    stream.put(bytes);
                } catch (IOException _) {
                    // the connection is gone: the sender has answered for itself
                } finally {
                    late.decrementAndGet();
                }
            });
        }
    }

    private void release(Spool.Held held) {
        try {
            held.close();
        } catch (IOException e) {
            log.line("warning: unable to delete a spool file: " + e);
        }
    }
}
