package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import qrate.core.Control;
import qrate.core.ControlChecks;
import qrate.core.ControlFile;
import qrate.core.Program;
import qrate.smtpd.QmailNewmrh;

/// Takes over the control files (qmail-control(5)).
///
/// @param take how a file of the old tree becomes one of ours
/// @param domains names of vpopmail's domains, whose lines the directory writes
record ControlPart(Take take, Set<String> domains) {
    /// Files that here mean something else, or open more than they did.
    private static final Map<String, String> NOT_TAKEN = Map.of(
            "percenthack", "with a wrong line it makes an open relay: set it by hand",
            "qmqpservers", "here it says where every command hands its mail: set it by hand",
            "tcp.smtp", "rules that name RELAYCLIENT open a relay: look through them, then tcprules",
            "tcp.smtp.cdb", "made by tcprules from tcp.smtp",
            "morercpthosts.cdb", "made anew of morercpthosts",
            "proxyfrom", "here it says who may speak for others: set it by hand",
            "virtualprograms", "here it lets mailboxes run programs: set it by hand",
            "pop3plaintext", "here it takes passwords without TLS: set it by hand",
            "fromheader", "here it says who may write as whom: set it by hand",
            "tlshosts", "a folder of certificates: copy it by hand");

    private static final String RCPTHOSTS = "rcpthosts";
    private static final String VIRTUALDOMAINS = "virtualdomains";
    private static final String MORE = "morercpthosts";

    void run(Source source) throws IOException {
        Optional<Source> folder = source.part("control");
        if (folder.isEmpty()) {
            take.report().leftOut("control", "there is no such folder, or its link leads to nothing here");
            return;
        }
        for (Path path : Source.list(folder.get().root())) {
            String name = Source.name(path);
            if (!name.startsWith(".")) {
                one(path, name);
            }
        }
        if (!Source.exists(folder.get().root().resolve(RCPTHOSTS))) {
            take.report().note("control/rcpthosts: there was none, so everybody could relay; here nobody can");
        }
    }

    private void one(Path path, String name) throws IOException {
        String where = "control/" + name;
        Optional<ControlFile> known = ControlFile.named(name);
        String not = NOT_TAKEN.getOrDefault(name, "");
        if (not.isEmpty() && known.isEmpty()) {
            not = "nothing here reads it";
        }
        if (!not.isEmpty()) {
            take.report().leftOut(where, not);
            return;
        }
        List<String> lines;
        try {
            lines = lines(Source.read(path), known.get(), where);
        } catch (IOException e) {
            take.report().leftOut(where, Source.why(e));
            return;
        }
        if (name.equals(RCPTHOSTS) || name.equals(VIRTUALDOMAINS)) {
            merge(name, lines);
            return;
        }
        if (lines.isEmpty() && known.get().isValue()) {
            return; // an empty value is none
        }
        byte[] content = text(lines).getBytes(UTF_8);
        boolean written = take.file(where, take.state().control().resolve(name), content, "rw-r-----");
        if (written && name.equals(MORE) && !take.dry()) {
            compile();
        }
    }

    private static String text(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /// The lines that make sense.
    ///
    /// @throws IOException when the whole makes none
    private List<String> lines(byte[] content, ControlFile file, String where) throws IOException {
        List<String> good = new ArrayList<>();
        for (Lines.Line line : Lines.of(content)) {
            String text = line.text().stripTrailing();
            String problem = line.problem().isEmpty() ? problem(file, text) : line.problem();
            if (problem.isEmpty()) {
                good.add(text);
            } else {
                take.report().leftOut(where + ":" + line.number(), problem);
            }
            if (file.isValue()) {
                break;
            }
        }
        return good.size() == 1 && good.getFirst().isEmpty() ? List.of() : good;
    }

    private static String problem(ControlFile file, String line) {
        if (line.isEmpty() || (!file.isValue() && line.startsWith("#"))) {
            return "";
        }
        if (file.file().equals(RCPTHOSTS) || file.file().equals(MORE)) {
            return line.matches("\\.[^.]*")
                    ? "it would relay for a whole top-level domain"
                    : ControlChecks.problem(file, line);
        }
        return ControlChecks.problem(file, line);
    }

    /// Lines of two writers live in these files: the directory's, and everybody else's.
    private void merge(String name, List<String> lines) throws IOException {
        Path file = take.state().control().resolve(name);
        List<String> before = Files.exists(file) ? Files.readAllLines(file, UTF_8) : List.of();
        Set<String> known = before.stream().map(ControlPart::lower).collect(Collectors.toSet());
        List<String> fresh = new ArrayList<>();
        for (String line : lines) {
            String domain = lower(name.equals(RCPTHOSTS) ? line : line.split(":", 2)[0]);
            String key = "control/" + name + " " + lower(line);
            if (line.isEmpty() || line.startsWith("#") || domains.contains(domain) || known.contains(lower(line))) {
                continue;
            }
            if (take.notes().has(key)) {
                take.report().note("control/" + name + ": " + line + ": removed here since, stays so");
            } else if (hasOther(name, domain, before)) {
                take.report().conflict("control/" + name + ": " + line, "there is another line for it here");
            } else {
                fresh.add(line);
                take.report().change("add to control/" + name + ": " + line);
            }
        }
        if (!fresh.isEmpty() && !take.dry()) {
            List<String> all = new ArrayList<>(before);
            all.addAll(fresh);
            take.target().file(file, text(all).getBytes(UTF_8), "rw-r-----");
            take.notes()
                    .put(fresh.stream()
                            .collect(Collectors.toMap(l -> "control/" + name + " " + lower(l), _ -> "", (a, _) -> a)));
        }
    }

    private static boolean hasOther(String name, String domain, List<String> before) {
        return name.equals(VIRTUALDOMAINS)
                && before.stream().anyMatch(line -> lower(line).startsWith(domain + ":"));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private void compile() throws IOException {
        PrintStream nowhere = new PrintStream(java.io.OutputStream.nullOutputStream());
        Control control = new Control(take.state().control(), InstantSource.system());
        int code = new QmailNewmrh(control)
                .run(List.of(), new Program.Stdio(Map.of(), java.io.InputStream.nullInputStream(), nowhere, nowhere));
        if (code != 0) {
            throw new IOException("control/morercpthosts.cdb: cannot be written");
        }
        take.target().own(take.state().control().resolve(MORE + ".cdb"));
    }
}
