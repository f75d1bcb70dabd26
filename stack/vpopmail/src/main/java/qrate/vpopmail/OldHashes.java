package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static qrate.vpopmail.Change.refuse;

import java.io.IOException;
import java.util.Optional;
import qrate.checkpassword.Hashes;
import qrate.vpopmail.Change.Reason;

/// Brings hashes that came with imported accounts to bcrypt, one login at a time.
final class OldHashes {
    private OldHashes() {}

    /// Hashes a mailbox's password anew where its hash is older than bcrypt and the password is right.
    ///
    /// @return refused where there is nothing to do
    static Change upgrade(Editor editor, String text, Password.Clear password) throws IOException {
        Optional<Box> box = Box.of(text);
        Optional<String> old =
                box.isEmpty() ? Optional.empty() : editor.shared().database().call(tx -> Rows.hash(tx, box.get()));
        if (old.filter(Hashes::old).isEmpty()
                || !password.valid()
                || new Hashes(Settings.BCRYPT_COST).compare(password.text().getBytes(UTF_8), old.get())
                        != Hashes.Match.SAME) {
            return refuse(Reason.INVALID, "Nothing to upgrade");
        }
        String hash = password.hash(editor.shared().settings().bcryptCost());
        return editor.onMailbox("upgrade password hash of", text, (tx, mailbox) -> {
            int changed = tx.update(
                    "UPDATE mailboxes SET hash = ? WHERE domain = ? AND box = ? AND hash = ?",
                    hash,
                    mailbox.domain(),
                    mailbox.local(),
                    old.get());
            return changed > 0 ? new Change.Done() : refuse(Reason.MISSING, "The password was changed meanwhile");
        });
    }
}
