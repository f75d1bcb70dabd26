package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import qrate.core.Control;
import qrate.core.ControlChecks;
import qrate.core.ControlFile;
import qrate.core.DurableFile;
import qrate.core.Log;
import qrate.core.Program;
import qrate.smtpd.QmailNewmrh;
import qrate.snapshots.Names;
import qrate.tcpserver.TcprulesCompiler;

/// The control files (qmail-control(5)), without the lines that the directory writes among them for its domains.
///
/// @param folder `control/`
public record ControlFolder(Path folder) {
    /// Where the directory has lines of its own.
    private static final Set<ControlFile> SHARED = Set.of(ControlFile.RCPTHOSTS, ControlFile.VIRTUALDOMAINS);

    /// Without these the host would be another, its own mail would go elsewhere, or bounces would not come back.
    private static final Set<ControlFile> NEVER_REMOVED = Set.of(
            ControlFile.ME,
            ControlFile.LOCALS,
            ControlFile.RCPTHOSTS,
            ControlFile.VIRTUALDOMAINS,
            ControlFile.SRS_SECRETS);

    /// What is no text that somebody writes, and why.
    private static final Map<ControlFile, String> ELSEWHERE = Map.of(
            ControlFile.MORERCPTHOSTS_CDB, "is made of morercpthosts: name that",
            ControlFile.TCP_SMTP_CDB, "is made of tcp.smtp: name that",
            ControlFile.TLSHOSTS, "is a folder of certificates: copy it by hand");

    /// Words of a route that has a password.
    private static final int ROUTE_WORDS = 3;

    private static final int SHOWN_CHARS_MAX = 60;

    /// Why a file is no text that somebody writes; empty for one that is.
    public static String elsewhere(ControlFile file) {
        return ELSEWHERE.getOrDefault(file, "");
    }

    /// Whether a file must be there.
    public static boolean stays(ControlFile file) {
        return NEVER_REMOVED.contains(file);
    }

    /// What is wrong with lines by themselves.
    ///
    /// @param lines as they shall stand there
    public static Optional<Refusal> problem(ControlFile file, List<String> lines) {
        String name = file.file();
        if (!elsewhere(file).isEmpty()) {
            return Optional.of(Refusal.of(Refusal.Key.CONTROL_ELSEWHERE, name, elsewhere(file)));
        }
        if (file.isValue() && lines.size() != 1) {
            return Optional.of(Refusal.of(Refusal.Key.CONTROL_ONE_VALUE, name));
        }
        for (String line : lines) {
            Optional<Refusal> problem = problem(file, line);
            if (problem.isPresent()) {
                return problem;
            }
        }
        if (file == ControlFile.ME && Names.domain(lines.getFirst()).isEmpty()) {
            return Optional.of(Refusal.of(Refusal.Key.CONTROL_HOST, name));
        }
        return file == ControlFile.TCP_SMTP
                ? TcprulesCompiler.problem(String.join("\n", lines))
                        .map(why -> Refusal.of(Refusal.Key.CONTROL_RULES, name, why))
                : Optional.empty();
    }

    private static Optional<Refusal> problem(ControlFile file, String line) {
        if (line.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
            return Optional.of(Refusal.of(Refusal.Key.CONTROL_LETTERS, file.file()));
        }
        String text = line.stripTrailing();
        if (file.isValue() && text.isEmpty()) {
            return Optional.empty(); // an empty value is none
        }
        if (text.isEmpty() || (!file.isValue() && text.startsWith("#"))) {
            return Optional.of(Refusal.of(Refusal.Key.CONTROL_EMPTY_LINE, file.file()));
        }
        String why = ControlChecks.problem(file, text);
        if (why.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                ControlChecks.isSecret(file)
                        ? Refusal.of(Refusal.Key.CONTROL_SECRET_LINE, file.file(), why)
                        : Refusal.of(Refusal.Key.CONTROL_LINE, file.file(), shown(text), why));
    }

    private static String shown(String text) {
        return Log.escape(text.length() > SHOWN_CHARS_MAX ? text.substring(0, SHOWN_CHARS_MAX) + "..." : text);
    }

    /// What is wrong with lines beside those that the directory writes.
    ///
    /// @param domains names of the directory's domains
    public static Optional<Refusal> conflict(ControlFile file, List<String> lines, Collection<String> domains) {
        for (String line : lines) {
            String domain = domain(file, line);
            boolean own = domains.contains(domain);
            if (file == ControlFile.LOCALS && own) {
                return Optional.of(Refusal.of(Refusal.Key.CONTROL_LOCAL_DOMAIN, file.file(), shown(line)));
            }
            if (file == ControlFile.VIRTUALDOMAINS && own && !line.equalsIgnoreCase(domain + ":" + domain)) {
                return Optional.of(Refusal.of(Refusal.Key.CONTROL_OWN_LINE, file.file(), shown(line)));
            }
        }
        return Optional.empty();
    }

    /// Lines without those that the directory writes itself.
    public static List<String> others(ControlFile file, List<String> lines, Collection<String> domains) {
        return lines.stream()
                .filter(line -> !SHARED.contains(file) || !domains.contains(domain(file, line)))
                .toList();
    }

    /// The domain a line is about.
    private static String domain(ControlFile file, String line) {
        String lower = line.strip().toLowerCase(Locale.ROOT);
        return file == ControlFile.VIRTUALDOMAINS ? lower.split(":", 2)[0] : lower;
    }

    /// The lines that count, of others than the directory; empty when there is no such file.
    public Optional<List<String>> present(ControlFile file, Collection<String> domains) throws IOException {
        Control control = new Control(folder, InstantSource.system());
        if (!control.exists(file.file())) {
            return Optional.empty();
        }
        return Optional.of(
                file.isValue()
                        ? List.of(control.line(file.file()).orElse(""))
                        : others(file, control.lines(file.file()), domains));
    }

    /// Whether a file says so already, and what is made of it too.
    public boolean says(ControlFile file, List<String> lines, Collection<String> domains) throws IOException {
        Optional<List<String>> there = present(file, domains);
        boolean same = there.isPresent()
                && (SHARED.contains(file)
                        ? new TreeSet<>(there.get()).equals(new TreeSet<>(lines))
                        : there.get().equals(lines));
        return same && !isStale(file);
    }

    /// Whether `morercpthosts` was not compiled since it was written, as after a run that was cut off.
    private boolean isStale(ControlFile file) throws IOException {
        Path source = folder.resolve(file.file());
        Path compiled = folder.resolve(ControlFile.MORERCPTHOSTS_CDB.file());
        return file == ControlFile.MORERCPTHOSTS
                && (!Files.exists(compiled)
                        || Files.getLastModifiedTime(compiled).compareTo(Files.getLastModifiedTime(source)) < 0);
    }

    /// What is different in words, without passwords: `5000000`, `1 -> 2`, `+ a.test, - b.test`.
    ///
    /// @param before empty where there is no such file
    public static String difference(ControlFile file, Optional<List<String>> before, List<String> lines) {
        if (file.isValue()) {
            return before.map(was -> was.getFirst() + " -> ").orElse("") + lines.getFirst();
        }
        List<String> there = before.orElse(List.of());
        Set<String> gone = new LinkedHashSet<>(there);
        lines.forEach(gone::remove);
        Set<String> fresh = new LinkedHashSet<>(lines);
        there.forEach(fresh::remove);
        List<String> all = new ArrayList<>();
        fresh.forEach(line -> all.add("+ " + open(file, line)));
        gone.forEach(line -> all.add("- " + open(file, line)));
        return all.isEmpty() ? "another order, or not compiled" : String.join(", ", all);
    }

    /// Whether a line holds a password.
    public static boolean hasPassword(ControlFile file, String line) {
        boolean open = file == ControlFile.SMTPROUTES && line.split("[ \t]+", -1).length < ROUTE_WORDS;
        return ControlChecks.isSecret(file) && !open;
    }

    /// Lines in words, without passwords.
    static String said(ControlFile file, List<String> lines) {
        return String.join(", ", lines.stream().map(line -> open(file, line)).toList());
    }

    private static String open(ControlFile file, String line) {
        return hasPassword(file, line) ? line.split("[ \t]+", 2)[0] + " (with a password)" : line;
    }

    /// Writes a file, with the comments at its beginning and the lines of the directory, and what is compiled of it.
    ///
    /// @param domains names of the directory's domains
    public void write(ControlFile file, List<String> lines, Collection<String> domains) throws IOException {
        Path path = folder.resolve(file.file());
        List<String> before = Files.exists(path) ? Files.readAllLines(path, UTF_8) : List.of();
        List<String> all = new ArrayList<>();
        if (!file.isValue()) {
            before.stream()
                    .takeWhile(line -> line.isBlank() || line.startsWith("#"))
                    .forEach(all::add);
        }
        if (SHARED.contains(file)) {
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

    /// Removes a file, and what is compiled of it.
    void remove(ControlFile file) throws IOException {
        if (file == ControlFile.TCP_SMTP) {
            Files.deleteIfExists(folder.resolve(ControlFile.TCP_SMTP_CDB.file()));
        } else if (file == ControlFile.MORERCPTHOSTS) {
            Files.deleteIfExists(folder.resolve(ControlFile.MORERCPTHOSTS_CDB.file()));
        }
        Files.deleteIfExists(folder.resolve(file.file()));
        DurableFile.syncFolder(folder);
    }
}
