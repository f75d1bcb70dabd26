package qrate.queue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// One record on its way into the journal, and the caller that waits for it.
abstract sealed class Op {
    private final Thread waiter = Thread.currentThread();
    private volatile boolean done;
    private IOException failure;
    private boolean refused;

    /// Writes the record; false if there is nothing to write any more (the message is over).
    abstract boolean encode(Index index);

    /// The bytes written by {@link #encode}.
    abstract Entry.Encoder record();

    /// What it means, applied to the index once it is durable.
    abstract Entry entry();

    /// Whether it is written on its own, after the state it copies is settled.
    boolean copies() {
        return false;
    }

    /// Waits, whatever interrupts, since the record may become durable all the same.
    ///
    /// @return false if there was nothing to write
    boolean await() throws IOException {
        boolean interrupted = false;
        while (!done) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        return !refused;
    }

    void refuse() {
        refused = true;
    }

    /// Whether there was nothing to write.
    boolean refused() {
        return refused;
    }

    void finish(Optional<IOException> why) {
        failure = why.orElse(null);
        done = true;
        LockSupport.unpark(waiter);
    }

    /// A message, with its record made up by the caller.
    static final class Accept extends Op {
        private final Entry.Message message;
        private final Entry.Encoder record;

        Accept(Entry.Message message, Entry.Encoder record) {
            this.message = message;
            this.record = record;
        }

        @Override
        boolean encode(Index index) {
            Entry.About about = message.about();
            return (message.ends() == 0 || index.get(message.ends()).isPresent())
                    && (about.id() == 0 || index.unreported(about));
        }

        @Override
        Entry.Encoder record() {
            return record;
        }

        @Override
        Entry.Message entry() {
            return message;
        }
    }

    /// An end, an attempt, a drop.
    static final class Note extends Op {
        private final Entry entry;
        private final Entry.Encoder record;

        Note(Entry entry, Entry.Encoder record) {
            this.entry = entry;
            this.record = record;
        }

        @Override
        boolean encode(Index index) {
            return entry instanceof Entry.Traced || index.get(entry.id()).isPresent();
        }

        @Override
        Entry.Encoder record() {
            return record;
        }

        @Override
        Entry entry() {
            return entry;
        }
    }

    /// A copy of a live message, with how far it got, out of an old segment.
    static final class Move extends Op {
        private final byte[] content;
        private final Entry.Message message;
        private final List<Queue.Ending> endings;
        private final Segment from;
        private final Entry.Encoder record;
        private Entry.Message moved;

        /// @param content the record as it stands
        /// @param endings what the index says now, with the reasons
        Move(byte[] content, Entry.Message message, List<Queue.Ending> endings, Segment from) {
            this.content = content;
            this.message = message;
            this.endings = endings;
            this.from = from;
            this.record = new Entry.Encoder(content.length + 64);
            this.moved = message;
        }

        /// About how many bytes it will write.
        int bytes() {
            return content.length;
        }

        @Override
        boolean copies() {
            return true;
        }

        @Override
        boolean encode(Index index) {
            Optional<Index.Slot> slot = index.get(message.id());
            boolean same = slot.isPresent()
                    && slot.get().segment == from
                    && slot.get().recipients - slot.get().pending == endings.size();
            if (same) {
                moved = new Entry.Message(
                        message.id(),
                        0,
                        message.birth(),
                        slot.get().attempted,
                        message.recipients(),
                        message.body(),
                        endings,
                        slot.get().marks(),
                        Entry.About.NOTHING);
                record.moved(content, Entry.endingsAt(content, message), moved);
            }
            return same;
        }

        @Override
        Entry.Encoder record() {
            return record;
        }

        @Override
        Entry entry() {
            return moved;
        }
    }
}
