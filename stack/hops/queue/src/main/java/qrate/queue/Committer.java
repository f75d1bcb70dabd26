package qrate.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import qrate.core.Disk;
import qrate.core.Log;

/// The one writer of the journal: takes whatever records wait, writes and syncs them together, applies them to the
/// index and wakes their callers.
///
/// After a failed write or sync nobody knows what of the batch is on the disk. No record follows it before the
/// segment is cut back to its last durable byte and that cut is synced; so what was answered with an error cannot
/// come back behind something that was answered with success.
final class Committer {
    /// What the committer tells the journal, on its own thread.
    interface Applied {
        /// A message became durable.
        void accepted(Entry.Message message);

        /// Messages that are over.
        void over(List<Index.Slot> slots);

        /// A message that will never have a record; its body can go.
        void abandoned(Entry.Message message);
    }

    private static final long TROUBLE_MILLIS = Duration.ofMinutes(2).toMillis();

    private record Trouble(String why, long at) {}

    private final InstantSource clock;
    private final Disk disk;
    private final Limits limits;
    private final Log log;
    private final RandomGenerator random;
    private final Index index;
    private final AtomicLong nextId;
    private final Applied applied;
    private final LinkedBlockingQueue<Op> waiting = new LinkedBlockingQueue<>();
    private final Frame.Batch batch = new Frame.Batch();
    private final List<Entry.Message> doubtful = new ArrayList<>();

    private final Segments segments;
    private Disk.Appender appender;
    private boolean doubt;
    private boolean faulty;
    private volatile Optional<Trouble> trouble = Optional.empty();
    private volatile boolean closed;
    private volatile boolean rolling;

    Committer(Journal.World world, Index index, Segments segments, AtomicLong nextId, Applied applied) {
        this.clock = world.clock();
        this.disk = world.disk();
        this.limits = world.limits();
        this.log = world.log();
        this.random = world.random();
        this.index = index;
        this.segments = segments;
        this.nextId = nextId;
        this.applied = applied;
        // the first batch cuts the torn tail, opens the segment, or makes the first one
        this.doubt = true;
    }

    /// Puts a record in line; {@link Op#await()} waits for it.
    synchronized void start(Op op) throws IOException {
        if (closed) {
            throw new IOException("the queue is closed");
        }
        waiting.add(op);
    }

    /// Has the next batch stand in a segment of its own.
    void roll() {
        rolling = true;
    }

    int waiting() {
        return waiting.size();
    }

    /// Readies the segment for the first batch, at start.
    void open() throws IOException {
        ready();
    }

    /// Commits until {@link #refuse} was called, and then what still waits.
    void run() {
        while (!closed) {
            try {
                Op first = waiting.take();
                commit(first);
            } catch (InterruptedException _) {
                closed = true;
            } catch (RuntimeException | Error e) {
                // the batch was answered with an error; the writer must live on for the next
                log.line("queue: alert: committer: " + e);
            }
        }
        drain();
    }

    /// Commits what waits, on this thread: for tests, and for the end.
    void drain() {
        for (Op op = waiting.poll(); op != null; op = waiting.poll()) {
            commit(op);
        }
    }

    /// Refuses newcomers from now on, and wakes the writer to its end. Never by an interrupt, which would close the
    /// segment under a write.
    synchronized void refuse() {
        closed = true;
        waiting.add(new Op.Note(new Entry.Deferred(0, 0), new Entry.Encoder(0))); // no message has the id 0
    }

    void close() throws IOException {
        refuse();
        drain();
        if (appender != null) {
            appender.close();
        }
    }

    private void commit(Op first) {
        List<Op> ops = new ArrayList<>();
        Optional<IOException> failure = Optional.empty();
        try {
            try {
                ready();
                gather(first, ops);
                if (batch.length() > 0) {
                    write();
                }
                if (faulty) {
                    faulty = false;
                    trouble = Optional.empty();
                    log.line("queue: status: writing works again");
                }
            } catch (IOException e) {
                failure = Optional.of(e);
                report(e);
            }
            if (ops.isEmpty()) {
                ops.add(first);
            }
            settle(ops, failure);
        } catch (RuntimeException | Error e) {
            doubt = true;
            if (ops.isEmpty()) {
                ops.add(first);
            }
            ops.forEach(op -> op.finish(Optional.of(new IOException("the queue's writer failed: " + e, e))));
            throw e;
        }
    }

    /// Collects records for one write. Copies are never together with others, whose effect they would miss.
    private void gather(Op first, List<Op> ops) {
        batch.clear(limits.batchBytes() * 2);
        Set<Long> ended = new HashSet<>();
        for (Optional<Op> next = Optional.of(first); next.isPresent(); next = following(first)) {
            Op op = next.get();
            ops.add(op);
            long ends = ends(op.entry());
            if (op.encode(index) && (ends == 0 || ended.add(ends))) {
                Segment current = segments.current();
                Entry.Encoder record = op.record();
                batch.add(current.tag(), current.size + batch.length(), record.bytes(), record.length());
            } else {
                op.refuse();
            }
            if (batch.length() >= limits.batchBytes()) {
                break;
            }
        }
    }

    private Optional<Op> following(Op first) {
        return Optional.ofNullable(waiting.peek())
                .filter(op -> op.copies() == first.copies() && !rolling) // else it belongs to the next segment
                .map(_ -> waiting.poll());
    }

    private static long ends(Entry entry) {
        return switch (entry) {
            case Entry.Message message -> message.ends();
            case Entry.Dropped dropped -> dropped.id();
            case Entry.Settled _, Entry.Deferred _, Entry.Held _, Entry.Traced _ -> 0;
        };
    }

    private void write() throws IOException {
        doubt = true;
        appender.write(batch.bytes(), 0, batch.length());
        appender.sync();
        doubt = false;
    }

    private void settle(List<Op> ops, Optional<IOException> failure) {
        if (failure.isEmpty()) {
            apply(ops);
        } else {
            List<Entry.Message> lost = messages(ops).toList();
            if (doubt) {
                doubtful.addAll(lost);
            } else {
                lost.forEach(applied::abandoned);
            }
        }
        ops.forEach(op -> op.finish(failure));
    }

    private void apply(List<Op> ops) {
        Segment current = segments.current();
        int offset = (int) current.size;
        List<Index.Slot> over = new ArrayList<>();
        List<Entry.Message> newcomers = new ArrayList<>();
        synchronized (index) {
            for (Op op : ops) {
                if (op.refused()) {
                    continue;
                }
                int bytes = Frame.HEAD_BYTES + op.record().length();
                over.addAll(index.apply(op.entry(), new Index.Place(current, offset, bytes)));
                offset += bytes;
                if (op instanceof Op.Accept accept) {
                    newcomers.add(accept.entry());
                }
            }
            current.size = offset;
        }
        newcomers.forEach(applied::accepted);
        if (!over.isEmpty()) {
            applied.over(over);
        }
        messages(ops.stream().filter(Op::refused).toList()).forEach(applied::abandoned);
    }

    /// Those of the records that hold a new message.
    private static Stream<Entry.Message> messages(List<Op> ops) {
        return ops.stream()
                .filter(op -> op instanceof Op.Accept)
                .map(Op::entry)
                .filter(entry -> entry instanceof Entry.Message)
                .map(entry -> (Entry.Message) entry);
    }

    /// Opens or mends the segment to write to, and begins the next when it is full.
    private void ready() throws IOException {
        if (doubt) {
            closeAppender();
            if (segments.appendable()) {
                Segment current = segments.current();
                appender = disk.append(current.file(), current.size);
                appender.keepAhead(Limits.AHEAD_BYTES);
                appender.sync();
                disk.syncFolder(Segment.FOLDER);
            }
            doubt = false;
            forgetDoubtful();
        }
        if (rolling || !segments.appendable() || segments.current().size >= limits.segmentBytes()) {
            rolling = false; // first: who asks meanwhile asks for the next one
            begin();
        }
    }

    /// Nothing of these is on the disk any more: their bodies can go.
    private void forgetDoubtful() {
        doubtful.forEach(applied::abandoned);
        doubtful.clear();
    }

    private void begin() throws IOException {
        long number = segments.nextNumber();
        String file = Segment.file(number);
        // half made by an attempt that failed: it never held a record
        disk.delete(file);
        long tag = random.nextLong();
        Disk.Appender fresh = disk.create(file);
        try {
            fresh.write(new Segment.Header(number, tag, nextId.get()).bytes());
            fresh.keepAhead(Limits.AHEAD_BYTES);
            fresh.sync();
            disk.syncFolder(Segment.FOLDER);
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        closeAppender();
        appender = fresh;
        segments.add(new Segment(number, tag, Segment.HEADER_BYTES));
    }

    private void closeAppender() throws IOException {
        Disk.Appender before = appender;
        appender = null;
        if (before != null) {
            before.close();
        }
    }

    private void report(IOException e) {
        if (!faulty) {
            log.line("queue: alert: unable to write: " + e.getMessage() + "; refusing mail until it works again");
        }
        faulty = true;
        trouble = Optional.of(new Trouble(e.getMessage(), clock.millis()));
    }

    /// Why the last write failed, as long as that is news: when nobody writes, nobody knows.
    Optional<String> trouble() {
        long now = clock.millis();
        return trouble.filter(last -> now - last.at < TROUBLE_MILLIS)
                .map(last -> "unable to write: " + last.why + "; mail is refused until it works again");
    }
}
