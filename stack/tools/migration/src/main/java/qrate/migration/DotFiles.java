package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import qrate.directory.EditableDirectory.Alias;
import qrate.dotqmail.Line;
import qrate.migration.People.Fate;
import qrate.snapshots.Names;
import qrate.vpopmail.VpasswdLine;

/// What the `.qmail` files of a domain and of its users say, as aliases where they only forward, as files where they
/// hold more.
final class DotFiles {
    private static final String PREFIX = ".qmail-";
    private static final String DEFAULT = "default";

    private final Take take;
    private final People people;
    private final Group group;
    private final Map<String, VpasswdLine> users;
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private int aliases;

    DotFiles(Take take, People people, Group group, Map<String, VpasswdLine> users) {
        this.take = take;
        this.people = people;
        this.group = group;
        this.users = users;
        users.values().forEach(user -> names.put(Group.trimmed(user.home()), user.name()));
    }

    /// Alias lines made so far.
    int aliases() {
        return aliases;
    }

    /// What a file means for one address.
    ///
    /// @param targets addresses it sends on to, as far as a directory can
    /// @param self whether the mailbox of that name gets its mail too
    /// @param more instructions that no alias can hold
    private record Meaning(List<String> targets, boolean self, List<String> more) {}

    /// Whose box a path of the old tree is, or the Maildir in it, as an address; nothing for nobody's.
    private Optional<String> owner(String path) {
        String maildir = Group.trimmed(path);
        String box = maildir.endsWith("/Maildir") ? maildir.substring(0, maildir.length() - 8) : maildir;
        String name = box.startsWith("./") ? box.substring(2) : names.getOrDefault(box, "");
        return users.containsKey(name) ? Optional.of(name + "@" + group.name()) : Optional.empty();
    }

    private String where(String name) {
        return "domains/" + group.name() + "/" + name;
    }

    /// The domain's own files: `.qmail-NAME`, `.qmail-default`.
    void domain(Source vpopmail, Path folder) throws IOException {
        Map<String, OldDotQmail> found = new LinkedHashMap<>();
        Map<String, Path> real = new HashMap<>();
        Source.Named named = path -> Group.below(vpopmail, path);
        for (Path path : Source.list(folder)) {
            String name = Source.name(path);
            if (name.startsWith(PREFIX)) {
                Optional<Path> leads = vpopmail.inside(path, named);
                leads.ifPresent(file -> real.put(name.substring(PREFIX.length()), file));
                read(leads, name).ifPresent(what -> found.put(name.substring(PREFIX.length()), what));
            }
        }
        List<String> lists = ListPart.names(found);
        ListPart part = new ListPart(
                take,
                new ListPart.Home(
                        take.state().maildirs().resolve("domains").resolve(group.name()),
                        group.name(),
                        address -> people.alias(new Alias(address, "postmaster@" + group.name()))),
                new ListPart.Old(vpopmail, folder, named));
        for (String list : lists) {
            if (users.containsKey(list.replace(':', '.'))) {
                take.report().conflict(where("list " + list), "a mailbox has that name, and keeps it");
            } else {
                part.run(list, real.get(list), found.get(list), where("list " + list));
            }
        }
        for (Map.Entry<String, OldDotQmail> entry : found.entrySet()) {
            String name = entry.getKey();
            Optional<String> list = ListPart.of(lists, name);
            boolean isPart = list.isPresent() && ListPart.isMade(list.get(), name, entry.getValue());
            if (isPart) {
                continue;
            }
            if (entry.getValue().isList()) {
                take.report().leftOut(where(PREFIX + name), "part of a mailing list");
            } else if (list.isPresent() && Names.local(name.replace(':', '.')).isPresent()) {
                // the list's -default would come before an alias
                asFile(name, name.replace(':', '.'), entry.getValue());
            } else if (name.equals(DEFAULT)) {
                everybodyElse(entry.getValue());
            } else {
                one(name, entry.getValue());
            }
        }
    }

    private Optional<OldDotQmail> read(Optional<Path> real, String name) throws IOException {
        if (real.isEmpty()) {
            take.report().leftOut(where(name), "it leads out of the tree");
            return Optional.empty();
        }
        try {
            OldDotQmail found = OldDotQmail.parse(Source.read(real.get()));
            if (found.problem().isEmpty()) {
                return Optional.of(found);
            }
            take.report().leftOut(where(name), found.problem());
        } catch (IOException e) {
            take.report().leftOut(where(name), Source.why(e));
        }
        return Optional.empty();
    }

    private void one(String stem, OldDotQmail found) throws IOException {
        Optional<String> local = Names.alias(stem.replace(':', '.'));
        if (local.isEmpty()) {
            take.report().leftOut(where(PREFIX + stem), "no address can be called so");
            return;
        }
        Meaning meaning = meaning(local.get(), found, false);
        boolean pattern = local.get().equals(DEFAULT) || local.get().endsWith("-" + DEFAULT);
        if (pattern || !meaning.more.isEmpty()) {
            asFile(stem, local.get(), found);
        } else {
            asAliases(local.get(), meaning, PREFIX + stem);
        }
    }

    /// @param own whether the file is in the user's own folder, which `./Maildir/` is below
    private Meaning meaning(String local, OldDotQmail found, boolean own) {
        List<String> targets = new ArrayList<>();
        List<String> more = new ArrayList<>();
        boolean self = false;
        for (Line line : found.lines()) {
            String target = switch (line) {
                case Line.Forward(String address) -> address;
                case Line.Maildir(String path) ->
                    own && path.equals("./Maildir/")
                            ? local + "@" + group.name()
                            : owner(path).orElse("");
                case Line.Program(String command) -> command.contains("vdelivermail") ? local + "@" + group.name() : "";
                case Line.Mbox _ -> "";
            };
            if (target.isEmpty()) {
                more.add(text(line));
            } else if (target.toLowerCase(Locale.ROOT).equals(local + "@" + group.name())) {
                self = true;
            } else {
                targets.add(target);
            }
        }
        return new Meaning(targets, self, more);
    }

    private static String text(Line line) {
        return switch (line) {
            case Line.Program(String command) -> "|" + command;
            case Line.Mbox(String path) -> path;
            case Line.Maildir(String path) -> path;
            case Line.Forward(String address) -> "&" + address;
        };
    }

    private void asAliases(String local, Meaning meaning, String name) throws IOException {
        String address = local + "@" + group.name();
        int good = 0;
        for (String target : meaning.targets) {
            Fate fate = people.alias(new Alias(
                    address,
                    target.toLowerCase(Locale.ROOT).endsWith("@" + group.name())
                            ? target.toLowerCase(Locale.ROOT)
                            : target));
            good += fate == Fate.NOT ? 0 : 1;
            aliases += fate == Fate.MADE ? 1 : 0;
        }
        if (meaning.targets.isEmpty() && !meaning.self) {
            take.report().leftOut(where(name), "it throws mail away; here such an address refuses it");
        }
        boolean away = good > 0 && !meaning.self && users.containsKey(local);
        if (away && people.forwardOnly(address) == Fate.MADE) {
            take.report().change("keep no mail in " + address + ", as it is sent on");
        }
    }

    /// A file that our local delivery reads as qmail-local did, and an alias that opens the SMTP door to its address.
    private void asFile(String stem, String local, OldDotQmail found) throws IOException {
        StringBuilder content = new StringBuilder();
        boolean programs = false;
        for (Line line : found.lines()) {
            Optional<String> owner = line instanceof Line.Maildir(String path) ? owner(path) : Optional.empty();
            String text = owner.map(address -> "&" + address).orElse(text(line));
            if (text.startsWith("/")) {
                take.report().leftOut(where(PREFIX + stem), "it delivers to " + text + ", which is elsewhere");
                return;
            }
            programs |= line instanceof Line.Program;
            content.append(text).append('\n');
        }
        if (content.isEmpty()) {
            content.append("#\n"); // throws away, as there
        }
        if (programs) {
            take.report()
                    .note(where(PREFIX + stem) + ": programs run once control/virtualprograms names " + group.name());
        }
        files.put(PREFIX + stem, content.toString());
        if (!users.containsKey(local) && !local.equals(DEFAULT)) {
            String address = local + "@" + group.name();
            aliases += people.alias(new Alias(address, "postmaster@" + group.name())) == Fate.MADE ? 1 : 0;
        }
    }

    /// Mail for nobody.
    private void everybodyElse(OldDotQmail found) throws IOException {
        Optional<String> argument = found.vdelivermail();
        if (argument.isPresent()) {
            nobody(argument.get());
            return;
        }
        Meaning meaning = meaning(DEFAULT, found, false);
        if (!meaning.more.isEmpty() || meaning.targets.isEmpty()) {
            take.report()
                    .leftOut(
                            where(PREFIX + DEFAULT),
                            "it runs more than vdelivermail: here mailboxes get their mail, nobody's is refused");
            return;
        }
        // without vdelivermail it got the mailboxes' mail too
        asFile(DEFAULT, DEFAULT, found);
        catchAll(meaning.targets.getFirst());
    }

    private void catchAll(String target) throws IOException {
        if (people.catchAll(group.name(), target) == Fate.MADE) {
            take.report().change("send mail for nobody in " + group.name() + " to " + target);
        }
    }

    private void nobody(String argument) throws IOException {
        if (argument.equals("bounce-no-mailbox")) {
            return;
        }
        if (argument.equals("delete")) {
            // DEVIATION: vpopmail takes mail for nobody and deletes it; here the SMTP door refuses it
            files.put(PREFIX + DEFAULT, "|vdelivermail '' delete\n");
            take.report().note("domain " + group.name() + ": mail for nobody was deleted; here SMTP refuses it");
            return;
        }
        String target = argument.contains("@")
                ? argument
                : owner(argument.startsWith("/") ? argument : "./" + argument).orElse("");
        if (target.isEmpty()) {
            take.report()
                    .leftOut(where(PREFIX + DEFAULT), "mail for nobody goes to " + argument + ", which is not there");
            return;
        }
        catchAll(target);
    }

    /// A user's own file: what it forwards, and whether it keeps.
    void user(VpasswdLine user, Path file) throws IOException {
        String where = where(user.name() + "/.qmail");
        OldDotQmail found;
        try {
            found = OldDotQmail.parse(Source.read(file));
        } catch (IOException e) {
            take.report().leftOut(where, Source.why(e));
            return;
        }
        if (!found.problem().isEmpty() || found.lines().isEmpty()) {
            if (!found.problem().isEmpty()) {
                take.report().leftOut(where, found.problem());
            }
            return;
        }
        Meaning meaning = meaning(user.name(), found, true);
        for (String more : meaning.more) {
            take.report().leftOut(where, "not taken: " + more);
        }
        boolean kept = meaning.self || !meaning.more.isEmpty();
        if (!meaning.targets.isEmpty()) {
            asAliases(user.name(), new Meaning(meaning.targets, kept, List.of()), user.name() + "/.qmail");
        }
    }

    /// Writes the files that are kept as files.
    void write() throws IOException {
        Path folder = take.state().maildirs().resolve("domains").resolve(group.name());
        if (!take.dry() && !files.isEmpty()) {
            take.target().folder(folder);
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            byte[] content = file.getValue().getBytes(UTF_8);
            take.file(where(file.getKey()), folder.resolve(file.getKey()), content, "rw-r-----");
        }
    }
}
