package qrate.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.RealDisk;

/// syncfs(2): makes all of a file system durable, which for a handful of new files costs less than each of them alone.
///
/// Used where the kernel reports what failed (Linux 5.8), and on file systems of which we know that it reaches the
/// disk; not on FUSE, where it may not. Everybody's files are synced with ours: where others write so much that one
/// call takes long, it is left alone for a while.
public final class SyncFs implements RealDisk.Whole, AutoCloseable {
    private static final Set<String> KNOWN = Set.of("ext3", "ext4", "xfs", "btrfs");
    private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");
    private static final Pattern VERSION = Pattern.compile("([0-9]{1,6})\\.([0-9]{1,6}).*", Pattern.DOTALL);
    private static final int MAJOR = 5;
    private static final int MINOR = 8;
    private static final int O_DIRECTORY = 0x10000;
    private static final int O_CLOEXEC = 0x80000;

    /// A call that takes longer than this is paying for others.
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Libc libc;
    private final int folder;
    private final AtomicLong pausedUntil = new AtomicLong(System.nanoTime());

    private SyncFs(Libc libc, int folder) {
        this.libc = libc;
        this.folder = folder;
    }

    /// For the file system of a folder; empty where it cannot be relied on.
    public static Optional<SyncFs> of(Path folder) {
        try {
            Libc libc = new Posix().libc();
            if (!KNOWN.contains(Files.getFileStore(folder).type())
                    || !reportsErrors(Files.readString(RELEASE))
                    || !libc.has("syncfs")) {
                return Optional.empty();
            }
            try (Arena arena = Arena.ofConfined()) {
                // errors since this descriptor was opened are reported by it
                int descriptor = libc.must("open", Libc.string(arena, folder.toString()), O_DIRECTORY | O_CLOEXEC);
                return Optional.of(new SyncFs(libc, descriptor));
            }
        } catch (IOException | RuntimeException _) {
            return Optional.empty(); // and each file is synced alone
        }
    }

    static boolean reportsErrors(String release) {
        Matcher version = VERSION.matcher(release);
        if (!version.matches()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        return major > MAJOR || (major == MAJOR && Integer.parseInt(version.group(2)) >= MINOR);
    }

    @Override
    public boolean usable() {
        return System.nanoTime() - pausedUntil.get() >= 0;
    }

    @Override
    public void sync() throws IOException {
        long start = System.nanoTime();
        libc.must("syncfs", folder);
        long end = System.nanoTime();
        if (end - start > LONG_NANOS) {
            pausedUntil.set(end + PAUSE_NANOS);
        }
    }

    @Override
    public void close() throws IOException {
        libc.call("close", folder);
    }
}
