package qrate.local.deliver;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import qrate.core.Body;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.maildir.Maildir;
import qrate.maildir.MaildirName;

/// Puts a message into a Maildir exactly once, whatever crashes and whatever its reader does meanwhile.
///
/// 1. `tmp/NAME` is written and synced, and its name too. 2. A note says that this delivery has this name; from now on
/// no crash can undo it. 3. The file is renamed to `new/NAME`. A repeated delivery, or a restart, that finds a note
/// does
/// no more than step 3, if the file is still in `tmp`; else it has been visible, and belongs to its reader. One that
/// finds no note starts anew, since nothing was visible. 4. When send will not ask again, `new` is synced, once for all
/// deliveries of that moment, and only then the note goes.
///
/// It counts on a file system that keeps the order of changes to one file's name, as journals do.
final class MaildirDelivery {
    private static final int LOCKS = 1024;
    private static final int BUFFER_BYTES = 64 << 10;

    private final Disk disk;
    private final Notes notes;
    private final GroupCommit commits;
    private final String host;
    private final Lock[] locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(Lock[]::new);
    private final Queue<Settled> settled = new ConcurrentLinkedQueue<>();

    /// Deliveries of one message that send will not ask for again.
    private record Settled(long id, List<Integer> numbers) {}

    MaildirDelivery(Disk disk, Notes notes, String host) {
        this.disk = disk;
        this.notes = notes;
        this.commits = new GroupCommit(disk, notes);
        this.host = host;
    }

    /// Makes visible what a crash left between note and rename; before any delivery.
    ///
    /// @return how many messages were made visible
    int recover(Log log) {
        int made = 0;
        for (Notes.Note note : notes.all()) {
            try {
                made += show(note) ? 1 : 0;
            } catch (IOException e) {
                // the next attempt of its delivery tries again
                log.line("lspawn: warning: " + note.maildir() + ": " + e);
            }
        }
        return made;
    }

    /// Whether this delivery into this Maildir needs no room any more, since it was noted.
    boolean noted(Notes.Key key, String maildir) {
        return notes.find(key, maildir).isPresent();
    }

    /// One posting that is being made.
    private final class Writing {
        private final Maildirs.Posting posting;
        private final Lock lock;
        private Optional<Notes.Note> note = Optional.empty();
        private Optional<Disk.Appender> file = Optional.empty();
        private Optional<GroupCommit.Arrival> arrival = Optional.empty();
        private Optional<IOException> failed = Optional.empty();

        private Optional<Maildirs.Outcome> outcome = Optional.empty();

        /// @param lock to be held while it is made
        Writing(Maildirs.Posting posting, Lock lock) {
            this.posting = posting;
            this.lock = lock;
        }

        /// Writes to `tmp`, or makes visible what was noted before.
        void write() {
            try {
                Optional<Notes.Note> noted = notes.find(posting.key(), posting.maildir());
                if (noted.isPresent()) {
                    show(noted.get());
                    return;
                }
                Notes.Key key = posting.key();
                String name = MaildirName.of(key.birthMillis() / 1000, key.id(), key.number(), host, posting.body());
                Notes.Note fresh = new Notes.Note(key, posting.nowMillis(), posting.maildir(), name);
                note = Optional.of(fresh);
                Disk.Appender appender = create(posting.maildir(), temporary(fresh), posting.make());
                file = Optional.of(appender);
                arrival = Optional.of(new GroupCommit.Arrival(appender, fresh));
                copy(posting.body(), appender);
            } catch (IOException e) {
                failed = Optional.of(e);
            }
        }

        boolean waits() {
            return arrival.isPresent() && failed.isEmpty();
        }

        /// Makes it visible, if it is noted for good.
        void end() {
            outcome = Optional.of(ended());
        }

        private Maildirs.Outcome ended() {
            try (Closeable _ = this::close) {
                if (waits()) {
                    failed = arrival.orElseThrow().failed();
                }
                if (failed.isPresent() && arrival.filter(one -> !one.durable()).isPresent()) {
                    deleteAfter(failed.get(), temporary(note.orElseThrow()));
                }
                if (failed.isPresent()) {
                    return new Maildirs.Outcome.Failed(failed.get());
                }
                if (arrival.isPresent()) {
                    rename(note.orElseThrow());
                }
                return new Maildirs.Outcome.There(arrival.isPresent());
            } catch (IOException e) {
                return new Maildirs.Outcome.Failed(e);
            }
        }

        private void close() throws IOException {
            Optional<Disk.Appender> open = file;
            file = Optional.empty();
            if (open.isPresent()) {
                open.get().close();
            }
        }

        /// Lets go of what it holds, even if it was broken off.
        void leave() {
            try {
                close();
            } catch (IOException _) {
                // its outcome is known, or nobody waits for one
            } finally {
                lock.unlock();
            }
        }
    }

    /// Delivers one by itself.
    ///
    /// @return whether the message is new there
    /// @throws IOException when it may not be there yet; a later call completes it
    boolean deliver(Maildirs.Posting posting) throws IOException {
        return Maildirs.Outcome.fresh(deliver(List.of(posting)).getFirst());
    }

    /// Delivers those that were not delivered before. Their files are made durable together, and so are their notes.
    ///
    /// @return one outcome each, in their order
    List<Maildirs.Outcome> deliver(List<Maildirs.Posting> postings) {
        List<Writing> all = new ArrayList<>(postings.size());
        postings.forEach(posting -> all.add(new Writing(posting, lock(posting.key()))));
        for (List<Writing> left = all; !left.isEmpty(); ) {
            left = together(left);
        }
        List<Maildirs.Outcome> outcomes = new ArrayList<>(all.size());
        all.forEach(writing -> outcomes.add(writing.outcome.orElseThrow()));
        return outcomes;
    }

    private Lock lock(Notes.Key key) {
        return locks[Math.floorMod(key.hashCode(), LOCKS)];
    }

    /// Delivers the first one, and those others that nobody else is at: who waits for a lock holds none.
    ///
    /// @return those left over
    private List<Writing> together(List<Writing> all) {
        List<Writing> left = new ArrayList<>(0);
        List<Writing> begun = new ArrayList<>(all.size());
        try {
            List<GroupCommit.Arrival> arrivals = new ArrayList<>(all.size());
            for (Writing writing : all) {
                if (begun.isEmpty()) {
                    writing.lock.lock();
                } else if (!writing.lock.tryLock()) {
                    left.add(writing);
                    continue;
                }
                begun.add(writing);
                writing.write();
                if (writing.waits()) {
                    arrivals.add(writing.arrival.orElseThrow());
                }
            }
            if (!arrivals.isEmpty()) {
                commits.commit(arrivals);
            }
            begun.forEach(Writing::end);
            return left;
        } finally {
            begun.forEach(Writing::leave);
        }
    }

    private static String temporary(Notes.Note note) {
        return note.maildir() + "/tmp/" + note.name();
    }

    private void deleteAfter(IOException e, String file) {
        try {
            disk.delete(file);
        } catch (IOException second) {
            e.addSuppressed(second);
        }
    }

    private Disk.Appender create(String maildir, String file, boolean make) throws IOException {
        try {
            return disk.create(file);
        } catch (FileAlreadyExistsException _) {
            // a note that failed to be written must be gone for good before the file it speaks of goes
            notes.heal();
            disk.delete(file);
            return disk.create(file);
        } catch (NoSuchFileException e) {
            if (!Maildir.mayMake(disk, maildir, make)) {
                throw e;
            }
            Maildir.make(disk, maildir);
            return disk.create(file);
        }
    }

    private static void copy(Body body, Disk.Appender appender) throws IOException {
        byte[] buffer = new byte[Math.clamp(body.size(), 1, BUFFER_BYTES)];
        long left = body.size();
        try (InputStream in = body.open()) {
            while (left > 0) {
                // a whole buffer a write, since the parts of a body come in small pieces
                int length = in.readNBytes(buffer, 0, (int) Math.min(left, buffer.length));
                if (length == 0) {
                    throw new IOException("the message is shorter than it was said to be");
                }
                appender.write(buffer, 0, length);
                left -= length;
            }
        }
    }

    /// Renames a noted file into sight if it still stands in `tmp`.
    private boolean show(Notes.Note note) throws IOException {
        boolean waits = disk.exists(temporary(note));
        if (waits) {
            rename(note);
        }
        return waits;
    }

    private void rename(Notes.Note note) throws IOException {
        String from = temporary(note);
        String to = note.maildir() + "/new/" + note.name();
        try {
            disk.rename(from, to);
        } catch (NoSuchFileException _) {
            // a Maildir that was half made when a crash came
            Maildir.make(disk, note.maildir());
            disk.rename(from, to);
        }
    }

    /// Says that these deliveries will not be asked for again; their notes go with the next {@link #settle}.
    void settled(long id, List<Integer> numbers) {
        settled.add(new Settled(id, numbers));
    }

    /// Lets the notes of settled deliveries go, once their files stand in `new` for good. Notes whose folder could not
    /// be synced stay for the next time. For one thread.
    void settle(Log log) {
        List<Settled> all = new ArrayList<>();
        for (int left = settled.size(); left > 0; left--) {
            all.add(settled.remove());
        }
        Map<String, Boolean> synced = new HashMap<>();
        syncTogether(all, synced, log);
        for (Settled next : all) {
            List<String> maildirs = notes.maildirs(next.id, next.numbers);
            if (maildirs.stream().allMatch(maildir -> synced.computeIfAbsent(maildir, m -> syncNew(m, log)))) {
                notes.forget(next.id, next.numbers);
            } else {
                settled.add(next);
            }
        }
    }

    /// Syncs the folders of more than one Maildir at once, if that can be done.
    private void syncTogether(List<Settled> all, Map<String, Boolean> synced, Log log) {
        if (!disk.canSyncAll()) {
            return;
        }
        Set<String> maildirs = new HashSet<>();
        all.forEach(next -> maildirs.addAll(notes.maildirs(next.id, next.numbers)));
        if (maildirs.size() > 1) {
            try {
                disk.syncAll();
                maildirs.forEach(maildir -> synced.put(maildir, true));
            } catch (IOException e) {
                log.line("lspawn: warning: unable to sync the Maildirs, will try again: " + e);
                maildirs.forEach(maildir -> synced.put(maildir, false));
            }
        }
    }

    private boolean syncNew(String maildir, Log log) {
        try {
            disk.syncFolder(maildir + "/new");
            return true;
        } catch (NoSuchFileException _) {
            return true; // the mailbox was deleted, and its mail with it
        } catch (IOException e) {
            log.line("lspawn: warning: unable to sync " + maildir + "/new, will try again: " + e);
            return false;
        }
    }
}
