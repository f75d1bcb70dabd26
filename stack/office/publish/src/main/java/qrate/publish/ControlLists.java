package qrate.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import qrate.core.DurableFiles;
import qrate.snapshots.Names;

/// The directory's lines in `rcpthosts` and `virtualdomains` (qmail-control(5)), among lines that others wrote. None of
/// its domains is in `locals`, which would come first (qmail-send(8)).
final class ControlLists {
    private static final String READABLE = "rw-r-----";

    private final Path control;
    private final DurableFiles files = new DurableFiles();

    ControlLists(Path control) {
        this.control = control;
    }

    /// Adds the lines of domains that have none and takes out those of removed ones.
    ///
    /// A domain that becomes virtual leaves `locals`, which send reads first. The host's own name comes back
    /// when its domain is removed.
    void update(Collection<String> domains, Collection<String> gone) throws IOException {
        locals(domains, gone);
        update("rcpthosts", domains, gone, domain -> domain);
        update("virtualdomains", domains, gone, domain -> domain + ":" + domain);
        files.show();
        files.sync();
    }

    private void locals(Collection<String> domains, Collection<String> gone) throws IOException {
        Path locals = control.resolve("locals");
        Set<String> fresh = new TreeSet<>(domains);
        lines("virtualdomains").forEach(line -> fresh.remove(line.split(":", 2)[0]));
        boolean there = Files.exists(locals);
        List<String> before = lines(there ? "locals" : "me"); // as send reads them
        List<String> after = new ArrayList<>(before);
        after.removeIf(line -> fresh.contains(Names.domain(line.strip()).orElse("")));
        Optional<String> me = lines("me").stream().findFirst().map(String::strip);
        if (there && me.isPresent() && gone.contains(me.get()) && !after.contains(me.get())) {
            after.add(me.get());
        }
        if (!after.equals(before)) {
            write(locals, there ? after : List.of());
        }
    }

    private List<String> lines(String name) throws IOException {
        Path file = control.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file, UTF_8) : List.of();
    }

    private void write(Path file, List<String> lines) throws IOException {
        files.add(
                file,
                String.join("\n", lines).concat(lines.isEmpty() ? "" : "\n").getBytes(UTF_8),
                READABLE);
    }

    private void update(String name, Collection<String> domains, Collection<String> gone, UnaryOperator<String> line)
            throws IOException {
        Path file = control.resolve(name);
        boolean there = Files.exists(file);
        List<String> before = lines(name);
        Set<String> dropped = new TreeSet<>(gone.stream().map(line).toList());
        List<String> after = new ArrayList<>(before);
        after.removeIf(dropped::contains);
        Set<String> known = new TreeSet<>(after);
        domains.stream().sorted().map(line).filter(l -> !known.contains(l)).forEach(after::add);
        if (!there || !after.equals(before)) {
            write(file, after);
        }
    }
}
