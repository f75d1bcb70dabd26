package qrate.queue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/// What the replay finds behind the last mark of the ledger: what qmail-send may not have written down when it was
/// stopped.
///
/// A message that was only held, let go or moved is none of it. Without any mark nobody kept a ledger before, and
/// nothing is recapitulated.
final class LedgerGap {
    /// Something recorded of a message.
    ///
    /// @param slot the message as it was when it ended; empty while it is in the queue
    private record Touch(Queue.Mark at, long id, Optional<Index.Slot> slot, Queue.Fate fate) {}

    private final Index index;
    private final Segments segments;
    private final Deque<Touch> touches = new ArrayDeque<>();
    private boolean kept;
    private Queue.Mark last = new Queue.Mark(0, 0);

    LedgerGap(Index index, Segments segments) {
        this.index = index;
        this.segments = segments;
    }

    /// Takes a record that was replayed.
    ///
    /// @param over the messages it ended
    void applied(Entry entry, Index.Place place, List<Index.Slot> over) {
        Queue.Mark at = place.mark();
        switch (entry) {
            case Entry.Traced(var mark) -> {
                kept = true;
                last = mark;
                while (!touches.isEmpty() && touches.getFirst().at.compareTo(mark) < 0) {
                    touches.removeFirst();
                }
            }
            case Entry.Held _ -> {
                // no event of the ledger
            }
            case Entry.Message message -> {
                touch(at, message.id());
                if (message.about().id() != 0) {
                    touch(at, message.about().id());
                }
                for (Index.Slot slot : over) {
                    boolean bounced = slot.id == message.ends();
                    ended(at, slot, bounced ? new Queue.Fate.Bounced(message.id()) : new Queue.Fate.Delivered());
                }
            }
            case Entry.Settled settled -> {
                touch(at, settled.id());
                over.forEach(slot -> ended(at, slot, new Queue.Fate.Delivered()));
            }
            case Entry.Deferred deferred -> touch(at, deferred.id());
            case Entry.Dropped _ -> over.forEach(slot -> ended(at, slot, new Queue.Fate.Dropped()));
        }
    }

    private void touch(Queue.Mark at, long id) {
        index.get(id)
                .map(slot -> new Queue.Fate.Queued(slot.attempted != 0))
                .ifPresent(fate -> touches.addLast(new Touch(at, id, Optional.empty(), fate)));
    }

    private void ended(Queue.Mark at, Index.Slot slot, Queue.Fate fate) {
        touches.addLast(new Touch(at, slot.id, Optional.of(slot), fate));
    }

    /// Tells of each message once, and forgets it; from now on the cleaner waits for the ledger.
    void each(Journal journal, Consumer<Queue.Recap> each) throws IOException {
        segments.traced(kept ? last : segments.mark());
        TreeSet<Long> told = new TreeSet<>();
        // going backwards, the end of a message comes before what led to it
        for (Touch touch : (Iterable<Touch>) touches::descendingIterator) {
            if (kept && told.add(touch.id)) {
                Optional<Index.Slot> slot = touch.slot.or(() -> index.get(touch.id));
                if (slot.isPresent()) {
                    each.accept(new Queue.Recap(read(journal, slot.get(), touch.fate), touch.fate));
                }
            }
        }
        touches.clear();
    }

    /// A message as it was at its end; the index keeps no states of one that was delivered to all.
    private static Queue.Message read(Journal journal, Index.Slot slot, Queue.Fate fate) throws IOException {
        try {
            Queue.Message message =
                    journal.reading().message(slot, journal.reading().content(slot));
            return fate instanceof Queue.Fate.Delivered
                    ? new Queue.Message(
                            message.id(),
                            message.birth(),
                            message.envelope(),
                            message.body(),
                            Collections.nCopies(message.states().size(), new Queue.State.Delivered()),
                            message.warned())
                    : message;
        } catch (Entry.Nonsense e) {
            throw new IOException("message " + slot.id + ": " + e.getMessage(), e);
        }
    }
}
