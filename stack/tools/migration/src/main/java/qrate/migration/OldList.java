package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import qrate.dotqmail.Line;
import qrate.lists.Lists;

/// A list's folder of the old tree (ezmlm(5)), with what its switches come to here.
///
/// @param folder where it is
/// @param flags of ezmlm-make(1), small letters
/// @param owner who gets the owner's mail; empty for nobody who could be told
/// @param sets addresses by the folder above `subscribers/`
/// @param posts number of the last post
record OldList(Path folder, Set<Character> flags, String owner, Map<String, List<String>> sets, long posts) {
    /// Sets that lists have here.
    private static final List<String> BASES = List.of("", "mod/", "allow/", "deny/");

    private static final Pattern NUMBER = Pattern.compile("^([0-9]{1,9})\\b");
    private static final Pattern HUNDRED = Pattern.compile("0|[1-9][0-9]{0,6}");
    private static final Pattern SET = Pattern.compile("[^/]");
    private static final Pattern POST = Pattern.compile("[0-9]{2}");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    /// A file that stands for a flag, whatever is in it.
    private static final Map<String, Character> MARKS = Map.of(
            "archived", 'a',
            "public", 'p',
            "modpost", 'm',
            "modsub", 's',
            "prefix", 'f',
            "subpostonly", 'u',
            "subgetonly", 'g',
            "nosubconfirm", 'h',
            "nounsubconfirm", 'j');

    /// What stands for a flag in `editor` or `manager`, as versions before files did have it.
    private static final Map<Pattern, Character> COMMANDS = Map.of(
            Pattern.compile("ezmlm-issubn'? +[^-]"), 'u',
            Pattern.compile("ezmlm-issubn'? +-n "), 'k',
            Pattern.compile("ezmlm-get'? +-\\w*s"), 'g',
            Pattern.compile("ezmlm-manage'? +-\\w*S"), 'h',
            Pattern.compile("ezmlm-manage'? +-\\w*U"), 'j');

    /// What is on lists there and not here, by its file.
    private static final Map<String, String> UNKNOWN = Map.of(
            "text/trailer", "it had a trailer; there are none here",
            "digest/subscribers", "it had digests; whoever got them only gets nothing here: ezmlm-sub",
            "remote", "moderators could subscribe others by mail; here they cannot: ezmlm-sub",
            "sublist", "it was part of another list; here it is one of its own",
            "mimeremove", "it took parts out of messages; here they stay",
            "msgsize", "it had a size limit of its own; here control/databytes counts");

    /// Something of a list cannot be read, so that it stays.
    static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1L;

        Unreadable(String why) {
            super(why);
        }
    }

    /// Finds the folder that the instructions of a list's main address name.
    ///
    /// @param dot the file, links followed
    static Optional<Path> folder(ListPart.Old old, Path dot, OldDotQmail found) throws IOException {
        Source tree = old.tree();
        Path home = old.home();
        List<Path> candidates = new ArrayList<>();
        for (String command : found.programs()) {
            for (Matcher word = WORD.matcher(command); word.find(); ) {
                String text = Objects.requireNonNullElse(
                        word.group(1), Objects.requireNonNullElse(word.group(2), word.group()));
                if (text.startsWith("/")) {
                    old.named().find(Group.trimmed(text)).ifPresent(candidates::add);
                } else if (!text.startsWith("-") && !text.startsWith("|")) {
                    tree.find(tree.root().relativize(home.resolve(text)).toString())
                            .ifPresent(candidates::add);
                }
            }
        }
        candidates.add(Objects.requireNonNull(dot.getParent()));
        return candidates.stream()
                .filter(path -> path.startsWith(home) && !path.equals(home) && Files.isDirectory(path))
                .filter(path -> Source.exists(path.resolve("subscribers")) || Source.exists(path.resolve("sql")))
                .findFirst();
    }

    /// The domain of a list's address, if it says one.
    static Optional<String> host(Source tree, Path folder) throws IOException {
        return lines(tree, folder, "outhost").stream()
                .findFirst()
                .flatMap(host -> Lists.address("x@" + host.strip()))
                .map(address -> address.substring(2));
    }

    /// Reads a list.
    ///
    /// @param where its name, for the report
    /// @throws Unreadable when something of it cannot be read
    static OldList read(Source tree, Path folder, String where, Report report) throws Unreadable {
        try {
            return readAll(tree, folder, where, report);
        } catch (IOException e) {
            throw new Unreadable(Source.why(e));
        }
    }

    private static OldList readAll(Source tree, Path folder, String where, Report report) throws IOException {
        if (Source.exists(folder.resolve("sql"))) {
            throw new IOException("its subscribers are in a database, which is not read");
        }
        Set<Character> flags = new TreeSet<>();
        MARKS.forEach((name, flag) -> {
            if (Source.exists(folder.resolve(name))) {
                flags.add(flag);
            }
        });
        for (String name : List.of("editor", "manager")) {
            Optional<Path> file = tree.inside(folder.resolve(name));
            String text = file.isEmpty() ? "" : new String(Source.read(file.get()), UTF_8);
            COMMANDS.forEach((pattern, flag) -> {
                if (pattern.matcher(text).find()) {
                    flags.add(flag);
                }
            });
        }
        if (Files.isDirectory(folder.resolve("deny/subscribers"))) {
            flags.add('k');
        }
        if (flags.contains('m')) {
            flags.remove('u'); // there the others' posts waited, here all do
        }
        Map<String, List<String>> sets = new LinkedHashMap<>();
        for (String base : BASES) {
            if (!base.equals("deny/") || flags.contains('k')) {
                sets.put(base, set(tree, folder.resolve(base + "subscribers"), where, report));
            }
        }
        return new OldList(folder, flags, owner(tree, folder), sets, posts(tree, folder));
    }

    private static List<String> set(Source tree, Path folder, String where, Report report) throws IOException {
        Set<String> all = new TreeSet<>();
        // longer names are left behind by crashes
        for (Path file : named(SET, tree, folder)) {
            for (String part : new String(Source.read(file), UTF_8).split("\0", -1)) {
                if (part.startsWith("T")) {
                    Optional<String> address = Lists.address(part.substring(1));
                    address.ifPresent(all::add);
                    if (address.isEmpty()) {
                        report.leftOut(where, "no address: " + part.substring(1));
                    }
                }
            }
        }
        return List.copyOf(all);
    }

    private static String owner(Source tree, Path folder) throws IOException {
        Optional<Path> file = tree.inside(folder.resolve("owner"));
        return file.isEmpty()
                ? ""
                : OldDotQmail.parse(Source.read(file.get())).lines().stream()
                        .filter(line -> line instanceof Line.Forward)
                        .map(line -> ((Line.Forward) line).address())
                        .flatMap(address -> Lists.address(address).stream())
                        .findFirst()
                        .orElse("");
    }

    private static long posts(Source tree, Path folder) throws IOException {
        return lines(tree, folder, "num").stream()
                .findFirst()
                .map(OldList::number)
                .orElse(0L);
    }

    /// The number of the last post in a file `num`; 0 for none.
    static long number(String num) {
        Matcher number = NUMBER.matcher(num);
        return number.find() ? Long.parseLong(number.group(1)) : 0;
    }

    /// The posts of the archive, by their numbers.
    SortedMap<Long, Path> archive(Source tree) throws IOException {
        SortedMap<Long, Path> all = new TreeMap<>();
        for (Path hundred : named(HUNDRED, tree, folder.resolve("archive"))) {
            for (Path file : named(POST, tree, hundred)) {
                Optional<Path> real = tree.inside(file);
                if (real.isPresent() && Files.isRegularFile(real.get())) {
                    all.put(Long.parseLong(Source.name(hundred) + Source.name(file)), real.get());
                }
            }
        }
        return all;
    }

    /// What of it there is none of here.
    List<String> missing() {
        List<String> all = new ArrayList<>();
        for (String file : new TreeSet<>(UNKNOWN.keySet())) {
            if (Source.exists(folder.resolve(file))) {
                all.add(UNKNOWN.get(file));
            }
        }
        return all;
    }

    /// What has names of a kind in a folder that leads nowhere else.
    private static List<Path> named(Pattern kind, Source tree, Path folder) throws IOException {
        Optional<Path> real = tree.inside(folder);
        return real.isEmpty()
                ? List.of()
                : Source.list(real.get()).stream()
                        .filter(path -> kind.matcher(Source.name(path)).matches())
                        .toList();
    }

    /// A small file of it, line by line.
    List<String> lines(Source tree, String name) throws IOException {
        return lines(tree, folder, name);
    }

    private static List<String> lines(Source tree, Path folder, String name) throws IOException {
        Optional<Path> file = tree.inside(folder.resolve(name));
        return file.isEmpty()
                ? List.of()
                : new String(Source.read(file.get()), UTF_8).lines().toList();
    }

    /// Header fields it adds that lists here do not add by themselves.
    List<String> added(Source tree) throws IOException {
        return lines(tree, "headeradd").stream()
                .filter(line -> line.indexOf(':') > 0)
                .filter(line ->
                        !isOurs(line.substring(0, line.indexOf(':')).strip().toLowerCase(Locale.ROOT)))
                .toList();
    }

    private static boolean isOurs(String field) {
        return field.startsWith("list-") || field.equals("precedence") || field.equals("mailing-list");
    }

    /// The flags as ezmlm-make(1) takes them.
    String switches() {
        return flags.stream().map(String::valueOf).collect(Collectors.joining("", "-", ""));
    }
}
