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
        private boolean noted;
        private Optional<IOException> failed = Optional.empty();

        Arrival(Disk.Appender file, Notes.Note note) {
            this.file = file;
            this.note = note;
        }

        /// Whether the file and its name are; then a note may speak of it, even one that failed.
        boolean durable() {
            return durable;
        }

        /// Why its note does not count, if it does not; it may be on the disk all the same if the file is.
        Optional<IOException> failed() {
            return noted
                    ? Optional.empty()
                    : Optional.of(
                            failed.isPresent()
                                    ? new IOException(failed.get().getMessage(), failed.get())
                                    : new IOException("the delivery broke off"));
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

    /// Makes files, their names in `tmp`, and then their notes durable, or says in each what failed.
    ///
    /// @param arrivals at least one
    void commit(List<Arrival> arrivals) {
        if (!disk.canSyncAll()) {
            arrivals.forEach(this::syncAlone); // many at once, each in its own thread
        }
        Group group = join(arrivals);
        if (group.arrivals.getFirst() == arrivals.getFirst()) {
            try {
                work(group.arrivals);
            } finally {
                over(group);
            }
        }
    }

    private void syncAlone(Arrival arrival) {
        try {
            arrival.sync(disk);
        } catch (IOException e) {
            arrival.failed = Optional.of(e);
        }
    }

    /// Waits for the group to be over; the one that leads it, for its turn. A stop does not cut that short: a durable
    /// note must not become an unknown one, and a sync is short.
    private Group join(List<Arrival> arrivals) {
        lock.lock();
        try {
            Group group = gathering;
            boolean leads = group.arrivals.isEmpty();
            group.arrivals.addAll(arrivals);
            if (!leads) {
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
        List<Arrival> rest = new ArrayList<>(group);
        rest.removeIf(Arrival::durable);
        if (rest.size() > 1 && disk.canSyncAll()) {
            try {
                disk.syncAll();
                rest.forEach(arrival -> arrival.durable = true);
            } catch (IOException e) {
                rest.forEach(arrival -> arrival.failed = Optional.of(e));
            }
        } else {
            rest.forEach(this::syncAlone);
        }
        List<Arrival> durable = new ArrayList<>(group);
        durable.removeIf(arrival -> !arrival.durable);
        if (durable.isEmpty()) {
            return;
        }
        List<Notes.Note> fresh = new ArrayList<>(durable.size());
        durable.forEach(arrival -> fresh.add(arrival.note));
        try {
            notes.write(fresh);
            durable.forEach(arrival -> arrival.noted = true);
        } catch (IOException e) {
            durable.forEach(arrival -> arrival.failed = Optional.of(e));
        }
    }
}
