package qrate.directory;

import static qrate.directory.Change.refuse;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import qrate.checkpassword.AppSecret;
import qrate.directory.Database.Tx;
import qrate.snapshots.AppPassword;

/// Changes of passwords of single programs.
record AppEdits(Editor editor) {
    private static final String COLUMNS = "id, pop, smtp, salt, digest";

    Change add(Edit.AddAppPassword edit) throws IOException {
        AppPasswords.Wish wish = edit.wish();
        if (!Editor.isLabel(wish.label(), AppPasswords.LABEL_CHARS_MAX)) {
            return refuse(Refusal.Key.APP_PASSWORD_LABEL, AppPasswords.LABEL_CHARS_MAX);
        }
        if (!wish.pop() && !wish.smtp()) {
            return refuse(Refusal.Key.APP_PASSWORD_DOORS);
        }
        SecureRandom random = new SecureRandom();
        byte[] name = new byte[Tokens.ID_CHARS / 2];
        random.nextBytes(name);
        String id = HexFormat.of().formatHex(name);
        String salt = AppSecret.salt(random);
        return editor.onMailbox(edit.address(), (tx, box) -> {
            if (list(tx, box).size() >= AppPasswords.MAX) {
                return Outcome.not(Refusal.Key.APP_PASSWORDS_FULL, AppPasswords.MAX);
            }
            tx.update(
                    "INSERT INTO app_passwords (domain, box, label, created, used_at, " + COLUMNS
                            + ") VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?)",
                    box.domain(),
                    box.local(),
                    wish.label(),
                    editor.now(),
                    id,
                    wish.pop(),
                    wish.smtp(),
                    salt,
                    edit.secret().digest(salt));
            return Outcome.done(new Edit.AddAppPassword(box.toString(), wish, edit.secret()), id);
        });
    }

    Change end(Edit.EndAppPassword edit) throws IOException {
        return editor.onMailbox(edit.address(), (tx, box) -> {
            int ended = tx.update(
                    "DELETE FROM app_passwords WHERE id = ? AND domain = ? AND box = ?",
                    edit.id(),
                    box.domain(),
                    box.local());
            return ended == 0
                    ? Outcome.not(Refusal.Key.APP_PASSWORD_MISSING)
                    : Outcome.done(new Edit.EndAppPassword(box.toString(), edit.id()));
        });
    }

    /// Ends all of a mailbox, as a new password does.
    static void endAll(Tx tx, Box box) throws SQLException {
        tx.update("DELETE FROM app_passwords WHERE domain = ? AND box = ?", box.domain(), box.local());
    }

    /// Those of a mailbox, oldest first.
    static List<AppPasswords.Listed> list(Tx tx, Box box) throws SQLException {
        return tx.list(
                "SELECT id, label, pop, smtp, created, used_at FROM app_passwords WHERE domain = ? AND box = ?"
                        + " ORDER BY created, id",
                row -> new AppPasswords.Listed(
                        row.getString(1),
                        new AppPasswords.Wish(row.getString(2), row.getBoolean(3), row.getBoolean(4)),
                        Instant.ofEpochMilli(row.getLong(5)),
                        Instant.ofEpochMilli(row.getLong(6))),
                box.domain(),
                box.local());
    }

    private record Row(String box, AppPassword password) {}

    /// What is published of them, by mailbox.
    ///
    /// @param where of which
    static Map<String, List<AppPassword>> published(Tx tx, String where, Object... values) throws SQLException {
        return tx
                .list(
                        "SELECT box, " + COLUMNS + " FROM app_passwords WHERE " + where + " ORDER BY created, id",
                        row -> new Row(
                                row.getString(1),
                                new AppPassword(
                                        row.getString(2),
                                        row.getBoolean(3),
                                        row.getBoolean(4),
                                        row.getString(5),
                                        row.getString(6))),
                        values)
                .stream()
                .collect(Collectors.groupingBy(Row::box, Collectors.mapping(Row::password, Collectors.toList())));
    }
}
