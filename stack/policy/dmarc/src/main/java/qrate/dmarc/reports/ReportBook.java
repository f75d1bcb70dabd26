package qrate.dmarc.reports;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.dmarc.DmarcOutcome;
import qrate.dmarc.DmarcOutcome.Published;
import qrate.dmarc.DmarcRecord;
import qrate.dmarc.Evidence;
import qrate.dmarc.reports.AggregateReport.Metadata;
import qrate.dmarc.reports.AggregateReport.Period;
import qrate.dmarc.reports.AggregateReport.Policies;
import qrate.dmarc.reports.AggregateReport.Row;

/// Counts what came in each domain's name, and makes the reports of a day of it (RFC 9990 §3.1): a file a day,
/// `dmarc/YYYY-MM-DD` in UTC.
///
/// It is a statistic and no truth: what came in the last minute before a crash may be missing, and a disk that
/// fails is said in the log at most once a minute and never stops mail.
public final class ReportBook implements AutoCloseable {
    /// How long a day's file is kept, so that its reports can be sent once more.
    public static final Duration KEPT = Duration.ofDays(7);

    /// Folder of the files.
    static final String FOLDER = "dmarc";

    /// Size in bytes from which on a file is written to only once, when its day is over.
    static final long FILE_BYTES_MAX = 16L << 20;

    private static final int DATE_CHARS = "2026-11-30".length();

    private static final Duration FLUSH_EVERY = Duration.ofMinutes(1);

    private final Log log;
    private final Disk disk;
    private final InstantSource clock;
    private LocalDate date = LocalDate.EPOCH;
    private ReportDay today = new ReportDay();
    private long size;
    private Instant flushed = Instant.EPOCH;
    private Instant complained = Instant.EPOCH;

    /// @param disk where the folder is; it is made when it is missing
    public ReportBook(Log log, Disk disk, InstantSource clock) {
        this.log = log;
        this.disk = disk;
        this.clock = clock;
    }

    /// Who sends reports.
    ///
    /// @param organization our name
    /// @param email whom to ask
    /// @param receiver our domain, which stands in ids and file names
    /// @param generator program and version
    public record Sender(String organization, String email, String receiver, String generator) {}

    /// What a day's report to one domain is made of. A domain that changed its policy that day has several.
    ///
    /// @param number which of its policies, from 0
    /// @param left messages that had no room
    public record Collected(Published policy, Period period, int number, List<Row> rows, long left) {
        public Collected {
            rows = List.copyOf(rows);
        }

        /// The report; the same each time.
        public AggregateReport report(Sender sender) {
            DmarcRecord record = policy.record();
            List<String> errors = new ArrayList<>(record.faults());
            if (left > 0) {
                errors.add(left + " more messages are not told here: too many kinds of them");
            }
            return new AggregateReport(
                    new Metadata(
                            sender.organization,
                            sender.email,
                            "",
                            ReportNames.id(policy.domain(), period, number, sender.receiver),
                            period,
                            String.join("; ", errors),
                            sender.generator),
                    new AggregateReport.Published(
                            policy.domain(),
                            new Policies(
                                    record.policies().p().word(),
                                    record.policies().sp().word(),
                                    record.policies().np().word()),
                            record.strictDkim() ? "s" : "r",
                            record.strictSpf() ? "s" : "r",
                            record.fo(),
                            record.testing() ? "y" : "n",
                            "treewalk"),
                    rows);
        }
    }

    /// Counts a message. One whose domain wants no reports, or to which DMARC was not applied, is not counted.
    ///
    /// @param outcome with the exceptions of this host in it
    /// @param source the client's address
    public synchronized void add(DmarcOutcome outcome, Evidence evidence, InetAddress source) {
        Optional<String> line = ReportLine.of(outcome, evidence, source);
        if (line.isEmpty()) {
            return;
        }
        try {
            turn(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
            today.add(outcome.published().orElseThrow().domain(), line.get());
        } catch (IOException e) {
            lost(e);
        }
    }

    /// Writes what was counted, when a minute has passed since the last time.
    public synchronized void flushIfDue() {
        Instant now = clock.instant();
        if (size < FILE_BYTES_MAX && passed(flushed, now)) {
            flushed = now;
            flush();
        }
    }

    /// What came on a day, domain by domain.
    ///
    /// @throws IOException when the day's file cannot be read; a day without one has nothing
    public synchronized List<Collected> day(LocalDate day) throws IOException {
        ReportDay counted = today;
        if (!day.equals(date)) {
            counted = new ReportDay();
            read(day, counted);
        }
        return collected(day, counted);
    }

    private long read(LocalDate day, ReportDay counted) throws IOException {
        if (!disk.exists(file(day))) {
            return 0;
        }
        try (InputStream in = new BufferedInputStream(disk.read(file(day), 0))) {
            return ReportDay.read(in, counted);
        }
    }

    @Override
    public synchronized void close() {
        flush();
    }

    private static List<Collected> collected(LocalDate day, ReportDay counted) {
        Instant begin = day.atStartOfDay(ZoneOffset.UTC).toInstant();
        Period period = new Period(begin, begin.plus(Duration.ofDays(1)).minusSeconds(1));
        Map<Published, List<Row>> rows = new LinkedHashMap<>();
        counted.counts().forEach((line, count) -> {
            Map<String, List<String>> fields = ReportLine.fields(line);
            Optional<Published> policy = ReportLine.policy(fields);
            if (policy.isPresent() && count > 0) {
                rows.computeIfAbsent(policy.get(), _ -> new ArrayList<>()).add(ReportLine.row(fields, count));
            }
        });
        Map<String, Integer> numbers = new LinkedHashMap<>();
        List<Collected> all = new ArrayList<>();
        rows.forEach((policy, those) -> {
            int number = numbers.merge(policy.domain(), 1, Integer::sum) - 1;
            long left = number == 0 ? counted.left(policy.domain()) : 0;
            all.add(new Collected(policy, period, number, those, left));
        });
        return all;
    }

    /// Begins a day's file, or goes on with it after a restart.
    private void turn(LocalDate now) throws IOException {
        if (now.equals(date)) {
            return;
        }
        flush();
        ReportDay counted = new ReportDay();
        size = read(now, counted);
        today = counted;
        date = now;
        sweep(now);
    }

    private void flush() {
        byte[] bytes = today.unwritten();
        if (bytes.length == 0) {
            return;
        }
        try (Disk.Appender out = open()) {
            out.write(bytes);
            out.sync();
            size += bytes.length;
        } catch (IOException e) {
            today.rewrite(); // nobody knows what of it stands there
            size = 0;
            lost(e);
        }
    }

    private Disk.Appender open() throws IOException {
        if (disk.exists(file(date))) {
            return disk.append(file(date), size);
        }
        if (!disk.exists(FOLDER)) {
            disk.makeFolder(FOLDER);
            disk.syncFolder("");
        }
        Disk.Appender out = disk.create(file(date));
        disk.syncFolder(FOLDER);
        return out;
    }

    private void sweep(LocalDate now) throws IOException {
        for (String name : disk.list(FOLDER)) {
            if (isBefore(name, now.minusDays(KEPT.toDays()))) {
                disk.delete(FOLDER + "/" + name);
            }
        }
    }

    /// @param name of a day's file, or with something behind its date
    private static boolean isBefore(String name, LocalDate day) {
        try {
            return LocalDate.parse(name.substring(0, Math.min(name.length(), DATE_CHARS)))
                    .isBefore(day);
        } catch (DateTimeParseException _) {
            return false; // somebody else's
        }
    }

    private static String file(LocalDate day) {
        return FOLDER + "/" + day;
    }

    private static boolean passed(Instant since, Instant now) {
        return now.isBefore(since) || Duration.between(since, now).compareTo(FLUSH_EVERY) >= 0;
    }

    private void lost(IOException e) {
        Instant now = clock.instant();
        if (passed(complained, now)) {
            complained = now;
            log.line("warning: unable to keep the counts of DMARC reports: " + e);
        }
    }
}
