package qrate.send;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import qrate.core.Log;

/// What happened, in qmail's log format (qmail-log(5)): each line goes to the log and, with an ISO time in front, to
/// the ledger, a file a day under `queue/ledger/YYYY-MM-DD` in UTC.
///
/// The ledger is a log and not the truth: a write that fails is said in the log at most once a minute, and never
/// stops mail.
public final class Trace implements AutoCloseable {
    /// How long a day's file is kept.
    public static final Duration KEPT = Duration.ofDays(30);

    private static final Duration FLUSH_EVERY = Duration.ofSeconds(1);
    private static final Duration COMPLAIN_EVERY = Duration.ofMinutes(1);

    private final Log log;
    private final Path folder;
    private final InstantSource clock;
    private Optional<Day> today = Optional.empty();
    private Instant flushed = Instant.EPOCH;
    private Instant complained = Instant.EPOCH;

    private record Day(LocalDate date, BufferedWriter out) {}

    /// @param folder `queue/ledger`; made when it is missing
    public Trace(Log log, Path folder, InstantSource clock) {
        this.log = log;
        this.folder = folder;
        this.clock = clock;
    }

    /// Writes one line to both.
    synchronized void line(String text) {
        log.line(text);
        Instant now = clock.instant();
        try {
            BufferedWriter out = open(LocalDate.ofInstant(now, ZoneOffset.UTC));
            out.write(now + " " + Log.escape(text) + "\n");
        } catch (IOException e) {
            lost(now, e);
        }
    }

    /// Writes one line to the log alone: states of the program, not of a message.
    void status(String text) {
        log.line(text);
    }

    /// Hands what was written to the operating system, when a second has passed since the last time.
    synchronized void flushIfDue() {
        Instant now = clock.instant();
        if (today.isPresent() && Duration.between(flushed, now).compareTo(FLUSH_EVERY) >= 0) {
            flushed = now;
            try {
                today.get().out.flush();
            } catch (IOException e) {
                lost(now, e);
            }
        }
    }

    @Override
    public synchronized void close() {
        drop(clock.instant());
    }

    private BufferedWriter open(LocalDate date) throws IOException {
        if (today.isPresent() && today.get().date.equals(date)) {
            return today.get().out;
        }
        drop(clock.instant());
        Files.createDirectories(folder);
        BufferedWriter out = Files.newBufferedWriter(
                folder.resolve(date.toString()), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        today = Optional.of(new Day(date, out));
        sweep(date);
        return out;
    }

    /// Deletes the files of days gone by.
    private void sweep(LocalDate date) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (day(file)
                        .filter(day -> day.isBefore(date.minusDays(KEPT.toDays())))
                        .isPresent()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static Optional<LocalDate> day(Path file) {
        try {
            return Optional.of(LocalDate.parse(file.getFileName().toString()));
        } catch (DateTimeParseException _) {
            return Optional.empty(); // somebody else's file
        }
    }

    /// Gives the open file up, so that the next line tries anew.
    private void lost(Instant now, IOException e) {
        drop(now);
        if (Duration.between(complained, now).compareTo(COMPLAIN_EVERY) >= 0) {
            complained = now;
            log.line("warning: unable to write the ledger: " + e);
        }
    }

    private void drop(Instant now) {
        if (today.isPresent()) {
            BufferedWriter out = today.get().out;
            today = Optional.empty();
            try {
                out.close();
            } catch (IOException e) {
                lost(now, e);
            }
        }
    }
}
