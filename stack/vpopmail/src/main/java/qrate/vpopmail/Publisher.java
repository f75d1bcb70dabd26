package qrate.vpopmail;

import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import qrate.core.State;
import qrate.directory.Directory.Account;
import qrate.directory.Directory.Route;
import qrate.directory.Snapshot;
import qrate.directory.SnapshotWriter;
import qrate.vpopmail.Database.Tx;

/// Brings the files to what the database says: snapshots, control files, folders.
///
/// Everything here can be done twice, so that a crash at any point is healed by doing it again.
final class Publisher {
    private final Database database;
    private final SnapshotWriter snapshots;
    private final Maildirs maildirs;
    private final ControlLists control;

    Publisher(Database database, State state, Settings settings) {
        this.database = database;
        this.snapshots = new SnapshotWriter(state, settings.uid(), settings.gid());
        this.maildirs = new Maildirs(state.maildirs());
        this.control = new ControlLists(state.control());
    }

    private record Removal(String domain, String box) {}

    private record Line(String name, String aliasOf, long revision) {}

    private record Entry(String local, String hash, Quota quota, boolean pop, boolean smtp, boolean keep) {}

    private record Contents(String catchAll, List<Entry> boxes, List<Vpopmail.Alias> aliases) {}

    /// Finishes removals, writes every snapshot that is missing or of another revision, and mends control files and
    /// folders.
    void heal() throws IOException {
        snapshots.makeFolders();
        List<String> gone = remove();
        List<Line> lines = lines();
        Set<String> names = new HashSet<>(lines.stream().map(Line::name).toList());
        for (Line line : lines) {
            if (!snapshots.revision(line.name).equals(OptionalLong.of(line.revision))) {
                write(line);
            }
        }
        for (String stray : snapshots.written()) {
            if (!names.contains(stray)) {
                snapshots.remove(stray);
            }
        }
        Map<String, String> folders = new HashMap<>();
        lines.forEach(line -> folders.put(line.name, line.aliasOf.isEmpty() ? line.name : line.aliasOf));
        snapshots.writeAssign(folders, gone);
        control.update(names, gone);
        forget();
    }

    private List<Line> lines() throws IOException {
        return database.call(tx -> tx.list(
                "SELECT name, alias_of, revision FROM domains ORDER BY name",
                r -> new Line(r.getString(1), orEmpty(r.getString(2)), r.getLong(3))));
    }

    static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /// Writes the snapshot of one domain, its folders first.
    void write(String domain) throws IOException {
        for (Line line : lines()) {
            if (line.name.equals(domain)) {
                write(line);
            }
        }
    }

    private void write(Line line) throws IOException {
        if (!line.aliasOf.isEmpty()) {
            snapshots.write(new Snapshot.Alias(line.name, line.revision, line.aliasOf));
            return;
        }
        Contents contents = database.call(tx -> contents(tx, line.name));
        maildirs.makeDomain(line.name);
        for (Entry box : contents.boxes) {
            maildirs.make(line.name, box.local);
        }
        Map<String, Route> routes = routes(line.name, contents);
        Map<String, Account> accounts = new HashMap<>();
        for (Entry box : contents.boxes) {
            accounts.put(
                    box.local,
                    new Account(
                            box.local + "@" + line.name,
                            box.hash,
                            Maildirs.home(line.name, box.local),
                            box.pop,
                            box.smtp));
        }
        Route catchAll = contents.catchAll.isEmpty()
                ? new Route.NoSuchUser()
                : routes.entrySet().stream()
                        .filter(e -> (e.getKey() + "@" + line.name).equals(contents.catchAll))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(new Route.Forward(List.of(contents.catchAll)));
        snapshots.write(new Snapshot.Domain(line.name, line.revision, routes, catchAll, accounts));
    }

    private static Contents contents(Tx tx, String domain) throws SQLException {
        return new Contents(
                tx.one("SELECT catch_all FROM domains WHERE name = ?", r -> orEmpty(r.getString(1)), domain)
                        .orElse(""),
                tx.list(
                        "SELECT box, hash, quota_bytes, quota_messages, pop, smtp, keeps FROM mailboxes"
                                + " WHERE domain = ? ORDER BY box",
                        r -> new Entry(
                                r.getString(1),
                                r.getString(2),
                                new Quota(r.getLong(3), r.getLong(4)),
                                r.getBoolean(5),
                                r.getBoolean(6),
                                r.getBoolean(7)),
                        domain),
                tx.list(
                        "SELECT box, target FROM aliases WHERE domain = ? ORDER BY box, target",
                        r -> new Vpopmail.Alias(r.getString(1), r.getString(2)),
                        domain));
    }

    private static Map<String, Route> routes(String domain, Contents contents) {
        Map<String, List<String>> targets = new HashMap<>();
        for (Vpopmail.Alias alias : contents.aliases) {
            targets.merge(
                    alias.address(),
                    List.of(alias.target()),
                    (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
        }
        Map<String, Route> routes = new HashMap<>();
        targets.forEach((local, to) -> routes.put(local, new Route.Forward(to)));
        for (Entry box : contents.boxes) {
            List<String> copies = targets.getOrDefault(box.local, List.of());
            routes.put(
                    box.local,
                    new Route.Mailbox(
                            box.local + "@" + domain,
                            Maildirs.home(domain, box.local),
                            box.quota.bytes(),
                            box.quota.messages(),
                            copies,
                            box.keep || copies.isEmpty()));
        }
        return routes;
    }

    /// Removes the files of what was deleted: routes first, so that nothing is delivered to a folder on its way out.
    private List<String> remove() throws IOException {
        List<Removal> removals = removals();
        for (Removal removal : removals) {
            if (removal.box.isEmpty()) {
                snapshots.remove(removal.domain);
            } else {
                write(removal.domain);
            }
            maildirs.remove(removal.domain, removal.box);
        }
        return removals.stream()
                .filter(r -> r.box.isEmpty())
                .map(Removal::domain)
                .toList();
    }

    private List<Removal> removals() throws IOException {
        return database.call(
                tx -> tx.list("SELECT domain, box FROM removals", r -> new Removal(r.getString(1), r.getString(2))));
    }

    private void forget() throws IOException {
        if (!removals().isEmpty()) {
            database.call(tx -> tx.update("DELETE FROM removals"));
        }
    }

    /// Whether a mailbox of that name would live in what is somebody else's.
    boolean isTaken(Box box) {
        return maildirs.isTaken(box.domain(), box.local());
    }

    void forgetSize(String domain, String local) throws IOException {
        maildirs.forgetSize(domain, local);
    }
}
