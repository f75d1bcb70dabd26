package qrate.apply;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Loss;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.Refusal;
import qrate.directory.Words;

/// What is to be done for one domain.
///
/// @param there every domain that is there, by name
record Domain(Planner planner, Lister lister, Map<String, EditableDirectory.Domain> there) {
    /// Mailboxes made in one change.
    static final int AT_ONCE = 500;

    private static final String MAILBOX = "mailbox";

    private EditableDirectory directory() {
        return planner.directory();
    }

    /// One domain, as it is and as it shall be.
    private record Both(
            String name,
            Declared.Domain wanted,
            EditableDirectory.Limits limits,
            Map<String, EditableDirectory.Mailbox> boxes,
            Map<String, Set<String>> aliases,
            List<String> lists,
            List<PlannedChange> steps) {
        String at(String local) {
            return local + "@" + name;
        }

        BadFile bad(String what) {
            return new BadFile("domains." + name + "." + what);
        }
    }

    void plan(List<PlannedChange> steps, String name, Declared.Domain wanted) throws IOException, BadFile {
        Optional<EditableDirectory.Domain> before = Optional.ofNullable(there.get(name));
        if (before.isPresent() && !before.get().aliasOf().isEmpty()) {
            throw new BadFile("domains." + name + ": is an alias domain of "
                    + before.get().aliasOf() + " here");
        }
        EditableDirectory.Limits limits =
                before.map(EditableDirectory.Domain::limits).orElse(EditableDirectory.Limits.NONE);
        EditableDirectory.Limits after = wanted.limits().apply(limits);
        Both both = both(steps, name, wanted, after);
        if (before.isEmpty()) {
            add(both);
        }
        if (!after.equals(limits)) {
            steps.add(PlannedChange.of(
                    directory(), new Edit.SetLimits(name, after), limits.words() + " -> " + after.words()));
        }
        aliasDomains(both);
        if (planner.prune()) {
            prune(both);
        }
        mailboxes(both);
        aliases(both);
        lists(both);
        planner.words(steps, name, before.isPresent(), wanted.words());
        String catchAll = before.map(EditableDirectory.Domain::catchAll).orElse("");
        String target = wanted.catchAll().apply(catchAll);
        if (!target.equals(catchAll)) {
            steps.add(PlannedChange.of(
                    directory(), new Edit.SetCatchAll(name, target), or(catchAll) + " -> " + or(target)));
        }
    }

    /// What is to be done for the lists that are named, and for nothing else of a domain that is there.
    void planLists(List<PlannedChange> steps, String name, Declared.Domain wanted) throws IOException, BadFile {
        lists(both(steps, name, wanted, EditableDirectory.Limits.NONE));
    }

    private Both both(List<PlannedChange> steps, String name, Declared.Domain wanted, EditableDirectory.Limits limits)
            throws IOException {
        boolean here = there.containsKey(name);
        Both both = new Both(
                name, wanted, limits, new TreeMap<>(), new TreeMap<>(), here ? lister.names(name) : List.of(), steps);
        if (here) {
            directory().mailboxes(name).forEach(box -> both.boxes.put(local(box.address()), box));
            directory()
                    .aliases(name)
                    .forEach(line -> both.aliases
                            .computeIfAbsent(local(line.address()), _ -> new TreeSet<>())
                            .add(line.target()));
        }
        return both;
    }

    private static String or(String address) {
        return address.isEmpty() ? "nobody" : address;
    }

    static String local(String address) {
        return address.substring(0, address.lastIndexOf('@'));
    }

    private void add(Both both) {
        Declared.Mailbox postmaster = both.wanted.mailboxes().all().get(DeclarationReader.POSTMASTER);
        DeclaredPassword secret = postmaster == null ? new DeclaredPassword.None() : postmaster.secret();
        String address = both.at(DeclarationReader.POSTMASTER);
        String what = secret instanceof DeclaredPassword.None ? "postmaster " + Planner.unknown(secret) : "";
        both.steps.add(PlannedChange.of(directory(), new Edit.AddDomain(both.name, Planner.password(secret)), what));
        both.boxes.put(
                DeclarationReader.POSTMASTER,
                new EditableDirectory.Mailbox(address, Map.of(Property.POSTMASTER, true)));
    }

    private void aliasDomains(Both both) throws BadFile {
        for (String alias : both.wanted.aliasDomains().all().keySet()) {
            EditableDirectory.Domain known = there.get(alias);
            if (known == null) {
                both.steps.add(PlannedChange.of(directory(), new Edit.AddAliasDomain(both.name, alias), ""));
            } else if (!known.aliasOf().equals(both.name)) {
                throw both.bad("alias_domains: " + alias + " is "
                        + (known.aliasOf().isEmpty() ? "a domain of its own" : "an alias domain of " + known.aliasOf())
                        + " here");
            }
        }
    }

    private void prune(Both both) throws IOException, BadFile {
        Declared.Domain wanted = both.wanted;
        for (EditableDirectory.Domain alias : new TreeMap<>(there).values()) {
            boolean goes = wanted.aliasDomains().said()
                    && alias.aliasOf().equals(both.name)
                    && !wanted.aliasDomains().all().containsKey(alias.name());
            if (goes) {
                remove(
                        both,
                        new PlannedChange.Line(PlannedChange.REMOVE, "alias domain", alias.name(), ""),
                        Loss.of(Loss.Key.ALIAS_DOMAIN, alias.name()),
                        new Edit.DeleteDomain(alias.name()));
            }
        }
        for (String local : wanted.mailboxes().said() ? List.copyOf(both.boxes.keySet()) : List.<String>of()) {
            if (!wanted.mailboxes().all().containsKey(local) && !local.equals(DeclarationReader.POSTMASTER)) {
                String address = both.at(local);
                Edit delete = new Edit.DeleteMailbox(address);
                remove(
                        both,
                        PlannedChange.Line.of(delete, "with all mail"),
                        Loss.of(Loss.Key.MAILBOX_WHOLE, address),
                        delete);
                both.boxes.remove(local);
            }
        }
        for (String local : wanted.lists().said() ? both.lists : List.<String>of()) {
            if (!wanted.lists().all().containsKey(local)) {
                both.steps.add(lister.remove(both.name, local));
            }
        }
        for (String local : wanted.aliases().said() ? List.copyOf(both.aliases.keySet()) : List.<String>of()) {
            if (!wanted.aliases().all().containsKey(local) && !isDoor(both, local)) {
                for (String target : Objects.requireNonNull(both.aliases.get(local))) {
                    EditableDirectory.Alias line = new EditableDirectory.Alias(both.at(local), target);
                    both.steps.add(PlannedChange.of(directory(), new Edit.DeleteAlias(line), ""));
                }
            }
        }
    }

    /// A list's own aliases are no other's.
    private static boolean isDoor(Both both, String local) {
        return both.lists.contains(local)
                || (local.endsWith(Lister.DEFAULT)
                        && both.lists.contains(local.substring(0, local.length() - Lister.DEFAULT.length())));
    }

    private void remove(Both both, PlannedChange.Line line, Loss named, Edit delete) throws IOException, BadFile {
        List<Loss> losses = new ArrayList<>(directory().losses(line.name()));
        for (Loss loss : losses) {
            if (loss.isTheHosts()) {
                throw both.bad(line.kind() + " " + line.name() + ": --prune would remove it, and with it "
                        + Words.english().of(loss));
            }
        }
        losses.addFirst(named);
        both.steps.add(PlannedChange.losing(line, losses, () -> directory().apply(delete)));
    }

    private void mailboxes(Both both) throws IOException, BadFile {
        Map<String, Declared.Mailbox> fresh = new TreeMap<>();
        Set<String> others = otherPasswords(both);
        for (Map.Entry<String, Declared.Mailbox> one :
                both.wanted.mailboxes().all().entrySet()) {
            EditableDirectory.Mailbox before = both.boxes.get(one.getKey());
            if (before == null) {
                fresh.put(one.getKey(), one.getValue());
                if (both.lists.contains(one.getKey())) {
                    throw both.bad("mailboxes." + one.getKey() + ": a mailing list has that name here");
                }
            } else {
                change(both, before, one.getValue(), others.contains(one.getKey()));
            }
        }
        int most = both.limits.mailboxes();
        int all = both.boxes.size() + fresh.size();
        if (most > 0 && all > most && !fresh.isEmpty()) {
            throw both.bad("mailboxes: would be " + all + ", and " + most + " are the limit");
        }
        List<Map.Entry<String, Declared.Mailbox>> entries = List.copyOf(fresh.entrySet());
        for (int i = 0; i < entries.size(); i += AT_ONCE) {
            batch(both, entries.subList(i, Math.min(entries.size(), i + AT_ONCE)));
        }
    }

    /// Whose passwords must be set, by local part: compared on every processor, since each costs as much as a login.
    private Set<String> otherPasswords(Both both) throws IOException {
        if (!there.containsKey(both.name)) {
            return Set.of(); // its postmaster is just being made with the one that is wanted
        }
        try {
            return both.wanted.mailboxes().all().entrySet().parallelStream()
                    .filter(one -> both.boxes.containsKey(one.getKey()))
                    .filter(one -> planner.isOther(
                            both.at(one.getKey()), one.getValue().secret()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void change(Both both, EditableDirectory.Mailbox before, Declared.Mailbox wanted, boolean otherPassword) {
        EditableDirectory.Mailbox after = before.with(wanted.settings());
        if (!after.equals(before)) {
            both.steps.add(PlannedChange.of(
                    directory(), new Edit.Modify(after.address(), before.changes(after)), before.difference(after)));
        }
        if (otherPassword) {
            both.steps.add(PlannedChange.of(
                    directory(), new Edit.SetPassword(before.address(), Planner.password(wanted.secret())), ""));
        }
    }

    private void batch(Both both, List<Map.Entry<String, Declared.Mailbox>> fresh) {
        List<PlannedChange.Line> lines = fresh.stream()
                .map(one -> new PlannedChange.Line(
                        PlannedChange.ADD,
                        MAILBOX,
                        both.at(one.getKey()),
                        Planner.unknown(one.getValue().secret())))
                .toList();
        PlannedChange.Deed deed = () -> {
            List<Edit.AddMailbox> wanted = fresh.parallelStream()
                    .map(one -> new Edit.AddMailbox(
                            both.at(one.getKey()),
                            new Password.Hashed(
                                    Planner.password(one.getValue().secret()).hash(planner.cost()))))
                    .toList();
            List<Change> outcomes = new ArrayList<>(directory().addMailboxes(wanted));
            for (int i = 0; i < outcomes.size(); i++) {
                if (outcomes.get(i) instanceof Change.Done) {
                    EditableDirectory.Mailbox made = new EditableDirectory.Mailbox(
                            wanted.get(i).address(), Map.of(Property.QUOTA, new Quota(both.limits.quotaBytes(), 0)));
                    EditableDirectory.Mailbox after =
                            made.with(fresh.get(i).getValue().settings());
                    outcomes.set(
                            i,
                            after.equals(made)
                                    ? new Change.Done()
                                    : directory().apply(new Edit.Modify(after.address(), made.changes(after))));
                }
            }
            return outcomes;
        };
        both.steps.add(new PlannedChange(lines, deed, List.of()));
    }

    private void aliases(Both both) throws BadFile {
        int lines = both.aliases.values().stream().mapToInt(Set::size).sum();
        List<PlannedChange> fresh = new ArrayList<>();
        List<PlannedChange> gone = new ArrayList<>();
        for (Map.Entry<String, List<String>> one : both.wanted.aliases().all().entrySet()) {
            Set<String> before = both.aliases.getOrDefault(one.getKey(), Set.of());
            if (isDoor(both, one.getKey())) {
                throw both.bad("aliases." + one.getKey() + ": belongs to a mailing list here");
            }
            for (String target : one.getValue()) {
                if (!before.contains(target)) {
                    EditableDirectory.Alias line = new EditableDirectory.Alias(both.at(one.getKey()), target);
                    fresh.add(PlannedChange.of(directory(), new Edit.AddAlias(line), ""));
                }
            }
            for (String target : before) {
                if (!one.getValue().contains(target)) {
                    EditableDirectory.Alias line = new EditableDirectory.Alias(both.at(one.getKey()), target);
                    gone.add(PlannedChange.of(directory(), new Edit.DeleteAlias(line), ""));
                }
            }
        }
        int most = both.limits.aliases();
        boolean tight = most > 0 && lines + fresh.size() > most;
        if (tight && lines + fresh.size() - gone.size() > most) {
            throw both.bad("aliases: would be " + (lines + fresh.size() - gone.size()) + " lines, and " + most
                    + " are the limit");
        }
        // first what is new, so that no mail is refused meanwhile
        both.steps.addAll(tight ? gone : fresh);
        both.steps.addAll(tight ? fresh : gone);
    }

    private void lists(Both both) throws IOException, BadFile {
        for (Map.Entry<String, Declared.MailingList> one :
                both.wanted.lists().all().entrySet()) {
            String local = one.getKey();
            List<EditableDirectory.Alias> doors = Lister.doors(both.name, local);
            boolean open = doors.stream()
                    .allMatch(door -> both.aliases
                            .getOrDefault(local(door.address()), Set.of())
                            .contains(door.target()));
            boolean other = both.aliases.getOrDefault(local, Set.of()).stream()
                    .anyMatch(target -> !target.equals(doors.getFirst().target()));
            if (!both.lists.contains(local) && (both.boxes.containsKey(local) || other)) {
                throw new BadFile(Refusal.of(Refusal.Key.LIST_TAKEN, both.at(local)));
            }
            both.steps.addAll(lister.plan(both.name, local, one.getValue(), open, planner.prune()));
        }
    }
}
