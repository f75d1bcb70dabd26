package qrate.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the process and its JVM take, as Linux says it in `/proc`: the JDK's own management classes would take more
/// memory than there is to report.
///
/// @param started when it began
record ProcessFigures(Instant started) {
    private static final Path STATUS = Path.of("/proc/self/status");

    List<Figure.Sample> samples() {
        Runtime jvm = Runtime.getRuntime();
        List<Figure.Sample> all = new ArrayList<>(List.of(
                Figure.BUILD.of(1, Version.text()),
                Figure.STARTED.of(started.getEpochSecond()),
                Figure.HEAP.of(jvm.totalMemory() - jvm.freeMemory()),
                Figure.HEAP_LIMIT.of(jvm.maxMemory())));
        try {
            List<String> lines = Files.readAllLines(STATUS);
            number(lines, "VmRSS:").ifPresent(kib -> all.add(Figure.RESIDENT.of(kib << 10)));
            number(lines, "Threads:").ifPresent(count -> all.add(Figure.THREADS.of(count)));
        } catch (IOException _) {
            // no Linux: these two are left out
        }
        return all;
    }

    static Optional<Long> number(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst();
    }
}
