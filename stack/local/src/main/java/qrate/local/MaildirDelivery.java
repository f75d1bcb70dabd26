package qrate.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
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
/// 1. `tmp/NAME` is written and synced, and its name too. 2. A note says that this delivery has this name. 3. The file
/// is renamed to `new/NAME`, and that is synced. A repeated delivery that finds a note does no more than step 3, if
/// the file is still in `tmp`; else it has been visible, and belongs to its reader. One that finds no note starts anew,
/// since nothing was visible.
///
/// It counts on a file system that keeps the order of changes to one file's name, as journals do.
final class MaildirDelivery {
    private static final int LOCKS = 1024;
    private static final int BUFFER_BYTES = 64 << 10;

    private final Disk disk;
    private final Notes notes;
    private final String host;
    private final Lock[] locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(Lock[]::new);

    MaildirDelivery(Disk disk, Notes notes, String host) {
        this.disk = disk;
        this.notes = notes;
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
                if (!show(noted.get())) {
                    // it was renamed, but perhaps not synced
                    syncNew(maildir);
                }
                return false;
            }
            String name = MaildirName.of(key.birthMillis() / 1000, key.id(), key.number(), host, body.size());
            write(maildir, name, make, body);
            Notes.Note note = new Notes.Note(key, nowMillis, maildir, name);
            notes.write(note);
            show(note);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void write(String maildir, String name, boolean make, Body body) throws IOException {
        String file = maildir + "/tmp/" + name;
        if (disk.exists(file)) {
            // a note that failed to be written must be gone for good before the file it speaks of goes
            notes.heal();
            disk.delete(file);
        }
        Disk.Appender appender = create(maildir, file, make);
        try (appender) {
            copy(body, appender);
            appender.sync();
        } catch (IOException e) {
            try {
                disk.delete(file);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        disk.syncFolder(maildir + "/tmp");
    }

    private Disk.Appender create(String maildir, String file, boolean make) throws IOException {
        try {
            return disk.create(file);
        } catch (NoSuchFileException e) {
            if (!make) {
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
        String from = note.maildir() + "/tmp/" + note.name();
        if (!disk.exists(from)) {
            return false;
        }
        String to = note.maildir() + "/new/" + note.name();
        try {
            disk.rename(from, to);
        } catch (NoSuchFileException _) {
            // a Maildir that was half made when a crash came
            Maildir.make(disk, note.maildir());
            disk.rename(from, to);
        }
        disk.syncFolder(note.maildir() + "/new");
        return true;
    }

    private void syncNew(String maildir) throws IOException {
        try {
            disk.syncFolder(maildir + "/new");
        } catch (NoSuchFileException _) {
            // the mailbox was deleted, and its mail with it
        }
    }

    /// Says that these deliveries will not be asked for again.
    void settled(long id, List<Integer> numbers) {
        notes.forget(id, numbers);
    }
}
