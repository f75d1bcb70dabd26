package qrate.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.DurableFile;
import qrate.core.Program;
import qrate.directory.Change;
import qrate.directory.Vpopmail;
import qrate.smtpd.QmailNewmrh;
import qrate.tcpserver.TcprulesCompiler;

/// The control files (qmail-control(5)), without the lines that the directory writes among them for its domains.
///
/// @param folder `control/`
record Controls(Path folder, Vpopmail directory) {
    /// Where the directory has lines of its own; never removed.
    private static final Set<ControlFile> SHARED = Set.of(ControlFile.RCPTHOSTS, ControlFile.VIRTUALDOMAINS);

    /// Without these the host would be another, or its own mail would go elsewhere.
    private static final Set<ControlFile> NEVER_REMOVED =
            Set.of(ControlFile.ME, ControlFile.LOCALS, ControlFile.RCPTHOSTS, ControlFile.VIRTUALDOMAINS);

    private static final Set<ControlFile> COMPILED =
            Set.of(ControlFile.TCP_SMTP_CDB, ControlFile.MORERCPTHOSTS_CDB, ControlFile.TLSHOSTS);

    /// Words of a route that has a password.
    private static final int ROUTE_WORDS = 3;

    /// Names of the directory's domains, aliases too.
    private Set<String> domains() throws IOException {
        return directory.domains().stream().map(Vpopmail.Domain::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /// The domain a line is about.
    private static String domain(ControlFile file, String line) {
        String lower = line.strip().toLowerCase(Locale.ROOT);
        return file == ControlFile.VIRTUALDOMAINS ? lower.split(":", 2)[0] : lower;
    }

    /// The lines that count, of others than the directory; empty when there is no such file.
    private Optional<List<String>> present(ControlFile file, Set<String> domains) throws IOException {
        Control control = new Control(folder, InstantSource.system());
        if (!control.exists(file.file())) {
            return Optional.empty();
        }
        if (file.isValue()) {
            return Optional.of(List.of(control.line(file.file()).orElse("")));
        }
        return Optional.of(control.lines(file.file()).stream()
                .filter(line -> !SHARED.contains(file) || !domains.contains(domain(file, line)))
                .toList());
    }

    /// What is there, as a file says it.
    ///
    /// @param secrets whether routes with passwords are shown; else a value of nothing says that there are some
    Map<String, Object> export(boolean secrets) throws IOException {
        Set<String> domains = domains();
        Map<String, Object> all = new TreeMap<>();
        for (ControlFile file : ControlFile.values()) {
            Optional<List<String>> lines = COMPILED.contains(file) ? Optional.empty() : present(file, domains);
            if (lines.isPresent()) {
                boolean hidden = !secrets && lines.get().stream().anyMatch(line -> hasPassword(file, line));
                all.put(
                        file.file(),
                        hidden ? null : file.isValue() ? value(lines.get().getFirst()) : lines.get());
            }
        }
        return all;
    }

    private static Object value(String text) {
        return text.matches("0|[1-9][0-9]{0,17}") ? Long.valueOf(text) : text;
    }

    private static boolean hasPassword(ControlFile file, String line) {
        boolean open = file == ControlFile.SMTPROUTES && line.split("[ \t]+", -1).length < ROUTE_WORDS;
        return file.isSecret() && !open;
    }

    /// What is to be done.
    ///
    /// @param names of domains once the file is applied
    List<PlannedChange> plan(Named<Declared.ControlLines> wanted, Set<String> names, boolean prune)
            throws IOException, BadFile {
        Set<String> domains = new TreeSet<>(domains());
        domains.addAll(names);
        List<PlannedChange> steps = new ArrayList<>();
        for (Map.Entry<String, Declared.ControlLines> one : wanted.all().entrySet()) {
            ControlFile file = ControlFile.named(one.getKey()).orElseThrow();
            if (!one.getValue().kept()) {
                List<String> lines = withoutTheDirectorys(file, one.getValue().lines(), domains);
                Optional<List<String>> there = present(file, domains);
                if (there.isEmpty() || !same(file, there.get(), lines) || isStale(file)) {
                    steps.add(write(file, there.orElse(List.of()), lines, there.isEmpty()));
                }
            }
        }
        if (prune && wanted.said()) {
            for (ControlFile file : ControlFile.values()) {
                boolean goes = !wanted.all().containsKey(file.file())
                        && !COMPILED.contains(file)
                        && !NEVER_REMOVED.contains(file)
                        && present(file, domains).isPresent();
                if (goes) {
                    steps.add(remove(file));
                }
            }
        }
        return steps;
    }

    private static List<String> withoutTheDirectorys(ControlFile file, List<String> lines, Set<String> domains)
            throws BadFile {
        List<String> all = new ArrayList<>();
        for (String line : lines) {
            String domain = domain(file, line);
            boolean own = domains.contains(domain);
            if (file == ControlFile.LOCALS && own) {
                throw new BadFile("control.locals: " + BadFile.shown(line)
                        + ": is a domain of the directory, whose mailboxes would get no mail");
            }
            if (file == ControlFile.VIRTUALDOMAINS && own && !line.equalsIgnoreCase(domain + ":" + domain)) {
                throw new BadFile("control.virtualdomains: " + BadFile.shown(line)
                        + ": is a domain of the directory, which writes its line itself");
            }
            if (!SHARED.contains(file) || !own) {
                all.add(line);
            }
        }
        return all;
    }

    private static boolean same(ControlFile file, List<String> there, List<String> lines) {
        return SHARED.contains(file) ? new TreeSet<>(there).equals(new TreeSet<>(lines)) : there.equals(lines);
    }

    private PlannedChange write(ControlFile file, List<String> before, List<String> lines, boolean fresh) {
        String what = file.isValue() ? values(before, lines, fresh) : difference(file, before, lines);
        PlannedChange.Line line = new PlannedChange.Line(
                fresh ? PlannedChange.ADD : PlannedChange.CHANGE, "control file", file.file(), what);
        return PlannedChange.of(line, () -> {
            put(file, lines);
            return new Change.Done();
        });
    }

    private static String values(List<String> before, List<String> lines, boolean fresh) {
        return fresh ? lines.getFirst() : before.getFirst() + " -> " + lines.getFirst();
    }

    private static String difference(ControlFile file, List<String> before, List<String> lines) {
        Set<String> gone = new LinkedHashSet<>(before);
        lines.forEach(gone::remove);
        Set<String> fresh = new LinkedHashSet<>(lines);
        before.forEach(fresh::remove);
        List<String> all = new ArrayList<>();
        fresh.forEach(line -> all.add("+ " + shown(file, line)));
        gone.forEach(line -> all.add("- " + shown(file, line)));
        return all.isEmpty() ? "another order, or not compiled" : String.join(", ", all);
    }

    private static String shown(ControlFile file, String line) {
        return hasPassword(file, line) ? line.split("[ \t]+", 2)[0] + " (with a password)" : line;
    }

    /// Whether `morercpthosts` was not compiled since it was written, as after a run that was cut off.
    private boolean isStale(ControlFile file) throws IOException {
        Path source = folder.resolve(file.file());
        Path compiled = folder.resolve(ControlFile.MORERCPTHOSTS_CDB.file());
        return file == ControlFile.MORERCPTHOSTS
                && (!Files.exists(compiled)
                        || Files.getLastModifiedTime(compiled).compareTo(Files.getLastModifiedTime(source)) < 0);
    }

    /// Writes a file, with the comments at its beginning and the lines of the directory, and what is compiled of it.
    private void put(ControlFile file, List<String> lines) throws IOException {
        Path path = folder.resolve(file.file());
        List<String> before = Files.exists(path) ? Files.readAllLines(path, UTF_8) : List.of();
        List<String> all = new ArrayList<>();
        if (!file.isValue()) {
            before.stream()
                    .takeWhile(line -> line.isBlank() || line.startsWith("#"))
                    .forEach(all::add);
        }
        if (SHARED.contains(file)) {
            Set<String> domains = domains();
            before.stream().filter(line -> domains.contains(domain(file, line))).forEach(all::add);
        }
        all.addAll(lines);
        String text = all.isEmpty() ? "" : String.join("\n", all) + "\n";
        if (file == ControlFile.TCP_SMTP) {
            TcprulesCompiler.compile(text, folder.resolve(ControlFile.TCP_SMTP_CDB.file()));
        }
        DurableFile.write(path, text.getBytes(UTF_8));
        if (file == ControlFile.MORERCPTHOSTS) {
            compileHosts();
        }
    }

    private void compileHosts() throws IOException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        int code = new QmailNewmrh(new Control(folder, InstantSource.system()))
                .run(List.of(), new Program.Stdio(Map.of(), InputStream.nullInputStream(), nowhere, nowhere));
        if (code != 0) {
            throw new IOException("control/morercpthosts.cdb: cannot be written; ./qrate qmail-newmrh makes it");
        }
    }

    /// What is to be done so that a file is not there any more; nothing where it is not.
    ///
    /// @throws BadFile for one that must be there
    List<PlannedChange> removal(ControlFile file) throws IOException, BadFile {
        if (NEVER_REMOVED.contains(file)) {
            throw new BadFile("control." + file.file() + ": is never removed");
        }
        return present(file, domains()).isPresent() ? List.of(remove(file)) : List.of();
    }

    private PlannedChange remove(ControlFile file) {
        return PlannedChange.of(new PlannedChange.Line(PlannedChange.REMOVE, "control file", file.file(), ""), () -> {
            if (file == ControlFile.TCP_SMTP) {
                Files.deleteIfExists(folder.resolve(ControlFile.TCP_SMTP_CDB.file()));
            } else if (file == ControlFile.MORERCPTHOSTS) {
                Files.deleteIfExists(folder.resolve(ControlFile.MORERCPTHOSTS_CDB.file()));
            }
            Files.deleteIfExists(folder.resolve(file.file()));
            DurableFile.syncFolder(folder);
            return new Change.Done();
        });
    }

    /// What has to be done by hand before changes of control files count.
    static List<String> notes(List<PlannedChange.Line> done) {
        Map<String, String> notes = new LinkedHashMap<>();
        for (PlannedChange.Line line : done) {
            if (line.kind().equals("control file")
                    && ControlFile.named(line.name())
                            .filter(ControlFile::atStart)
                            .isPresent()) {
                notes.put(
                        line.name(),
                        "control/" + line.name() + " is read at the start: ./qrate down, then up, and it counts");
            }
        }
        return List.copyOf(notes.values());
    }
}
