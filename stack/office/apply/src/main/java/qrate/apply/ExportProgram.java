package qrate.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import qrate.core.DurableFile;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.directory.ControlFolder;
import qrate.directory.DomainTexts;
import qrate.directory.EditableDirectory;
import qrate.directory.Opening;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.Staff;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;

/// `export [--secrets] [--json] [FILE]`: writes what `apply` reads.
///
/// Exit code 0, 100 for a wrong call, 111 when something cannot be read or written now.
final class ExportProgram implements Program {
    private static final String USAGE = "export: usage: export [--secrets] [--json] [FILE]";
    private static final Getopt KNOWN = Getopt.anywhere("", "secrets", "json");
    private static final String HEAD = "# Written by `qrate export`, for `qrate apply`.\n";
    private static final String SECRET =
            "# Holds password hashes, and passwords of routes: keep it from other eyes (mode 600).\n";

    private final Opening.Opener opener;

    ExportProgram() {
        this(Opening::open);
    }

    ExportProgram(Opening.Opener opener) {
        this.opener = opener;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            return misuse(stdio);
        }
        if (given.operands().size() > 1) {
            return misuse(stdio);
        }
        boolean secrets = given.has("secrets");
        String file = given.operand(0);
        try (EditableDirectory directory = opener.open(stdio.environment())) {
            Map<String, Object> all = all(State.of(stdio.environment()), directory, secrets);
            byte[] text = (given.has("json")
                            ? JsonWriter.write(all) + "\n"
                            : HEAD + (secrets ? SECRET : "") + Yaml.write(all))
                    .getBytes(UTF_8);
            if (file.isEmpty() || file.equals("-")) {
                stdio.out().write(text);
                stdio.out().flush();
            } else {
                DurableFile.write(Path.of(file), text, secrets ? "rw-------" : "rw-r-----");
            }
            return 0;
        } catch (IOException e) {
            stdio.err().println("export: fatal: " + Reasons.of(e));
            return 111;
        }
    }

    private static int misuse(Stdio stdio) {
        stdio.err().println(USAGE);
        return 100;
    }

    private static Map<String, Object> all(State state, EditableDirectory directory, boolean secrets)
            throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("control", new Controls(new ControlFolder(state.control()), directory).export(secrets));
        Map<String, Object> administrators = new TreeMap<>();
        for (Staff.Administrator one : directory.staff().administrators()) {
            administrators.put(one.name(), Map.of());
        }
        all.put("administrators", administrators);
        words(all, directory.texts(Planner.SYSTEM));
        Directory snapshots = new SnapshotDirectory(state, InstantSource.system());
        Lister lister = new Lister(state.maildirs(), directory);
        Map<String, Object> domains = new TreeMap<>();
        Map<String, List<String>> aliases = new TreeMap<>();
        for (EditableDirectory.Domain domain : directory.domains()) {
            if (!domain.aliasOf().isEmpty()) {
                aliases.computeIfAbsent(domain.aliasOf(), _ -> new ArrayList<>())
                        .add(domain.name());
            }
        }
        for (EditableDirectory.Domain domain : directory.domains()) {
            if (domain.aliasOf().isEmpty()) {
                Map<String, Object> shape = new LinkedHashMap<>();
                shape.put(
                        "alias_domains",
                        aliases.getOrDefault(domain.name(), List.of()).stream()
                                .sorted()
                                .toList());
                shape.put("catch_all", domain.catchAll());
                shape.put("limits", limits(domain.limits()));
                shape.put("mailboxes", mailboxes(directory, domain.name(), snapshots, secrets));
                Map<String, Object> lists = lister.export(domain.name());
                shape.put("aliases", aliases(directory, domain.name(), lister.names(domain.name())));
                shape.put("lists", lists);
                words(shape, directory.texts(domain.name()));
                domains.put(domain.name(), shape);
            }
        }
        all.put("domains", domains);
        return all;
    }

    /// Nothing where nothing is said.
    private static void words(Map<String, Object> shape, DomainTexts texts) {
        if (!texts.language().isEmpty()) {
            shape.put("language", texts.language());
        }
        Map<String, Map<String, String>> all = new TreeMap<>();
        for (DomainTexts.Own own : texts.own()) {
            all.computeIfAbsent(own.wording().word(), _ -> new TreeMap<>())
                    .put(own.language().tag(), own.text());
        }
        if (!all.isEmpty()) {
            shape.put("texts", all);
        }
    }

    private static Map<String, Object> limits(EditableDirectory.Limits limits) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("mailboxes", limits.mailboxes());
        shape.put("aliases", limits.aliases());
        shape.put("quota", new Quota(limits.quotaBytes(), 0).words());
        return shape;
    }

    private static Map<String, Object> mailboxes(
            EditableDirectory directory, String domain, Directory snapshots, boolean secrets) throws IOException {
        Map<String, Object> all = new TreeMap<>();
        for (EditableDirectory.Mailbox box : directory.mailboxes(domain)) {
            Map<String, Object> shape = new LinkedHashMap<>();
            if (secrets) {
                shape.put(
                        "password_hash",
                        snapshots
                                .account(box.address())
                                .map(Directory.Account::hash)
                                .orElseThrow(() ->
                                        new IOException(box.address() + " is not in the snapshot yet: try again")));
            }
            for (Property property : Property.values()) {
                shape.put(property.word(), property.said(box.value(property)));
            }
            all.put(Domain.local(box.address()), shape);
        }
        return all;
    }

    /// Without those that open the door to lists.
    private static Map<String, Object> aliases(EditableDirectory directory, String domain, List<String> lists)
            throws IOException {
        Map<String, List<String>> all = new TreeMap<>();
        for (EditableDirectory.Alias line : directory.aliases(domain)) {
            all.computeIfAbsent(Domain.local(line.address()), _ -> new ArrayList<>())
                    .add(line.target());
        }
        for (String list : lists) {
            all.remove(list);
            all.remove(list + Lister.DEFAULT);
        }
        Map<String, Object> sorted = new TreeMap<>();
        all.keySet()
                .forEach(local -> sorted.put(
                        local,
                        Objects.requireNonNull(all.get(local)).stream().sorted().toList()));
        return sorted;
    }
}
