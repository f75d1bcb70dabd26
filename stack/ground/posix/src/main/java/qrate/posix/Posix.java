package qrate.posix;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Starts programs with any descriptors, and runs one in this process's place.
public final class Posix {
    /// Where programs are looked for when the environment has no PATH.
    public static final String PATH_USUAL = "/usr/local/bin:/usr/bin:/bin";

    private static final long STRUCT_BYTES = 1024; // more than any of the C library's opaque structures
    private static final long SIGNAL_SET_BYTES = 128;
    private static final int FIRST_PRIVATE = 3;
    private static final int SET_SIGNALS = 0x04 | 0x08; // POSIX_SPAWN_SETSIGDEF, POSIX_SPAWN_SETSIGMASK
    private static final int READ_WRITE = 2;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int RANGE_CLOSE_ON_EXEC = 4;
    private static final int SIG_SETMASK = 2;
    private static final int PRIVATE = 077;

    private final Libc libc = new Libc();

    /// A program to run.
    ///
    /// @param words its name, looked up in the PATH of `environment`, and its arguments
    /// @param environment all of it
    public record Command(List<String> words, Map<String, String> environment) {
        public Command {
            words = List.copyOf(words);
            environment = Map.copyOf(environment);
            if (words.isEmpty()) {
                throw new IllegalArgumentException("no program");
            }
        }

        /// The same with one variable more, or with another value for it.
        Command with(String name, String value) {
            Map<String, String> all = new HashMap<>(environment);
            all.put(name, value);
            return new Command(words, all);
        }
    }

    Libc libc() {
        return libc;
    }

    /// The file of a program.
    ///
    /// @throws IOException when there is none
    public static Path find(Command command) throws IOException {
        String name = command.words.getFirst();
        if (name.indexOf('/') >= 0) {
            return Path.of(name);
        }
        for (String folder :
                command.environment.getOrDefault("PATH", PATH_USUAL).split(":", -1)) {
            Path file = Path.of(folder.isEmpty() ? "." : folder, name);
            if (!name.isEmpty() && Files.isRegularFile(file) && Files.isExecutable(file)) {
                return file;
            }
        }
        throw new IOException("unable to run " + name + ": no such program");
    }

    /// Starts a program with these descriptors and no others.
    ///
    /// @throws IOException when it cannot be started
    public Child spawn(Command command, Map<Integer, Redirection> descriptors) throws IOException {
        Path file = find(command);
        Map<Integer, OutputStream> feeds = new HashMap<>();
        Map<Integer, InputStream> drains = new HashMap<>();
        List<Integer> theirs = new ArrayList<>();
        boolean started = false;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(STRUCT_BYTES, 16);
            check("posix_spawn_file_actions_init", actions);
            int next = FIRST_PRIVATE;
            for (Map.Entry<Integer, Redirection> wire : new TreeMap<>(descriptors).entrySet()) {
                int number = wire.getKey();
                next = Math.max(next, number + 1);
                switch (wire.getValue()) {
                    case Redirection.Passed(int own) -> check("posix_spawn_file_actions_adddup2", actions, own, number);
                    case Redirection.Nothing _ ->
                        check(
                                "posix_spawn_file_actions_addopen",
                                actions,
                                number,
                                arena.allocateFrom("/dev/null"),
                                READ_WRITE,
                                0);
                    case Redirection.Fed _ -> {
                        int[] ends = pipe();
                        theirs.add(ends[0]);
                        feeds.put(number, writer(ends[1]));
                        check("posix_spawn_file_actions_adddup2", actions, ends[0], number);
                    }
                    case Redirection.Drained _ -> {
                        int[] ends = pipe();
                        theirs.add(ends[1]);
                        drains.put(number, reader(ends[0]));
                        check("posix_spawn_file_actions_adddup2", actions, ends[1], number);
                    }
                }
            }
            check("posix_spawn_file_actions_addclosefrom_np", actions, next);
            Child child = new Child(spawn(arena, file, command, actions), feeds, drains);
            started = true;
            child.awaitWith(libc);
            return child;
        } finally {
            for (int descriptor : theirs) {
                libc.call("close", descriptor);
            }
            if (!started) {
                for (AutoCloseable stream : Stream.concat(feeds.values().stream(), drains.values().stream())
                        .toList()) {
                    closeQuietly(stream);
                }
            }
        }
    }

    private int spawn(Arena arena, Path file, Command command, MemorySegment actions) throws IOException {
        MemorySegment attributes = arena.allocate(STRUCT_BYTES, 16);
        MemorySegment none = arena.allocate(SIGNAL_SET_BYTES, 8);
        MemorySegment every = arena.allocate(SIGNAL_SET_BYTES, 8);
        MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
        // sigfillset leaves out two signals of glibc's own, and posix_spawn then makes a child ignore them for good
        every.fill((byte) 0xff);
        check("posix_spawnattr_init", attributes);
        check("posix_spawnattr_setsigmask", attributes, none);
        check("posix_spawnattr_setsigdefault", attributes, every);
        check("posix_spawnattr_setflags", attributes, SET_SIGNALS);
        int errno = libc.call(
                        "posix_spawn",
                        pid,
                        Libc.string(arena, file.toString()),
                        actions,
                        attributes,
                        Libc.strings(arena, command.words),
                        Libc.strings(arena, assignments(command.environment)))
                .value();
        if (errno != 0) {
            throw new IOException("unable to run " + command.words.getFirst() + ": " + Libc.reason(errno));
        }
        return pid.get(ValueLayout.JAVA_INT, 0);
    }

    /// A function that gives 0 or an error number.
    private void check(String name, Object... arguments) throws IOException {
        int errno = libc.call(name, arguments).value();
        if (errno != 0) {
            throw new IOException(name + ": " + Libc.reason(errno));
        }
    }

    private static List<String> assignments(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .toList();
    }

    private int[] pipe() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            libc.must("pipe2", ends, CLOSE_ON_EXEC);
            return ends.toArray(ValueLayout.JAVA_INT);
        }
    }

    /// A pipe whose ends are above a number, so that what comes to stand below it displaces neither.
    int[] pipeAbove(int number) throws IOException {
        int[] low = pipe();
        int[] high = {duplicateAbove(number, low[0]), duplicateAbove(number, low[1])};
        close(low[0]);
        close(low[1]);
        return high;
    }

    /// Another number for a descriptor, above a given one, which no other program gets.
    int duplicateAbove(int number, int descriptor) throws IOException {
        List<Integer> low = new ArrayList<>();
        int high = libc.must("dup", descriptor);
        while (high <= number) {
            low.add(high);
            high = libc.must("dup", descriptor);
        }
        libc.must("close_range", high, high, RANGE_CLOSE_ON_EXEC);
        for (int one : low) {
            close(one);
        }
        return high;
    }

    void close(int descriptor) throws IOException {
        libc.call("close", descriptor);
    }

    /// Takes an end of a pipe over into a stream; a pipe can be opened again by its name in /proc.
    private OutputStream writer(int end) throws IOException {
        try {
            return new FileOutputStream("/proc/self/fd/" + end);
        } finally {
            libc.call("close", end);
        }
    }

    private InputStream reader(int end) throws IOException {
        try {
            return new FileInputStream("/proc/self/fd/" + end);
        } finally {
            libc.call("close", end);
        }
    }

    private static void closeQuietly(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception _) {
            // a pipe that nobody got
        }
    }

    /// Runs a program in this process's place: with its descriptors 0, 1 and 2 and whatever pipes it was started with.
    ///
    /// @param folder to run it in; empty for where this process is
    /// @return never normally
    /// @throws IOException when the program cannot be run; this process goes on then
    public int exec(Command command, Optional<Path> folder) throws IOException {
        Path file = find(command);
        try (Arena arena = Arena.ofConfined()) {
            if (folder.isPresent()) {
                libc.must("chdir", Libc.string(arena, folder.get().toString()));
            }
            hideOwnDescriptors();
            check("pthread_sigmask", SIG_SETMASK, arena.allocate(SIGNAL_SET_BYTES, 8), MemorySegment.NULL);
            Libc.Result result = libc.call(
                    "execve",
                    Libc.string(arena, file.toString()),
                    Libc.strings(arena, command.words),
                    Libc.strings(arena, assignments(command.environment)));
            throw new IOException("unable to run " + command.words.getFirst() + ": " + Libc.reason(result.errno()));
        }
    }

    /// Runs a program in this process's place, with other descriptors.
    ///
    /// The JVM's own files may stand where those go, so from the first that is put in place it can load nothing any
    /// more: whatever is called then has been called before.
    ///
    /// @param descriptors by the program's number the number here, each above all of the program's
    /// @return never normally
    /// @throws IOException when the program cannot be run; this process can only end then
    int exec(Command command, Map<Integer, Integer> descriptors) throws IOException {
        Path file = find(command);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = Libc.string(arena, file.toString());
            MemorySegment words = Libc.strings(arena, command.words);
            MemorySegment environment = Libc.strings(arena, assignments(command.environment));
            int[] to = descriptors.keySet().stream().mapToInt(Integer::intValue).toArray();
            int[] from = new int[to.length];
            for (int i = 0; i < to.length; i++) {
                from[i] = descriptors.get(to[i]);
                libc.must("dup2", from[i], from[i]);
            }
            hideOwnDescriptors();
            check("pthread_sigmask", SIG_SETMASK, arena.allocate(SIGNAL_SET_BYTES, 8), MemorySegment.NULL);
            libc.call("execve", Libc.string(arena, ""), words, environment); // no such file
            for (int i = 0; i < to.length; i++) {
                libc.must("dup2", from[i], to[i]);
            }
            Libc.Result result = libc.call("execve", path, words, environment);
            throw new IOException("unable to run " + command.words.getFirst() + ": " + Libc.reason(result.errno()));
        }
    }

    /// The JVM's files, sockets and event descriptors must not reach another program; pipes may be what that program
    /// was meant to get (Dovecot's checkpassword-reply reads 3 and writes 4).
    private void hideOwnDescriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : (Iterable<Path>) all::iterator) {
                int number = Integer.parseInt(link.getFileName().toString());
                if (number >= FIRST_PRIVATE
                        && Files.exists(link, LinkOption.NOFOLLOW_LINKS)
                        && !Files.readSymbolicLink(link).toString().startsWith("pipe:")) {
                    libc.call("close_range", number, number, RANGE_CLOSE_ON_EXEC);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// Gives up this process's user and groups for another's; only root can.
    public void become(int uid, int gid) throws IOException {
        if (gid >= 0) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment groups = arena.allocate(ValueLayout.JAVA_INT);
                groups.set(ValueLayout.JAVA_INT, 0, gid);
                libc.must("setgroups", 1L, groups);
            }
            libc.must("setgid", gid);
        }
        if (uid >= 0) {
            libc.must("setuid", uid);
        }
    }

    /// As root, goes on as the first user other than root whose folder or link is on the way to a path: what is
    /// made there is theirs, and no link of theirs leads root anywhere. Changes nothing for others, and on root's
    /// own ways.
    public void becomeWhoseWay(Path path) throws IOException {
        if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            return;
        }
        Path absolute = path.toAbsolutePath();
        for (int names = 1; names <= absolute.getNameCount(); names++) {
            Path step = absolute.getRoot().resolve(absolute.subpath(0, names));
            if (!Files.exists(step, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            int uid = (int) Files.getAttribute(step, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            if (uid != 0) {
                become(uid, (int) Files.getAttribute(step, "unix:gid", LinkOption.NOFOLLOW_LINKS));
                return;
            }
        }
    }

    /// Makes every file that this process and its programs make from now on private to its user.
    public void keepPrivate() throws IOException {
        libc.must("umask", PRIVATE);
    }

    static Child.End waitFor(Libc libc, int pid) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
            libc.must("waitpid", pid, status, 0);
            int value = status.get(ValueLayout.JAVA_INT, 0);
            int signal = value & 0x7f;
            return signal == 0 ? new Child.End.Exited((value >> 8) & 0xff) : new Child.End.Killed(signal);
        }
    }
}
