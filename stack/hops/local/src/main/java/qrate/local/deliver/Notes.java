package qrate.local.deliver;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.local.plan.Homes;

/// Durable notes of deliveries that were made or are about to be, kept until send confirms.
///
/// One text file, `.notes/log.N`, one line a note: `CRC + ID NUMBER BIRTH WRITTEN MAILDIR\tNAME` for a note,
/// `CRC - ID NUMBER` for one that may go. A new file with the next N holds all live notes before it gets its name,
/// so the highest N is always whole and the others are only waiting to be deleted. One writer at a time: {@link
/// GroupCommit} brings many notes at once.
///
/// After a failed write it is not known whether the notes in it are on disk. Nobody gets past {@link #heal()} until
/// a new file without them has taken over; so a note that its writer believes lost can never be found later.
final class Notes implements AutoCloseable {
    /// Age at which a note goes even if nobody confirmed it; nothing lives in a queue for so long.
    static final Duration AGE_MAX = Duration.ofDays(30);

    /// Bytes in the log from which it is written anew, if at most half of it is alive.
    static final long COMPACT_BYTES = 4L << 20;

    /// Zeros behind the end of the log, in bytes ({@link Disk.Appender#keepAhead}).
    private static final int AHEAD_BYTES = 256 << 10;

    static final String FOLDER = Homes.NOTES;
    private static final String PREFIX = "log.";
    private static final String FRESH = "fresh.";

    /// Which delivery a note is about.
    ///
    /// @param birthMillis tells a message from one of another queue that had the same id
    record Key(long id, int number, long birthMillis) {}

    /// One Maildir that one delivery goes to.
    ///
    /// @param maildir relative to the disk
    /// @param name the file's name in `tmp` and `new`
    record Note(Key key, long writtenMillis, String maildir, String name) {}

    private record Slot(long id, int number) {}

    /// @param bytes of its line
    private record Kept(Note note, int bytes) {}

    private final Disk disk;
    private final InstantSource clock;
    private final Log log;

    private final Map<Slot, List<Kept>> live = new HashMap<>();
    private long liveBytes;

    private Optional<Disk.Appender> file = Optional.empty();
    private long generation;
    private volatile boolean broken = true;

    /// Lines about notes that may go, for the next write.
    private ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    /// Held while the file is written; what is in memory has this object's own lock, which nobody holds over a sync.
    private final Lock writer = new ReentrantLock();

    private Notes(Disk disk, InstantSource clock, Log log) {
        this.disk = disk;
        this.clock = clock;
        this.log = log;
    }

    /// Reads what is there, drops what is old, and starts a new file.
    static Notes open(Disk disk, InstantSource clock, Log log) throws IOException {
        Notes notes = new Notes(disk, clock, log);
        disk.makeFolder(FOLDER);
        disk.syncFolder("");
        for (String name : disk.list(FOLDER)) {
            notes.generation = Math.max(notes.generation, generationOf(name));
        }
        if (notes.generation > 0) {
            notes.load(FOLDER + "/" + PREFIX + notes.generation);
        }
        notes.heal();
        return notes;
    }

    /// All live notes, for the start.
    synchronized List<Note> all() {
        return live.values().stream().flatMap(List::stream).map(Kept::note).toList();
    }

    /// The note about one delivery into one Maildir.
    synchronized Optional<Note> find(Key key, String maildir) {
        for (Kept kept : live.getOrDefault(new Slot(key.id, key.number), List.of())) {
            if (kept.note.key.equals(key) && kept.note.maildir.equals(maildir)) {
                return Optional.of(kept.note);
            }
        }
        return Optional.empty();
    }

    /// The Maildirs that notes about these deliveries name.
    synchronized List<String> maildirs(long id, List<Integer> numbers) {
        return numbers.stream()
                .flatMap(number -> live.getOrDefault(new Slot(id, number), List.of()).stream())
                .map(kept -> kept.note.maildir)
                .distinct()
                .toList();
    }

    /// Whether any note speaks of this file.
    synchronized boolean speakOf(String maildir, String name) {
        return live.values().stream()
                .flatMap(List::stream)
                .anyMatch(kept -> kept.note.maildir.equals(maildir) && kept.note.name.equals(name));
    }

    /// Writes notes; durable on return.
    ///
    /// @throws IOException when that cannot be said; none of them counts, but each may be found again after a crash
    ///     until {@link #heal()} returned
    void write(List<Note> all) throws IOException {
        writer.lock();
        try {
            List<Kept> fresh = new ArrayList<>(all.size());
            ByteArrayOutputStream lines = gone();
            for (Note note : all) {
                byte[] line = line(note);
                lines.writeBytes(line);
                fresh.add(new Kept(note, line.length));
            }
            put(lines.toByteArray());
            keep(fresh);
        } finally {
            writer.unlock();
        }
    }

    /// The lines that wait, which wait no more.
    private synchronized ByteArrayOutputStream gone() {
        ByteArrayOutputStream lines = waiting;
        waiting = new ByteArrayOutputStream();
        return lines;
    }

    private synchronized void keep(List<Kept> fresh) {
        fresh.forEach(this::keep);
    }

    /// Lets notes go, in memory at once, on disk with the next sync; losing that does no harm.
    synchronized void forget(long id, List<Integer> numbers) {
        for (int number : numbers) {
            List<Kept> gone = live.remove(new Slot(id, number));
            if (gone != null) {
                gone.forEach(kept -> liveBytes -= kept.bytes);
                waiting.writeBytes(checked("- " + id + " " + number));
            }
        }
    }

    /// Makes sure that what {@link #write} failed to note is not on disk.
    void heal() throws IOException {
        if (broken) {
            write(List.of());
        }
    }

    /// Writes and syncs, into a new file where the old one is broken or mostly dead; one thread at a time.
    private void put(byte[] bytes) throws IOException {
        boolean whole = false;
        try {
            if (broken || file.isEmpty() || shouldCompact()) {
                renew();
            }
            if (bytes.length > 0) {
                file.orElseThrow().write(bytes);
                file.orElseThrow().sync();
            }
            whole = true;
        } finally {
            broken = !whole;
        }
    }

    private synchronized boolean shouldCompact() {
        return file.orElseThrow().size() > Math.max(COMPACT_BYTES, 2 * liveBytes);
    }

    /// Writes all live notes to a file of their own and lets it take over.
    private void renew() throws IOException {
        closeFile();
        long next = generation + 1;
        String fresh = FOLDER + "/" + FRESH + next;
        disk.delete(fresh);
        Disk.Appender appender = disk.create(fresh);
        try {
            appender.write(snapshot());
            appender.keepAhead(AHEAD_BYTES);
            appender.sync();
            disk.rename(fresh, FOLDER + "/" + PREFIX + next);
            generation = next;
            disk.syncFolder(FOLDER);
        } catch (IOException e) {
            appender.close();
            throw e;
        }
        file = Optional.of(appender);
        deleteAllBut(PREFIX + next);
    }

    private void deleteAllBut(String current) {
        try {
            for (String name : disk.list(FOLDER)) {
                boolean ours = name.startsWith(PREFIX) || name.startsWith(FRESH);
                if (ours && !name.equals(current)) {
                    disk.delete(FOLDER + "/" + name);
                }
            }
        } catch (IOException e) {
            // the highest number counts, so an old file does no harm until the next try
            log.line("lspawn: warning: note log: " + e);
        }
    }

    private synchronized byte[] snapshot() {
        long oldest = clock.millis() - AGE_MAX.toMillis();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Iterator<List<Kept>> slots = live.values().iterator();
        while (slots.hasNext()) {
            List<Kept> notes = slots.next();
            notes.removeIf(kept -> kept.note.writtenMillis < oldest);
            notes.forEach(kept -> out.writeBytes(line(kept.note)));
            if (notes.isEmpty()) {
                slots.remove();
            }
        }
        liveBytes = out.size();
        return out.toByteArray();
    }

    private void closeFile() {
        if (file.isPresent()) {
            try {
                file.get().close();
            } catch (IOException e) {
                log.line("lspawn: warning: note log: " + e);
            }
            file = Optional.empty();
        }
    }

    private void keep(Kept kept) {
        live.computeIfAbsent(new Slot(kept.note.key.id, kept.note.key.number), _ -> new ArrayList<>(1))
                .add(kept);
        liveBytes += kept.bytes;
    }

    /// Reads a file; a line that is torn or damaged is left out, since the lines behind it still count. Zeros stood
    /// ahead of what was to be written.
    private void load(String name) throws IOException {
        int damaged = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(disk.read(name, 0), StandardCharsets.ISO_8859_1))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String text = new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                String written = text.replace("\0", "");
                if (!written.isEmpty() && !apply(written)) {
                    damaged++;
                }
            }
        }
        if (damaged > 0) {
            log.line("lspawn: warning: note log " + name + ": left out " + damaged + " torn or damaged lines");
        }
    }

    private boolean apply(String line) {
        if (line.length() < 10 || !text(checked(line.substring(9))).equals(line + "\n")) {
            return false;
        }
        String[] fields = line.substring(9).split("\t", -1);
        String[] words = fields[0].split(" ", -1);
        if (words[0].equals("-")) {
            live.remove(new Slot(Long.parseLong(words[1]), Integer.parseInt(words[2])));
        } else {
            Key key = new Key(Long.parseLong(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3]));
            Note note = new Note(key, Long.parseLong(words[4]), fields[1], fields[2]);
            keep(new Kept(note, line(note).length));
        }
        return true;
    }

    private static byte[] line(Note note) {
        return checked("+ " + note.key.id + " " + note.key.number + " " + note.key.birthMillis + " "
                + note.writtenMillis + "\t" + note.maildir + "\t" + note.name);
    }

    private static byte[] checked(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        String line = HexFormat.of().toHexDigits((int) crc.getValue()) + " " + text + "\n";
        return line.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static long generationOf(String name) {
        try {
            return name.startsWith(PREFIX) ? Long.parseLong(name.substring(PREFIX.length())) : 0;
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    @Override
    public synchronized void close() {
        closeFile();
        broken = true;
    }
}
