package qrate.snapshots;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import qrate.cdb.Cdb;
import qrate.cdb.CdbWriter;
import qrate.core.DurableFile;
import qrate.core.State;

/// Writes the snapshots; each file appears whole and durable, or not at all. One writer at a time.
public final class SnapshotWriter020 {
    /// Most mailboxes and aliases that changed since a domain's file was written; more, and it is written anew.
    public static final int AMENDED_MAX = 256;

    private static final String SUFFIX = ".cdb";
    private static final byte[] GONE = {};
    private static final String READABLE = "rw-r-----";

    private final Path users;
    private final Path domains;
    private final Path passwords;
    private final Path maildirs;
    private final int uid;
    private final int gid;

    /// @param uid user that owns every mailbox, for `users/assign`
    /// @param gid its group
    public SnapshotWriter020(State state, int uid, int gid) {
        this.users = state.users();
        this.domains = state.users().resolve("domains");
        this.passwords = state.passwords();
        this.maildirs = state.maildirs();
        this.uid = uid;
        this.gid = gid;
    }

    /// Makes the folders if they are missing.
    public void makeFolders() throws IOException {
        Files.createDirectories(domains);
        Files.createDirectories(passwords);
    }

    /// Writes a domain's files: passwords first, so that whoever sees a mailbox can also log in to it.
    public void write(Snapshot snapshot) throws IOException {
        byte[] revision = Long.toString(snapshot.revision()).getBytes(US_ASCII);
        CdbWriter routes = new CdbWriter().put(Records020.REVISION, revision);
        CdbWriter accounts = new CdbWriter().put(Records020.REVISION, revision);
        switch (snapshot) {
            case Snapshot.Alias alias -> {
                routes.put(Records020.ALIAS_OF, alias.of().getBytes(UTF_8));
                accounts.put(Records020.ALIAS_OF, alias.of().getBytes(UTF_8));
            }
            case Snapshot.Domain domain -> {
                new TreeMap<>(domain.routes())
                        .forEach((local, route) -> routes.put(Records020.key(local), Records020.route(route)));
                if (!(domain.catchAll() instanceof Directory.Route.NoSuchUser)) {
                    routes.put(Records020.CATCH_ALL, Records020.route(domain.catchAll()));
                }
                new TreeMap<>(domain.accounts())
                        .forEach((local, account) -> accounts.put(Records020.key(local), Records020.account(account)));
            }
        }
        for (Path folder : List.of(passwords, domains)) {
            Path file = file(folder, snapshot.name());
            (folder.equals(passwords) ? accounts : routes).write(file, READABLE);
            forgetMore(file, revision);
        }
    }

    /// What stands beside a file belongs to the one before, unless a database that was put back has the same revision
    /// again.
    private static void forgetMore(Path file, byte[] revision) throws IOException {
        Path more = Layers020.more(file);
        if (Files.exists(more)) {
            boolean fits;
            try (Cdb cdb = Cdb.open(more)) {
                fits = Arrays.equals(cdb.get(Records020.BASE).orElse(revision), revision);
            } catch (IOException _) {
                fits = true; // damaged
            }
            if (fits) {
                Files.delete(more);
            }
        }
    }

    /// Writes what a change made of a few mailboxes and aliases beside the domain's files, which stay as they are: a
    /// change costs the same in a domain of ten and of ten thousand.
    ///
    /// @return false when that cannot be done and nothing was: the files are of another revision, or too much has
    ///     changed since they were written
    public boolean amend(Snapshot.Amendment change) throws IOException {
        Optional<Map<String, byte[]>> routes = amended(file(domains, change.name()), change.before());
        Optional<Map<String, byte[]>> accounts = amended(file(passwords, change.name()), change.before());
        if (routes.isEmpty() || accounts.isEmpty()) {
            return false;
        }
        for (String local : change.locals()) {
            Directory.Route route = change.routes().get(local);
            routes.get().put(local, route == null ? GONE : Records020.route(route));
            Directory.Account account = change.accounts().get(local);
            accounts.get().put(local, account == null ? GONE : Records020.account(account));
        }
        if (routes.get().size() > AMENDED_MAX) {
            return false;
        }
        byte[] revision = Long.toString(change.revision()).getBytes(US_ASCII);
        writeMore(file(passwords, change.name()), revision, accounts.get());
        writeMore(file(domains, change.name()), revision, routes.get());
        return true;
    }

    /// What stands beside a file by local part; empty when both together are not of this revision.
    private static Optional<Map<String, byte[]>> amended(Path file, long before) {
        Map<String, byte[]> records = new TreeMap<>();
        try {
            Layers020 layers = Layers020.open(file, Cdb::open);
            try {
                if (layers.revision() != before) {
                    return Optional.empty();
                }
                if (layers.newestFirst().size() > 1) {
                    layers.newestFirst().getFirst().forEach((key, value) -> {
                        if (key[0] == '=') {
                            records.put(new String(key, 1, key.length - 1, UTF_8), value);
                        }
                    });
                }
                return Optional.of(records);
            } finally {
                layers.newestFirst().forEach(Cdb::close);
            }
        } catch (IOException | UncheckedIOException | NumberFormatException _) {
            // missing or damaged: the caller writes them anew
            return Optional.empty();
        }
    }

    private static void writeMore(Path file, byte[] revision, Map<String, byte[]> records) throws IOException {
        byte[] base;
        try (Cdb cdb = Cdb.open(file)) {
            base = cdb.get(Records020.REVISION).orElseThrow(() -> new IOException(file + ": damaged"));
        }
        CdbWriter more = new CdbWriter().put(Records020.REVISION, revision).put(Records020.BASE, base);
        records.forEach((local, value) -> more.put(Records020.key(local), value));
        more.write(Layers020.more(file), READABLE);
    }

    /// Removes a domain's files, routes first.
    public void remove(String domain) throws IOException {
        for (Path folder : List.of(domains, passwords)) {
            boolean gone = Files.deleteIfExists(file(folder, domain));
            if (Files.deleteIfExists(Layers020.more(file(folder, domain))) || gone) {
                DurableFile.syncFolder(folder);
            }
        }
    }

    /// Revision of the older of a domain's two files; empty when one is missing or damaged.
    public OptionalLong revision(String domain) {
        OptionalLong routes = revision(file(domains, domain));
        OptionalLong accounts = revision(file(passwords, domain));
        return routes.isPresent() && accounts.isPresent()
                ? OptionalLong.of(Math.min(routes.getAsLong(), accounts.getAsLong()))
                : OptionalLong.empty();
    }

    /// Domains that have a file of routes or of passwords.
    public List<String> written() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        for (Path folder : List.of(domains, passwords)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.map(f -> f.getFileName().toString())
                        .filter(f -> f.endsWith(SUFFIX) && !f.startsWith("."))
                        .map(f -> f.substring(0, f.length() - SUFFIX.length()))
                        .forEach(names::add);
            }
        }
        return List.copyOf(names);
    }

    /// Writes `users/assign` and `users/cdb`: vpopmail's line for each domain, beside lines that others put there.
    ///
    /// @param names every domain of the directory, to the one whose folder it has
    /// @param gone domains that were removed, whose lines go too
    public void writeAssign(Map<String, String> names, List<String> gone) throws IOException {
        Path assign = users.resolve("assign");
        Set<String> own = new HashSet<>(names.keySet());
        own.addAll(gone);
        List<String> foreign = Files.exists(assign)
                ? Files.readAllLines(assign, UTF_8).stream()
                        .filter(line -> !line.isEmpty() && !line.startsWith("."))
                        .filter(line -> !own.contains(wildcard(line)))
                        .toList()
                : List.of();
        List<String> ours = new TreeMap<>(names)
                .entrySet().stream().map(e -> line(e.getKey(), e.getValue())).toList();
        List<String> all = Stream.concat(ours.stream(), foreign.stream()).toList();
        byte[] text = (String.join("\n", all) + (all.isEmpty() ? "" : "\n") + ".\n").getBytes(UTF_8);
        byte[] cdb = Assignments.toCdb(all).toBytes();
        Path database = users.resolve("cdb");
        if (!same(assign, text) || !same(database, cdb)) {
            DurableFile.write(assign, text);
            DurableFile.write(database, cdb);
        }
    }

    private static String wildcard(String line) {
        int end = line.indexOf("-:");
        return line.startsWith("+") && end > 0 ? line.substring(1, end) : "";
    }

    private static boolean same(Path file, byte[] content) throws IOException {
        return Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content);
    }

    private String line(String name, String domain) {
        Path home = maildirs.toAbsolutePath().resolve("domains").resolve(domain);
        return "+" + name + "-:" + domain + ":" + uid + ":" + gid + ":" + home + ":-::";
    }

    private static OptionalLong revision(Path file) {
        try {
            Layers020 layers = Layers020.open(file, Cdb::open);
            try {
                return OptionalLong.of(layers.revision());
            } finally {
                layers.newestFirst().forEach(Cdb::close);
            }
        } catch (IOException | NumberFormatException _) {
            // missing or damaged: the caller writes it anew
            return OptionalLong.empty();
        }
    }

    private static Path file(Path folder, String domain) {
        return folder.resolve(
                Names.domain(domain).orElseThrow(() -> new IllegalArgumentException("not a domain")) + SUFFIX);
    }
}
