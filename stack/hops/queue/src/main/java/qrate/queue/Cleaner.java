package qrate.queue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import qrate.core.Disk;
import qrate.core.Log;

/// qmail-clean: deletes segments that hold nothing owed, oldest first, moves the few live messages out of old ones
/// when too much of the disk is garbage, and deletes bodies that nobody owes.
final class Cleaner {
    /// Records moved under one sync.
    private static final int MOVES_MAX = 256;

    private final Disk disk;
    private final Limits limits;
    private final Log log;
    private final Index index;
    private final Segments segments;
    private final Bodies bodies;
    private final Journal journal;
    private final Freeze freeze;

    Cleaner(Journal.World world, Index index, Segments segments, Bodies bodies, Journal journal, Freeze freeze) {
        this.disk = world.disk();
        this.limits = world.limits();
        this.log = world.log();
        this.index = index;
        this.segments = segments;
        this.bodies = bodies;
        this.journal = journal;
        this.freeze = freeze;
    }

    /// Waits for a pass under way; the next sees what was frozen before.
    synchronized void awaitPass() {
        // having the lock is all
    }

    /// One pass; what could not be done now is done by the next.
    synchronized void clean() throws IOException {
        if (freeze.holds()) {
            return;
        }
        for (Optional<Segment> oldest = segments.oldest(); oldest.isPresent(); oldest = segments.oldest()) {
            Segment segment = oldest.get();
            if (segment.pinned || !empty(segment) || !segments.isTraced(segment)) {
                break;
            }
            disk.delete(segment.file());
            // a younger one may go only when this one cannot come back
            disk.syncFolder(Segment.FOLDER);
            segments.gone(segment);
        }
        sweep();
    }

    /// Whether nothing is owed in a segment, after moving out what was, if that is worth it.
    private boolean empty(Segment segment) throws IOException {
        long[] ids = index.idsIn(segment);
        if (ids.length == 0) {
            return true;
        }
        synchronized (index) {
            if (segments.garbageBytes() < limits.garbageBytes() + segments.liveBytes()) {
                return false;
            }
        }
        List<Op> moves = new ArrayList<>();
        long bytes = 0;
        for (long id : ids) {
            try {
                Optional<Op.Move> move = move(id, segment);
                move.ifPresent(moves::add);
                bytes += move.map(m -> m.bytes()).orElse(0);
            } catch (IOException e) {
                // damaged since the start: it stays where it is, and keeps its segment
                log.line("queue: alert: unable to move message " + id + ": " + e.getMessage());
            }
            if (moves.size() == MOVES_MAX || bytes > limits.batchBytes()) {
                journal.write(moves);
                moves.clear();
                bytes = 0;
            }
        }
        journal.write(moves);
        return index.idsIn(segment).length == 0;
    }

    /// A copy of a message to write, or empty if it is over or stands elsewhere.
    private Optional<Op.Move> move(long id, Segment from) throws IOException {
        Optional<Index.Slot> slot = index.get(id).filter(s -> s.segment == from);
        if (slot.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] content = journal.reading().content(slot.get());
            List<Queue.State> states =
                    journal.reading().message(slot.get(), content).states();
            List<Queue.Ending> endings = new ArrayList<>();
            int bytes = 0;
            for (int i = 0; i < states.size(); i++) {
                switch (states.get(i)) {
                    case Queue.State.Pending _ -> {
                        /* nothing to tell */
                    }
                    case Queue.State.Delivered _ -> endings.add(new Queue.Ending.Done(i));
                    case Queue.State.Refused(String why) -> {
                        bytes += 3 * why.length();
                        endings.add(new Queue.Ending.Failed(i, bytes < Limits.MOVED_REASONS_BYTES_MAX ? why : ""));
                    }
                }
            }
            return Optional.of(new Op.Move(content, (Entry.Message) Entry.decode(content), endings, from));
        } catch (Entry.Nonsense e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void sweep() throws IOException {
        for (String name : disk.list(Bodies.FOLDER)) {
            OptionalLong id = Bodies.id(name);
            if (id.isPresent()
                    && !bodies.unrecorded(id.getAsLong())
                    && index.get(id.getAsLong()).isEmpty()) {
                disk.delete(Bodies.FOLDER + "/" + name);
            }
        }
    }
}
