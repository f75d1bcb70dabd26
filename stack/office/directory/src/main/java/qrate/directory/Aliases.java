package qrate.directory;

import static qrate.directory.Change.refuse;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import qrate.directory.Database.Tx;

/// Changes of aliases.
record Aliases(Editor editor) {
    Change add(Edit.AddAlias edit) throws IOException {
        return onAlias(edit.line(), (tx, box, target) -> {
            if (!Editor.isDomain(tx, box.domain())) {
                return Outcome.not(Refusal.Key.DOMAIN_MISSING);
            }
            if (box.toString().equals(target)) {
                return Outcome.not(Refusal.Key.ALIAS_TO_ITSELF);
            }
            if (isThere(tx, box, target)) {
                return Outcome.not(Refusal.Key.ALIAS_EXISTS, box, target);
            }
            if (isFull(tx, box.domain())) {
                return Outcome.not(Refusal.Key.ALIASES_FULL, most(tx, box.domain()));
            }
            insert(tx, box, target);
            return Outcome.done(new Edit.AddAlias(new EditableDirectory.Alias(box.toString(), target)));
        });
    }

    /// One change of a line of an alias, in its real domain.
    @FunctionalInterface
    private interface AliasWork {
        Outcome in(Tx tx, Box box, String target) throws SQLException;
    }

    private Change onAlias(EditableDirectory.Alias alias, AliasWork work) throws IOException {
        Optional<Box> box = Box.of(alias.address());
        Optional<String> target = Box.target(alias.target());
        if (box.isEmpty() || target.isEmpty()) {
            return refuse(Refusal.Key.ADDRESS);
        }
        return editor.change(tx -> {
            Box real = box.get().real(tx);
            Outcome outcome = work.in(tx, real, target.get());
            if (outcome instanceof Outcome.Done) {
                tx.touch(real.domain(), real.local());
            }
            return outcome;
        });
    }

    static boolean isThere(Tx tx, Box box, String target) throws SQLException {
        long lines = tx.count(
                "SELECT COUNT(*) FROM aliases WHERE domain = ? AND box = ? AND target = ?",
                box.domain(),
                box.local(),
                target);
        return lines > 0;
    }

    /// The most lines that a domain may have; 0 for no limit.
    static long most(Tx tx, String domain) throws SQLException {
        return tx.count("SELECT aliases_max FROM domains WHERE name = ?", domain);
    }

    /// Whether a domain has as many lines as its limit allows.
    static boolean isFull(Tx tx, String domain) throws SQLException {
        long most = most(tx, domain);
        return most > 0 && tx.count("SELECT COUNT(*) FROM aliases WHERE domain = ?", domain) >= most;
    }

    static void insert(Tx tx, Box box, String target) throws SQLException {
        tx.update("INSERT INTO aliases (domain, box, target) VALUES (?, ?, ?)", box.domain(), box.local(), target);
    }

    /// @return how many lines went
    static int delete(Tx tx, Box box, String target) throws SQLException {
        return tx.update(
                "DELETE FROM aliases WHERE domain = ? AND box = ? AND target = ?", box.domain(), box.local(), target);
    }

    Change delete(Edit.DeleteAlias edit) throws IOException {
        return onAlias(edit.line(), (tx, box, target) -> {
            return delete(tx, box, target) == 0
                    ? Outcome.not(Refusal.Key.ALIAS_MISSING)
                    : Outcome.done(new Edit.DeleteAlias(new EditableDirectory.Alias(box.toString(), target)));
        });
    }
}
