package qrate.directory;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import qrate.directory.Database.Tx;

/// Changes of what is asked for beside the password at the pages: an authenticator program, passkeys, recovery codes.
/// Whoever has one of the first two has a row of `second_factors`, and recovery codes.
record FactorEdits(Editor editor) {
    /// Of whoever has passkeys and no program.
    static final String NO_PROGRAM = "";

    /// The name under which somebody's second factor is kept; empty where nobody is called so.
    private static Optional<String> holder(Tx tx, String name) throws SQLException {
        Optional<Box> box = Box.of(name);
        if (box.isEmpty()) {
            return tx.one("SELECT name FROM administrators WHERE name = ?", row -> row.getString(1), name);
        }
        Box real = box.get().real(tx);
        return real.exists(tx) ? Optional.of(real.toString()) : Optional.empty();
    }

    private static Outcome nobody() {
        return Outcome.not(Refusal.Key.ADMINISTRATOR_MISSING);
    }

    private static boolean present(Tx tx, String holder) throws SQLException {
        return tx.count("SELECT COUNT(*) FROM second_factors WHERE holder = ?", holder) > 0;
    }

    private void insert(Tx tx, String holder, String secret, long step) throws SQLException {
        tx.update(
                "INSERT INTO second_factors (holder, secret, created, step, failures, failed_at)"
                        + " VALUES (?, ?, ?, ?, 0, 0)",
                holder,
                secret,
                editor.now(),
                step);
    }

    private static void replaceCodes(Tx tx, String holder, RecoveryCodes codes) throws SQLException {
        tx.update("DELETE FROM recovery_codes WHERE holder = ?", holder);
        for (String digest : codes.digests()) {
            tx.update("INSERT INTO recovery_codes (holder, digest) VALUES (?, ?)", holder, digest);
        }
    }

    /// Passkeys stay as they are.
    Change set(Edit.SetSecondFactor edit) throws IOException {
        return editor.unpublished(tx -> {
            Optional<String> found = holder(tx, edit.holder());
            if (found.isEmpty()) {
                return nobody();
            }
            String holder = found.get();
            if (present(tx, holder)) {
                tx.update(
                        "UPDATE second_factors SET secret = ?, created = ?, step = ?, failures = 0, failed_at = 0"
                                + " WHERE holder = ?",
                        edit.totp().text(),
                        editor.now(),
                        edit.step(),
                        holder);
            } else {
                insert(tx, holder, edit.totp().text(), edit.step());
            }
            replaceCodes(tx, holder, edit.codes());
            SignIns.endAll(tx, holder);
            return Outcome.done(new Edit.SetSecondFactor(holder, edit.totp(), edit.step(), edit.codes()));
        });
    }

    Change remove(Edit.RemoveSecondFactor edit) throws IOException {
        return editor.unpublished(tx -> {
            Optional<String> holder = holder(tx, edit.holder());
            if (holder.isEmpty() || !SecondFactors.remove(tx, holder.get())) {
                return Outcome.not(Refusal.Key.SECOND_FACTOR_MISSING);
            }
            SignIns.endAll(tx, holder.get());
            return Outcome.done(new Edit.RemoveSecondFactor(holder.get()));
        });
    }

    Change setCodes(Edit.SetRecoveryCodes edit) throws IOException {
        return editor.unpublished(tx -> {
            Optional<String> holder = holder(tx, edit.holder());
            if (holder.isEmpty() || !present(tx, holder.get())) {
                return Outcome.not(Refusal.Key.SECOND_FACTOR_MISSING);
            }
            replaceCodes(tx, holder.get(), edit.codes());
            return Outcome.done(new Edit.SetRecoveryCodes(holder.get(), edit.codes()));
        });
    }

    /// The first one makes the pages ask for more than the password.
    Change add(Edit.AddPasskey edit) throws IOException {
        Passkey key = edit.passkey();
        String label = key.label();
        if (!Editor.isLabel(label, Passkeys.LABEL_CHARS_MAX)) {
            return Change.refuse(Refusal.Key.PASSKEY_LABEL, Passkeys.LABEL_CHARS_MAX);
        }
        return editor.unpublished(tx -> {
            Optional<String> found = holder(tx, edit.holder());
            if (found.isEmpty()) {
                return nobody();
            }
            String holder = found.get();
            String digest = key.credential().digest();
            if (tx.count("SELECT COUNT(*) FROM passkeys WHERE digest = ?", digest) > 0) {
                return Outcome.not(Refusal.Key.PASSKEY_EXISTS);
            }
            if (Passkeys.of(tx, holder).size() >= Passkeys.MAX) {
                return Outcome.not(Refusal.Key.PASSKEYS_FULL, Passkeys.MAX);
            }
            if (!present(tx, holder)) {
                insert(tx, holder, NO_PROGRAM, 0);
                replaceCodes(tx, holder, edit.codes());
                SignIns.endAll(tx, holder);
            }
            tx.update(
                    "INSERT INTO passkeys (digest, holder, label, site, credential, handle, public_key, counter,"
                            + " asked_at, created, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0)",
                    digest,
                    holder,
                    label,
                    key.credential().site(),
                    key.credential().id(),
                    key.credential().handle(),
                    key.key(),
                    key.counter(),
                    editor.now());
            return Outcome.done(new Edit.AddPasskey(holder, key, edit.codes()));
        });
    }

    /// With the last one of somebody who has no program the password alone is enough again.
    Change remove(Edit.RemovePasskey edit) throws IOException {
        return editor.unpublished(tx -> {
            Optional<Passkeys.Listed> found = Passkeys.of(tx, edit.holder()).stream()
                    .filter(one -> one.id().equals(edit.id()))
                    .findFirst();
            if (found.isEmpty()) {
                return Outcome.not(Refusal.Key.PASSKEY_MISSING);
            }
            tx.update("DELETE FROM passkeys WHERE holder = ? AND digest LIKE ?", edit.holder(), edit.id() + "%");
            boolean program =
                    tx.count("SELECT COUNT(*) FROM second_factors WHERE holder = ? AND secret <> ''", edit.holder())
                            > 0;
            if (!program && Passkeys.of(tx, edit.holder()).isEmpty()) {
                SecondFactors.remove(tx, edit.holder());
                SignIns.endAll(tx, edit.holder());
            }
            return Outcome.done(edit, found.get().label());
        });
    }
}
