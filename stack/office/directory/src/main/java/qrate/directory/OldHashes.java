package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static qrate.directory.Change.refuse;

import java.io.IOException;
import java.util.Optional;
import qrate.checkpassword.Hashes;
import qrate.checkpassword.PasswordRule;

/// Brings hashes that came with imported accounts to bcrypt, one login at a time.
final class OldHashes {
    private static final Change NOTHING = refuse(Refusal.Key.HASH_CURRENT);

    private OldHashes() {}

    /// Hashes a mailbox's password anew where its hash is older than bcrypt and the password is right.
    ///
    /// @return refused where there is nothing to do
    static Change upgrade(Editor editor, String text, Password.Clear password) throws IOException {
        Optional<Box> box = Box.of(text);
        Optional<String> old =
                box.isEmpty() ? Optional.empty() : editor.shared().database().call(tx -> Rows.hash(tx, box.get()));
        boolean right = old.filter(Hashes::old).isPresent()
                && fits(password)
                && new Hashes(Settings.BCRYPT_COST).compare(password.text().getBytes(UTF_8), old.get())
                        == Hashes.Match.SAME;
        return right ? replace(editor, text, old.get(), password) : NOTHING;
    }

    /// Whether bcrypt sees all of it; a password shorter than new ones must be stays right.
    private static boolean fits(Password.Clear password) {
        int bytes = PasswordRule.normal(password.text()).getBytes(UTF_8).length;
        return bytes > 0 && bytes <= PasswordRule.BYTES_MAX;
    }

    /// The same for a password that was found to be right.
    ///
    /// @param old the hash that it was found to have
    static Change replace(Editor editor, String text, String old, Password.Clear password) throws IOException {
        if (!Hashes.old(old) || !fits(password)) {
            return NOTHING;
        }
        return new Edits(editor).apply(new Edit.RenewHash(text, new Password.Hashed(old), password));
    }
}
