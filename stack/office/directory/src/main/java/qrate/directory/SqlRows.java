package qrate.directory;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.directory.Database.Tx;
import qrate.publish.DirectoryRows;
import qrate.publish.MaildirFolders;
import qrate.snapshots.AppPassword;
import qrate.snapshots.Directory.Account;
import qrate.snapshots.Directory.Route;
import qrate.snapshots.Vacation;

/// What is published of the directory, from its database.
record SqlRows(Database database) implements DirectoryRows {
    private record Box(String local, String hash, EditableDirectory.Mailbox mailbox) {}

    @Override
    public List<Domain> domains() throws IOException {
        return database.call(tx -> tx.list("SELECT name, alias_of, revision FROM domains ORDER BY name", SqlRows::row));
    }

    @Override
    public Optional<Domain> domain(String name) throws IOException {
        return database.call(
                tx -> tx.one("SELECT name, alias_of, revision FROM domains WHERE name = ?", SqlRows::row, name));
    }

    private static Domain row(ResultSet row) throws SQLException {
        return new Domain(row.getString(1), Rows.orEmpty(row.getString(2)), row.getLong(3));
    }

    @Override
    public Contents contents(String domain, Collection<String> locals) throws IOException {
        return database.call(tx -> {
            List<Box> boxes = new ArrayList<>();
            Map<String, List<String>> targets = new HashMap<>();
            Map<String, Vacation> away = new HashMap<>();
            Map<String, List<AppPassword>> apps = new HashMap<>();
            if (locals.isEmpty()) {
                boxes.addAll(boxes(tx, " WHERE domain = ?", domain));
                addTargets(targets, tx, " WHERE domain = ? ORDER BY box, target", domain);
                addAway(away, tx, "domain = ?", domain);
                apps.putAll(AppEdits.published(tx, "domain = ?", domain));
            }
            for (String local : locals) {
                boxes.addAll(boxes(tx, " WHERE domain = ? AND box = ?", domain, local));
                addTargets(targets, tx, " WHERE domain = ? AND box = ? ORDER BY target", domain, local);
                addAway(away, tx, "domain = ? AND box = ?", domain, local);
                apps.putAll(AppEdits.published(tx, "domain = ? AND box = ?", domain, local));
            }
            String catchAll = tx.one(
                            "SELECT catch_all FROM domains WHERE name = ?", r -> Rows.orEmpty(r.getString(1)), domain)
                    .orElse("");
            Map<String, String> said = locals.isEmpty() ? TextEdits.published(tx, domain) : Map.of();
            return new Contents(catchAll, routes(domain, boxes, targets, away), accounts(domain, boxes, apps), said);
        });
    }

    @Override
    public Map<String, String> said() throws IOException {
        return database.call(tx -> TextEdits.published(tx, TextEdits.SYSTEM));
    }

    private static List<Box> boxes(Tx tx, String where, Object... values) throws SQLException {
        return tx.list(
                "SELECT box, hash, " + Property.COLUMNS + " FROM mailboxes" + where,
                r -> new Box(
                        r.getString(1),
                        r.getString(2),
                        new EditableDirectory.Mailbox(r.getString(1), Property.read(r, 3))),
                values);
    }

    private static void addTargets(Map<String, List<String>> targets, Tx tx, String where, Object... values)
            throws SQLException {
        for (EditableDirectory.Alias alias : tx.list(
                "SELECT box, target FROM aliases" + where,
                r -> new EditableDirectory.Alias(r.getString(1), r.getString(2)),
                values)) {
            targets.computeIfAbsent(alias.address(), _ -> new ArrayList<>()).add(alias.target());
        }
    }

    /// Only those that answer: what a mailbox might answer one day is nobody's business before.
    private static void addAway(Map<String, Vacation> away, Tx tx, String where, Object... values) throws SQLException {
        tx.list(
                        "SELECT box, " + Vacations.COLUMNS + " FROM vacations WHERE answers = TRUE AND " + where,
                        row -> Map.entry(row.getString(1), Vacations.read(row, 2)),
                        values)
                .forEach(one -> away.put(one.getKey(), one.getValue()));
    }

    private static Map<String, Route> routes(
            String domain, List<Box> boxes, Map<String, List<String>> targets, Map<String, Vacation> away) {
        Map<String, Route> routes = new HashMap<>();
        targets.forEach((local, to) -> routes.put(local, new Route.Forward(to)));
        for (Box box : boxes) {
            List<String> copies = targets.getOrDefault(box.local, List.of());
            routes.put(
                    box.local,
                    new Route.Mailbox(
                            box.local + "@" + domain,
                            MaildirFolders.home(domain, box.local),
                            box.mailbox.quota().bytes(),
                            box.mailbox.quota().messages(),
                            copies,
                            box.mailbox.is(Property.KEEP) || copies.isEmpty(),
                            away.getOrDefault(box.local, Vacation.NONE),
                            box.mailbox.language()));
        }
        return routes;
    }

    private static Map<String, Account> accounts(String domain, List<Box> boxes, Map<String, List<AppPassword>> apps) {
        Map<String, Account> accounts = new HashMap<>();
        for (Box box : boxes) {
            accounts.put(
                    box.local,
                    new Account(
                            box.local + "@" + domain,
                            box.hash,
                            MaildirFolders.home(domain, box.local),
                            box.mailbox.is(Property.POP),
                            box.mailbox.is(Property.SMTP),
                            apps.getOrDefault(box.local, List.of()),
                            box.mailbox.is(Property.APP_ONLY)));
        }
        return accounts;
    }

    @Override
    public List<Removal> removals() throws IOException {
        return database.call(tx -> tx.list("SELECT domain, box, kept FROM removals", SqlRows::removal));
    }

    private static Removal removal(ResultSet row) throws SQLException {
        return new Removal(row.getString(1), Rows.orEmpty(row.getString(2)), row.getLong(3));
    }

    @Override
    public List<Removal> returns() throws IOException {
        return database.call(tx ->
                tx.list("SELECT domain, box, kept FROM deleted_mailboxes WHERE returns = TRUE", SqlRows::removal));
    }

    @Override
    public void forgetReturns() throws IOException {
        database.call(tx -> tx.update("DELETE FROM deleted_mailboxes WHERE returns = TRUE"));
    }

    @Override
    public void forgetRemovals() throws IOException {
        database.call(tx -> tx.update("DELETE FROM removals"));
    }
}
