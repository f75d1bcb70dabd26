package qrate.vpopmail;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import qrate.vpopmail.Database.Tx;

/// Reads what the directory shows of itself.
final class Rows {
    private Rows() {}

    /// Every domain, or the one of this name.
    static List<Vpopmail.Domain> domains(Tx tx, String only) throws SQLException {
        return tx.list(
                "SELECT d.name, d.alias_of, d.catch_all, d.mailboxes_max, d.aliases_max, d.quota_bytes,"
                        + " (SELECT COUNT(*) FROM mailboxes m WHERE m.domain = d.name)"
                        + " FROM domains d WHERE ? = '' OR d.name = ? ORDER BY d.name",
                r -> new Vpopmail.Domain(
                        r.getString(1),
                        Publisher.orEmpty(r.getString(2)),
                        r.getString(3),
                        r.getInt(7),
                        new Vpopmail.Limits(r.getInt(4), r.getInt(5), r.getLong(6))),
                only,
                only);
    }

    /// Every mailbox of a domain, or the one of this name.
    static List<Vpopmail.Mailbox> mailboxes(Tx tx, String domain, String only) throws SQLException {
        return tx.list(
                "SELECT box, quota_bytes, quota_messages, pop, smtp, postmaster, keeps FROM mailboxes"
                        + " WHERE domain = ? AND (? = '' OR box = ?) ORDER BY box",
                r -> new Vpopmail.Mailbox(
                        r.getString(1) + "@" + domain,
                        new Quota(r.getLong(2), r.getLong(3)),
                        r.getBoolean(4),
                        r.getBoolean(5),
                        r.getBoolean(6),
                        r.getBoolean(7)),
                domain,
                only,
                only);
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
    static List<Vpopmail.Alias> aliases(Tx tx, String domain) throws SQLException {
        return tx.list(
                "SELECT box, target FROM aliases WHERE domain = ? ORDER BY box, target",
                r -> new Vpopmail.Alias(r.getString(1) + "@" + domain, r.getString(2)),
                domain);
    }
}
