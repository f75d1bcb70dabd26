package qrate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// CPU and memory of a process and all below it, read from /proc (proc(5)).
final class ProcessTree {
    private static final double TICKS_A_SECOND = 100; // USER_HZ on every Linux that Java 25 runs on

    private ProcessTree() {}

    /// CPU seconds of a process, of those below it, and of those that ended and were waited for.
    static double cpuSeconds(long pid) throws IOException {
        double ticks = 0;
        for (long each : withDescendants(pid)) {
            try {
                String[] fields = stat(each);
                // utime stime cutime cstime are fields 14 to 17, here counted from behind the name
                for (int i = 11; i <= 14; i++) {
                    ticks += Long.parseLong(fields[i]);
                }
            } catch (java.nio.file.NoSuchFileException _) {
                // it ended meanwhile: its parent has its ticks
            }
        }
        return ticks / TICKS_A_SECOND;
    }

    /// Memory, in KiB.
    ///
    /// @param own what nobody but the processes holds, and no file could give back
    /// @param all that, and the files that they map, each divided among those that map it (Pss)
    record Memory(long own, long all) {
        /// None.
        static final Memory NONE = new Memory(0, 0);

        Memory plus(Memory other) {
            return new Memory(own + other.own, all + other.all);
        }
    }

    /// Memory of a process and of those below it.
    static Memory memory(long pid) throws IOException {
        long own = 0;
        long all = 0;
        for (long each : withDescendants(pid)) {
            for (String line : Files.readAllLines(Path.of("/proc/" + each + "/smaps_rollup"))) {
                own += kib(line, "Pss_Anon:");
                all += kib(line, "Pss:");
            }
        }
        return new Memory(own, all);
    }

    private static long kib(String line, String name) {
        return line.startsWith(name) ? Long.parseLong(line.replaceAll("[^0-9]", "")) : 0;
    }

    private static List<Long> withDescendants(long pid) throws IOException {
        List<Long> tree = new ArrayList<>(List.of(pid));
        List<long[]> parents = new ArrayList<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (name.chars().allMatch(Character::isDigit)) {
                    try {
                        parents.add(new long[] {Long.parseLong(name), Long.parseLong(stat(Long.parseLong(name))[1])});
                    } catch (IOException _) {
                        // it ended meanwhile
                    }
                }
            }
        }
        for (int i = 0; i < tree.size(); i++) {
            long parent = tree.get(i);
            parents.stream().filter(p -> p[1] == parent).forEach(p -> tree.add(p[0]));
        }
        return tree;
    }

    private static String[] stat(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }
}
