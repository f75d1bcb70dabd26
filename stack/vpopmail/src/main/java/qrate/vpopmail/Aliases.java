package qrate.vpopmail;

import static qrate.vpopmail.Change.refuse;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import qrate.vpopmail.Change.Reason;
import qrate.vpopmail.Database.Tx;

/// Changes of aliases.
record Aliases(Editor editor) {
    /// Why a text is no address that an alias can have, or lead to.
    static final String BAD_ADDRESS = "Invalid email address";

    private static final Change DONE = new Change.Done();

    Change add(Vpopmail.Alias alias) throws IOException {
        return onAlias("add", alias, (tx, box, target) -> {
            if (!Editor.isDomain(tx, box.domain())) {
                return refuse(Reason.MISSING, Editor.NO_DOMAIN);
            }
            if (box.toString().equals(target)) {
                return refuse(Reason.INVALID, "An alias cannot lead to itself");
            }
            if (countAlias(tx, box, target) > 0) {
                return refuse(Reason.EXISTS, "Alias already exists");
            }
            long most = tx.count("SELECT aliases_max FROM domains WHERE name = ?", box.domain());
            if (most > 0 && tx.count("SELECT COUNT(*) FROM aliases WHERE domain = ?", box.domain()) >= most) {
                return refuse(Reason.LIMIT, "Domain has all the aliases it may have");
            }
            tx.update("INSERT INTO aliases (domain, box, target) VALUES (?, ?, ?)", box.domain(), box.local(), target);
            return DONE;
        });
    }

    /// One change of a line of an alias, in its real domain.
    @FunctionalInterface
    private interface AliasEdit {
        Change in(Tx tx, Box box, String target) throws SQLException;
    }

    private Change onAlias(String what, Vpopmail.Alias alias, AliasEdit edit) throws IOException {
        Optional<Box> box = Box.of(alias.address());
        Optional<String> target = Box.target(alias.target());
        if (box.isEmpty() || target.isEmpty()) {
            return refuse(Reason.INVALID, BAD_ADDRESS);
        }
        Box known = editor.real(box.get());
        return editor.change(what + " alias " + known + " to " + target.get(), tx -> {
            Box real = known.real(tx);
            Change outcome = edit.in(tx, real, target.get());
            tx.touch(real.domain(), real.local());
            return outcome;
        });
    }

    private static long countAlias(Tx tx, Box box, String target) throws SQLException {
        return tx.count(
                "SELECT COUNT(*) FROM aliases WHERE domain = ? AND box = ? AND target = ?",
                box.domain(),
                box.local(),
                target);
    }

    Change delete(Vpopmail.Alias alias) throws IOException {
        return onAlias("delete", alias, (tx, box, target) -> {
            if (countAlias(tx, box, target) == 0) {
                return refuse(Reason.MISSING, "Alias does not exist");
            }
            tx.update(
                    "DELETE FROM aliases WHERE domain = ? AND box = ? AND target = ?",
                    box.domain(),
                    box.local(),
                    target);
            return DONE;
        });
    }
}
