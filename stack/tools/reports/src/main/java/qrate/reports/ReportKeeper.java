package qrate.reports;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import qrate.core.Control;
import qrate.core.DurableFile;
import qrate.core.Log;
import qrate.core.Repeating;
import qrate.core.SaidOnce;
import qrate.core.State;
import qrate.maildir.FileNames;
import qrate.reported.ReportSummary;
import qrate.reported.SummaryFile;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;

/// Reads the reports in the mailboxes that they come to, each message once, and keeps a summary of each domain for
/// whoever may not read mail ({@link SummaryFile}).
///
/// Which messages of a mailbox are read stands in `.reports/read/HOME`, a name a line, and is written after the
/// summaries: a crash between the two reads some messages again, and a report counts once by its name. A mailbox is
/// listed only when one of its folders has changed.
public final class ReportKeeper implements AutoCloseable {
    /// How often it looks.
    static final Duration LOOK_EVERY = Duration.ofMinutes(10);

    /// Most messages, and about most bytes of them, that are read without a pause.
    static final int BATCH_MESSAGES_MAX = 50;

    static final long BATCH_BYTES_MAX = 16L << 20;

    /// How long others have the machine then.
    private static final Duration PAUSE = Duration.ofMillis(500);

    /// Most domains whose summaries stand in memory at once.
    private static final int SUMMARIES_MAX = 20;

    /// A folder that changed so shortly before it was listed may have changed again in the same tick of its clock.
    private static final Duration TICK = Duration.ofSeconds(2);

    private static final String DOMAINS = "domains";

    private final State state;
    private final ReportBoxes boxes;
    private final InstantSource clock;
    private final Repeating looks = new Repeating("report-keeper", LOOK_EVERY, this::look);
    private final Map<String, Stamp> seen = new HashMap<>();
    private final SaidOnce trouble;
    private Optional<Exception> failed = Optional.empty();

    /// When a mailbox's folders had changed last.
    private record Stamp(Instant changed) {}

    ReportKeeper(State state, Directory directory, InstantSource clock, Log log) {
        this.state = state;
        this.boxes = new ReportBoxes(new Control(state.control(), clock), directory);
        this.clock = clock;
        this.trouble = new SaidOnce(log::line);
    }

    /// Looks from now on.
    public static ReportKeeper start(State state, InstantSource clock, Log log) {
        ReportKeeper keeper = new ReportKeeper(state, SnapshotDirectory.orNone(state, clock), clock, log);
        keeper.looks.start();
        return keeper;
    }

    /// Looks at every mailbox that reports come to.
    void look() throws InterruptedException {
        failed = Optional.empty();
        try {
            Set<String> homes = new TreeSet<>();
            for (String domain : names(state.maildirs().resolve(DOMAINS))) {
                homes.addAll(boxes.homes(domain));
            }
            seen.keySet().retainAll(homes);
            for (String home : homes) {
                try {
                    look(home);
                } catch (IOException | RuntimeException e) {
                    failed = Optional.of(e); // the others are read all the same
                }
            }
            forget(homes);
        } catch (IOException | RuntimeException e) {
            failed = Optional.of(e);
        }
        failed.ifPresentOrElse(e -> trouble.say("lspawn: warning: reports that came: ", e), trouble::well);
    }

    private static List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(file -> names.add(FileNames.of(file)));
        } catch (NoSuchFileException _) {
            // none yet
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    private void look(String home) throws IOException, InterruptedException {
        Path maildir = state.maildirs().resolve(home).resolve("Maildir");
        Instant now = clock.instant();
        Stamp stamp = new Stamp(latest(changed(maildir.resolve("new")), changed(maildir.resolve("cur"))));
        if (stamp.equals(seen.get(home))) {
            return;
        }
        ReportMailbox mailbox = new ReportMailbox(maildir, boxes.me());
        Set<String> read = read(home);
        Set<String> there = new HashSet<>();
        List<ReportMailbox.Letter> fresh = new ArrayList<>();
        for (ReportMailbox.Letter letter : mailbox.letters(since())) {
            there.add(letter.name());
            if (!read.contains(letter.name())) {
                fresh.add(letter);
            }
        }
        read.retainAll(there);
        boolean all = true;
        while (!fresh.isEmpty()) {
            List<ReportMailbox.Letter> batch = batch(fresh);
            Set<String> taken = take(home, mailbox, batch);
            all &= taken.size() == batch.size();
            read.addAll(taken);
            Path file = readFile(home);
            Files.createDirectories(file.getParent());
            DurableFile.write(file, (String.join("\n", read) + "\n").getBytes(UTF_8));
            if (!fresh.isEmpty()) {
                Thread.sleep(PAUSE);
            }
        }
        if (all && stamp.changed.plus(TICK).isBefore(now)) {
            seen.put(home, stamp);
        }
    }

    private Instant since() {
        return clock.instant().minus(Duration.ofDays(ReportSummary.DAYS_SHOWN));
    }

    private static Instant changed(Path folder) throws IOException {
        try {
            return Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS).toInstant();
        } catch (NoSuchFileException _) {
            return Instant.EPOCH;
        }
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private Path readFile(String home) {
        return state.maildirs().resolve(SummaryFile.FOLDER).resolve("read").resolve(home);
    }

    /// Names of the messages that are read. A name that is no line is read each time, and counts once by what it
    /// brings.
    private Set<String> read(String home) throws IOException {
        try {
            return new TreeSet<>(Files.readAllLines(readFile(home), UTF_8));
        } catch (NoSuchFileException _) {
            return new TreeSet<>();
        }
    }

    /// Takes the next ones off the list.
    private static List<ReportMailbox.Letter> batch(List<ReportMailbox.Letter> letters) {
        int count = 0;
        long bytes = 0;
        while (count < letters.size() && count < BATCH_MESSAGES_MAX && bytes < BATCH_BYTES_MAX) {
            bytes += letters.get(count++).bytes();
        }
        List<ReportMailbox.Letter> head = letters.subList(0, count);
        List<ReportMailbox.Letter> batch = List.copyOf(head);
        head.clear();
        return batch;
    }

    /// Reads some messages; one that cannot be read keeps no other from it, and is tried again.
    ///
    /// @return the names of those that were read
    private Set<String> take(String home, ReportMailbox mailbox, List<ReportMailbox.Letter> letters)
            throws IOException {
        Set<String> taken = new HashSet<>();
        Map<String, ReportSummary> open = new TreeMap<>();
        ReportTaker taker = new ReportTaker(about -> summary(about, home, open));
        for (ReportMailbox.Letter letter : letters) {
            try {
                mailbox.read(letter, taker);
                taken.add(letter.name());
            } catch (IOException | RuntimeException e) {
                failed = Optional.of(e);
            }
            if (open.size() >= SUMMARIES_MAX) {
                write(open);
            }
        }
        write(open);
        return taken;
    }

    /// The summary of the domain here that another is, or is below; nothing where its reports do not come to this
    /// mailbox.
    private Optional<ReportSummary> summary(String about, String home, Map<String, ReportSummary> open)
            throws IOException {
        Optional<String> domain = ours(about);
        if (domain.isEmpty() || !boxes.homes(domain.get()).contains(home)) {
            return Optional.empty();
        }
        ReportSummary known = open.get(domain.get());
        if (known != null) {
            return Optional.of(known);
        }
        ReportSummary summary = new ReportSummary(since());
        SummaryFile.read(state, domain.get(), summary);
        open.put(domain.get(), summary);
        return Optional.of(summary);
    }

    private Optional<String> ours(String about) throws IOException {
        for (String name = about; name.indexOf('.') > 0; name = name.substring(name.indexOf('.') + 1)) {
            if (boxes.isOurs(name)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /// For its owner and group, to which admin belongs.
    private void write(Map<String, ReportSummary> open) throws IOException {
        Path folder = SummaryFile.folder(state);
        if (!open.isEmpty() && !Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            for (Path one : List.of(folder.getParent(), folder)) {
                Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rwxr-x---"));
            }
        }
        for (Map.Entry<String, ReportSummary> one : open.entrySet()) {
            SummaryFile.write(state, one.getKey(), one.getValue());
        }
        open.clear();
    }

    /// Drops what is kept of domains and mailboxes that are no more.
    private void forget(Set<String> homes) throws IOException {
        for (String domain : names(SummaryFile.folder(state))) {
            if (!boxes.isOurs(domain)) {
                Files.deleteIfExists(SummaryFile.folder(state).resolve(FileNames.path(domain)));
            }
        }
        Path read = readFile(DOMAINS);
        for (String domain : names(read)) {
            for (String user : names(read.resolve(FileNames.path(domain)))) {
                if (!homes.contains(DOMAINS + "/" + domain + "/" + user)) {
                    Files.deleteIfExists(read.resolve(FileNames.path(domain)).resolve(FileNames.path(user)));
                }
            }
        }
    }

    @Override
    public void close() {
        looks.close();
    }
}
