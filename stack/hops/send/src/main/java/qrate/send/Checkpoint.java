package qrate.send;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import qrate.ledger.Ledger;
import qrate.queue.Queue;
import qrate.queue.Queue.Fate;
import qrate.queue.Queue.State;

/// Keeps the ledger and the journal together over a crash.
///
/// Every ten seconds it looks how far the journal is, waits until the lines of everything recorded before are in the
/// ledger, syncs the ledger, and has the journal remember the place. What stands behind the last such place is
/// recapitulated at the next start: written again, as lines that begin with `recovered`.
final class Checkpoint {
    static final long EVERY_MILLIS = 10_000;

    private final Queue queue;
    private final Ledger ledger;
    private final Executor executor;
    private final Map<Active, Long> unrecorded = new HashMap<>();
    private Queue.Mark mark = new Queue.Mark(0, 0);
    private boolean waiting;
    private long next;

    Checkpoint(Queue queue, Ledger ledger, Executor executor) {
        this.queue = queue;
        this.ledger = ledger;
        this.executor = executor;
    }

    /// Writes what the ledger may lack; at the start, before anything else happens.
    void recover() {
        mark = queue.mark();
        try {
            queue.recaps(this::write);
        } catch (IOException e) {
            ledger.status("warning: unable to recover the ledger: " + e);
        }
        ledger.sync();
        queue.traced(mark);
    }

    private void write(Queue.Recap recap) {
        Queue.Message message = recap.message();
        boolean untouched = message.states().stream().allMatch(State.Pending.class::isInstance);
        if (recap.fate() instanceof Fate.Queued(boolean attempted) && !attempted && untouched) {
            return; // the scheduler announces it, and nobody ended
        }
        String prefix = "recovered msg " + message.id() + ": ";
        ledger.note(prefix + "bytes " + message.body().size() + " from <"
                + Texts.oneWord(message.envelope().sender()) + "> recipients "
                + message.states().size());
        for (int i = 0; i < message.states().size(); i++) {
            String state = switch (message.states().get(i)) {
                case State.Pending _ -> "queued";
                case State.Delivered _ -> "delivered";
                case State.Refused _ -> "refused";
            };
            ledger.note(prefix + "recipient " + i + " " + state + " "
                    + Texts.oneWord(message.envelope().recipients().get(i).address()));
        }
        ledger.note(prefix
                + switch (recap.fate()) {
                    case Fate.Queued _ -> "queued";
                    case Fate.Delivered _ -> "end delivered";
                    case Fate.Bounced(long bounce) -> "end bounced qp " + bounce;
                    case Fate.Dropped _ -> "end dropped";
                });
    }

    /// Goes on; under the scheduler's lock.
    void step(long now, Collection<Active> active) {
        if (!waiting && now >= next && ledger.isUnsynced()) {
            next = now + EVERY_MILLIS;
            waiting = true;
            mark = queue.mark();
            active.stream().filter(Active::atDisk).forEach(a -> unrecorded.put(a, a.records()));
        }
        unrecorded.entrySet().removeIf(one -> one.getKey().records() > one.getValue());
        if (waiting && unrecorded.isEmpty()) {
            waiting = false;
            Queue.Mark reached = mark;
            executor.execute(() -> {
                ledger.sync();
                queue.traced(reached);
            });
        }
    }

    /// The last one, when nothing is on its way any more.
    void close() {
        Queue.Mark reached = queue.mark();
        ledger.sync();
        queue.traced(reached);
    }
}
