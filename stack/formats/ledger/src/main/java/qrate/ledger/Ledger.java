package qrate.ledger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.qcontrol.QueueControl;
import qrate.qcontrol.Trace;

/// What happened, in qmail's log format (qmail-log(5)): each line goes to the log and, with an ISO time in front and
/// what only the ledger needs behind, to a file a day, `ledger/YYYY-MM-DD` in UTC.
///
/// The ledger is a log and not the truth: a write that fails is said in the log at most once a minute, and never
/// stops mail. What a crash takes from its end is written again from the journal.
public final class Ledger implements AutoCloseable {
    /// How long a day's file is kept.
    public static final Duration KEPT = Duration.ofDays(30);

    /// Folder of the files.
    static final String FOLDER = "ledger";

    private static final Duration FLUSH_EVERY = Duration.ofSeconds(1);
    private static final Duration COMPLAIN_EVERY = Duration.ofMinutes(1);
    private static final int FLUSH_BYTES = 64 << 10;

    private final Log log;
    private final Disk disk;
    private final InstantSource clock;
    private final DayCounts counts;
    private final Tracer tracer;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream(FLUSH_BYTES * 2);
    private Optional<Day> today = Optional.empty();
    private boolean unsynced;
    private Instant flushed = Instant.EPOCH;
    private Instant complained = Instant.EPOCH;

    private record Day(LocalDate date, Disk.Appender out) {}

    /// @param disk the queue's; the folder is made when it is missing
    public Ledger(Log log, Disk disk, InstantSource clock) {
        this.log = log;
        this.disk = disk;
        this.clock = clock;
        this.counts = new DayCounts(disk);
        this.tracer = new Tracer(disk);
    }

    /// Writes one line to both.
    public void line(String text) {
        line(text, "");
    }

    /// Writes one line to both.
    ///
    /// @param more what the ledger's line has behind
    public void line(String text, String more) {
        log.line(text);
        note(text + more);
    }

    /// Writes one line to the ledger alone.
    public synchronized void note(String text) {
        Instant now = clock.instant();
        try {
            LocalDate date = LocalDate.ofInstant(now, ZoneOffset.UTC);
            if (today.isEmpty() || !today.get().date.equals(date)) {
                turn(date);
            }
            waiting.writeBytes((now + " " + Log.escape(text) + "\n").getBytes(StandardCharsets.UTF_8));
            unsynced = true;
            if (waiting.size() >= FLUSH_BYTES) {
                flush();
            }
        } catch (IOException e) {
            lost(now, e);
        }
    }

    /// Writes one line to the log alone: states of the program, not of a message.
    public void status(String text) {
        log.line(text);
    }

    /// Hands what was written to the operating system, when a second has passed since the last time.
    public synchronized void flushIfDue() {
        Instant now = clock.instant();
        if (passed(flushed, now, FLUSH_EVERY)) {
            flushed = now;
            try {
                flush();
            } catch (IOException e) {
                lost(now, e);
            }
        }
    }

    /// Whether so much time has passed, or the clock was set back and nobody can tell.
    private static boolean passed(Instant since, Instant now, Duration time) {
        return now.isBefore(since) || Duration.between(since, now).compareTo(time) >= 0;
    }

    /// Whether something was written since the last {@link #sync}.
    public synchronized boolean isUnsynced() {
        return unsynced;
    }

    /// Makes everything written so far durable, or gives it up and says so.
    public synchronized void sync() {
        unsynced = false;
        try {
            flush();
            if (today.isPresent()) {
                today.get().out.sync();
            }
        } catch (IOException e) {
            lost(clock.instant(), e);
        }
    }

    /// Takes an end of a delivery.
    @FunctionalInterface
    public interface Deliveries {
        /// @param address of the recipient
        /// @param said the delivery's report: `_` for a blank, `/` for the end of a line
        void ended(String address, String said);
    }

    /// Gives each delivery to another host that began and ended on a day of UTC, as far as its file is still there.
    public void deliveries(LocalDate day, Deliveries each) throws IOException {
        Map<String, String> flying = new HashMap<>();
        new LedgerReader(disk).read(day, text -> {
            if (text.equals("running")) {
                flying.clear();
            } else if (text.startsWith("starting delivery ")) {
                String[] words = text.split(" ", 9);
                if (words.length > 7 && words[6].equals("remote")) {
                    flying.put(words[2], words[7]);
                }
            } else if (text.startsWith("delivery ")) {
                String[] words = text.split(" ", 4);
                String address = words.length == 4 ? flying.remove(words[1]) : null;
                if (address != null) {
                    each.ended(address, words[3]);
                }
            }
        });
    }

    /// What mail there was on a day of UTC, by domain.
    public List<QueueControl.Traffic> traffic(LocalDate day) throws IOException {
        return counts.of(day);
    }

    /// What became of messages, up to now.
    public Trace trace() {
        return query -> {
            synchronized (this) {
                flush();
            }
            return tracer.find(query);
        };
    }

    @Override
    public synchronized void close() {
        sync();
        drop(clock.instant());
    }

    private void flush() throws IOException {
        if (today.isPresent() && waiting.size() > 0) {
            byte[] bytes = waiting.toByteArray();
            waiting.reset();
            today.get().out.write(bytes);
        }
    }

    /// Opens the file of a day, without the torn line that a crash may have left at its end.
    private void turn(LocalDate date) throws IOException {
        if (today.isPresent()) {
            sync();
            drop(clock.instant());
        }
        String file = FOLDER + "/" + date;
        Disk.Appender out;
        if (disk.exists(file)) {
            out = disk.append(file, wholeLines(file));
        } else {
            if (!disk.exists(FOLDER)) {
                disk.makeFolder(FOLDER);
                disk.syncFolder("");
            }
            out = disk.create(file);
            disk.syncFolder(FOLDER);
        }
        today = Optional.of(new Day(date, out));
        sweep(date);
    }

    private long wholeLines(String file) throws IOException {
        long size = disk.size(file);
        long from = Math.max(0, size - LedgerReader.LINE_BYTES_MAX);
        byte[] tail;
        try (InputStream in = disk.read(file, from)) {
            tail = in.readAllBytes();
        }
        int end = tail.length;
        while (end > 0 && tail[end - 1] != '\n') {
            end--;
        }
        return from + end;
    }

    /// Deletes the files of days gone by.
    private void sweep(LocalDate date) throws IOException {
        for (String name : disk.list(FOLDER)) {
            if (day(name)
                    .filter(day -> day.isBefore(date.minusDays(KEPT.toDays())))
                    .isPresent()) {
                disk.delete(FOLDER + "/" + name);
            }
        }
    }

    /// The day of a file; empty for somebody else's.
    static Optional<LocalDate> day(String name) {
        try {
            return Optional.of(LocalDate.parse(name));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /// Gives the open file up, so that the next line tries anew.
    private void lost(Instant now, IOException e) {
        waiting.reset();
        drop(now);
        if (passed(complained, now, COMPLAIN_EVERY)) {
            complained = now;
            log.line("warning: unable to write the ledger: " + e);
        }
    }

    private void drop(Instant now) {
        if (today.isPresent()) {
            Disk.Appender out = today.get().out;
            today = Optional.empty();
            try {
                out.close();
            } catch (IOException e) {
                lost(now, e);
            }
        }
    }
}
