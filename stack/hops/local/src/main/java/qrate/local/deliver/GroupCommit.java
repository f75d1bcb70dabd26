package qrate.local.deliver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import qrate.core.Disk;

/// Makes files of many deliveries durable together, and then their notes: two syncs, however many they are.
///
/// Who comes first while a group is under way leads the next one, and does its work for all that joined meanwhile. So
/// nobody waits for company: one delivery alone is a group too.
final class GroupCommit {
    private final Disk disk;
    private final Notes notes;
    private final Lock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private Group gathering = new Group(lock.newCondition());
    private boolean busy;

    GroupCommit(Disk disk, Notes notes) {
        this.disk = disk;
        this.notes = notes;
    }

    /// One delivery that is written to `tmp`.
    static final class Arrival {
        private final Disk.Appender file;
        private final Notes.Note note;
        private boolean durable;
        private Optional<IOException> failed = Optional.of(new IOException("the delivery broke off"));

        Arrival(Disk.Appender file, Notes.Note note) {
            this.file = file;
            this.note = note;
        }

        /// Whether the file and its name are; then a note may speak of it, even one that failed.
        boolean durable() {
            return durable;
        }

        private void sync(Disk disk) throws IOException {
            if (!durable) {
                file.sync();
                disk.syncFolder(note.maildir() + "/tmp");
                durable = true;
            }
        }
    }

    private static final class Group {
        private final List<Arrival> arrivals = new ArrayList<>();
        private final Condition end;
        private boolean over;

        Group(Condition end) {
            this.end = end;
        }
    }

    /// Makes the file, its name in `tmp`, and then the note durable.
    ///
    /// @throws IOException when the note does not count; it may be on the disk all the same if the file is
    void commit(Arrival arrival) throws IOException {
        if (!disk.canSyncAll()) {
            arrival.sync(disk); // many at once, each in its own thread
        }
        Group group = join(arrival);
        if (group.arrivals.getFirst() == arrival) {
            try {
                work(group.arrivals);
            } finally {
                over(group);
            }
        }
        if (arrival.failed.isPresent()) {
            throw new IOException(arrival.failed.get().getMessage(), arrival.failed.get());
        }
    }

    /// Waits for the group to be over; the one that leads it, for its turn. A stop does not cut that short: a durable
    /// note must not become an unknown one, and a sync is short.
    private Group join(Arrival arrival) {
        lock.lock();
        try {
            Group group = gathering;
            group.arrivals.add(arrival);
            if (group.arrivals.size() > 1) {
                while (!group.over) {
                    group.end.awaitUninterruptibly();
                }
                return group;
            }
            while (busy) {
                idle.awaitUninterruptibly();
            }
            busy = true;
            gathering = new Group(lock.newCondition());
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void over(Group group) {
        lock.lock();
        try {
            busy = false;
            group.over = true;
            group.end.signalAll();
            idle.signal();
        } finally {
            lock.unlock();
        }
    }

    private void work(List<Arrival> group) {
        List<Arrival> rest = group.stream().filter(arrival -> !arrival.durable).toList();
        if (rest.size() > 1 && disk.canSyncAll()) {
            try {
                disk.syncAll();
                rest.forEach(arrival -> arrival.durable = true);
            } catch (IOException e) {
                rest.forEach(arrival -> arrival.failed = Optional.of(e));
            }
        } else {
            for (Arrival arrival : rest) {
                try {
                    arrival.sync(disk);
                } catch (IOException e) {
                    arrival.failed = Optional.of(e);
                }
            }
        }
        List<Arrival> durable =
                group.stream().filter(arrival -> arrival.durable).toList();
        if (durable.isEmpty()) {
            return;
        }
        Optional<IOException> failed = Optional.empty();
        try {
            notes.write(durable.stream().map(arrival -> arrival.note).toList());
        } catch (IOException e) {
            failed = Optional.of(e);
        }
        for (Arrival arrival : durable) {
            arrival.failed = failed;
        }
    }
}
