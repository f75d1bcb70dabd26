package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import qrate.core.DurableFile;
import qrate.core.FolderTree;
import qrate.core.Getopt;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;

/// `ezmlm-make [-aAefFgGhHjJkKmMpPsSuU] [-5 owner] dir dot local host`, or `ezmlm-make [...] local@host` for a list of
/// the directory's domain.
public final class Make implements Program {
    private static final String USAGE =
            "ezmlm-make: usage: ezmlm-make [-aAefFgGhHjJkKmMpPsSuU] [-5 owner] dir dot local host | local@host";
    /// What follows the name of a list's first `.qmail` file, in the order in which they are made.
    private static final List<String> LINKS =
            List.of("owner", "return-default", "accept-default", "reject-default", "default", "");

    private static final Getopt KNOWN = Getopt.of("aAefFgGhHjJkKmMpPsSuU5:");

    /// Owner and group may write, and what is made below belongs to the group too: admin is one, lspawn the other.
    private static final int MODE = 02770;

    static final String FILE_MODE = "rw-rw----";

    private static final int KEY_BYTES = 32;

    /// Tells whoever must know that a list's addresses exist now.
    @FunctionalInterface
    public interface Announcement {
        /// Whether the address of a new list is somebody's already.
        default boolean isTaken(String local, String host, Stdio stdio) throws IOException {
            return false;
        }

        /// Makes a list in the place of a directory's domain, and says so by itself.
        ///
        /// @return an exit code, 0 when it is made; empty where that is left to the program
        default OptionalInt makes(Plan plan, Stdio stdio) throws IOException {
            return OptionalInt.empty();
        }

        /// @return an exit code, 0 when it is known now
        int made(String local, String host, Stdio stdio) throws Exception;
    }

    private final Announcement announcement;
    private final SecureRandom random;

    public Make(Announcement announcement, SecureRandom random) {
        this.announcement = announcement;
        this.random = random;
    }

    /// A list to be made.
    ///
    /// @param dir the list's folder
    /// @param dot its first `.qmail` file
    /// @param owner who gets the owner's mail
    /// @param flags of ezmlm-make(1), small letters; without `g` strangers may read the archive
    public record Plan(Path dir, Path dot, String local, String host, String owner, Set<Character> flags) {
        boolean is(char letter) {
            return flags.contains(letter);
        }
    }

    /// @return 0 once it is made, 100 for a wrong call or a list that is there, 111 when it cannot be made now
    @Override
    public int run(List<String> arguments, Stdio stdio) throws Exception {
        Optional<Plan> plan = plan(arguments, stdio.environment());
        if (plan.isEmpty()) {
            stdio.err().println(USAGE);
            return 100;
        }
        Plan made = plan.get();
        boolean taken =
                Files.exists(made.dir) || Files.exists(made.dot) || announcement.isTaken(made.local, made.host, stdio);
        if (!made.is('e') && taken) {
            stdio.err().println("ezmlm-make: fatal: " + Log.escape(made.local + "@" + made.host) + " is there already");
            return 100;
        }
        if (!Files.isDirectory(Objects.requireNonNull(made.dot.getParent()))) {
            stdio.err().println("ezmlm-make: fatal: " + Log.escape(made.dot.getParent() + ": no such folder"));
            return 100;
        }
        OptionalInt code = isOfDirectory(made, State.of(stdio.environment()).maildirs())
                ? announcement.makes(made, stdio)
                : OptionalInt.empty();
        if (code.isPresent()) {
            return code.getAsInt();
        }
        make(made);
        return announcement.made(made.local, made.host, stdio);
    }

    private static Optional<Plan> plan(List<String> arguments, Map<String, String> environment) {
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            return Optional.empty();
        }
        Set<Character> flags = new TreeSet<>(Set.of('a', 'g', 'p'));
        for (Getopt.Option option : given.options()) {
            char letter = option.name().charAt(0);
            if (Character.isUpperCase(letter)) {
                flags.remove(Character.toLowerCase(letter));
            } else if (Character.isLowerCase(letter)) {
                flags.add(letter);
            }
        }
        String owner = given.last("5").orElse("");
        List<String> rest = given.operands();
        try {
            String address = rest.size() == 4 ? rest.get(2) + "@" + rest.get(3) : rest.size() == 1 ? rest.get(0) : "";
            Optional<String> name = Subscribers.address(address);
            Optional<Path> home = MailingList.folder(State.of(environment).maildirs(), address);
            if (name.isEmpty()
                    || home.isEmpty()
                    || (!owner.isEmpty() && Subscribers.address(owner).isEmpty())) {
                return Optional.empty();
            }
            String local = name.get().substring(0, name.get().lastIndexOf('@'));
            String host = name.get().substring(local.length() + 1);
            Path dir = rest.size() == 4 ? Path.of(rest.get(0)) : home.get();
            Path dot = rest.size() == 4 ? Path.of(rest.get(1)) : dot(dir, local);
            String keeper = owner.isEmpty() ? "postmaster@" + host : owner;
            return dir.isAbsolute() && dot.isAbsolute()
                    ? Optional.of(new Plan(dir.normalize(), dot.normalize(), local, host, keeper, flags))
                    : Optional.empty();
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /// The addresses by which a door must know a list: its own, and the beginning of all others.
    public static List<String> addresses(String local, String host) {
        return List.of(local + "@" + host, local + "-default@" + host);
    }

    /// Makes a list, or makes one that is there what the plan says; nobody is told.
    public void make(Plan plan) throws IOException {
        for (String folder : List.of(
                "",
                "subscribers",
                "text",
                "archive",
                "bounce",
                "bounce/d",
                "bounce/w",
                "mod",
                "mod/subscribers",
                "mod/pending",
                "mod/accepted",
                "mod/rejected",
                "allow",
                "allow/subscribers")) {
            folder(plan.dir.resolve(folder));
        }
        flag(plan, "archived", plan.is('a'));
        flag(plan, "public", plan.is('p'));
        flag(plan, "modpost", plan.is('m'));
        flag(plan, "modsub", plan.is('s'));
        flag(plan, "subpostonly", plan.is('u'));
        flag(plan, "subgetonly", plan.is('g'));
        flag(plan, "publicget", !plan.is('g')); // a word of its own, so that a lost file opens nothing
        flag(plan, "nosubconfirm", plan.is('h'));
        flag(plan, "nounsubconfirm", plan.is('j'));
        if (plan.is('k')) {
            folder(plan.dir.resolve("deny"));
            folder(plan.dir.resolve("deny/subscribers"));
        }
        if (plan.is('f')) {
            once(plan, "prefix", "[" + plan.local + "]\n");
        }
        file(plan, "outlocal", plan.local + "\n");
        file(plan, "outhost", plan.host + "\n");
        file(
                plan,
                "config",
                "0:" + flags(plan) + "\n5:" + plan.owner + "\nD:" + plan.dir + "\nT:" + plan.dot + "\nL:" + plan.local
                        + "\nH:" + plan.host + "\n");
        if (!Files.exists(plan.dir.resolve("key"))) {
            byte[] key = new byte[KEY_BYTES];
            random.nextBytes(key);
            DurableFile.write(plan.dir.resolve("key"), key, FILE_MODE);
        }
        for (Map.Entry<String, String> text : Texts.ofNewList().entrySet()) {
            once(plan, "text/" + text.getKey(), text.getValue());
        }
        once(plan, "headerremove", "return-path\nreturn-receipt-to\ncontent-length\n");
        once(plan, "headeradd", "X-No-Archive: yes\n");
        instructions(plan);
        // the main address last: mail for it finds everything else in place
        for (String name : LINKS) {
            link(plan, name);
        }
    }

    private static boolean isOfDirectory(Plan plan, Path maildirs) {
        return MailingList.folder(maildirs, plan.local + "@" + plan.host)
                .filter(dir -> dir.equals(plan.dir) && dot(dir, plan.local).equals(plan.dot))
                .isPresent();
    }

    /// The same for a list of a domain of the directory, in its place.
    public void make(Path maildirs, String address, ListSettings settings) throws IOException {
        Plan plan = planned(maildirs, address, settings);
        make(plan);
        settings.write(plan.dir);
    }

    private static Plan planned(Path maildirs, String address, ListSettings settings) throws IOException {
        Path dir = MailingList.folder(maildirs, address)
                .orElseThrow(() -> new IOException(address + ": no list can be called so"));
        String local = address.substring(0, address.lastIndexOf('@'));
        String host = address.substring(local.length() + 1);
        return new Plan(dir, dot(dir, local), local, host, settings.owner(), settings.flags());
    }

    private static Path dot(Path dir, String local) {
        return dir.resolveSibling(".qmail-" + local.replace('.', ':'));
    }

    /// Whether a list of a domain of the directory is there and whole: its first `.qmail` file is made last.
    public static boolean isMade(Path maildirs, String address) {
        Optional<Path> dir = MailingList.folder(maildirs, address);
        String local = address.substring(0, address.lastIndexOf('@'));
        return dir.isPresent() && Files.exists(dir.get().resolve("outlocal")) && Files.exists(dot(dir.get(), local));
    }

    /// Removes a list of a domain of the directory: first what brings it mail, then its folder.
    public static void remove(Path maildirs, String address) throws IOException {
        Plan plan = planned(maildirs, address, ListSettings.ofNew(""));
        Path home = Objects.requireNonNull(plan.dir.getParent());
        for (String name : LINKS.reversed()) {
            Files.deleteIfExists(link(plan.dot, name));
        }
        DurableFile.syncFolder(home);
        FolderTree.remove(plan.dir);
    }

    private static Path link(Path dot, String name) {
        return name.isEmpty() ? dot : dot.resolveSibling(dot.getFileName() + "-" + name);
    }

    private static void instructions(Plan plan) throws IOException {
        Path home = Objects.requireNonNull(plan.dot.getParent());
        // relative where it can be, so that the folder may stand elsewhere in another container
        String dir = plan.dir.startsWith(home) ? home.relativize(plan.dir).toString() : plan.dir.toString();
        String warn = "|ezmlm-warn " + dir + "\n";
        file(plan, "editor", "|" + (plan.is('m') ? "ezmlm-store " : "ezmlm-send ") + dir + "\n" + warn);
        file(plan, "owner", "&" + plan.owner + "\n" + warn);
        file(plan, "bouncer", warn + "|ezmlm-return " + dir + "\n");
        file(plan, "manager", "|ezmlm-get " + dir + "\n|ezmlm-manage " + dir + "\n" + warn);
        file(plan, "moderator", "|ezmlm-moderate " + dir + "\n|ezmlm-clean " + dir + "\n");
    }

    private static void link(Plan plan, String name) throws IOException {
        String target = switch (name) {
            case "" -> "editor";
            case "owner" -> "owner";
            case "return-default" -> "bouncer";
            case "default" -> "manager";
            default -> "moderator";
        };
        Path home = Objects.requireNonNull(plan.dot.getParent());
        Path link = link(plan.dot, name);
        Files.deleteIfExists(link);
        Path file = plan.dir.resolve(target);
        Files.createSymbolicLink(link, file.startsWith(home) ? home.relativize(file) : file);
        DurableFile.syncFolder(home);
    }

    private static String flags(Plan plan) {
        StringBuilder text = new StringBuilder("-");
        plan.flags.forEach(text::append);
        return text.toString();
    }

    private static void flag(Plan plan, String name, boolean on) throws IOException {
        if (on) {
            once(plan, name, "");
        } else {
            Files.deleteIfExists(plan.dir.resolve(name));
        }
    }

    private static void once(Plan plan, String name, String content) throws IOException {
        if (!Files.exists(plan.dir.resolve(name))) {
            file(plan, name, content);
        }
    }

    private static void file(Plan plan, String name, String content) throws IOException {
        DurableFile.write(plan.dir.resolve(name), content.getBytes(UTF_8), FILE_MODE);
    }

    private static void folder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder);
            Files.setAttribute(folder, "unix:mode", MODE);
            DurableFile.syncFolder(Objects.requireNonNull(folder.getParent()));
        }
    }
}
