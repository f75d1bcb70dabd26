package qrate.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.core.Inodes;
import qrate.core.State;

/// Room, files, memory, clock and folders of the machine.
///
/// @param clock what the machine says of its clock: `yes` when something sets it, `no`, or anything else for unknown
/// @param folders says which folders are not as they should be
record MachineCheck(State state, String clock, Doctor.Folders folders) implements Check {
    /// Part of a disk below which it is nearly full, in percent.
    static final int ROOM_PERCENT_MIN = 10;

    /// Part below which it counts as full.
    static final int FULL_PERCENT = 2;

    /// Less memory than that is little, in KiB.
    static final long MEMORY_KIB_MIN = 100 << 10;

    private static final String ROOM = "find what fills it: ./qrate qmail-qstat, ./qrate logs, du";

    @Override
    public List<Finding> look() throws IOException {
        List<Finding> all = new ArrayList<>();
        Set<Object> seen = new HashSet<>(); // by device: in containers volumes of one disk are mounted one by one
        for (Path folder : List.of(state.queue(), state.maildirs(), state.db(), state.control())) {
            if (Files.exists(folder) && seen.add(Files.getAttribute(folder, "unix:dev"))) {
                all.addAll(disk(folder));
            }
        }
        memory().ifPresent(all::add);
        if (clock.equals("no")) {
            all.add(Finding.doubtful("clock", "nothing sets this machine's clock", "timedatectl set-ntp true"));
        } else if (clock.equals("yes")) {
            all.add(Finding.well("clock", "the clock is set by time servers"));
        }
        Map<String, String> wrong = folders.wrong(state);
        wrong.forEach((what, mend) -> all.add(Finding.broken("folder", what, mend)));
        if (wrong.isEmpty()) {
            all.add(Finding.well("folder", "every folder has its owner and mode"));
        }
        all.add(Finding.well(
                "version",
                "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.version")));
        return all;
    }

    private static List<Finding> disk(Path folder) throws IOException {
        FileStore disk = Files.getFileStore(folder);
        List<Finding> all = new ArrayList<>();
        long mib = disk.getUsableSpace() >> 20;
        all.add(share(
                "disk",
                "room on the disk of " + folder + ": " + mib + " MiB",
                disk.getUsableSpace(),
                disk.getTotalSpace()));
        inodes(folder).ifPresent(all::add);
        return all;
    }

    private static Finding share(String area, String what, long left, long all) {
        long percent = all <= 0 ? 100 : left * 100 / all;
        String text = what + " left, " + percent + " %";
        if (percent < FULL_PERCENT) {
            return Finding.broken(area, text, ROOM);
        }
        return percent < ROOM_PERCENT_MIN ? Finding.doubtful(area, text, ROOM) : Finding.well(area, text);
    }

    /// Some file systems have no limit.
    private static Optional<Finding> inodes(Path folder) {
        return Optional.ofNullable(Inodes.of(List.of(folder)).get(folder))
                .map(files -> share(
                        "disk", "files on the disk of " + folder + ": " + files.free(), files.free(), files.total()));
    }

    private static Optional<Finding> memory() throws IOException {
        Path file = Path.of("/proc/meminfo");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .map(kib -> {
                    String what = (kib >> 10) + " MiB of memory are free";
                    return kib < MEMORY_KIB_MIN
                            ? Finding.doubtful("memory", what, "see what takes it: ps, ./qrate status")
                            : Finding.well("memory", what);
                })
                .findFirst();
    }
}
