package qrate.queue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import qrate.core.Body;
import qrate.core.Disk;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.RealDisk;
import qrate.core.Verdict;

/// {@link Queue} over an append-only journal; the package page says how it works.
public final class Journal implements Queue, AutoCloseable {
    /// How often qmail-clean passes.
    static final Duration CLEAN_EVERY = Duration.ofSeconds(30);

    /// Large bodies written at the same time.
    static final int BODY_WRITERS = 4;

    private static final int READ_TRIES = 4;

    /// What the journal stands on.
    ///
    /// @param random makes the segments' tags, which strangers must not guess
    record World(Disk disk, InstantSource clock, RandomGenerator random, Log log, Limits limits) {}

    private final World world;
    private final Index index = new Index();
    private final Segments segments = new Segments();
    private final Bodies bodies;
    private final JournalReader reading;
    private final LedgerGap touched;
    private final AtomicLong nextId;
    private final Committer committer;
    private final Cleaner cleaner;
    private final Workers workers;
    private final Freeze freeze;
    private volatile Optional<Consumer<Owed>> listener = Optional.empty();

    /// Opens the queue in a folder, which must exist, for this process alone, and starts its threads.
    ///
    /// @throws IOException when another process has it, or it cannot be read
    public static Journal open(Path folder, InstantSource clock, Log log) throws IOException {
        QueueLock lock = QueueLock.take(folder);
        try {
            World world = new World(new RealDisk(folder), clock, new SecureRandom(), log, Limits.STANDARD);
            return new Journal(world, new Workers.Threads(lock, log));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /// Replays what is there.
    Journal(World world, Workers workers) throws IOException {
        this.world = world;
        this.workers = workers;
        this.bodies = new Bodies(world.disk());
        this.reading = new JournalReader(world.disk(), index, bodies);
        this.touched = new LedgerGap(index, segments);
        this.nextId = new AtomicLong(new Replay(world, index, segments, touched).run());
        this.committer = new Committer(world, index, segments, nextId, new Applied());
        this.freeze = new Freeze(world.clock());
        this.cleaner = new Cleaner(world, index, segments, bodies, this, freeze);
        try {
            committer.open();
        } catch (IOException e) {
            // a full or read-only disk must not keep what is queued from going out
            world.log().line("queue: alert: unable to write: " + e.getMessage());
        }
        world.log()
                .line("queue: status: " + index.size() + " messages in " + segments.count() + " segments, next id "
                        + nextId.get());
        workers.start(committer, this::cleanQuietly);
    }

    @Override
    public Verdict accept(Envelope envelope, Body body) {
        return accept(0, Entry.About.NOTHING, envelope, body);
    }

    @Override
    public Verdict bounced(long id, Envelope envelope, Body bounce) {
        if (index.get(id).isEmpty()) {
            return new Verdict.Never(new Gone(id).getMessage());
        }
        return accept(id, Entry.About.NOTHING, envelope, bounce);
    }

    @Override
    public Verdict reported(long id, Envelope envelope, Body report, Told told) {
        Entry.About about = new Entry.About(id, told.endings(), told.late());
        if (!index.unreported(about)) {
            return new Verdict.Never("reported already: " + id);
        }
        return accept(0, about, envelope, report);
    }

    private Verdict accept(long ends, Entry.About about, Envelope envelope, Body body) {
        if (envelope.recipients().size() > Limits.RECIPIENTS_MAX) {
            return new Verdict.Never("too many recipients (#5.5.3)");
        }
        if (body.size() > Limits.BODY_BYTES_MAX) {
            return new Verdict.Never("message too large for the queue (#5.3.4)");
        }
        long id = nextId.getAndIncrement();
        long birth = world.clock().millis();
        boolean inline = body.size() <= world.limits().inlineBytes();
        Entry.Encoder record =
                new Entry.Encoder(256 + (inline ? (int) body.size() : 0)).message(id, ends, birth, envelope);
        Entry.Marks marks = new Entry.Marks(envelope.held(), false);
        if (record.envelopeBytes() > Limits.ENVELOPE_BYTES_MAX) {
            return new Verdict.Never("envelope too large for the queue (#5.5.3)");
        }
        try {
            Entry.Stored stored = inline ? inline(record, body) : apart(record, id, body);
            record.endings(List.of());
            int recipients = envelope.recipients().size();
            if (about.id() != 0) {
                record.about(about);
            }
            Entry.Message message = new Entry.Message(id, ends, birth, 0, recipients, stored, List.of(), marks, about);
            if (workers.submit(committer, new Op.Accept(message, record))) {
                return new Verdict.Delivered("ok " + birth / 1000 + " qp " + id);
            }
            return new Verdict.Never(new Gone(ends + about.id()).getMessage());
        } catch (IOException e) {
            return later(e);
        }
    }

    private static Entry.Stored inline(Entry.Encoder record, Body body) throws IOException {
        int size = (int) body.size();
        int at = record.inlineBody(size);
        try (InputStream in = body.open()) {
            if (in.readNBytes(record.bytes(), at, size) < size || in.read() >= 0) {
                throw new IOException("the message has not the size it was said to have");
            }
        }
        return new Entry.Stored.Inline(at, size);
    }

    private Entry.Stored apart(Entry.Encoder record, long id, Body body) throws IOException {
        try {
            Entry.Stored.File file = workers.onPlatform(() -> bodies.write(id, body));
            record.fileBody(file.size(), file.crc());
            return file;
        } catch (IOException e) {
            deleteBody(id);
            bodies.recorded(id);
            throw e;
        }
    }

    private Verdict later(IOException e) {
        String why = String.valueOf(e.getMessage());
        boolean full = why.contains("No space left") || why.contains("quota exceeded");
        return new Verdict.Later("qq write error or disk full (" + (full ? "#4.3.1" : "#4.3.0") + ")");
    }

    @Override
    public void onAccepted(Consumer<Owed> newcomer) {
        synchronized (index) {
            listener = Optional.of(newcomer);
        }
    }

    @Override
    public void owed(Consumer<Owed> each) {
        for (long id : index.ids()) {
            Optional<Owed> owed = index.get(id).filter(slot -> !slot.announced).map(Journal::owed);
            owed.ifPresent(each);
        }
    }

    private static Owed owed(Index.Slot slot) {
        return new Owed(slot.id, slot.birth, slot.attempted, slot.held);
    }

    /// How many messages are not over.
    public int size() {
        return index.size();
    }

    @Override
    public Message read(long id) throws IOException {
        for (int left = READ_TRIES; ; left--) {
            Index.Slot slot = index.get(id).orElseThrow(() -> new Gone(id));
            try {
                return reading.message(slot, reading.content(slot));
            } catch (NoSuchFileException e) {
                if (left == 1) { // each time moved to another segment between the look and the read
                    throw e;
                }
            } catch (Entry.Nonsense e) {
                throw new IOException("message " + id + ": " + e.getMessage(), e);
            }
        }
    }

    JournalReader reading() {
        return reading;
    }

    @Override
    public void settle(long id, List<Ending> endings) throws IOException {
        List<Ending> part = new ArrayList<>();
        int bytes = 0;
        for (Ending ending : endings) {
            Ending kept = ending;
            if (ending instanceof Ending.Failed(int number, String why)) {
                kept = new Ending.Failed(number, why.length() <= WHY_CHARS_MAX ? why : why.substring(0, WHY_CHARS_MAX));
                bytes += 3 * why.length();
            }
            bytes += 6;
            part.add(kept);
            if (bytes > Limits.ENDINGS_BYTES_MAX) {
                note(new Entry.Settled(id, part), new Entry.Encoder(bytes).settled(id, part));
                part = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!part.isEmpty()) {
            note(new Entry.Settled(id, part), new Entry.Encoder(16 + bytes).settled(id, part));
        }
    }

    @Override
    public void deferred(long id, Instant attempted) throws IOException {
        long millis = attempted.toEpochMilli();
        note(new Entry.Deferred(id, millis), new Entry.Encoder(32).deferred(id, millis));
    }

    @Override
    public void drop(long id) throws IOException {
        note(new Entry.Dropped(id), new Entry.Encoder(16).dropped(id));
    }

    @Override
    public boolean hold(long id, boolean held) throws IOException {
        return note(new Entry.Held(id, held), new Entry.Encoder(16).held(id, held));
    }

    private boolean note(Entry entry, Entry.Encoder record) throws IOException {
        return index.get(entry.id()).isPresent() && workers.submit(committer, new Op.Note(entry, record));
    }

    @Override
    public Mark mark() {
        synchronized (index) {
            return segments.mark();
        }
    }

    @Override
    public void traced(Mark mark) {
        // the ledger has it, whether the next lines can be written or not: what is cleaned must not wait for a full
        // disk
        segments.traced(mark);
        try {
            workers.submit(committer, new Op.Note(new Entry.Traced(mark), new Entry.Encoder(32).traced(mark)));
        } catch (IOException e) {
            world.log().line("queue: warning: unable to mark what the ledger holds: " + e.getMessage());
        }
    }

    @Override
    public void recaps(Consumer<Recap> each) throws IOException {
        touched.each(this, each);
    }

    @Override
    public long freeze(Duration lease) throws IOException {
        freeze.begin(lease);
        try {
            cleaner.awaitPass();
            long before = mark().segment();
            committer.roll();
            // no message has the id 0: nothing is written, but the writer comes by and begins the segment
            workers.submit(committer, new Op.Note(new Entry.Deferred(0, 0), new Entry.Encoder(0)));
            long now = mark().segment();
            if (now == before) {
                throw new IOException("no new segment was begun");
            }
            return now;
        } catch (IOException | RuntimeException e) {
            freeze.keep(Duration.ZERO);
            throw e;
        }
    }

    @Override
    public boolean keepFrozen(Duration lease) {
        return freeze.keep(lease);
    }

    /// Why mail cannot be written down at the moment.
    public Optional<String> problem() {
        return committer.trouble();
    }

    /// qmail-clean: one pass, as a running queue makes every half minute.
    ///
    /// @throws IOException when it could not do all; the next pass goes on
    public void clean() throws IOException {
        cleaner.clean();
    }

    private void cleanQuietly() {
        try {
            clean();
        } catch (IOException e) {
            world.log().line("queue: warning: unable to clean: " + e.getMessage());
        }
    }

    /// Writes records under as few syncs as possible.
    void write(List<Op> ops) throws IOException {
        workers.submit(committer, ops);
    }

    private void deleteBody(long id) {
        try {
            bodies.delete(id);
        } catch (IOException e) {
            world.log().line("queue: warning: body of " + id + " is left to the cleaner: " + e.getMessage());
        }
    }

    /// Writes what waits, and lets the folder go.
    @Override
    public void close() throws IOException {
        workers.stop(committer);
    }

    /// What becomes of the index's messages outside it; on the committer's thread.
    private final class Applied implements Committer.Applied {
        @Override
        public void accepted(Entry.Message message) {
            bodies.recorded(message.id());
            Optional<Owed> owed;
            synchronized (index) {
                owed = index.get(message.id()).filter(_ -> listener.isPresent()).map(slot -> {
                    slot.announced = true;
                    return owed(slot);
                });
            }
            try {
                owed.ifPresent(newcomer -> listener.ifPresent(l -> l.accept(newcomer)));
            } catch (RuntimeException e) {
                // the message is durable whatever its listener does; the next restart lists it
                world.log().line("queue: alert: listener: " + e);
            }
        }

        @Override
        public void over(List<Index.Slot> slots) {
            if (!freeze.holds()) { // else the cleaner's sweep takes them later
                slots.stream().filter(slot -> slot.file).forEach(slot -> deleteBody(slot.id));
            }
        }

        @Override
        public void abandoned(Entry.Message message) {
            if (message.body() instanceof Entry.Stored.File) {
                deleteBody(message.id());
                bodies.recorded(message.id());
            }
        }
    }
}
