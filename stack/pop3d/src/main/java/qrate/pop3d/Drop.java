package qrate.pop3d;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import qrate.core.DurableFile;

/// An open box: the messages as they were when it was opened, and what the session has marked (qmail-pop3d(8)).
///
/// Numbers are those of the protocol, from 1. Sizes are those of the files, whose lines end in LF, as qmail-pop3d
/// says them.
final class Drop {
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int CHUNK_BYTES_MIN = 512;

    /// What came of carrying out the marks.
    ///
    /// @param deleted messages gone
    /// @param failed messages that were to go and are still there
    record Outcome(int deleted, int failed) {}

    private final Path maildir;
    private final List<Entry> entries;
    private final long bytes;
    private final BitSet deleted = new BitSet();
    private final BitSet read = new BitSet();
    private long deletedBytes;
    private int last;

    private Drop(Path maildir, List<Entry> entries) {
        this.maildir = maildir;
        this.entries = entries;
        this.bytes = entries.stream().mapToLong(Entry::size).sum();
    }

    /// Opens a Maildir; one that is not there yet is an empty box.
    static Drop open(Path maildir) throws IOException {
        return new Drop(maildir, Entry.list(maildir));
    }

    /// Messages not marked for deletion.
    int count() {
        return entries.size() - deleted.cardinality();
    }

    /// Their size in bytes.
    long bytes() {
        return bytes - deletedBytes;
    }

    /// Highest number there is, marked or not.
    int highest() {
        return entries.size();
    }

    /// Whether there is such a message, not marked for deletion.
    boolean has(int number) {
        return number >= 1 && number <= entries.size() && !deleted.get(number);
    }

    long size(int number) {
        return entries.get(number - 1).size();
    }

    String uid(int number) {
        return entries.get(number - 1).uid();
    }

    /// Highest number read so far.
    int last() {
        return last;
    }

    void delete(int number) {
        deleted.set(number);
        deletedBytes += size(number);
        last = Math.max(last, number);
    }

    void reset() {
        deleted.clear();
        deletedBytes = 0;
        last = 0;
    }

    /// Opens a message, wherever another program may have moved it meanwhile.
    ///
    /// @throws NoSuchFileException when it is gone
    InputStream message(int number) throws IOException {
        Entry entry = entries.get(number - 1);
        try {
            return Files.newInputStream(entry.file(), LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException _) {
            return Files.newInputStream(moved(entry).file(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    /// Writes a message as a multi-line reply's content, and its end.
    ///
    /// @param lines lines of the body; all of them make the message read
    void send(int number, long lines, InputStream message, OutputStream out) throws IOException {
        int chunk = Math.clamp(size(number) + 1, CHUNK_BYTES_MIN, CHUNK_BYTES);
        byte[] part = new byte[chunk];
        DotWriter dots = new DotWriter(out, lines, chunk + (chunk >> 3));
        boolean more = true;
        for (int n = message.read(part); n >= 0 && more; n = message.read(part)) {
            more = dots.write(part, n);
        }
        dots.end();
        if (lines == Long.MAX_VALUE) {
            read.set(number);
            last = Math.max(last, number);
        }
    }

    /// Deletes what is marked, and marks what was read as seen: `new/` to `cur/` with `:2,S`.
    Outcome update() throws IOException {
        int gone = 0;
        int failed = 0;
        long goneBytes = 0;
        for (int n = deleted.nextSetBit(1); n >= 0; n = deleted.nextSetBit(n + 1)) {
            Entry entry = entries.get(n - 1);
            try {
                remove(entry);
                gone++;
                goneBytes += entry.size();
            } catch (IOException _) {
                failed++; // told to the client and logged, as a number
            }
        }
        boolean moved = false;
        for (int n = read.nextSetBit(1); n >= 0; n = read.nextSetBit(n + 1)) {
            moved |= !deleted.get(n) && see(entries.get(n - 1));
        }
        if (gone > 0) {
            Quota.took(maildir, goneBytes, gone);
        }
        if (gone > 0 || moved) {
            DurableFile.syncFolder(maildir.resolve("new"));
            DurableFile.syncFolder(maildir.resolve("cur"));
        }
        return new Outcome(gone, failed);
    }

    private void remove(Entry entry) throws IOException {
        if (!Files.deleteIfExists(entry.file())) {
            try {
                Files.deleteIfExists(moved(entry).file());
            } catch (NoSuchFileException _) {
                // gone already, which is what was wanted
            }
        }
    }

    /// Adds the flag S; a message that has moved or gone is left as it is.
    private boolean see(Entry entry) throws IOException {
        Path seen = entry.seen(maildir);
        if (seen.equals(entry.file())) {
            return false;
        }
        try {
            Files.move(entry.file(), seen);
            return true;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private Entry moved(Entry entry) throws IOException {
        if (again == null) {
            again = Entry.byUnique(maildir);
        }
        Entry found = again.get(entry.unique());
        if (found == null) {
            throw new NoSuchFileException(entry.unique());
        }
        return found;
    }

    /// A second look at the Maildir, taken once when a message is not where it was.
    private Map<String, Entry> again;
}
