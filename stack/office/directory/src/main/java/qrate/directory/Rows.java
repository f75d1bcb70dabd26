package qrate.directory;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import qrate.directory.Database.Tx;

/// Reads what the directory shows of itself.
final class Rows {
    private Rows() {}

    static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /// Every domain.
    static List<EditableDirectory.Domain> domains(Tx tx) throws SQLException {
        List<EditableDirectory.Domain> all = domains(tx, " ORDER BY d.name");
        Map<String, EditableDirectory.Domain> byName =
                all.stream().collect(Collectors.toMap(EditableDirectory.Domain::name, Function.identity()));
        return all.stream()
                .map(one -> one.aliasOf().isEmpty() ? one : alias(one, byName.getOrDefault(one.aliasOf(), one)))
                .toList();
    }

    /// The domain of this name.
    static Optional<EditableDirectory.Domain> domain(Tx tx, String name) throws SQLException {
        Optional<EditableDirectory.Domain> found = named(tx, name);
        return found.isEmpty() || found.get().aliasOf().isEmpty()
                ? found
                : named(tx, found.get().aliasOf()).map(real -> alias(found.get(), real));
    }

    private static Optional<EditableDirectory.Domain> named(Tx tx, String name) throws SQLException {
        return domains(tx, " WHERE d.name = ?", name).stream().findFirst();
    }

    /// A second name has what the domain has that it belongs to: whoever reads it there and writes it back, by
    /// whichever name, changes nothing.
    private static EditableDirectory.Domain alias(EditableDirectory.Domain one, EditableDirectory.Domain real) {
        return new EditableDirectory.Domain(
                one.name(), one.aliasOf(), real.catchAll(), real.mailboxes(), real.limits());
    }

    private static List<EditableDirectory.Domain> domains(Tx tx, String where, Object... values) throws SQLException {
        return tx.list(
                "SELECT d.name, d.alias_of, d.catch_all, d.mailboxes_max, d.aliases_max, d.quota_bytes,"
                        + " (SELECT COUNT(*) FROM mailboxes m WHERE m.domain = d.name) FROM domains d" + where,
                r -> new EditableDirectory.Domain(
                        r.getString(1),
                        orEmpty(r.getString(2)),
                        r.getString(3),
                        r.getInt(7),
                        new EditableDirectory.Limits(r.getInt(4), r.getInt(5), r.getLong(6))),
                values);
    }

    /// Every mailbox of a domain.
    static List<EditableDirectory.Mailbox> mailboxes(Tx tx, String domain) throws SQLException {
        return mailboxes(tx, " WHERE domain = ? ORDER BY box", domain, domain);
    }

    /// The mailbox of this name.
    static Optional<EditableDirectory.Mailbox> mailbox(Tx tx, Box box) throws SQLException {
        return mailboxes(tx, " WHERE domain = ? AND box = ?", box.domain(), box.domain(), box.local()).stream()
                .findFirst();
    }

    private static List<EditableDirectory.Mailbox> mailboxes(Tx tx, String where, String domain, Object... values)
            throws SQLException {
        return tx.list(
                "SELECT box, " + Property.COLUMNS + " FROM mailboxes" + where,
                r -> new EditableDirectory.Mailbox(r.getString(1) + "@" + domain, Property.read(r, 2)),
                values);
    }

    /// The password hash of a mailbox.
    static Optional<String> hash(Tx tx, Box box) throws SQLException {
        return tx.one(
                "SELECT hash FROM mailboxes WHERE domain = ? AND box = ?",
                r -> r.getString(1),
                box.domain(),
                box.local());
    }

    /// Every alias line of a domain.
    static List<EditableDirectory.Alias> aliases(Tx tx, String domain) throws SQLException {
        return tx.list(
                "SELECT box, target FROM aliases WHERE domain = ? ORDER BY box, target",
                r -> new EditableDirectory.Alias(r.getString(1) + "@" + domain, r.getString(2)),
                domain);
    }
}
