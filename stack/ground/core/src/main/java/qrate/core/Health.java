package qrate.core;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What keeps a running process from what it is for: a door without a certificate, a full disk, a queue that does not
/// drain. One answer for the container's check, `up`, `status` and `/healthz`.
///
/// Where `QRATE_HEALTH` names a file, the process's problems stand in it, one a line, `PART: REASON`; it is empty when
/// all is well. Files of other services beside it are read by {@link #everywhere()}: they lie in memory that the
/// services share, so that a full disk cannot keep them from saying so.
public final class Health implements AutoCloseable {
    /// How often the process looks at itself once it runs.
    static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    /// How often while something is wrong: it may only be another service that starts.
    static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /// How long a problem lasts before it is logged.
    static final Duration QUIET_MAX = Duration.ofSeconds(3);

    /// How old the file of another service may be before that is a problem of its own.
    static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    /// Largest file that is written or read, in bytes.
    static final int FILE_BYTES_MAX = 4096;

    /// Most files of other services that are read.
    static final int OTHERS_MAX = 20;

    /// Less room than this on a disk counts as full, in bytes; on a small disk, less than a fiftieth of it.
    static final long ROOM_BYTES_MIN = 64L << 20;

    private static final int SMALL_DISK = 50;

    /// Says why something is not as it should be.
    @FunctionalInterface
    public interface Check {
        /// Empty when all is well. Takes no longer than a look at a file or a connection in this machine.
        Optional<String> problem();
    }

    private record Watched(String part, Check check) {}

    private final List<Watched> watched = new CopyOnWriteArrayList<>();
    private final Optional<Path> file;
    private final InstantSource clock;
    private final Log log;
    private final Map<String, Instant> since = new LinkedHashMap<>();
    private final Set<String> said = new HashSet<>();
    private final List<Consumer<List<String>>> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Optional<Thread> looking = Optional.empty();

    Health(Optional<Path> file, InstantSource clock, Log log) {
        this.file = file;
        this.clock = clock;
        this.log = log;
    }

    /// As `QRATE_HEALTH` says.
    static Health of(Map<String, String> environment, Log log) {
        Optional<Path> file = Optional.ofNullable(environment.get("QRATE_HEALTH"))
                .filter(name -> !name.isEmpty())
                .map(Path::of);
        return new Health(file, InstantSource.system(), log);
    }

    /// Looks at one more thing from now on.
    ///
    /// @param part what the reason begins with: `tls`, `disk`, `send`
    public void watch(String part, Check check) {
        watched.add(new Watched(part, check));
    }

    /// Is told of the problems after each look of the process at itself, from the thread that looks.
    public void afterEachLook(Consumer<List<String>> listener) {
        told.add(listener);
    }

    /// Looks at once, and every few seconds until closed.
    void start() {
        look();
        looking = Optional.of(Thread.ofVirtual().name("health").start(this::lookOn));
    }

    private void lookOn() {
        try {
            Duration pause;
            // a look may take an interrupt for its own, as a database does: the latch is what ends it
            do {
                pause = look() ? LOOK_EVERY : LOOK_AGAIN;
            } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            // closed
        }
    }

    /// The problems of this process, each once.
    public List<String> problems() {
        Set<String> found = new LinkedHashSet<>();
        for (Watched one : watched) {
            Optional<String> problem;
            try {
                problem = one.check.problem();
            } catch (RuntimeException e) {
                problem = Optional.of("cannot be looked at: " + e);
            }
            problem.ifPresent(why -> found.add(Log.escape(one.part + ": " + why)));
        }
        return List.copyOf(found);
    }

    /// The problems of this process and of the services that share its folder.
    public List<String> everywhere() {
        Set<String> found = new LinkedHashSet<>(problems());
        file.ifPresent(own -> found.addAll(others(own)));
        return List.copyOf(found);
    }

    private List<String> others(Path own) {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(own.toAbsolutePath().getParent())) {
            int left = OTHERS_MAX;
            for (Path other : files) {
                if (!other.getFileName().equals(own.getFileName()) && left-- > 0) {
                    found.addAll(read(other));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            found.add("health: the other services cannot be asked: " + Log.escape(e.toString()));
        }
        return found;
    }

    private List<String> read(Path other) throws IOException {
        String name = Log.escape(other.getFileName().toString());
        if (!Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        Duration age = Duration.between(Files.getLastModifiedTime(other).toInstant(), clock.instant());
        if (age.compareTo(SILENCE_MAX) > 0) {
            return List.of(name + ": has not been heard of for " + age.toSeconds() + " seconds");
        }
        try (InputStream in = Files.newInputStream(other, LinkOption.NOFOLLOW_LINKS)) {
            return new String(in.readNBytes(FILE_BYTES_MAX), StandardCharsets.UTF_8)
                    .lines()
                    .map(Log::escape)
                    .toList();
        }
    }

    /// @return whether all is well
    synchronized boolean look() {
        List<String> found = problems();
        Instant now = clock.instant();
        since.keySet().retainAll(found);
        for (String problem : found) {
            Instant first = since.computeIfAbsent(problem, _ -> now);
            if (!now.isBefore(first.plus(QUIET_MAX)) && said.add(problem)) {
                log.line("health: " + problem);
            }
        }
        if (found.isEmpty() && !said.isEmpty()) {
            said.clear();
            log.line("health: all is well again");
        }
        write(found.isEmpty() ? "" : String.join("\n", found) + "\n");
        told.forEach(listener -> listener.accept(found));
        return found.isEmpty();
    }

    private void write(String text) {
        if (file.isEmpty()) {
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, FILE_BYTES_MAX);
        // in place, since nothing new is needed of a full disk; cut last, since an empty file says that all is well
        try (FileChannel out = FileChannel.open(file.get(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes, 0, length);
            while (left.hasRemaining()) {
                out.write(left);
            }
            out.truncate(length);
            Files.setLastModifiedTime(file.get(), FileTime.from(clock.instant()));
        } catch (IOException e) {
            log.line("health: unable to write " + file.get().getFileName() + ": " + e);
        }
    }

    /// Leaves no word behind that is not kept up.
    @Override
    public void close() {
        Optional<Thread> ending = looking;
        if (ending.isEmpty()) {
            return;
        }
        closed.countDown();
        ending.get().interrupt();
        try {
            ending.get().join();
            if (file.isPresent()) {
                Files.deleteIfExists(file.get());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.line("health: unable to remove " + file.get().getFileName() + ": " + e);
        }
        looking = Optional.empty();
    }

    /// Whether there is room on the disk of a folder, and it can be written at all.
    public static Check room(Path folder) {
        return () -> {
            File here = folder.toFile();
            String name = folder.getFileName().toString();
            return Files.isWritable(folder)
                    ? room(name, here.getUsableSpace(), here.getTotalSpace())
                    : Optional.of(name + " cannot be written: a read-only disk, or not ours");
        };
    }

    static Optional<String> room(String name, long free, long total) {
        return free < Math.min(ROOM_BYTES_MIN, total / SMALL_DISK)
                ? Optional.of("almost full: " + (free >> 10) + " KiB are left for " + name)
                : Optional.empty();
    }
}
