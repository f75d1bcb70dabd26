package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import qrate.core.Program;
import qrate.directory.QmailNewu;
import qrate.dotqmail.Line;

/// Takes over the lines of `users/assign` that are not vpopmail's, and the `.qmail` files of `alias`.
record AssignPart(Take take) {
    private static final String WHERE = "users/assign";

    /// What the old file says; nothing when there is none.
    static List<Assign.Entry> read(Source source, Report report) throws IOException {
        Optional<Source> folder = source.part("users");
        Optional<Path> file = folder.isEmpty() ? Optional.empty() : folder.get().find("assign");
        if (file.isEmpty()) {
            report.note(WHERE + ": there is none, so no domains and no users of the system");
            return List.of();
        }
        try {
            return Assign.parse(Source.read(file.get()), WHERE, report);
        } catch (IOException e) {
            report.leftOut(WHERE, Source.why(e));
            return List.of();
        }
    }

    /// Adds the lines of the system's users to ours, and compiles them.
    void users(List<Assign.Entry> entries) throws IOException {
        Path file = take.state().users().resolve("assign");
        Map<String, String> here = new LinkedHashMap<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file, UTF_8)) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    here.put(line.substring(0, colon), line);
                }
            }
        }
        Set<String> people = entries.stream()
                .filter(entry -> !entry.wildcard())
                .map(Assign.Entry::name)
                .collect(Collectors.toSet());
        List<String> fresh = new ArrayList<>();
        for (Assign.Entry entry : entries) {
            String key = "assign " + entry.key();
            if (entry.isDomain() || here.getOrDefault(entry.key(), "").equals(entry.text())) {
                continue;
            }
            if (entry.hasDot() && !people.contains(entry.domain())) {
                take.report().leftOut(WHERE + ": " + entry.text(), "a domain whose folder is not below domains/");
            } else if (entry.user().equals("alias")) {
                take.report().note(WHERE + ": " + entry.text() + ": not needed, alias gets what nobody else gets");
            } else if (take.notes().has(key)) {
                take.report().note(WHERE + ": " + entry.key() + ": changed or removed here since, stays so");
            } else if (here.containsKey(entry.key())) {
                take.report().conflict(WHERE + ": " + entry.key(), "there is another line for it here");
            } else {
                fresh.add(entry.text());
                here.put(entry.key(), entry.text());
                take.report().change("add to users/assign: " + entry.text());
                take.report()
                        .note("mail for " + entry.name() + " waits until lspawn may become uid " + entry.uid()
                                + " and sees " + entry.home());
            }
        }
        if (!fresh.isEmpty() && !take.dry()) {
            String text = String.join("\n", here.values()) + "\n.\n";
            take.target().file(file, text.getBytes(UTF_8), "rw-r-----");
            compile();
            Map<String, String> noted = new LinkedHashMap<>();
            fresh.forEach(line -> noted.put("assign " + line.substring(0, line.indexOf(':')), ""));
            take.notes().put(noted);
        }
    }

    private void compile() throws IOException {
        PrintStream nowhere = new PrintStream(java.io.OutputStream.nullOutputStream());
        Map<String, String> environment =
                Map.of("QRATE_STATE", take.state().root().toString());
        int code = new QmailNewu()
                .run(
                        List.of(),
                        new Program.Stdio(environment, java.io.InputStream.nullInputStream(), nowhere, nowhere));
        if (code != 0) {
            throw new IOException("users/cdb: cannot be written");
        }
        take.target().own(take.state().users().resolve("cdb"));
    }

    /// Copies `alias/.qmail*` as they are.
    void alias(Source source) throws IOException {
        Optional<Source> folder = source.part("alias");
        if (folder.isEmpty()) {
            return;
        }
        for (Path path : Source.list(folder.get().root())) {
            String name = Source.name(path);
            String where = "alias/" + name;
            if (!name.startsWith(".qmail")) {
                continue;
            }
            Optional<Path> real = folder.get().inside(path);
            if (real.isEmpty() || name.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
                take.report()
                        .leftOut(where, real.isEmpty() ? "it leads out of the tree" : "no address can be called so");
                continue;
            }
            try {
                byte[] content = Source.read(real.get());
                Instructions found = Instructions.parse(content);
                if (!found.problem().isEmpty() || found.isList()) {
                    take.report()
                            .leftOut(where, found.isList() ? "part of a mailing list: ezmlm-make" : found.problem());
                    continue;
                }
                elsewhere(found, where);
                String permissions = Files.isExecutable(real.get()) ? "rwxr-----" : "rw-r-----";
                take.file(where, take.state().maildirs().resolve("alias").resolve(name), content, permissions);
            } catch (java.nio.file.AccessDeniedException e) {
                take.report().leftOut(where, Source.why(e));
            }
        }
    }

    private void elsewhere(Instructions found, String where) {
        for (Line line : found.lines()) {
            String path = switch (line) {
                case Line.Mbox(String mbox) -> mbox;
                case Line.Maildir(String maildir) -> maildir;
                case Line.Program(String command) -> "|" + command;
                case Line.Forward _ -> "";
            };
            if (path.startsWith("/") || path.startsWith("|")) {
                take.report().note(where + ": look whether this works here: " + path);
            }
        }
    }
}
