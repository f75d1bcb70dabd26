package qrate.directory;

import static qrate.directory.Change.refuse;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import qrate.directory.Database.Tx;

/// Changes of where mail of mailboxes goes on to.
record Forwards(Editor editor) {
    /// Most addresses here that are looked at for a way back; more is no forward that somebody meant.
    private static final int FOLLOWED_MAX = 200;

    /// Sets one whole: what it leads to afterwards is what the edit says, and no more.
    Change set(Edit.SetForward edit) throws IOException {
        Set<String> targets = new LinkedHashSet<>();
        for (String text : edit.forward().to()) {
            Optional<String> target = Box.target(text);
            if (target.isEmpty()) {
                return refuse(Refusal.Key.FORWARD_ADDRESS, text);
            }
            targets.add(target.get());
        }
        if (targets.size() > Forwarding.TARGETS_MAX) {
            return refuse(Refusal.Key.FORWARD_MANY, Forwarding.TARGETS_MAX);
        }
        Forwarding after = new Forwarding(List.copyOf(targets), edit.forward().keep());
        return editor.onMailbox(edit.address(), (tx, box) -> set(tx, box, after));
    }

    private static Outcome set(Tx tx, Box box, Forwarding after) throws SQLException {
        Forwarding before = of(tx, box);
        for (String target : after.to()) {
            if (leadsBack(tx, target, box)) {
                return Outcome.not(Refusal.Key.FORWARD_LOOP, target);
            }
        }
        tx.update("DELETE FROM aliases WHERE domain = ? AND box = ?", box.domain(), box.local());
        for (int i = 0; i < after.to().size(); i++) {
            // as many as there were may stay, whatever the limit has become
            if (i >= before.to().size() && Aliases.isFull(tx, box.domain())) {
                return Outcome.not(Refusal.Key.ALIASES_FULL, Aliases.most(tx, box.domain()));
            }
            Aliases.insert(tx, box, after.to().get(i));
        }
        tx.update(
                "UPDATE mailboxes SET keeps = ? WHERE domain = ? AND box = ?", after.keep(), box.domain(), box.local());
        return Outcome.done(new Edit.SetForward(box.toString(), after), before.words() + " -> " + after.words());
    }

    /// Whether mail for an address comes to a mailbox, by whatever is written in the directory: by Delivered-To it
    /// would be found out once it goes round, and its sender would be told.
    static boolean leadsBack(Tx tx, String target, Box mailbox) throws SQLException {
        Set<String> seen = new LinkedHashSet<>(List.of(target));
        Deque<String> left = new ArrayDeque<>(seen);
        while (!left.isEmpty() && seen.size() <= FOLLOWED_MAX) {
            Optional<Box> named = Box.of(left.remove());
            if (named.isEmpty()) {
                continue; // no name of the directory's
            }
            Box box = named.get().real(tx);
            if (box.equals(mailbox)) {
                return true;
            }
            for (String next : next(tx, box)) {
                if (seen.add(next)) {
                    left.add(next);
                }
            }
        }
        return false;
    }

    private static List<String> next(Tx tx, Box box) throws SQLException {
        List<String> lines = lines(tx, box);
        return lines.isEmpty() && !box.exists(tx)
                ? tx.list(
                        "SELECT catch_all FROM domains WHERE name = ? AND catch_all <> ''",
                        row -> row.getString(1),
                        box.domain())
                : lines;
    }

    private static List<String> lines(Tx tx, Box box) throws SQLException {
        return tx.list(
                "SELECT target FROM aliases WHERE domain = ? AND box = ? ORDER BY target",
                row -> row.getString(1),
                box.domain(),
                box.local());
    }

    /// That of a mailbox; {@link Forwarding#NONE} where there is none.
    static Forwarding of(Tx tx, Box box) throws SQLException {
        Optional<Boolean> keeps = tx.one(
                "SELECT keeps FROM mailboxes WHERE domain = ? AND box = ?",
                row -> row.getBoolean(1),
                box.domain(),
                box.local());
        return keeps.isEmpty() ? Forwarding.NONE : new Forwarding(lines(tx, box), keeps.get());
    }
}
