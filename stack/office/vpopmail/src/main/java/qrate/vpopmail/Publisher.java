package qrate.vpopmail;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import qrate.core.State;
import qrate.directory.Directory.Account;
import qrate.directory.Directory.Route;
import qrate.directory.Snapshot;
import qrate.directory.SnapshotWriter;
import qrate.vpopmail.Database.Tx;

/// Brings the files to what the database says: snapshots, control files, folders.
///
/// Everything here can be done twice, so that a crash at any point is healed by doing it again. A change writes what it
/// touched; whatever else is amiss, {@link #heal} finds. One caller at a time.
final class Publisher {
    private final Database database;
    private final SnapshotWriter snapshots;
    private final MaildirFolders maildirs;
    private final ControlLists control;

    /// Revision that a domain's files have, as they were last written or looked at.
    private final Map<String, Long> published = new HashMap<>();

    /// Whether files may be older than the database: then all are looked at.
    private boolean behind = true;

    Publisher(Database database, State state, Settings settings) {
        this.database = database;
        this.snapshots = new SnapshotWriter(state, settings.uid(), settings.gid());
        this.maildirs = new MaildirFolders(state.maildirs());
        this.control = new ControlLists(state.control());
    }

    private record Removal(String domain, String box) {}

    private record Line(String name, String aliasOf, long revision) {}

    private record Entry(String local, String hash, Vpopmail.Mailbox mailbox) {}

    private record Contents(String catchAll, List<Entry> boxes, List<Vpopmail.Alias> aliases) {}

    /// Says that a change was made that {@link #publish} will not be told of.
    void behind() {
        behind = true;
    }

    /// Writes what a change touched; all that is old where something was left over before.
    void publish(Touched touched) throws IOException {
        if (behind) {
            heal();
            return;
        }
        behind = true; // until all of it is written
        for (Map.Entry<String, Set<String>> entry : touched.locals().entrySet()) {
            Optional<Line> line = line(entry.getKey());
            if (line.isPresent()) {
                make(line.get(), entry.getValue());
                if (!amend(line.get(), entry.getValue())) {
                    write(line.get());
                }
            }
        }
        List<String> gone = remove();
        if (touched.names()) {
            names(lines(), gone);
        }
        forget();
        behind = false;
    }

    /// Finishes removals, writes every snapshot that is missing or of another revision, and mends control files and
    /// folders.
    void heal() throws IOException {
        behind = true;
        snapshots.makeFolders();
        for (Removal removal : removals()) {
            if (!removal.box.isEmpty()) {
                Optional<Line> line = line(removal.domain);
                if (line.isPresent()) {
                    write(line.get());
                }
            }
        }
        List<String> gone = remove();
        List<Line> lines = lines();
        Set<String> names = new HashSet<>(lines.stream().map(Line::name).toList());
        for (Line line : lines) {
            if (snapshots.revision(line.name).equals(OptionalLong.of(line.revision))) {
                published.put(line.name, line.revision);
            } else {
                make(line, Set.of(Touched.WHOLE));
                replace(line);
            }
        }
        snapshots.sync(); // once for all of them
        for (String stray : snapshots.written()) {
            if (!names.contains(stray)) {
                snapshots.remove(stray);
            }
        }
        published.keySet().retainAll(names);
        names(lines, gone);
        forget();
        behind = false;
    }

    private void names(List<Line> lines, List<String> gone) throws IOException {
        Map<String, String> folders = new HashMap<>();
        lines.forEach(line -> folders.put(line.name, line.aliasOf.isEmpty() ? line.name : line.aliasOf));
        snapshots.writeAssign(folders, gone);
        control.update(folders.keySet(), gone);
    }

    private List<Line> lines() throws IOException {
        return database.call(
                tx -> tx.list("SELECT name, alias_of, revision FROM domains ORDER BY name", Publisher::row));
    }

    private Optional<Line> line(String domain) throws IOException {
        return database.call(
                tx -> tx.one("SELECT name, alias_of, revision FROM domains WHERE name = ?", Publisher::row, domain));
    }

    private static Line row(ResultSet row) throws SQLException {
        return new Line(row.getString(1), orEmpty(row.getString(2)), row.getLong(3));
    }

    static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /// Makes folders of a domain and of mailboxes that have none.
    private void make(Line line, Set<String> locals) throws IOException {
        if (line.aliasOf.isEmpty()) {
            List<String> boxes = new ArrayList<>();
            boolean whole = locals.contains(Touched.WHOLE);
            for (Entry box : contents(line.name, whole ? List.of() : List.copyOf(locals)).boxes) {
                boxes.add(box.local);
            }
            maildirs.make(line.name, boxes);
        }
    }

    /// Writes what a change of some mailboxes or aliases made of a domain, beside its files.
    ///
    /// @return whether that will do; else the files are to be written anew
    private boolean amend(Line line, Set<String> locals) throws IOException {
        long before = line.revision - 1;
        if (locals.contains(Touched.WHOLE)
                || locals.size() > SnapshotWriter.AMENDED_MAX
                || published.getOrDefault(line.name, 0L) != before) {
            return false;
        }
        Contents contents = contents(line.name, List.copyOf(locals));
        if (locals.stream().anyMatch(local -> (local + "@" + line.name).equals(contents.catchAll))) {
            return false; // what the catch-all leads to is in the files too
        }
        boolean done = snapshots.amend(new Snapshot.Amendment(
                line.name, line.revision, before, locals, routes(line.name, contents), accounts(line.name, contents)));
        if (done) {
            published.put(line.name, line.revision);
        }
        return done;
    }

    private void write(Line line) throws IOException {
        replace(line);
        snapshots.sync();
    }

    private void replace(Line line) throws IOException {
        published.remove(line.name);
        if (line.aliasOf.isEmpty()) {
            Contents contents = contents(line.name, List.of());
            Map<String, Route> routes = routes(line.name, contents);
            snapshots.replace(new Snapshot.Domain(
                    line.name,
                    line.revision,
                    routes,
                    catchAll(line.name, contents.catchAll, routes),
                    accounts(line.name, contents)));
        } else {
            snapshots.replace(new Snapshot.Alias(line.name, line.revision, line.aliasOf));
        }
        published.put(line.name, line.revision);
    }

    private static Route catchAll(String domain, String target, Map<String, Route> routes) {
        if (target.isEmpty()) {
            return new Route.NoSuchUser();
        }
        String end = "@" + domain;
        Route own = target.endsWith(end) ? routes.get(target.substring(0, target.length() - end.length())) : null;
        return own == null ? new Route.Forward(List.of(target)) : own;
    }

    private static Map<String, Account> accounts(String domain, Contents contents) {
        Map<String, Account> accounts = new HashMap<>();
        for (Entry box : contents.boxes) {
            accounts.put(
                    box.local,
                    new Account(
                            box.local + "@" + domain,
                            box.hash,
                            MaildirFolders.home(domain, box.local),
                            box.mailbox.is(Property.POP),
                            box.mailbox.is(Property.SMTP)));
        }
        return accounts;
    }

    /// What a domain has.
    ///
    /// @param locals of these names only; none for all
    private Contents contents(String domain, List<String> locals) throws IOException {
        return database.call(tx -> {
            List<Entry> boxes = new ArrayList<>();
            List<Vpopmail.Alias> aliases = new ArrayList<>();
            if (locals.isEmpty()) {
                boxes.addAll(boxes(tx, " WHERE domain = ?", domain));
                aliases.addAll(aliases(tx, " WHERE domain = ? ORDER BY box, target", domain));
            }
            for (String local : locals) {
                boxes.addAll(boxes(tx, " WHERE domain = ? AND box = ?", domain, local));
                aliases.addAll(aliases(tx, " WHERE domain = ? AND box = ? ORDER BY target", domain, local));
            }
            String catchAll = tx.one(
                            "SELECT catch_all FROM domains WHERE name = ?", r -> orEmpty(r.getString(1)), domain)
                    .orElse("");
            return new Contents(catchAll, boxes, aliases);
        });
    }

    private static List<Entry> boxes(Tx tx, String where, Object... values) throws SQLException {
        return tx.list(
                "SELECT box, hash, " + Property.COLUMNS + " FROM mailboxes" + where,
                r -> new Entry(
                        r.getString(1), r.getString(2), new Vpopmail.Mailbox(r.getString(1), Property.read(r, 3))),
                values);
    }

    private static List<Vpopmail.Alias> aliases(Tx tx, String where, Object... values) throws SQLException {
        return tx.list(
                "SELECT box, target FROM aliases" + where,
                r -> new Vpopmail.Alias(r.getString(1), r.getString(2)),
                values);
    }

    private static Map<String, Route> routes(String domain, Contents contents) {
        Map<String, List<String>> targets = new HashMap<>();
        for (Vpopmail.Alias alias : contents.aliases) {
            targets.computeIfAbsent(alias.address(), _ -> new ArrayList<>()).add(alias.target());
        }
        Map<String, Route> routes = new HashMap<>();
        targets.forEach((local, to) -> routes.put(local, new Route.Forward(to)));
        for (Entry box : contents.boxes) {
            List<String> copies = targets.getOrDefault(box.local, List.of());
            routes.put(
                    box.local,
                    new Route.Mailbox(
                            box.local + "@" + domain,
                            MaildirFolders.home(domain, box.local),
                            box.mailbox.quota().bytes(),
                            box.mailbox.quota().messages(),
                            copies,
                            box.mailbox.is(Property.KEEP) || copies.isEmpty()));
        }
        return routes;
    }

    /// Removes the files of what was deleted: routes first, so that nothing is delivered to a folder on its way out.
    /// Those of mailboxes are written by now.
    private List<String> remove() throws IOException {
        List<Removal> removals = removals();
        for (Removal removal : removals) {
            if (removal.box.isEmpty()) {
                snapshots.remove(removal.domain);
                published.remove(removal.domain);
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
