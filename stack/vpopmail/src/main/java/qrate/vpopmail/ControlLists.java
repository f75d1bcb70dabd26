package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import qrate.core.DurableFile;
import qrate.directory.Names;

/// The directory's lines in `rcpthosts` and `virtualdomains` (qmail-control(5)), among lines that others wrote. None of
/// its domains is in `locals`, which would come first (qmail-send(8)).
final class ControlLists {
    private final Path control;

    ControlLists(Path control) {
        this.control = control;
    }

    /// Adds the lines of domains that have none and takes out those of removed ones.
    void update(Collection<String> domains, Collection<String> gone) throws IOException {
        update("rcpthosts", domains, gone, domain -> domain);
        update("virtualdomains", domains, gone, domain -> domain + ":" + domain);
        Path locals = control.resolve("locals");
        if (Files.exists(locals)) {
            List<String> lines = Files.readAllLines(locals, UTF_8);
            write(
                    locals,
                    lines,
                    lines.stream().filter(line -> !isOneOf(domains, line)).toList());
        }
    }

    private static boolean isOneOf(Collection<String> domains, String line) {
        return domains.contains(Names.domain(line.stripTrailing()).orElse(""));
    }

    private void update(String name, Collection<String> domains, Collection<String> gone, UnaryOperator<String> line)
            throws IOException {
        Path file = control.resolve(name);
        boolean there = Files.exists(file);
        List<String> before = there ? Files.readAllLines(file, UTF_8) : List.of();
        Set<String> dropped = new TreeSet<>(gone.stream().map(line).toList());
        List<String> after = new ArrayList<>(before);
        after.removeIf(dropped::contains);
        Set<String> known = new TreeSet<>(after);
        domains.stream().sorted().map(line).filter(l -> !known.contains(l)).forEach(after::add);
        if (!there) {
            DurableFile.write(file, new byte[0]);
        }
        write(file, before, after);
    }

    private static void write(Path file, List<String> before, List<String> after) throws IOException {
        if (!after.equals(before)) {
            DurableFile.write(
                    file,
                    String.join("\n", after).concat(after.isEmpty() ? "" : "\n").getBytes(UTF_8));
        }
    }
}
