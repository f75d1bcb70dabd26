package qrate.local.deliver;

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

    /// Delivers, unless it was done before.
    ///
    /// @param maildir relative to the disk
    /// @param make whether a missing Maildir is made
    /// @return whether the message is new here
    /// @throws IOException when it may not be there yet; a later call completes it
    boolean deliver(Notes.Key key, String maildir, boolean make, Body body, long nowMillis) throws IOException {
        Lock lock = locks[Math.floorMod(key.hashCode(), LOCKS)];
        lock.lock();
        try {
            Optional<Notes.Note> noted = notes.find(key, maildir);
            if (noted.isPresent()) {
                show(noted.get());
                return false;
            }
            String name = MaildirName.of(key.birthMillis() / 1000, key.id(), key.number(), host, body);
            Notes.Note note = new Notes.Note(key, nowMillis, maildir, name);
            write(note, make, body);
            rename(note);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void write(Notes.Note note, boolean make, Body body) throws IOException {
        String file = note.maildir() + "/tmp/" + note.name();
        try (Disk.Appender appender = create(note.maildir(), file, make)) {
            GroupCommit.Arrival arrival = new GroupCommit.Arrival(appender, note);
            try {
                copy(body, appender);
                commits.commit(arrival);
            } catch (IOException e) {
                if (!arrival.durable()) {
                    deleteAfter(e, file);
                }
                throw e;
            }
        }
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
        boolean waits = disk.exists(note.maildir() + "/tmp/" + note.name());
        if (waits) {
            rename(note);
        }
        return waits;
    }

    private void rename(Notes.Note note) throws IOException {
        String from = note.maildir() + "/tmp/" + note.name();
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
