package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import qrate.lists.Archive;
import qrate.lists.Lists;
import qrate.lists.Make;
import qrate.vpopmail.Vpopmail.Alias;

/// Takes over a domain's mailing lists: each is made anew as `ezmlm-make` makes one, and gets its people, its archive
/// and
/// the number of its last post. Who subscribed or left here since stays so.
///
/// @param vpopmail the old tree
/// @param domain the domain's name
record ListPart(Take take, People people, Source vpopmail, String domain) {
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

    /// Takes what is new of one list.
    ///
    /// @param local of its address
    void run(String local, OldList old) throws IOException {
        Path home = take.state().maildirs().resolve("domains").resolve(domain);
        Path dir = home.resolve(local);
        Path dot = home.resolve(".qmail-" + local.replace('.', ':'));
        String address = local + "@" + domain;
        String key = "list " + address;
        String state = take.notes().get(key).orElse("");
        boolean here = Files.exists(dir) || Files.exists(dot, LinkOption.NOFOLLOW_LINKS);
        if (state.equals(DONE) && !here) {
            take.report().note("list " + address + ": removed here since, stays so");
            return;
        }
        if (state.isEmpty() && here) {
            take.report().conflict("list " + address, "a mailbox or list of that name is here already and stays");
            return;
        }
        if (!state.equals(DONE)) {
            String owner = old.owner().isEmpty() ? "postmaster@" + domain : old.owner();
            take.report().change("make list " + address + ": " + old.switches() + ", owner " + owner);
            old.missing().forEach(what -> take.report().note("list " + address + ": " + what));
            for (String name : List.of(local, local + "-default")) {
                people.alias(new Alias(name + "@" + domain, "postmaster@" + domain));
            }
            if (!take.dry()) {
                take.notes().put(key, BEGUN);
                take.target().folder(home);
                make(new Make.Plan(dir, dot, local, domain, owner, old.flags()), old);
                take.notes().put(key, DONE);
            }
        }
        addresses(address, dir, old);
        archive(address, dir, old);
    }

    private void make(Make.Plan plan, OldList old) throws IOException {
        take.target().steps().at("make list " + plan.local());
        new Make((_, _, _) -> 0, new SecureRandom()).make(plan);
        own(plan);
        take.target().steps().at("made list " + plan.local());
        for (String name : List.of("prefix", "headerremove")) {
            copy(plan.dir().resolve(name), old.lines(vpopmail, name));
        }
        for (String name : TEXTS) {
            copy(plan.dir().resolve("text").resolve(name), old.lines(vpopmail, "text/" + name));
        }
        copy(plan.dir().resolve("headeradd"), old.added(vpopmail));
    }

    private void copy(Path file, List<String> lines) throws IOException {
        if (!lines.isEmpty()) {
            take.target().file(file, (String.join("\n", lines) + "\n").getBytes(UTF_8), FILE_MODE);
        }
    }

    /// Gives what the list's programs made to its owner.
    private void own(Make.Plan plan) throws IOException {
        Path home = Objects.requireNonNull(plan.dot().getParent());
        String name = Source.name(plan.dot());
        try (Stream<Path> below = Files.walk(plan.dir());
                Stream<Path> dots = Files.list(home)) {
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

    private void addresses(String address, Path dir, OldList old) throws IOException {
        Path note = take.state().db().resolve("import/lists").resolve(domain).resolve(Source.name(dir));
        List<String> made = new ArrayList<>();
        try (Taken taken = take.dry() ? Taken.reading(note) : Taken.writing(note, take.target())) {
            for (Map.Entry<String, List<String>> set : old.sets().entrySet()) {
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
    private void archive(String address, Path dir, OldList old) throws IOException {
        String key = "archive " + address;
        long had = Long.parseLong(take.notes().get(key).orElse("0"));
        long last = old.posts();
        if (last <= had) {
            return;
        }
        Path number = dir.resolve("num");
        long here = Files.exists(number) ? number(Files.readString(number)) : 0;
        if (here != had && here != last) {
            take.report()
                    .note("list " + address + ": posts after " + had + " stay there, since there have been posts here");
            return;
        }
        int copied = 0;
        Set<Path> folders = new TreeSet<>();
        for (long post = had + 1; post <= last; post++) {
            Optional<Path> from = vpopmail.inside(old.folder().resolve(Archive.file(post)));
            Path to = dir.resolve(Archive.file(post));
            if (from.isPresent() && Files.isRegularFile(from.get()) && !Files.exists(to)) {
                copied++;
                if (!take.dry()) {
                    one(from.get(), to);
                    folders.add(Objects.requireNonNull(to.getParent()));
                }
            }
        }
        if (!take.dry()) {
            for (Path folder : folders) {
                qrate.core.DurableFile.syncFolder(folder);
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

    private static long number(String text) {
        String digits = text.strip().split(":", 2)[0];
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
    }
}
