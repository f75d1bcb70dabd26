package qrate.directory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import qrate.core.Slice;
import qrate.directory.Database.Row;
import qrate.directory.Database.Tx;

/// Reads what the directory shows of itself.
final class Rows {
    /// How the other alias of a mailing list ends.
    static final String LIST = "-default";

    private static final String DOMAIN_COLUMNS =
            "SELECT d.name, d.alias_of, d.catch_all, d.mailboxes_max, d.aliases_max, d.quota_bytes,"
                    + " (SELECT COUNT(*) FROM mailboxes m WHERE m.domain = d.name) FROM domains d";

    private static final String MAILBOX_COLUMNS = "box, " + Property.COLUMNS + " FROM mailboxes";

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
        return tx.list(DOMAIN_COLUMNS + where, Rows::domain, values);
    }

    private static EditableDirectory.Domain domain(ResultSet r) throws SQLException {
        return new EditableDirectory.Domain(
                r.getString(1),
                orEmpty(r.getString(2)),
                r.getString(3),
                r.getInt(7),
                new EditableDirectory.Limits(r.getInt(4), r.getInt(5), r.getLong(6)));
    }

    /// Domains by name, other names of domains among them.
    static Slice.Part<EditableDirectory.Domain> domains(Tx tx, Slice slice) throws SQLException {
        return new Paged<>(
                        DOMAIN_COLUMNS.substring("SELECT ".length()),
                        "1 = 1",
                        List.of(),
                        List.of("d.name"),
                        "d.name",
                        Rows::domain)
                .of(tx, slice);
    }

    /// Other names of a domain.
    static List<String> otherNames(Tx tx, String domain) throws SQLException {
        return tx.list("SELECT name FROM domains WHERE alias_of = ? ORDER BY name", r -> r.getString(1), domain);
    }

    /// Every mailbox of a domain.
    static List<EditableDirectory.Mailbox> mailboxes(Tx tx, String domain) throws SQLException {
        return mailboxes(tx, " WHERE domain = ? ORDER BY box", domain, domain);
    }

    /// Names of all mailboxes of a domain.
    static Set<String> locals(Tx tx, String domain) throws SQLException {
        return new HashSet<>(tx.list("SELECT box FROM mailboxes WHERE domain = ?", row -> row.getString(1), domain));
    }

    /// The mailbox of this name.
    static Optional<EditableDirectory.Mailbox> mailbox(Tx tx, Box box) throws SQLException {
        return mailboxes(tx, " WHERE domain = ? AND box = ?", box.domain(), box.domain(), box.local()).stream()
                .findFirst();
    }

    private static List<EditableDirectory.Mailbox> mailboxes(Tx tx, String where, String domain, Object... values)
            throws SQLException {
        return tx.list("SELECT " + MAILBOX_COLUMNS + where, mailbox(domain), values);
    }

    private static Row<EditableDirectory.Mailbox> mailbox(String domain) {
        return r -> new EditableDirectory.Mailbox(r.getString(1) + "@" + domain, Property.read(r, 2));
    }

    /// Mailboxes of a domain, by their names in front of it.
    static Slice.Part<EditableDirectory.Mailbox> mailboxes(Tx tx, String domain, Slice slice) throws SQLException {
        return new Paged<>(
                        MAILBOX_COLUMNS,
                        "domain = ?",
                        List.of(domain),
                        List.of("box"),
                        "LOWER(box || ' ' || display_name)",
                        mailbox(domain))
                .of(tx, slice);
    }

    /// Lines of a domain's aliases, by name and target.
    static Slice.Part<EditableDirectory.Alias> aliases(Tx tx, String domain, Slice slice) throws SQLException {
        return new Paged<>(
                        "box, target FROM aliases",
                        "domain = ?",
                        List.of(domain),
                        List.of("box", "target"),
                        "LOWER(box || ' ' || target)",
                        alias(domain))
                .of(tx, slice);
    }

    private static Row<EditableDirectory.Alias> alias(String domain) {
        return r -> new EditableDirectory.Alias(r.getString(1) + "@" + domain, r.getString(2));
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
        return tx.list("SELECT box, target FROM aliases WHERE domain = ? ORDER BY box, target", alias(domain), domain);
    }

    /// Addresses of a domain's mailing lists, as {@link qrate.lists.Make#addresses} leaves them here.
    static List<String> lists(Tx tx, String domain) throws SQLException {
        return tx.list(
                "SELECT box FROM aliases WHERE domain = ? AND target = ? AND box LIKE ?",
                r -> r.getString(1).substring(0, r.getString(1).length() - LIST.length()) + "@" + domain,
                domain,
                new Box(EditableDirectory.POSTMASTER, domain).toString(),
                "%" + LIST);
    }
}
