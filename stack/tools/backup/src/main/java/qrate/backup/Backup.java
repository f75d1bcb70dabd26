package qrate.backup;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import qrate.core.DurableFile;
import qrate.core.FolderTree;
import qrate.core.State;
import qrate.qcontrol.QueueControl;
import qrate.qcontrol.QueueControl.Freeze;
import qrate.queue.QueueLock;

/// Makes one backup of a system that goes on meanwhile.
final class Backup {
    /// Front of a backup's name until it is whole.
    static final String PARTIAL = ".partial-";

    /// How a backup is called: `20261129T065800Z`, so that names sort by time.
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final String NAME_PATTERN = "[0-9]{8}T[0-9]{6}Z";

    /// What is copied between the queue, which is first, and the Maildirs, which are last.
    private static final List<String> BETWEEN = List.of("control", "users", "passwords", "keys", "tls");

    private static final Duration KEEP_EVERY = Duration.ofSeconds(30);
    private static final int DATABASE_TRIES = 20;
    private static final String LOCK_SUFFIX = ".lck";

    /// The token of the process that runs, and the key of cookies: a session that was ended after the copy must not
    /// come back with it.
    private static final Set<String> DATABASE_LEFT_OUT = Set.of("local-token", "session-key");

    private final State state;
    private final QueueControl send;
    private final InstantSource clock;

    /// @param send asked to keep the queue as it is, if it runs
    Backup(State state, QueueControl send, InstantSource clock) {
        this.state = state;
        this.send = send;
        this.clock = clock;
    }

    /// What was made.
    ///
    /// @param sum of its list
    record Made(Path folder, String sum, String sums) {}

    /// Makes one.
    ///
    /// @param to folder of the backups, made if it is missing; must not lie in the state
    /// @throws IOException when it cannot be made whole; then nothing of it is left
    Made make(Path to) throws IOException {
        Files.createDirectories(to);
        if (to.toRealPath().startsWith(state.root().toRealPath())) {
            throw new IOException(to + ": lies in what is backed up: name another folder");
        }
        for (Path left : listed(to, "\\" + PARTIAL + ".*")) {
            FolderTree.remove(left);
        }
        Instant at = clock.instant();
        while (Files.exists(to.resolve(NAME.format(at)))) {
            at = at.plusSeconds(1); // there may be two in one second
        }
        Path folder = to.resolve(PARTIAL + NAME.format(at));
        try {
            return into(folder, to);
        } catch (IOException | RuntimeException e) {
            FolderTree.remove(folder);
            throw e;
        }
    }

    private Made into(Path folder, Path to) throws IOException {
        List<Path> whole = all(to);
        Copies.Before before = whole.isEmpty() ? Copies.Before.none() : Copies.Before.of(whole.getLast());
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (Frozen queue = frozen();
                Manifest.Writer manifest = new Manifest.Writer(folder, queue.at, state.maildirs())) {
            Copies copies = new Copies(folder.resolve(Manifest.STATE), before, manifest);
            Tree tree = new Tree(state.root(), copies);
            queue(queue, tree, copies);
            for (String top : BETWEEN) {
                tree.walk(top);
            }
            database(tree, copies);
            copies.skip(name -> name.endsWith(".notes") && name.getNameCount() == 2);
            tree.walk("maildirs");
            String sum = manifest.end();
            Path named = to.resolve(folder.getFileName().toString().substring(PARTIAL.length()));
            if (Files.exists(named)) {
                throw new IOException(named + ": is there already");
            }
            Files.move(folder, named);
            DurableFile.syncFolder(to);
            return new Made(named, sum, copies.sums());
        }
    }

    /// Names right below the state that a backup holds.
    static Set<String> tops() {
        Set<String> tops = new TreeSet<>(BETWEEN);
        tops.addAll(List.of("queue", "db", "maildirs"));
        return tops;
    }

    /// Whole backups in a folder, oldest first.
    static List<Path> all(Path to) throws IOException {
        return listed(to, NAME_PATTERN).stream()
                .filter(backup -> Files.isRegularFile(backup.resolve(Manifest.FILE)))
                .toList();
    }

    private static List<Path> listed(Path folder, String pattern) throws IOException {
        try (Stream<Path> names = Files.list(folder)) {
            return names.filter(name -> name.getFileName().toString().matches(pattern))
                    .sorted()
                    .toList();
        }
    }

    // ---- the queue

    /// The queue as it was at a moment.
    private static final class Frozen implements Closeable {
        private final Instant at;
        private final long below;
        private final Optional<QueueControl> send;
        private final Closeable lock;
        private Instant kept;

        Frozen(Instant at, long below, Optional<QueueControl> send, Closeable lock) {
            this.at = at;
            this.below = below;
            this.send = send;
            this.lock = lock;
            this.kept = at;
        }

        void keep(Instant now, boolean last) throws IOException {
            if (send.isPresent() && (last || kept.plus(KEEP_EVERY).isBefore(now))) {
                if (send.get().freeze(last ? Freeze.END : Freeze.KEEP) == 0) {
                    throw new IOException("the queue did not stay as it was until its copy was made: try again");
                }
                kept = now;
            }
        }

        @Override
        public void close() throws IOException {
            lock.close();
        }
    }

    /// Whoever has the queue is asked to keep it as it is; nobody may take it if nobody has it.
    private Frozen frozen() throws IOException {
        if (Files.exists(state.run().resolve("send.sock"))) {
            long below = send.freeze(Freeze.BEGIN);
            return new Frozen(clock.instant(), below, Optional.of(send), () -> {});
        }
        Closeable lock = Files.isDirectory(state.queue()) ? QueueLock.take(state.queue()) : () -> {};
        return new Frozen(clock.instant(), Long.MAX_VALUE, Optional.empty(), lock);
    }

    private void queue(Frozen queue, Tree tree, Copies copies) throws IOException {
        copies.pulse(() -> queue.keep(clock.instant(), false));
        copies.skip(name -> isLater(name, queue.below) || name.endsWith("lock") || name.startsWith("queue/ledger"));
        tree.walk("queue");
        queue.keep(clock.instant(), true);
        copies.pulse(() -> {});
        copies.skip(name -> name.getNameCount() == 2 && !name.endsWith("ledger"));
        tree.walk("queue");
        copies.skip(_ -> false);
    }

    /// Whether a file of the journal was begun after the moment that the copy shows.
    private static boolean isLater(Path name, long below) {
        String last = name.getFileName().toString();
        return name.getNameCount() == 3
                && name.startsWith("queue/journal")
                && last.matches("[0-9a-f]{16}")
                && HexFormat.fromHexDigitsToLong(last) >= below;
    }

    // ---- the database

    /// HSQLDB writes each change behind the others into one file, and at times all tables into another. Copied in this
    /// order the two fit together, unless the second was written meanwhile: then once more.
    private void database(Tree tree, Copies copies) throws IOException {
        Path db = state.db();
        if (!Files.isDirectory(db)) {
            return;
        }
        for (int left = DATABASE_TRIES; ; left--) {
            List<String> at = marks(db);
            Copies.Staged staged = copies.stage();
            copies.skip(name -> name.getFileName().toString().endsWith(LOCK_SUFFIX)
                    || DATABASE_LEFT_OUT.contains(name.getFileName().toString()));
            tree.walk("db");
            if (marks(db).equals(at)) {
                staged.keep();
                return;
            }
            staged.undo();
            if (left == 1) {
                throw new IOException("db: the database does not stay as it is: try again");
            }
        }
    }

    /// What changes when the tables are written: every file but the one that only grows.
    private static List<String> marks(Path db) throws IOException {
        List<String> marks = new ArrayList<>();
        try (Stream<Path> files = Files.list(db)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (name.endsWith(".log")) {
                    marks.add(name + " " + attributes.fileKey());
                } else if (!name.endsWith(LOCK_SUFFIX) && attributes.isRegularFile()) {
                    marks.add(name + " " + attributes.fileKey() + " " + attributes.size() + " "
                            + attributes.lastModifiedTime());
                }
            }
        }
        return marks;
    }
}
