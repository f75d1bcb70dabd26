package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.JsonWriter;
import qrate.directory.Database.Tx;
import qrate.publish.MaildirFolders;

/// Mailboxes that were removed: with its mail, its password and its settings each can be brought back for a while. What
/// its owner had made beside (tokens, passwords of programs, a second factor, a forward, an answer while away) and
/// aliases of that name are gone.
record DeletedMailboxes(Editor editor) {
    /// How long one is kept.
    static final Duration KEPT = Duration.ofDays(7);

    /// Most that are listed, the newest first.
    private static final int LISTED_MAX = 10_000;

    private static final String COLUMNS = "kept, domain, box, deleted, said";

    /// Keeps what there is of a mailbox, which is removed with it.
    ///
    /// @return the number of its files
    long keep(Tx tx, Box box) throws SQLException {
        EditableDirectory.Mailbox mailbox = Rows.mailbox(tx, box).orElseThrow();
        long number = Math.max(editor.now(), 1 + tx.count("SELECT COALESCE(MAX(kept), 0) FROM deleted_mailboxes"));
        tx.update(
                "INSERT INTO deleted_mailboxes (kept, domain, box, hash, created, deleted, said)"
                        + " SELECT ?, domain, box, hash, created, ?, ? FROM mailboxes WHERE domain = ? AND box = ?",
                number,
                editor.now(),
                JsonWriter.write(Property.shape(mailbox.values())),
                box.domain(),
                box.local());
        return number;
    }

    /// Those of a domain that can be brought back, the newest first.
    List<DeletedMailbox> of(Tx tx, String domain) throws SQLException {
        return tx.list(
                "SELECT " + COLUMNS + " FROM deleted_mailboxes WHERE domain = ? AND returns = FALSE AND deleted > ?"
                        + " ORDER BY deleted DESC, kept DESC LIMIT " + LISTED_MAX,
                DeletedMailboxes::read,
                domain,
                editor.now() - KEPT.toMillis());
    }

    private static DeletedMailbox read(ResultSet row) throws SQLException {
        Instant deleted = Instant.ofEpochMilli(row.getLong(4));
        try {
            EditableDirectory.Mailbox fresh =
                    new EditableDirectory.Mailbox(row.getString(3) + "@" + row.getString(2), Map.of());
            EditableDirectory.Mailbox mailbox =
                    fresh.with(Property.read(Json.object(row.getString(5).getBytes(UTF_8)), fresh.values()));
            return new DeletedMailbox(row.getLong(1), mailbox, deleted, deleted.plus(KEPT));
        } catch (IOException e) {
            throw new SQLException("deleted_mailboxes: " + row.getLong(1) + ": " + e.getMessage(), e);
        }
    }

    private Optional<DeletedMailbox> one(Tx tx, Box box, long number) throws SQLException {
        return tx.one(
                "SELECT " + COLUMNS + " FROM deleted_mailboxes WHERE kept = ? AND domain = ? AND box = ?"
                        + " AND returns = FALSE AND deleted > ?",
                DeletedMailboxes::read,
                number,
                box.domain(),
                box.local(),
                editor.now() - KEPT.toMillis());
    }

    /// Makes one a mailbox again; its files follow when that is durable.
    Change restore(Edit.RestoreMailbox edit) throws IOException {
        Optional<Box> named = Box.of(edit.address());
        if (named.isEmpty()) {
            return Editor.badName(edit.address());
        }
        return editor.change(tx -> {
            Box box = named.get().real(tx);
            Optional<DeletedMailbox> one = one(tx, box, edit.number());
            if (one.isEmpty() || !Editor.isDomain(tx, box.domain())) {
                return Outcome.not(Refusal.Key.DELETED_MISSING, box);
            }
            MaildirFolders maildirs = editor.shared().publisher().maildirs();
            if (box.exists(tx) || maildirs.isThere(box.domain(), box.local())) {
                return Outcome.not(Refusal.Key.MAILBOX_EXISTS, box);
            }
            Boxes boxes = new Boxes(editor);
            Optional<Refusal> full = boxes.full(tx, box.domain());
            if (full.isPresent()) {
                return new Outcome.Not(new Change.Refused(full.get()));
            }
            String hash = tx.one(
                            "SELECT hash FROM deleted_mailboxes WHERE kept = ?", row -> row.getString(1), edit.number())
                    .orElseThrow();
            boxes.insert(tx, box, hash, one.get().mailbox().values());
            tx.update(
                    "UPDATE mailboxes SET created = (SELECT created FROM deleted_mailboxes WHERE kept = ?)"
                            + " WHERE domain = ? AND box = ?",
                    edit.number(),
                    box.domain(),
                    box.local());
            tx.update("UPDATE deleted_mailboxes SET returns = TRUE WHERE kept = ?", edit.number());
            tx.touch(box.domain(), box.local());
            return Outcome.done(new Edit.RestoreMailbox(box.toString(), edit.number()));
        });
    }

    /// Removes what is kept of one, for good.
    Change forget(Edit.ForgetMailbox edit) throws IOException {
        Optional<Box> named = Box.of(edit.address());
        if (named.isEmpty()) {
            return Editor.badName(edit.address());
        }
        Change change = editor.change(tx -> {
            Box box = named.get().real(tx);
            if (one(tx, box, edit.number()).isEmpty()) {
                return Outcome.not(Refusal.Key.DELETED_MISSING, box);
            }
            expire(tx, "kept = ?", edit.number());
            return Outcome.done(new Edit.ForgetMailbox(box.toString(), edit.number()));
        });
        if (change instanceof Change.Done) {
            editor.heal();
        }
        return change;
    }

    /// Ends the time of some: {@link #sweep} takes them away.
    static void expire(Tx tx, String where, Object... values) throws SQLException {
        tx.update("UPDATE deleted_mailboxes SET deleted = 0 WHERE returns = FALSE AND " + where, values);
    }

    /// Takes away those whose time is over: first the files, then what says where they are.
    void sweep() throws IOException {
        Map<Long, String> over = new LinkedHashMap<>();
        editor.shared()
                .database()
                .call(tx -> tx.list(
                        "SELECT kept, domain FROM deleted_mailboxes WHERE returns = FALSE AND deleted <= ?",
                        row -> over.put(row.getLong(1), row.getString(2)),
                        editor.now() - KEPT.toMillis()));
        for (Map.Entry<Long, String> one : over.entrySet()) {
            editor.shared().publisher().maildirs().forget(one.getValue(), one.getKey());
            editor.shared()
                    .database()
                    .call(tx -> tx.update(
                            "DELETE FROM deleted_mailboxes WHERE kept = ? AND returns = FALSE", one.getKey()));
        }
    }
}
