package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import qrate.core.DurableFile;
import qrate.lists.Archive;
import qrate.lists.Lists;
import qrate.lists.Make;
import qrate.snapshots.Names;

/// Takes over mailing lists: each is made anew as `ezmlm-make` makes one, and gets its people, its archive and the
/// number of its last post. Who subscribed or left here since stays so.
///
/// @param home where they go here
/// @param old where they were
record ListPart(Take take, Home home, Old old) {
    /// The home of some lists' `.qmail` files.
    ///
    /// @param folder ours
    /// @param host domain of their addresses
    /// @param opened lets mail in for an address
    record Home(Path folder, String host, Opened opened) {}

    /// The same in the old installation.
    ///
    /// @param tree nothing outside of it is read
    /// @param home folder of the `.qmail` files
    /// @param named what a path of the old place names in the tree at hand
    record Old(Source tree, Path home, Source.Named named) {}

    /// Hears of a list's addresses.
    @FunctionalInterface
    interface Opened {
        void to(String address) throws IOException;
    }

    /// What follows a list's name in the names of its files, beside those that run ezmlm's programs.
    private static final Set<String> FILES = Set.of("", "-owner", "-digest-owner");

    private static final String BEGUN = "begun";
    private static final String DONE = "done";
    private static final String FILE_MODE = "rw-rw----";

    /// Texts that say the same there and here; the others have other marks for addresses.
    private static final List<String> TEXTS = List.of("info", "faq");

    private static final Map<String, String[]> NAMES = Map.of(
            "", new String[] {"subscriber", "subscribers"},
            "mod/", new String[] {"moderator", "moderators"},
            "allow/", new String[] {"other address that may post", "other addresses that may post"},
            "deny/", new String[] {"address that may not post", "addresses that may not post"});

    /// The lists among some `.qmail` files.
    ///
    /// @param found what they say, by what follows `.qmail-`
    static List<String> names(Map<String, OldDotQmail> found) {
        return found.entrySet().stream()
                .filter(e -> e.getValue().takesPosts() && !e.getKey().contains("-default"))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// The list whose addresses a file's is among; nothing for an address of its own.
    static Optional<String> of(List<String> lists, String name) {
        return lists.stream()
                .filter(list -> name.equals(list) || name.startsWith(list + "-"))
                .max(Comparator.comparingInt(String::length));
    }

    /// Whether such a file is one that the list's maker made.
    static boolean isMade(String list, String name, OldDotQmail says) {
        return says.isList() || FILES.contains(name.substring(list.length()));
    }

    /// Takes what is new of one list.
    ///
    /// @param stem what follows `.qmail-` in the name of its first file
    /// @param dot that file, links followed
    /// @param where the list's name, for the report
    void run(String stem, Path dot, OldDotQmail says, String where) throws IOException {
        Optional<String> local = Names.local(stem.replace(':', '.'))
                .flatMap(name -> Lists.address(name + "@" + home.host))
                .map(address -> address.substring(0, address.lastIndexOf('@')));
        Optional<Path> folder = OldList.folder(old, dot, says);
        if (local.isEmpty() || folder.isEmpty()) {
            take.report()
                    .leftOut(where, local.isEmpty() ? "no list can be called so" : "its folder is not in the tree");
            return;
        }
        try {
            run(local.get(), OldList.read(old.tree, folder.get(), where, take.report()));
        } catch (OldList.Unreadable e) {
            take.report().leftOut(where, String.valueOf(e.getMessage()));
        }
    }

    private void run(String local, OldList list) throws IOException {
        Path dir = home.folder.resolve(local);
        Path dot = home.folder.resolve(".qmail-" + local.replace('.', ':'));
        String address = local + "@" + home.host;
        String key = "list " + address;
        String state = take.notes().get(key).orElse("");
        boolean here = Files.exists(dir) || Files.exists(dot, LinkOption.NOFOLLOW_LINKS);
        if (state.equals(DONE) && !Files.exists(dir)) {
            take.report().note("list " + address + ": removed here since, stays so");
            return;
        }
        if (state.isEmpty() && here) {
            take.report().conflict("list " + address, "a mailbox or list of that name is here already and stays");
            return;
        }
        if (!state.equals(DONE)) {
            String owner = list.owner().isEmpty() ? "postmaster@" + home.host : list.owner();
            take.report().change("make list " + address + ": " + list.switches() + ", owner " + owner);
            list.missing().forEach(what -> take.report().note("list " + address + ": " + what));
            for (String one : Make.addresses(local, home.host)) {
                home.opened.to(one);
            }
            if (!take.dry()) {
                take.notes().put(key, BEGUN);
                take.target().folder(home.folder);
                make(new Make.Plan(dir, dot, local, home.host, owner, list.flags()), list);
                take.notes().put(key, DONE);
            }
        }
        addresses(address, dir, list);
        archive(address, dir, list);
    }

    private void make(Make.Plan plan, OldList list) throws IOException {
        take.target().steps().at("make list " + plan.local());
        new Make((_, _, _) -> 0, new SecureRandom()).make(plan);
        own(plan);
        take.target().steps().at("made list " + plan.local());
        for (String name : List.of("prefix", "headerremove")) {
            copy(plan.dir().resolve(name), list.lines(old.tree, name));
        }
        for (String name : TEXTS) {
            copy(plan.dir().resolve("text").resolve(name), list.lines(old.tree, "text/" + name));
        }
        copy(plan.dir().resolve("headeradd"), list.added(old.tree));
    }

    private void copy(Path file, List<String> lines) throws IOException {
        if (!lines.isEmpty()) {
            take.target().file(file, (String.join("\n", lines) + "\n").getBytes(UTF_8), FILE_MODE);
        }
    }

    /// Gives what the list's programs made to its owner.
    private void own(Make.Plan plan) throws IOException {
        String name = Source.name(plan.dot());
        try (Stream<Path> below = Files.walk(plan.dir());
                Stream<Path> dots = Files.list(home.folder)) {
            List<Path> all = Stream.concat(
                            below,
                            dots.filter(path -> Source.name(path).equals(name)
                                    || Source.name(path).startsWith(name + "-")))
                    .toList();
            for (Path path : all) {
                take.target().own(path);
            }
        }
    }

    private void addresses(String address, Path dir, OldList list) throws IOException {
        Path note = take.state().db().resolve("import/lists").resolve(home.host).resolve(Source.name(dir));
        List<String> made = new ArrayList<>();
        try (Taken taken = take.dry() ? Taken.reading(note) : Taken.writing(note, take.target())) {
            for (Map.Entry<String, List<String>> set : list.sets().entrySet()) {
                Set<Long> hashes = new HashSet<>();
                List<String> fresh = new ArrayList<>();
                for (String one : set.getValue()) {
                    long hash = Taken.hash(set.getKey() + one);
                    if (!taken.has(hash)) {
                        hashes.add(hash);
                        fresh.add(one);
                    }
                }
                if (!fresh.isEmpty()) {
                    String[] names = Objects.requireNonNull(NAMES.get(set.getKey()));
                    made.add(fresh.size() + " " + names[fresh.size() == 1 ? 0 : 1]);
                    add(dir, set.getKey(), fresh);
                    taken.add(hashes);
                }
            }
        }
        if (!made.isEmpty()) {
            take.report().change("add to list " + address + ": " + String.join(", ", made));
        }
    }

    private void add(Path dir, String base, List<String> addresses) throws IOException {
        if (take.dry()) {
            return;
        }
        take.target().steps().at("add to " + dir);
        Lists.withoutQueue().add(dir, base, addresses);
        take.target().own(dir.resolve("lock"));
        try (Stream<Path> files = Files.walk(dir.resolve(base + "subscribers"))) {
            for (Path file : files.toList()) {
                take.target().own(file);
            }
        }
        take.target().steps().at("added to " + dir);
    }

    /// Posts of the archive keep their numbers, and the next post gets the next one; after a first post here no more
    /// come from there.
    private void archive(String address, Path dir, OldList list) throws IOException {
        String key = "archive " + address;
        long had = Long.parseLong(take.notes().get(key).orElse("0"));
        long last = list.posts();
        if (last <= had) {
            return;
        }
        Path number = dir.resolve("num");
        long here = Files.exists(number) ? OldList.number(Files.readString(number)) : 0;
        if (here != had && here != last) {
            take.report()
                    .note("list " + address + ": posts after " + had + " stay there, since there have been posts here");
            return;
        }
        int copied = 0;
        Set<Path> folders = new TreeSet<>();
        for (Map.Entry<Long, Path> post :
                list.archive(old.tree).subMap(had + 1, last + 1).entrySet()) {
            Path to = dir.resolve(Archive.file(post.getKey()));
            if (!Files.exists(to)) {
                copied++;
                if (!take.dry()) {
                    one(post.getValue(), to);
                    folders.add(Objects.requireNonNull(to.getParent()));
                }
            }
        }
        if (!take.dry()) {
            for (Path folder : folders) {
                DurableFile.syncFolder(folder);
            }
            take.target().file(number, (last + ":0\n").getBytes(UTF_8), FILE_MODE);
            take.notes().put(key, Long.toString(last));
        }
        take.report()
                .change("add to list " + address + ": " + copied + " posts of its archive; the next post is number "
                        + (last + 1));
    }

    private void one(Path from, Path to) throws IOException {
        Path folder = Objects.requireNonNull(to.getParent());
        take.target().folder(folder);
        Path staged = folder.resolve("." + Source.name(to) + ".import");
        take.target().copy(from, staged);
        Target.sync(staged);
        take.target().rename(staged, to);
    }
}
