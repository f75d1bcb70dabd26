package qrate.apply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.Loss;
import qrate.directory.Vpopmail;
import qrate.lists.ListSettings;
import qrate.lists.Lists;
import qrate.lists.Make;

/// The mailing lists of the directory's domains: a folder each (ezmlm-make(1)), and two aliases that open the door.
///
/// @param maildirs the volume
record Lister(Path maildirs, Vpopmail directory) {
    /// What follows a list's name in the alias of all its other addresses.
    static final String DEFAULT = "-default";

    /// A setting of the file.
    ///
    /// @param letter of ezmlm-make(1)
    /// @param on what the setting is while the letter is on
    record Flag(char letter, boolean on) {}

    /// By the names that they have in the file.
    static final Map<String, Flag> FLAGS = new TreeMap<>(Map.of(
            "archive", new Flag('a', true),
            "archive_open", new Flag('g', false),
            "confirm_subscribe", new Flag('h', false),
            "confirm_unsubscribe", new Flag('j', false),
            "moderated", new Flag('m', true),
            "moderated_subscriptions", new Flag('s', true),
            "public", new Flag('p', true),
            "subscribers_only", new Flag('u', true)));

    /// Sets of addresses: their name in the file, and their folder above `subscribers/`.
    static final Map<String, String> SETS =
            new TreeMap<>(Map.of("subscribers", "", "moderators", "mod/", "allow", "allow/", "deny", "deny/"));

    private static final Lists LISTS = Lists.withoutQueue();

    private static String kind(String set) {
        return switch (set) {
            case "subscribers" -> "subscriber of list";
            case "moderators" -> "moderator of list";
            default -> set + " of list";
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
        return isMade(domain, local) ? Optional.of(one(folder(domain, local))) : Optional.empty();
    }

    /// What is to be done so that addresses are not in one of a list's sets.
    List<PlannedChange> leave(String domain, String local, String set, List<String> addresses) throws IOException {
        Path folder = folder(domain, local);
        String base = SETS.get(set);
        Set<String> gone = new TreeSet<>(
                Files.isDirectory(folder.resolve(base + "subscribers")) ? LISTS.all(folder, base) : List.of());
        gone.retainAll(addresses);
        List<PlannedChange> steps = new ArrayList<>();
        people(
                steps,
                lines(PlannedChange.REMOVE, set, local + "@" + domain, gone),
                gone,
                all -> LISTS.remove(folder, base, all));
        return steps;
    }

    private boolean isMade(String domain, String local) {
        return Make.isMade(maildirs, local + "@" + domain);
    }

    /// A domain's lists as a file says them.
    Map<String, Object> export(String domain) throws IOException {
        Map<String, Object> all = new TreeMap<>();
        for (String local : names(domain)) {
            if (isMade(domain, local)) {
                all.put(local, one(folder(domain, local)));
            }
        }
        return all;
    }

    private static Map<String, Object> one(Path folder) throws IOException {
        ListSettings settings = ListSettings.read(folder);
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("owner", settings.owner().isEmpty() ? null : settings.owner());
        FLAGS.forEach((name, flag) -> shape.put(name, settings.flags().contains(flag.letter) == flag.on));
        shape.put("one_click", settings.oneClick());
        shape.put("prefix", settings.prefix());
        for (Map.Entry<String, String> set : SETS.entrySet()) {
            if (!set.getKey().equals("deny") || settings.flags().contains('k')) {
                shape.put(set.getKey(), LISTS.all(folder, set.getValue()));
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
        Path folder = folder(domain, local);
        boolean made = isMade(domain, local);
        ListSettings before =
                made ? ListSettings.read(folder) : ListSettings.ofNew(DeclarationReader.POSTMASTER + "@" + domain);
        ListSettings after = wanted.settings().apply(before);
        List<PlannedChange> steps = new ArrayList<>();
        if (!made || !before.equals(after)) {
            PlannedChange.Line line = new PlannedChange.Line(
                    made ? PlannedChange.CHANGE : PlannedChange.ADD,
                    "list",
                    address,
                    made ? difference(before, after) : "");
            steps.add(PlannedChange.of(line, () -> {
                new Make((_, _, _) -> 0, new SecureRandom()).make(maildirs, address, after);
                return open(domain, local);
            }));
        } else if (!doors) {
            steps.add(PlannedChange.of(
                    new PlannedChange.Line(PlannedChange.CHANGE, "list", address, "mail is let in"),
                    () -> open(domain, local)));
        }
        for (Map.Entry<String, List<String>> set : wanted.people().all().entrySet()) {
            String base = SETS.get(set.getKey());
            List<String> there = Files.isDirectory(folder.resolve(base + "subscribers")) && made
                    ? LISTS.all(folder, base)
                    : List.of();
            Set<String> missing = new TreeSet<>(set.getValue());
            there.forEach(missing::remove);
            people(
                    steps,
                    lines(PlannedChange.ADD, set.getKey(), address, missing),
                    missing,
                    all -> LISTS.add(folder, base, all));
            Set<String> gone = new TreeSet<>(prune ? there : List.of());
            set.getValue().forEach(gone::remove);
            people(
                    steps,
                    lines(PlannedChange.REMOVE, set.getKey(), address, gone),
                    gone,
                    all -> LISTS.remove(folder, base, all));
        }
        return steps;
    }

    /// Does something to addresses.
    @FunctionalInterface
    private interface People {
        void with(List<String> addresses) throws IOException;
    }

    private static List<PlannedChange.Line> lines(String act, String set, String list, Set<String> addresses) {
        return addresses.stream()
                .map(address -> new PlannedChange.Line(act, kind(set), list, address))
                .toList();
    }

    private static void people(
            List<PlannedChange> steps, List<PlannedChange.Line> lines, Set<String> addresses, People deed) {
        if (!lines.isEmpty()) {
            steps.add(new PlannedChange(
                    lines,
                    () -> {
                        deed.with(List.copyOf(addresses));
                        return lines.stream()
                                .map(_ -> (Change) new Change.Done())
                                .toList();
                    },
                    List.of()));
        }
    }

    private static String difference(ListSettings before, ListSettings after) {
        List<String> all = new ArrayList<>();
        if (!before.owner().equals(after.owner())) {
            all.add("owner " + before.owner() + " -> " + after.owner());
        }
        FLAGS.forEach((name, flag) -> {
            boolean was = before.flags().contains(flag.letter) == flag.on;
            boolean is = after.flags().contains(flag.letter) == flag.on;
            if (was != is) {
                all.add(name + " " + was + " -> " + is);
            }
        });
        if (before.oneClick() != after.oneClick()) {
            all.add("one_click " + before.oneClick() + " -> " + after.oneClick());
        }
        if (!before.prefix().equals(after.prefix())) {
            all.add("prefix " + before.prefix() + " -> " + after.prefix());
        }
        return all.isEmpty() ? "deny counts" : String.join(", ", all);
    }

    /// The aliases by which the door knows a list's addresses.
    static List<Vpopmail.Alias> doors(String domain, String local) {
        return Make.addresses(local, domain).stream()
                .map(address -> new Vpopmail.Alias(address, DeclarationReader.POSTMASTER + "@" + domain))
                .toList();
    }

    private Change open(String domain, String local) throws IOException {
        for (Vpopmail.Alias alias : doors(domain, local)) {
            if (directory.apply(new Edit.AddAlias(alias)) instanceof Change.Refused refused
                    && refused.reason() != Change.Reason.EXISTS) {
                return refused;
            }
        }
        return new Change.Done();
    }

    /// Removes a list with its subscribers and archive.
    PlannedChange remove(String domain, String local) {
        String address = local + "@" + domain;
        Loss loss = Loss.of(Loss.Key.LIST, address);
        return PlannedChange.losing(
                new PlannedChange.Line(PlannedChange.REMOVE, "list", address, ""), List.of(loss), () -> {
                    for (Vpopmail.Alias alias : doors(domain, local)) {
                        directory.apply(new Edit.DeleteAlias(alias)); // one that is missing is no trouble
                    }
                    Make.remove(maildirs, address);
                    return new Change.Done();
                });
    }
}
