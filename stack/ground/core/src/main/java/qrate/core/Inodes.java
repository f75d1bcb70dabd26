package qrate.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// How many files a disk can have, as df(1) says it: the JDK does not know, and calling the C library would take more
/// memory than a whole service.
///
/// @param free how many more
/// @param total in all
public record Inodes(long free, long total) {
    private static final int DF_SECONDS_MAX = 5;

    /// Looks at the disks of some folders. A folder that is not there, and a disk without such a limit, are left out.
    public static Map<Path, Inodes> of(List<Path> folders) {
        List<Path> there = folders.stream().filter(Files::isDirectory).toList();
        if (there.isEmpty()) {
            return Map.of();
        }
        List<String> command = Stream.concat(
                        Stream.of("df", "-P", "-i", "--"), there.stream().map(Path::toString))
                .toList();
        try {
            Process df = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            df.getOutputStream().close();
            List<String> lines =
                    df.inputReader().lines().limit(there.size() + 1L).toList();
            if (!df.waitFor(DF_SECONDS_MAX, TimeUnit.SECONDS)) {
                df.destroyForcibly();
                return Map.of();
            }
            return parse(there, lines);
        } catch (IOException _) {
            return Map.of(); // no df here
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    static Map<Path, Inodes> parse(List<Path> folders, List<String> lines) {
        Map<Path, Inodes> all = new LinkedHashMap<>();
        for (int i = 0; i < folders.size() && lines.size() == folders.size() + 1; i++) {
            String[] fields = lines.get(i + 1).trim().split(" +", -1);
            if (fields.length >= 4 && fields[1].matches("[1-9][0-9]{0,17}") && fields[3].matches("[0-9]{1,18}")) {
                all.put(folders.get(i), new Inodes(Long.parseLong(fields[3]), Long.parseLong(fields[1])));
            }
        }
        return all;
    }
}
