package qrate.send;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Verdict;
import qrate.queue.Queue;

/// A queue that forgets everything with the process: what the scheduler's tests need, and no more.
final class MemoryQueue implements Queue {
    private static final class Kept {
        final Instant birth;
        final Envelope envelope;
        final Body body;
        final List<State> states = new ArrayList<>();
        Instant attempted = Instant.EPOCH;
        boolean held;
        boolean warned;

        Kept(Instant birth, Envelope envelope, Body body) {
            this.birth = birth;
            this.envelope = envelope;
            this.body = body;
            this.held = envelope.held();
            envelope.recipients().forEach(_ -> states.add(new State.Pending()));
        }
    }

    private final InstantSource clock;
    private final TreeMap<Long, Kept> messages = new TreeMap<>();
    private final Map<Long, Integer> bounces = new TreeMap<>();
    private Consumer<Owed> newcomer = _ -> {};
    private long last;
    private boolean unreadable;
    private boolean full;

    MemoryQueue(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void unreadable(boolean now) {
        unreadable = now;
    }

    synchronized void full(boolean now) {
        full = now;
    }

    synchronized List<Long> ids() {
        return List.copyOf(messages.keySet());
    }

    /// How many bounces were made for a message.
    synchronized int bounces(long id) {
        return bounces.getOrDefault(id, 0);
    }

    /// Whether somebody was refused.
    synchronized boolean isRefused(long id) {
        Kept kept = messages.get(id);
        return kept != null && kept.states.stream().anyMatch(State.Refused.class::isInstance);
    }

    synchronized Instant attempted(long id) {
        return messages.get(id).attempted;
    }

    @Override
    public long freeze(Duration lease) {
        return 1;
    }

    @Override
    public boolean keepFrozen(Duration lease) {
        return true;
    }

    @Override
    public synchronized void owed(Consumer<Owed> each) {
        messages.forEach((id, kept) ->
                each.accept(new Owed(id, kept.birth.toEpochMilli(), kept.attempted.toEpochMilli(), kept.held)));
    }

    @Override
    public synchronized void onAccepted(Consumer<Owed> listener) {
        newcomer = listener;
    }

    @Override
    public synchronized Verdict accept(Envelope envelope, Body body) {
        if (full) {
            return new Verdict.Later("no space left");
        }
        try (InputStream in = body.open()) {
            messages.put(++last, new Kept(clock.instant(), envelope, Body.of(in.readAllBytes())));
        } catch (IOException e) {
            return new Verdict.Later(e.toString());
        }
        newcomer.accept(new Owed(last, clock.millis(), 0, envelope.held()));
        return new Verdict.Delivered("ok " + clock.millis() / 1000 + " qp " + last);
    }

    @Override
    public synchronized Message read(long id) throws IOException {
        Kept kept = messages.get(id);
        if (kept == null || unreadable) {
            throw new IOException("cannot be read");
        }
        return new Message(id, kept.birth, kept.envelope, kept.body, List.copyOf(kept.states), kept.warned);
    }

    @Override
    public synchronized void settle(long id, List<Ending> endings) throws IOException {
        if (full) {
            throw new IOException("no space left");
        }
        Kept kept = messages.get(id);
        for (Ending ending : endings) {
            if (!(kept.states.get(ending.number()) instanceof State.Pending)) {
                throw new IllegalStateException("settled twice: " + ending);
            }
            kept.states.set(
                    ending.number(),
                    switch (ending) {
                        case Ending.Done _ -> new State.Delivered();
                        case Ending.Failed failed -> new State.Refused(failed.why());
                    });
        }
        if (kept.states.stream().allMatch(State.Delivered.class::isInstance)) {
            messages.remove(id);
        }
    }

    @Override
    public synchronized void deferred(long id, Instant at) throws IOException {
        if (full) {
            throw new IOException("no space left");
        }
        messages.get(id).attempted = at;
    }

    @Override
    public synchronized Verdict bounced(long id, Envelope envelope, Body bounce) {
        Verdict verdict = accept(envelope, bounce);
        if (verdict instanceof Verdict.Delivered) {
            messages.remove(id);
            bounces.merge(id, 1, Integer::sum);
        }
        return verdict;
    }

    @Override
    public synchronized void drop(long id) throws IOException {
        if (full) {
            throw new IOException("no space left");
        }
        messages.remove(id);
    }

    @Override
    public synchronized boolean hold(long id, boolean held) throws IOException {
        if (full) {
            throw new IOException("no space left");
        }
        Kept kept = messages.get(id);
        if (kept != null) {
            kept.held = held;
        }
        return kept != null;
    }

    @Override
    public synchronized Verdict reported(long id, Envelope envelope, Body report, Told told) {
        Kept kept = messages.get(id);
        if (kept == null || (told.late() && kept.warned)) {
            return new Verdict.Never("reported already");
        }
        Verdict verdict = accept(envelope, report);
        if (verdict instanceof Verdict.Delivered) {
            kept.warned |= told.late();
            try {
                settle(id, told.endings());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return verdict;
    }

    @Override
    public Mark mark() {
        return new Mark(0, 0);
    }

    @Override
    public void traced(Mark mark) {
        // nothing survives this queue
    }

    @Override
    public void recaps(Consumer<Recap> each) {
        // nothing survives this queue
    }
}
