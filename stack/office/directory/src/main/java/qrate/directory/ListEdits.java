package qrate.directory;

import static qrate.directory.Change.refuse;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import qrate.directory.Database.Tx;
import qrate.lists.ListLook;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.lists.Lists;
import qrate.lists.Make;
import qrate.snapshots.Names;

/// Changes of mailing lists: a folder each, and two aliases by which the door knows its addresses.
///
/// The folder is written in the transaction that holds the line of the audit log, before it ends: what cannot be
/// written is not said to be done, and a crash in between leaves a list that the next such edit completes.
record ListEdits(Editor editor) {
    /// Addresses named in a line of the audit log.
    private static final int NAMED_MAX = 10;

    private static final Lists LISTS = Lists.withoutQueue();

    /// One change of a list, in its real domain.
    @FunctionalInterface
    private interface ListWork {
        Outcome in(Tx tx, Box box) throws SQLException, IOException;
    }

    private Change onList(String text, ListWork work) throws IOException {
        Optional<Box> named = Box.of(text);
        boolean can = named.isPresent()
                && Names.local(named.get().local()).isPresent()
                && Lists.address(text).isPresent();
        return can ? editor.change(tx -> work.in(tx, named.get().real(tx))) : refuse(Refusal.Key.LIST_NAME);
    }

    private Path maildirs() {
        return editor.shared().state().maildirs();
    }

    private Path folder(Box box) {
        return maildirs().resolve("domains").resolve(box.domain()).resolve(box.local());
    }

    private boolean isMade(Box box) {
        return Make.isMade(maildirs(), box.toString());
    }

    private void make(Box box, ListSettings settings) throws IOException {
        new Make((_, _, _) -> 0, new SecureRandom()).make(maildirs(), box.toString(), settings);
    }

    /// The aliases by which the door knows a list; those that a list left behind are no other's.
    private static List<Box> doors(Box box) {
        return Make.addresses(box.local(), box.domain()).stream()
                .map(address -> Box.of(address).orElseThrow())
                .toList();
    }

    private static String target(Box box) {
        return new Box(EditableDirectory.POSTMASTER, box.domain()).toString();
    }

    Change set(Edit.SetList edit) throws IOException {
        ListSettings settings = edit.settings();
        if (!settings.owner().isEmpty() && Lists.address(settings.owner()).isEmpty()) {
            return refuse(Refusal.Key.LIST_OWNER);
        }
        if (settings.prefix().chars().anyMatch(Character::isISOControl)) {
            return refuse(Refusal.Key.LIST_PREFIX);
        }
        return onList(edit.address(), (tx, box) -> {
            if (!Editor.isDomain(tx, box.domain())) {
                return Outcome.not(Refusal.Key.LIST_DOMAIN_MISSING_NAMED, box.domain());
            }
            boolean made = isMade(box);
            if (!made && isOthers(tx, box)) {
                return Outcome.not(Refusal.Key.LIST_TAKEN, box);
            }
            int opened = open(tx, box);
            if (opened < 0) {
                return Outcome.not(Refusal.Key.ALIASES_FULL, Aliases.most(tx, box.domain()));
            }
            ListSettings before = made ? ListSettings.read(folder(box)) : settings;
            if (!made || !before.equals(settings)) {
                make(box, settings);
            }
            Edit done = new Edit.SetList(box.toString(), settings);
            if (!made) {
                String other = ListSettings.ofNew(target(box)).difference(settings);
                return Outcome.done(done, other.isEmpty() ? "made" : "made, " + other);
            }
            String change = before.difference(settings);
            return change.isEmpty() && opened == 0
                    ? new Outcome.Done(List.of())
                    : Outcome.done(done, change.isEmpty() ? "mail is let in" : change);
        });
    }

    private static boolean isOthers(Tx tx, Box box) throws SQLException {
        return box.exists(tx)
                || tx.count(
                                "SELECT COUNT(*) FROM aliases WHERE domain = ? AND box = ? AND target <> ?",
                                box.domain(),
                                box.local(),
                                target(box))
                        > 0;
    }

    /// Opens the door where it is not open.
    ///
    /// @return how many aliases were missing; -1 where the domain may have no more
    private static int open(Tx tx, Box box) throws SQLException {
        int opened = 0;
        for (Box door : doors(box)) {
            if (!Aliases.isThere(tx, door, target(box))) {
                if (Aliases.isFull(tx, box.domain())) {
                    return -1;
                }
                Aliases.insert(tx, door, target(box));
                tx.touch(door.domain(), door.local());
                opened++;
            }
        }
        return opened;
    }

    Change add(Edit.AddToList edit) throws IOException {
        return people(edit.address(), edit.set(), edit.addresses(), (box, addresses) -> {
            addresses.removeAll(there(box, edit.set(), addresses));
            if (!addresses.isEmpty()) {
                ListSettings settings = ListSettings.read(folder(box));
                if (edit.set() == ListSet.DENY && !settings.equals(settings.denying())) {
                    make(box, settings.denying());
                }
                LISTS.add(folder(box), edit.set().base(), List.copyOf(addresses));
            }
            return new Edit.AddToList(box.toString(), edit.set(), List.copyOf(addresses));
        });
    }

    Change take(Edit.TakeFromList edit) throws IOException {
        return people(edit.address(), edit.set(), edit.addresses(), (box, addresses) -> {
            addresses.retainAll(there(box, edit.set(), addresses));
            if (!addresses.isEmpty()) {
                LISTS.remove(folder(box), edit.set().base(), List.copyOf(addresses));
            }
            return new Edit.TakeFromList(box.toString(), edit.set(), List.copyOf(addresses));
        });
    }

    /// Those that are there already; a long list is not read for a few.
    private Set<String> there(Box box, ListSet set, Set<String> addresses) throws IOException {
        return ListLook.at(maildirs(), box.toString()).orElseThrow().among(set, addresses);
    }

    /// Does something to people of a list.
    @FunctionalInterface
    private interface PeopleWork {
        /// @param addresses once each; those stay that something is done to
        /// @return what was done
        Edit with(Box box, Set<String> addresses) throws IOException;
    }

    private Change people(String list, ListSet set, List<String> texts, PeopleWork work) throws IOException {
        Set<String> addresses = new TreeSet<>();
        for (String text : texts) {
            Optional<String> address = Lists.address(text);
            if (address.isEmpty()) {
                return refuse(Refusal.Key.LIST_ADDRESS, set.word(), text);
            }
            addresses.add(address.get());
        }
        return onList(list, (_, box) -> {
            if (!isMade(box)) {
                return Outcome.not(Refusal.Key.LIST_MISSING);
            }
            Edit done = work.with(box, addresses);
            return addresses.isEmpty() ? new Outcome.Done(List.of()) : Outcome.done(done, named(addresses));
        });
    }

    private static String named(Set<String> addresses) {
        String more = addresses.size() > NAMED_MAX ? " and " + (addresses.size() - NAMED_MAX) + " more" : "";
        return addresses.stream().limit(NAMED_MAX).collect(Collectors.joining(", ")) + more;
    }

    Change remove(Edit.RemoveList edit) throws IOException {
        return onList(edit.address(), (tx, box) -> {
            boolean there =
                    isMade(box) || editor.shared().publisher().maildirs().isList(box.domain(), box.local());
            if (!there) {
                return Outcome.not(Refusal.Key.LIST_MISSING);
            }
            for (Box door : doors(box)) {
                Aliases.delete(tx, door, target(box)); // one that is missing is no trouble
                tx.touch(door.domain(), door.local());
            }
            Make.remove(maildirs(), box.toString());
            return Outcome.done(new Edit.RemoveList(box.toString()));
        });
    }
}
