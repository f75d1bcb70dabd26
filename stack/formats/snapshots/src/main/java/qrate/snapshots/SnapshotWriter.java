package qrate.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
import qrate.core.DurableFiles;
import qrate.core.State;

/// Writes the snapshots; each file appears whole and durable, or not at all. One writer at a time.
public final class SnapshotWriter {
    /// Most mailboxes and aliases that changed since a domain's file was written; more, and it is written anew.
    public static final int AMENDED_MAX = 256;

    /// Most files that wait for one another, to be synced together.
    private static final int TOGETHER_MAX = 128;

    /// What this system says, beside the folder of domains.
    static final String SAID = "said.cdb";

    private static final String SUFFIX = ".cdb";
    private static final byte[] GONE = {};
    private static final int FORMS = 2;
    private static final String READABLE = "rw-r-----";

    private final Path users;
    private final Path domains;
    private final Path passwords;
    private final Path maildirs;
    private final int uid;
    private final int gid;
    private final DurableFiles files = new DurableFiles();

    /// Files that are replaced with the next {@link #show}, to the revision that they have then.
    private final Map<Path, Long> replaced = new LinkedHashMap<>();

    /// @param uid user that owns every mailbox, for `users/assign`
    /// @param gid its group
    public SnapshotWriter(State state, int uid, int gid) {
        this.users = state.users();
        this.domains = state.users().resolve("domains");
        this.passwords = state.passwords();
        this.maildirs = state.maildirs();
        this.uid = uid;
        this.gid = gid;
    }

    /// Makes the folders if they are missing. What another process renamed in them, and did not sync before it
    /// was killed, is durable with the next {@link #sync}.
    public void makeFolders() throws IOException {
        for (Path folder : List.of(passwords, domains)) {
            Files.createDirectories(folder);
            files.changed(folder);
        }
    }

    /// Writes a domain's files: passwords first, so that whoever sees a mailbox can also log in to it.
    public void write(Snapshot snapshot) throws IOException {
        replace(snapshot);
        sync();
    }

    /// The same for many domains, one after the other: readers see it, and it is durable, with {@link #sync}, or before
    /// that where there are many. Of the two files one that says what it said stays as it is.
    public void replace(Snapshot snapshot) throws IOException {
        Path routes = file(domains, snapshot.name());
        Path accounts = file(passwords, snapshot.name());
        Optional<Heads> routesStay = staying(routes, snapshot, SnapshotWriter::routes);
        Optional<Heads> accountsStay = staying(accounts, snapshot, SnapshotWriter::accounts);
        long revision = snapshot.revision();
        // one of them says that the revision has come
        boolean routesChange = routesStay.isEmpty() || accountsStay.isPresent();
        if (accountsStay.isEmpty()) {
            long beside = routesChange ? revision : routesStay.orElseThrow().revision();
            add(accounts, accounts(snapshot, new Heads(revision, beside)));
            replaced.put(accounts, revision);
        }
        if (routesChange) {
            long beside = accountsStay.map(Heads::revision).orElse(revision);
            add(routes, routes(snapshot, new Heads(revision, beside)));
            replaced.put(routes, revision);
        }
        if (files.pending() >= TOGETHER_MAX) {
            show();
        }
    }

    private void add(Path file, CdbWriter content) throws IOException {
        try {
            files.add(file, content.toBytes(), READABLE);
        } catch (IOException e) {
            replaced.clear(); // all that was added is gone
            throw e;
        }
    }

    private void show() throws IOException {
        Map<Path, Long> news = new LinkedHashMap<>(replaced);
        replaced.clear();
        files.show();
        for (Map.Entry<Path, Long> file : news.entrySet()) {
            forgetMore(file.getKey(), file.getValue());
        }
    }

    /// Shows what was replaced and amended, and makes durable that and what was removed, with one sync a folder.
    public void sync() throws IOException {
        show();
        files.sync();
    }

    @FunctionalInterface
    private interface Content {
        CdbWriter of(Snapshot snapshot, Heads heads);
    }

    /// The heads of a file that says of everybody what a snapshot says, and may stay; empty when it is to be
    /// written.
    private static Optional<Heads> staying(Path file, Snapshot snapshot, Content content) throws IOException {
        try {
            Layers layers = Layers.open(file, Cdb::open);
            try {
                Optional<Long> beside = layers.beside();
                if (beside.isEmpty()
                        || layers.newestFirst().size() > 1
                        || !layers.isOfOurForm()
                        || layers.revision() >= snapshot.revision()) {
                    return Optional.empty();
                }
                Heads heads = new Heads(layers.revision(), beside.get());
                byte[] same = content.of(snapshot, heads).toBytes();
                return Arrays.equals(Files.readAllBytes(file), same) ? Optional.of(heads) : Optional.empty();
            } finally {
                layers.newestFirst().forEach(Cdb::close);
            }
        } catch (IOException | NumberFormatException _) {
            return Optional.empty(); // missing or damaged
        }
    }

    private static CdbWriter routes(Snapshot snapshot, Heads heads) {
        CdbWriter file = heads.begin();
        switch (snapshot) {
            case Snapshot.Alias alias -> file.put(Records.ALIAS_OF, alias.of().getBytes(UTF_8));
            case Snapshot.Domain domain -> {
                new TreeMap<>(domain.routes()).forEach((local, route) -> put(file, Records.Key.of(local), route));
                if (!(domain.catchAll() instanceof Directory.Route.NoSuchUser)) {
                    put(file, Records.CATCH_ALL, domain.catchAll());
                }
                say(file, domain.said());
            }
        }
        return file;
    }

    private static CdbWriter say(CdbWriter file, Map<String, String> said) {
        new TreeMap<>(said).forEach((name, text) -> file.put(Records.said(name), text.getBytes(UTF_8)));
        return file;
    }

    /// Writes what this system says where a domain says nothing; durable when it returns.
    ///
    /// @param said by name ({@link Directory#said})
    public void writeSaid(Map<String, String> said) throws IOException {
        Path file = users.resolve(SAID);
        byte[] content = say(new CdbWriter(), said).toBytes();
        if (said.isEmpty()) {
            files.delete(file);
        } else if (!same(file, content)) {
            files.add(file, content, READABLE);
        }
        sync();
    }

    private static CdbWriter accounts(Snapshot snapshot, Heads heads) {
        CdbWriter file = heads.begin();
        switch (snapshot) {
            case Snapshot.Alias alias -> file.put(Records.ALIAS_OF, alias.of().getBytes(UTF_8));
            case Snapshot.Domain domain ->
                new TreeMap<>(domain.accounts()).forEach((local, account) -> {
                    Records.Key key = Records.Key.of(local);
                    file.put(key.namedBytes(), Records.named(account))
                            .put(key.orderedBytes(), Records.ordered(account));
                });
        }
        return file;
    }

    /// Both forms: this version reads the one, the version before the other.
    private static void put(CdbWriter file, Records.Key key, Directory.Route route) {
        file.put(key.namedBytes(), Records.named(route)).put(key.orderedBytes(), Records.ordered(route));
    }

    /// What stands beside a file belongs to the one before, unless a database that was put back has the same
    /// revision again.
    private void forgetMore(Path file, long revision) throws IOException {
        Path more = Layers.more(file);
        if (Files.exists(more)) {
            boolean fits;
            try (Cdb cdb = Cdb.open(more)) {
                fits = Arrays.equals(cdb.get(Records.BASE).orElse(Heads.number(revision)), Heads.number(revision));
            } catch (IOException _) {
                fits = true; // damaged
            }
            if (fits) {
                files.delete(more);
            }
        }
    }

    /// Writes what a change made of a few mailboxes and aliases beside the domain's files, which stay as they
    /// are: a change costs the same in a domain of ten and of ten thousand. Readers see it, and it is durable
    /// with the next {@link #sync}. Of routes and passwords only what says something else now is written.
    ///
    /// @return false when that cannot be done and nothing was: the files are of another revision, or too much has
    ///     changed since they were written
    public boolean amend(Snapshot.Amendment change) throws IOException {
        Path routes = file(domains, change.name());
        Path accounts = file(passwords, change.name());
        More ofRoutes;
        More ofAccounts;
        try (SnapshotPair there = SnapshotPair.open(routes, accounts)) {
            if (!there.revision().equals(OptionalLong.of(change.before()))) {
                return false;
            }
            ofRoutes = More.of(there.routes(), routeRecords(change));
            ofAccounts = More.of(there.accounts(), accountRecords(change));
        } catch (IOException | UncheckedIOException | NumberFormatException _) {
            return false; // missing or damaged: the caller writes them anew
        }
        // one of them says that the revision has come
        boolean routesChange = ofRoutes.changes || !ofAccounts.changes;
        int most = FORMS * AMENDED_MAX;
        if ((routesChange && ofRoutes.records.size() > most)
                || (ofAccounts.changes && ofAccounts.records.size() > most)) {
            return false;
        }
        long revision = change.revision();
        if (ofAccounts.changes) {
            Heads heads = new Heads(revision, routesChange ? revision : ofRoutes.revision);
            add(Layers.more(accounts), ofAccounts.toFile(heads));
        }
        if (routesChange) {
            Heads heads = new Heads(revision, ofAccounts.changes ? revision : ofAccounts.revision);
            add(Layers.more(routes), ofRoutes.toFile(heads));
        }
        show();
        return true;
    }

    /// What stands beside a file after a change.
    ///
    /// @param revision that the file has before it
    /// @param base that of the file itself, without what stands beside it
    /// @param changes whether the file says something else then
    private record More(long revision, byte[] base, Map<String, byte[]> records, boolean changes) {
        static More of(Layers there, Map<String, byte[]> change) throws IOException {
            Map<String, byte[]> records = new TreeMap<>();
            if (there.newestFirst().size() > 1) {
                there.newestFirst().getFirst().forEach((key, value) -> {
                    if (Records.Key.isIn(key)) {
                        records.put(new String(key, UTF_8), value);
                    }
                });
            }
            boolean changes = false;
            for (Map.Entry<String, byte[]> one : change.entrySet()) {
                byte[] before = there.get(one.getKey().getBytes(UTF_8)).orElse(GONE);
                changes |= !Arrays.equals(before, one.getValue());
            }
            records.putAll(change);
            byte[] base = there.newestFirst().getLast().get(Records.REVISION).orElseThrow();
            return new More(there.revision(), base, records, changes);
        }

        CdbWriter toFile(Heads heads) {
            CdbWriter file = heads.begin().put(Records.BASE, base);
            records.forEach((key, value) -> file.put(key.getBytes(UTF_8), value));
            return file;
        }
    }

    private static Map<String, byte[]> routeRecords(Snapshot.Amendment change) {
        Map<String, byte[]> records = new TreeMap<>();
        for (String local : change.locals()) {
            Records.Key key = Records.Key.of(local);
            Directory.Route route = change.routes().get(local);
            records.put(key.named(), route == null ? GONE : Records.named(route));
            records.put(key.ordered(), route == null ? GONE : Records.ordered(route));
        }
        return records;
    }

    private static Map<String, byte[]> accountRecords(Snapshot.Amendment change) {
        Map<String, byte[]> records = new TreeMap<>();
        for (String local : change.locals()) {
            Records.Key key = Records.Key.of(local);
            Directory.Account account = change.accounts().get(local);
            records.put(key.named(), account == null ? GONE : Records.named(account));
            records.put(key.ordered(), account == null ? GONE : Records.ordered(account));
        }
        return records;
    }

    /// Removes a domain's files, routes first; durable when it returns.
    public void remove(String domain) throws IOException {
        for (Path folder : List.of(domains, passwords)) {
            files.delete(file(folder, domain));
            files.delete(Layers.more(file(folder, domain)));
        }
        sync();
    }

    /// Revision of a domain's two files together; empty when one is missing, damaged or in the form of another
    /// version, or they do not belong together, so that they are to be written anew.
    public OptionalLong revision(String domain) {
        try (SnapshotPair there = SnapshotPair.open(file(domains, domain), file(passwords, domain))) {
            return there.revision();
        } catch (IOException | NumberFormatException _) {
            return OptionalLong.empty(); // missing or damaged: the caller writes them anew
        }
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

    /// Writes `users/assign` and `users/cdb`: vpopmail's line for each domain, beside lines that others put
    /// there.
    ///
    /// @param names every domain of the directory, to the one whose folder it has
    /// @param gone domains that were removed, whose lines go too
    public void writeAssign(Map<String, String> names, List<String> gone) throws IOException {
        Path assign = users.resolve("assign");
        List<String> ours = new TreeMap<>(names)
                .entrySet().stream().map(e -> line(e.getKey(), e.getValue())).toList();
        List<String> before = Files.exists(assign) ? Files.readAllLines(assign, UTF_8) : List.of();
        Set<String> own = new HashSet<>(names.keySet());
        own.addAll(gone);
        List<String> all = Stream.concat(ours.stream(), Assignments.ofOthers(before, own).stream())
                .toList();
        byte[] text = (String.join("\n", all) + (all.isEmpty() ? "" : "\n") + ".\n").getBytes(UTF_8);
        byte[] cdb = Assignments.toCdb(all).toBytes();
        Path database = users.resolve("cdb");
        if (!same(assign, text)) {
            files.add(assign, text, READABLE);
        }
        if (!same(database, cdb)) {
            files.add(database, cdb, READABLE);
        }
        sync();
    }

    private static boolean same(Path file, byte[] content) throws IOException {
        return Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content);
    }

    private String line(String name, String domain) {
        Path home = maildirs.toAbsolutePath().resolve("domains").resolve(domain);
        return "+" + name + "-:" + domain + ":" + uid + ":" + gid + ":" + home + ":-::";
    }

    private static Path file(Path folder, String domain) {
        return folder.resolve(
                Names.domain(domain).orElseThrow(() -> new IllegalArgumentException("not a domain")) + SUFFIX);
    }
}
