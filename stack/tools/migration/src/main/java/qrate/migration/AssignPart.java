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
import qrate.dotqmail.Line;
import qrate.snapshots.QmailNewu;

/// Takes over the lines of `users/assign` that are not vpopmail's, and the `.qmail` files of `alias`.
record AssignPart(Take take) {
    private static final String WHERE = "users/assign";
    private static final String PREFIX = ".qmail-";
    private static final String ALIAS = "/alias/";

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
        Source tree = folder.get();
        Map<String, OldDotQmail> found = new LinkedHashMap<>();
        Map<String, Path> files = new LinkedHashMap<>();
        for (Path path : Source.list(tree.root())) {
            String name = Source.name(path);
            String where = "alias/" + name;
            if (!name.startsWith(".qmail")) {
                continue;
            }
            Optional<Path> real = tree.inside(path, old -> named(tree, old));
            if (real.isEmpty() || name.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
                take.report()
                        .leftOut(where, real.isEmpty() ? "it leads out of the tree" : "no address can be called so");
                continue;
            }
            try {
                OldDotQmail says = OldDotQmail.parse(Source.read(real.get()));
                if (says.problem().isEmpty()) {
                    found.put(name, says);
                    files.put(name, real.get());
                } else {
                    take.report().leftOut(where, says.problem());
                }
            } catch (java.nio.file.AccessDeniedException e) {
                take.report().leftOut(where, Source.why(e));
            }
        }
        List<String> lists = ListPart.names(found);
        for (String list : lists) {
            list(tree, list, files.get(list), found.get(list));
        }
        for (Map.Entry<String, OldDotQmail> entry : found.entrySet()) {
            String name = entry.getKey();
            Optional<String> list = ListPart.of(lists, name);
            if (list.isEmpty() || !ListPart.isMade(list.get(), name, entry.getValue())) {
                one(name, files.get(name), entry.getValue());
            }
        }
    }

    private void one(String name, Path file, OldDotQmail says) throws IOException {
        String where = "alias/" + name;
        if (says.isList()) {
            take.report().leftOut(where, "part of a mailing list");
            return;
        }
        elsewhere(says, where);
        String permissions = Files.isExecutable(file) ? "rwxr-----" : "rw-r-----";
        take.file(where, take.state().maildirs().resolve("alias").resolve(name), Source.read(file), permissions);
    }

    private void list(Source tree, String name, Path dot, OldDotQmail says) throws IOException {
        String where = "alias/list " + name.substring(PREFIX.length());
        ListPart.Old old = new ListPart.Old(tree, tree.root(), path -> named(tree, path));
        Optional<Path> folder = OldList.folder(old, dot, says);
        Optional<String> host = folder.isEmpty() ? Optional.empty() : OldList.host(tree, folder.get());
        if (host.isEmpty()) {
            take.report().leftOut(where, folder.isEmpty() ? "its folder is not in the tree" : "outhost: no domain");
            return;
        }
        // smtpd takes mail for every address of locals
        new ListPart(take, new ListPart.Home(take.state().maildirs().resolve("alias"), host.get(), _ -> {}), old)
                .run(name.substring(PREFIX.length()), dot, says, where);
    }

    /// What a path of the old place names: what follows its last `/alias/`.
    private static Optional<Path> named(Source tree, String path) throws IOException {
        int at = path.lastIndexOf(ALIAS);
        return at < 0 ? Optional.empty() : tree.find(path.substring(at + ALIAS.length()));
    }

    private void elsewhere(OldDotQmail found, String where) {
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
