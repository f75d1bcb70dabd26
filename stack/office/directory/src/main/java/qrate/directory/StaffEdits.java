package qrate.directory;

import static qrate.directory.Change.refuse;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import qrate.directory.Database.Tx;

/// Changes of who administers the system, and of who is signed in.
record StaffEdits(Editor editor) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{" + Tokens.ID_CHARS + "}");

    private Optional<Change> problem(Password password) {
        return password.problem(editor.cost()).map(Change.Refused::new);
    }

    private static Outcome noAdministrator() {
        return Outcome.not(Refusal.Key.ADMINISTRATOR_MISSING);
    }

    Change add(Edit.AddAdministrator edit) throws IOException {
        String name = edit.name();
        if (!Accounts.isName(name)) {
            return refuse(Refusal.Key.ADMINISTRATOR_NAME, Accounts.RESERVED);
        }
        Optional<Change> problem = problem(edit.password());
        if (problem.isPresent()) {
            return problem.get();
        }
        String hash = edit.password().hash(editor.cost());
        return editor.unpublished(tx -> {
            if (tx.count("SELECT COUNT(*) FROM administrators WHERE name = ?", name) > 0) {
                return Outcome.not(Refusal.Key.ADMINISTRATOR_EXISTS);
            }
            tx.update("INSERT INTO administrators (name, hash, created) VALUES (?, ?, ?)", name, hash, editor.now());
            return Outcome.done(edit);
        });
    }

    Change setPassword(Edit.SetAdministratorPassword edit) throws IOException {
        Optional<Change> problem = problem(edit.password());
        if (problem.isPresent()) {
            return problem.get();
        }
        String hash = edit.password().hash(editor.cost());
        return editor.unpublished(
                tx -> setHash(tx, edit.name(), hash, edit.keepTokens()) ? Outcome.done(edit) : noAdministrator());
    }

    Change reset(Edit.ResetPassword edit) throws IOException {
        Optional<Change> problem = problem(edit.password());
        if (problem.isPresent()) {
            return problem.get();
        }
        String hash = edit.password().hash(editor.cost());
        return editor.unpublished(tx -> {
            boolean right = editor.resets().spend(tx, edit.holder(), edit.key(), edit.language());
            return right && setHash(tx, edit.holder(), hash, edit.keepTokens())
                    ? Outcome.done(edit)
                    : Outcome.not(Refusal.Key.RESET_KEY);
        });
    }

    private static boolean setHash(Tx tx, String name, String hash, boolean keepTokens) throws SQLException {
        if (tx.update("UPDATE administrators SET hash = ? WHERE name = ?", hash, name) == 0) {
            return false;
        }
        SignIns.endAll(tx, name);
        PasswordResets.end(tx, name);
        if (!keepTokens) {
            Tokens.endAll(tx, name);
        }
        return true;
    }

    Change setRecovery(Edit.SetAdministratorRecovery edit) throws IOException {
        Optional<String> recovery = Boxes.recovery(edit.recovery());
        if (recovery.isEmpty()) {
            return refuse(Refusal.Key.RECOVERY_ADDRESS);
        }
        return editor.unpublished(tx -> {
            Optional<String> before =
                    tx.one("SELECT recovery FROM administrators WHERE name = ?", r -> r.getString(1), edit.name());
            if (before.isEmpty()) {
                return noAdministrator();
            }
            tx.update("UPDATE administrators SET recovery = ? WHERE name = ?", recovery.get(), edit.name());
            PasswordResets.end(tx, edit.name());
            return Outcome.done(
                    new Edit.SetAdministratorRecovery(edit.name(), recovery.get()),
                    orNowhere(before.get()) + " -> " + orNowhere(recovery.get()));
        });
    }

    private static String orNowhere(String recovery) {
        return recovery.isEmpty() ? "nowhere" : recovery;
    }

    Change remove(Edit.RemoveAdministrator edit) throws IOException {
        return editor.unpublished(tx -> {
            if (tx.update("DELETE FROM administrators WHERE name = ?", edit.name()) == 0) {
                return noAdministrator();
            }
            if (tx.count("SELECT COUNT(*) FROM administrators") == 0) {
                return Outcome.not(Refusal.Key.ADMINISTRATOR_LAST);
            }
            SignIns.endAll(tx, edit.name());
            Tokens.endAll(tx, edit.name());
            SecondFactors.remove(tx, edit.name());
            Logins.forget(tx, edit.name());
            PasswordResets.forget(tx, edit.name());
            return Outcome.done(edit);
        });
    }

    Change endToken(Edit.EndToken edit) throws IOException {
        return editor.unpublished(tx -> end(tx, "tokens", edit.id(), edit.holder())
                .map(holder -> Outcome.done(new Edit.EndToken(edit.id(), holder)))
                .orElseGet(() -> Outcome.not(Refusal.Key.TOKEN_MISSING)));
    }

    Change endTokens(Edit.EndTokens edit) throws IOException {
        return editor.unpublished(tx -> ended(edit, Tokens.endAll(tx, edit.holder())));
    }

    Change endSession(Edit.EndSession edit) throws IOException {
        return editor.unpublished(tx -> end(tx, "sessions", edit.id(), edit.holder())
                .map(holder -> Outcome.done(new Edit.EndSession(edit.id(), holder)))
                .orElseGet(() -> Outcome.not(Refusal.Key.SESSION_MISSING)));
    }

    Change endSessions(Edit.EndSessions edit) throws IOException {
        return editor.unpublished(tx -> ended(edit, SignIns.endAll(tx, edit.holder())));
    }

    /// Ends what an id names, of one holder where one is said.
    ///
    /// @return its holder; empty where there was none
    private static Optional<String> end(Tx tx, String table, String id, String holder) throws SQLException {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        Optional<String> found =
                tx.list("SELECT holder FROM " + table + " WHERE digest LIKE ?", r -> r.getString(1), id + "%").stream()
                        .filter(one -> holder.isEmpty() || one.equals(holder))
                        .findFirst();
        if (found.isPresent()) {
            tx.update("DELETE FROM " + table + " WHERE holder = ? AND digest LIKE ?", found.get(), id + "%");
        }
        return found;
    }

    /// Where there were none, nothing was done that anybody must know of.
    private static Outcome ended(Edit edit, int many) {
        return many == 0 ? new Outcome.Done(List.of()) : Outcome.done(edit, Integer.toString(many));
    }
}
