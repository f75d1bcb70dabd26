package qrate.apply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Loss;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.lists.Lists;
import qrate.lists.Make;

/// The mailing lists of the directory's domains: a folder each (ezmlm-make(1)), and two aliases that open the door.
///
/// Read here, and changed by edits.
///
/// @param maildirs the volume
record Lister(Path maildirs, EditableDirectory directory) {
    /// What follows a list's name in the alias of all its other addresses.
    static final String DEFAULT = "-default";

    private static final Lists LISTS = Lists.withoutQueue();

    private static String kind(ListSet set) {
        return switch (set) {
            case SUBSCRIBERS -> "subscriber of list";
            case MODERATORS -> "moderator of list";
            case ALLOW, DENY -> set.word() + " of list";
        };
    }

    private Path folder(String domain, String local) {
        return maildirs.resolve("domains").resolve(domain).resolve(local);
    }

    /// Names of a domain's lists, those too that are not whole.
    List<String> names(String domain) throws IOException {
        Path folder = maildirs.resolve("domains").resolve(domain);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(one -> Files.isDirectory(one.resolve("subscribers"), LinkOption.NOFOLLOW_LINKS))
                    .map(one -> String.valueOf(one.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    /// A whole list as a file says it; empty when there is none.
    Optional<Map<String, Object>> read(String domain, String local) throws IOException {
        return isMade(domain, local) ? Optional.of(one(domain, local)) : Optional.empty();
    }

    /// What is to be done so that addresses are not in one of a list's sets.
    List<PlannedChange> leave(String domain, String local, ListSet set, List<String> addresses) throws IOException {
        Set<String> gone = new TreeSet<>(people(domain, local, set));
        gone.retainAll(addresses);
        List<PlannedChange> steps = new ArrayList<>();
        take(steps, local + "@" + domain, set, gone);
        return steps;
    }

    private List<String> people(String domain, String local, ListSet set) throws IOException {
        Path folder = folder(domain, local);
        boolean there = isMade(domain, local) && Files.isDirectory(folder.resolve(set.base() + "subscribers"));
        return there ? LISTS.all(folder, set.base()) : List.of();
    }

    private boolean isMade(String domain, String local) {
        return Make.isMade(maildirs, local + "@" + domain);
    }

    /// A domain's lists as a file says them.
    Map<String, Object> export(String domain) throws IOException {
        Map<String, Object> all = new TreeMap<>();
        for (String local : names(domain)) {
            if (isMade(domain, local)) {
                all.put(local, one(domain, local));
            }
        }
        return all;
    }

    private Map<String, Object> one(String domain, String local) throws IOException {
        ListSettings settings = ListSettings.read(folder(domain, local));
        Map<String, Object> shape = new LinkedHashMap<>(settings.named());
        if (settings.owner().isEmpty()) {
            shape.put("owner", null);
        }
        for (ListSet set : ListSet.values()) {
            if (set != ListSet.DENY || settings.equals(settings.denying())) {
                shape.put(set.word(), people(domain, local, set));
            }
        }
        return shape;
    }

    /// What is to be done for one list.
    ///
    /// @param doors whether its aliases are there
    List<PlannedChange> plan(String domain, String local, Declared.MailingList wanted, boolean doors, boolean prune)
            throws IOException {
        String address = local + "@" + domain;
        boolean made = isMade(domain, local);
        ListSettings before = made
                ? ListSettings.read(folder(domain, local))
                : ListSettings.ofNew(DeclarationReader.POSTMASTER + "@" + domain);
        ListSettings after = wanted.settings().apply(before);
        List<PlannedChange> steps = new ArrayList<>();
        if (!made || !before.equals(after)) {
            PlannedChange.Line line = new PlannedChange.Line(
                    made ? PlannedChange.CHANGE : PlannedChange.ADD,
                    "list",
                    address,
                    made ? before.difference(after) : "");
            steps.add(PlannedChange.of(line, () -> directory.apply(new Edit.SetList(address, after))));
        } else if (!doors) {
            steps.add(PlannedChange.of(directory, new Edit.SetList(address, after), "mail is let in"));
        }
        for (Map.Entry<ListSet, List<String>> one : wanted.people().entrySet()) {
            List<String> there = people(domain, local, one.getKey());
            Set<String> missing = new TreeSet<>(one.getValue());
            there.forEach(missing::remove);
            add(steps, address, one.getKey(), missing);
            Set<String> gone = new TreeSet<>(prune ? there : List.of());
            one.getValue().forEach(gone::remove);
            take(steps, address, one.getKey(), gone);
        }
        return steps;
    }

    private void add(List<PlannedChange> steps, String list, ListSet set, Set<String> missing) {
        people(
                steps,
                lines(PlannedChange.ADD, set, list, missing),
                new Edit.AddToList(list, set, List.copyOf(missing)));
    }

    private void take(List<PlannedChange> steps, String list, ListSet set, Set<String> gone) {
        people(
                steps,
                lines(PlannedChange.REMOVE, set, list, gone),
                new Edit.TakeFromList(list, set, List.copyOf(gone)));
    }

    private static List<PlannedChange.Line> lines(String act, ListSet set, String list, Set<String> addresses) {
        return addresses.stream()
                .map(address -> new PlannedChange.Line(act, kind(set), list, address))
                .toList();
    }

    /// One edit, and a line for each address.
    private void people(List<PlannedChange> steps, List<PlannedChange.Line> lines, Edit edit) {
        if (!lines.isEmpty()) {
            steps.add(new PlannedChange(
                    lines, () -> Collections.nCopies(lines.size(), directory.apply(edit)), List.of()));
        }
    }

    /// The aliases by which the door knows a list's addresses.
    static List<EditableDirectory.Alias> doors(String domain, String local) {
        return Make.addresses(local, domain).stream()
                .map(address -> new EditableDirectory.Alias(address, DeclarationReader.POSTMASTER + "@" + domain))
                .toList();
    }

    /// Removes a list with its subscribers and archive.
    PlannedChange remove(String domain, String local) {
        String address = local + "@" + domain;
        return PlannedChange.losing(
                directory, new Edit.RemoveList(address), "", List.of(Loss.of(Loss.Key.LIST, address)));
    }
}
