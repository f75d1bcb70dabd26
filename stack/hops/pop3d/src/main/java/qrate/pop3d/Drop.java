package qrate.pop3d;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import qrate.core.Budget;
import qrate.core.DurableFile;
import qrate.maildir.FileNames;
import qrate.maildir.MaildirQuota;
import qrate.maildir.MaildirReader;
import qrate.maildir.MaildirReader.Entry;
import qrate.maildir.SentSizes;

/// An open box: the messages as they were when it was opened, and what the session has marked (qmail-pop3d(8)).
///
/// Numbers are those of the protocol, from 1. Sizes are octets as they are sent, with CRLF (RFC 1939 §11).
// DEVIATION: qmail-pop3d says the sizes of the files, whose lines end in LF
final class Drop {
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int CHUNK_BYTES_MIN = 512;

    /// What came of carrying out the marks.
    ///
    /// @param deleted messages gone
    /// @param failed messages that were to go and are still there
    record Outcome(int deleted, int failed) {}

    private final Path maildir;
    private final InstantSource clock;
    private final List<Entry> entries;
    private final SentSizes sizes;
    private final BitSet deleted = new BitSet();
    private final BitSet read = new BitSet();
    private int last;

    /// A second look at the Maildir by unique names, taken once a message is not where it was; empty until then.
    private Map<String, Entry> again = Map.of();

    private Drop(Path maildir, InstantSource clock, List<Entry> entries) {
        this.maildir = maildir;
        this.clock = clock;
        this.entries = entries;
        this.sizes = new SentSizes(maildir, entries);
    }

    /// Opens a Maildir; one that is not there yet is an empty box.
    ///
    /// @param memory what its list may take of the heap, and holds until the session ends
    /// @throws MaildirReader.NoRoom when there are more messages than that
    static Drop open(Path maildir, InstantSource clock, Budget.Share memory) throws IOException {
        return new Drop(maildir, clock, MaildirReader.list(maildir, memory));
    }

    /// Messages not marked for deletion.
    int count() {
        return entries.size() - deleted.cardinality();
    }

    /// Makes all sizes known, for which messages are read that neither have theirs in their names nor were measured
    /// before.
    ///
    /// @param pulse called after each message that was read
    void measure(Runnable pulse) {
        sizes.all(index -> message(index + 1), pulse);
    }

    /// Their size in octets.
    long octets() {
        return IntStream.rangeClosed(1, entries.size())
                .filter(this::has)
                .mapToLong(this::octets)
                .sum();
    }

    /// Highest number there is, marked or not.
    int highest() {
        return entries.size();
    }

    /// Whether there is such a message, not marked for deletion.
    boolean has(int number) {
        return number >= 1 && number <= entries.size() && !deleted.get(number);
    }

    /// Size of one in octets.
    long octets(int number) {
        return sizes.of(number - 1, index -> message(index + 1));
    }

    String uid(int number) {
        return Uids.of(entries.get(number - 1).unique());
    }

    /// Highest number read or marked so far (qmail-pop3d(8), LAST).
    int last() {
        return last;
    }

    void delete(int number) {
        deleted.set(number);
        last = Math.max(last, number);
    }

    void reset() {
        deleted.clear();
        last = 0;
    }

    /// Opens a message, wherever another program may have moved it meanwhile.
    ///
    /// @throws NoSuchFileException when it is gone
    InputStream message(int number) throws IOException {
        Entry entry = entries.get(number - 1);
        try {
            return MaildirReader.open(maildir, entry);
        } catch (NoSuchFileException _) {
            return MaildirReader.open(maildir, moved(entry));
        }
    }

    /// Writes a message as a multi-line reply's content, and its end.
    ///
    /// @param lines lines of the body; all of them make the message read
    void send(int number, long lines, InputStream message, OutputStream out) throws IOException {
        int chunk = Math.clamp(entries.get(number - 1).size() + 1, CHUNK_BYTES_MIN, CHUNK_BYTES);
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
    // DEVIATION: qmail-pop3d moves everything, and without the flag; what nobody has read stays new for other readers
    Outcome update() throws IOException {
        int gone = 0;
        int failed = 0;
        long goneBytes = 0;
        for (int n = deleted.nextSetBit(1); n >= 0; n = deleted.nextSetBit(n + 1)) {
            try {
                if (remove(entries.get(n - 1))) {
                    gone++;
                    goneBytes += entries.get(n - 1).size();
                }
            } catch (IOException _) {
                failed++; // told to the client and logged, as a number
            }
        }
        boolean moved = false;
        for (int n = read.nextSetBit(1); n >= 0; n = read.nextSetBit(n + 1)) {
            moved |= !deleted.get(n) && see(entries.get(n - 1));
        }
        if (gone > 0) {
            new MaildirQuota(maildir, clock).changed(-goneBytes, -gone);
        }
        if (gone > 0 || moved) {
            DurableFile.syncFolder(maildir.resolve("cur"));
            DurableFile.syncFolder(maildir.resolve("new"));
        }
        return new Outcome(gone, failed);
    }

    /// Whether it was this session that removed it.
    private boolean remove(Entry entry) throws IOException {
        if (Files.deleteIfExists(entry.path(maildir))) {
            return true;
        }
        try {
            return Files.deleteIfExists(moved(entry).path(maildir));
        } catch (NoSuchFileException _) {
            return false; // gone already, which is what was wanted
        }
    }

    /// Adds the flag S, flags in ASCII order (maildir(5)); a message that has moved or gone, or whose name is too long
    /// for that, is left as it is.
    private boolean see(Entry entry) {
        if (entry.flags().indexOf('S') >= 0) {
            return false;
        }
        String flags = (entry.flags() + "S")
                .chars()
                .sorted()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        try {
            Files.move(
                    entry.path(maildir),
                    maildir.resolve("cur").resolve(FileNames.path(entry.unique() + ":2," + flags)));
            return true;
        } catch (IOException _) {
            return false; // it is not deleted either way, and unread is what the next session finds
        }
    }

    private Entry moved(Entry entry) throws IOException {
        if (again.isEmpty()) {
            Map<String, Entry> seen = new HashMap<>();
            MaildirReader.list(maildir).forEach(e -> seen.put(e.unique(), e));
            again = seen;
        }
        Entry found = again.get(entry.unique());
        if (found == null) {
            throw new NoSuchFileException(entry.unique());
        }
        return found;
    }
}
