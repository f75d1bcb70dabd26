package qrate.dmarc.reports;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.dmarc.ReportAddress;

/// Makes the reports of the day before, once a day (RFC 9990 §3.5): each as a file in the folder `reports`, which
/// whoever may hand over mail empties. What is done of a day stands in `dmarc/YYYY-MM-DD.done`, a report's id a line,
/// so that a restart begins none again.
///
/// For one thread.
public final class ReportRounds {
    /// Most reports of a day; the domains that were counted first have theirs.
    public static final int A_DAY_MAX = 1_000;

    /// Most files that wait to be fetched.
    static final int WAITING_MAX = 2_000;

    /// Folder of finished reports.
    public static final String FOLDER = "reports";

    /// How long after midnight the first look at the day before is at most; each receiver has its own moment, so that
    /// not all of them write to a domain at once.
    static final Duration SPREAD = Duration.ofHours(3);

    /// When a domain is tried again about which DNS did not answer.
    static final Duration AGAIN_AFTER = Duration.ofHours(1);

    /// How long one look goes on to the next domain; the next look goes on behind it.
    static final Duration LOOK_MAX = Duration.ofMinutes(2);

    /// How long after midnight DNS is waited for no longer.
    static final Duration GIVE_UP_AFTER = Duration.ofHours(18);

    private static final String ALL = "all";

    private final ReportBook book;
    private final Disk disk;
    private final Destinations destinations;
    private final InstantSource clock;
    private final Log log;
    /// When a report is tried again, by its id: slow domains do not keep others from theirs.
    private final Map<String, Instant> later = new HashMap<>();
    private LocalDate finished = LocalDate.EPOCH;
    private Instant next = Instant.EPOCH;

    /// @param disk where the book is, too
    public ReportRounds(ReportBook book, Disk disk, Destinations destinations, InstantSource clock, Log log) {
        this.book = book;
        this.disk = disk;
        this.destinations = destinations;
        this.clock = clock;
        this.log = log;
    }

    /// Does what is due.
    ///
    /// @param sender who reports are from now
    /// @throws IOException when the disk fails; the next look goes on
    public void look(ReportBook.Sender sender) throws IOException {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        LocalDate day = today.minusDays(1);
        Duration since = Duration.between(today.atStartOfDay(ZoneOffset.UTC).toInstant(), now);
        if (day.equals(finished) || since.compareTo(moment(sender.receiver())) < 0 || now.isBefore(next)) {
            return;
        }
        if (isWhole(day, sender, since.compareTo(GIVE_UP_AFTER) >= 0)) {
            finished = day;
            later.clear();
        }
    }

    /// How long after midnight.
    static Duration moment(String receiver) {
        return Duration.ofSeconds(Math.floorMod(receiver.hashCode(), SPREAD.toSeconds()));
    }

    /// Goes through a day's reports.
    ///
    /// @return whether nothing is left of it
    private boolean isWhole(LocalDate day, ReportBook.Sender sender, boolean last) throws IOException {
        Set<String> done = done(day);
        if (done.contains(ALL)) {
            return true;
        }
        List<ReportBook.Collected> all = book.day(day);
        Instant end = clock.instant().plus(LOOK_MAX);
        Instant soonest = Instant.MAX;
        for (ReportBook.Collected one : all.subList(0, Math.min(all.size(), A_DAY_MAX))) {
            AggregateReport report = one.report(sender);
            String id = report.metadata().id();
            Instant now = clock.instant();
            if (done.contains(id)) {
                continue;
            }
            if (now.isAfter(end)) {
                return false;
            }
            if (!last && later.getOrDefault(id, now).isAfter(now)) {
                soonest = earlier(soonest, later.get(id));
            } else if (made(one, report, sender, last)) {
                note(day, id);
            } else {
                later.put(id, now.plus(AGAIN_AFTER));
                soonest = earlier(soonest, later.get(id));
            }
        }
        if (soonest.isBefore(Instant.MAX)) {
            next = soonest;
            return false;
        }
        if (all.size() > A_DAY_MAX) {
            log.line("dmarc: warning: no report about " + day + " for " + (all.size() - A_DAY_MAX)
                    + " domains: there are " + A_DAY_MAX + " a day at most");
        }
        if (!all.isEmpty()) {
            note(day, ALL);
        }
        return true;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /// @return whether there is nothing more to do about it
    private boolean made(ReportBook.Collected one, AggregateReport report, ReportBook.Sender sender, boolean last)
            throws IOException {
        Destinations.Where where =
                destinations.of(one.policy().domain(), one.policy().record());
        if (!where.later().isEmpty() && !last) {
            return false;
        }
        where.refused()
                .forEach(why ->
                        log.line("dmarc: info: no report about " + one.policy().domain() + " to " + why));
        byte[] packed = ReportXml.packed(report);
        List<String> to = where.to().stream()
                .map(ReportAddress::address)
                .limit(ReportParcel.ADDRESSES_MAX)
                .toList();
        if (to.isEmpty()) {
            return true;
        }
        try {
            byte[] parcel = new ReportParcel(
                            one.policy().domain(),
                            report.metadata().id(),
                            ReportNames.file(report, one.number(), sender.receiver()),
                            to,
                            packed)
                    .bytes();
            return parcel.length > ReportParcel.BYTES_MAX ? tooLarge(one) : put(report, parcel);
        } catch (IllegalArgumentException e) {
            log.line("dmarc: info: no report about " + one.policy().domain() + ": " + e.getMessage());
            return true;
        }
    }

    private boolean tooLarge(ReportBook.Collected one) {
        log.line("dmarc: warning: no report about " + one.policy().domain() + ": it is too large");
        return true;
    }

    private boolean put(AggregateReport report, byte[] parcel) throws IOException {
        List<String> waiting = disk.list(FOLDER);
        if (waiting.size() >= WAITING_MAX) {
            throw new IOException(waiting.size() + " reports wait to be fetched");
        }
        if (!disk.exists(FOLDER)) {
            disk.makeFolder(FOLDER);
        }
        String name = FOLDER + "/" + name(report.metadata().id());
        disk.delete(name + ".new"); // what a crash left
        try (Disk.Appender out = disk.create(name + ".new")) {
            out.write(parcel);
            out.sync();
        }
        disk.rename(name + ".new", name);
        disk.syncFolder(FOLDER);
        return true;
    }

    /// A name of the file system that has nothing of a stranger's.
    private static String name(String id) {
        return id.substring(0, id.indexOf('.')) + "-" + UUID.nameUUIDFromBytes(id.getBytes(UTF_8));
    }

    private Set<String> done(LocalDate day) throws IOException {
        Set<String> ids = new HashSet<>();
        if (disk.exists(file(day))) {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(disk.read(file(day), 0), UTF_8))) {
                ids.addAll(in.readAllLines());
            }
        }
        return ids;
    }

    private void note(LocalDate day, String id) throws IOException {
        if (!disk.exists(ReportBook.FOLDER)) {
            disk.makeFolder(ReportBook.FOLDER);
        }
        boolean there = disk.exists(file(day));
        try (Disk.Appender out = there ? disk.append(file(day), disk.size(file(day))) : disk.create(file(day))) {
            out.write((id + "\n").getBytes(UTF_8));
            out.sync();
        }
        if (!there) {
            disk.syncFolder(ReportBook.FOLDER);
        }
    }

    private static String file(LocalDate day) {
        return ReportBook.FOLDER + "/" + day + ".done";
    }
}
