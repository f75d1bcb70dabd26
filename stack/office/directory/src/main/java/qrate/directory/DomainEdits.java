package qrate.directory;

import static qrate.directory.Change.refuse;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.directory.Database.Tx;
import qrate.publish.DirectoryRows;
import qrate.publish.Touched;
import qrate.snapshots.Names;

/// Changes of domains.
record DomainEdits(Editor editor) {
    private static Change badDomain() {
        return refuse(Refusal.Key.DOMAIN_NAME);
    }

    private static Outcome missing() {
        return Outcome.not(Refusal.Key.DOMAIN_MISSING);
    }

    Change add(Edit.AddDomain edit) throws IOException {
        Optional<String> name = Names.domain(edit.domain());
        if (name.isEmpty() || !name.get().contains(".")) {
            return badDomain();
        }
        Optional<Refusal> problem = edit.postmaster().problem(editor.cost());
        if (problem.isPresent()) {
            return new Change.Refused(problem.get());
        }
        String hash = edit.postmaster().hash(editor.cost());
        return editor.change(tx -> {
            if (Editor.aliasOf(tx, name.get()).isPresent()) {
                return Outcome.not(Refusal.Key.DOMAIN_EXISTS, name.get());
            }
            insert(tx, name.get(), "");
            new Boxes(editor)
                    .insert(
                            tx,
                            new Box(EditableDirectory.POSTMASTER, name.get()),
                            hash,
                            Map.of(Property.POSTMASTER, true));
            return Outcome.done(new Edit.AddDomain(name.get(), edit.postmaster()));
        });
    }

    private void insert(Tx tx, String name, String aliasOf) throws SQLException {
        // a revision that starts at the time is newer than any file a domain of this name left behind
        tx.update(
                "INSERT INTO domains (name, alias_of, catch_all, mailboxes_max, aliases_max, quota_bytes, revision,"
                        + " created) VALUES (?, ?, '', 0, 0, 0, ?, ?)",
                name,
                aliasOf,
                editor.now(),
                editor.now());
        tx.touch(name, Touched.WHOLE);
        tx.touchNames();
    }

    Change delete(Edit.DeleteDomain edit) throws IOException {
        Optional<String> known = Names.domain(edit.domain());
        if (known.isEmpty()) {
            return badDomain();
        }
        String name = known.get();
        return editor.change(tx -> {
            if (Editor.aliasOf(tx, name).isEmpty()) {
                return missing();
            }
            List<String> names = new ArrayList<>(List.of(name));
            names.addAll(tx.list("SELECT name FROM domains WHERE alias_of = ?", r -> r.getString(1), name));
            tx.update("DELETE FROM mailboxes WHERE domain = ?", name);
            DeletedMailboxes.expire(tx, "domain = ?", name);
            tx.update("DELETE FROM aliases WHERE domain = ?", name);
            tx.update("DELETE FROM texts WHERE domain = ?", name);
            String everybody = Losses.escaped("%@" + name);
            tx.update("DELETE FROM tokens WHERE holder LIKE ? ESCAPE '!'", everybody);
            tx.update("DELETE FROM sessions WHERE holder LIKE ? ESCAPE '!'", everybody);
            tx.update("DELETE FROM password_resets WHERE holder LIKE ? ESCAPE '!'", everybody);
            tx.update("DELETE FROM logins WHERE holder LIKE ? ESCAPE '!'", everybody);
            tx.update("DELETE FROM second_factors WHERE holder LIKE ? ESCAPE '!'", everybody);
            for (String gone : names) {
                tx.update("DELETE FROM domains WHERE name = ?", gone);
                tx.update("INSERT INTO removals (domain, box) VALUES (?, '')", gone);
            }
            tx.touchNames();
            return Outcome.done(new Edit.DeleteDomain(name));
        });
    }

    Change addAlias(Edit.AddAliasDomain edit) throws IOException {
        Optional<String> named = Names.domain(edit.domain());
        Optional<String> alias = Names.domain(edit.alias());
        if (named.isEmpty() || alias.isEmpty()) {
            return badDomain();
        }
        return editor.change(tx -> {
            String domain = Editor.real(tx, named.get());
            if (!Editor.isDomain(tx, domain)) {
                return missing();
            }
            if (Editor.aliasOf(tx, alias.get()).isPresent()) {
                return Outcome.not(Refusal.Key.DOMAIN_EXISTS, alias.get());
            }
            insert(tx, alias.get(), domain);
            return Outcome.done(new Edit.AddAliasDomain(domain, alias.get()));
        });
    }

    Change setCatchAll(Edit.SetCatchAll edit) throws IOException {
        Optional<String> domain = Names.domain(edit.domain());
        Optional<String> to = edit.target().isEmpty() || edit.target().equals(DirectoryRows.DROPS)
                ? Optional.of(edit.target())
                : Box.target(edit.target());
        if (domain.isEmpty()) {
            return badDomain();
        }
        if (to.isEmpty()) {
            return refuse(Refusal.Key.ADDRESS);
        }
        return onDomain(domain.get(), (tx, name, before) -> {
            tx.update("UPDATE domains SET catch_all = ? WHERE name = ?", to.get(), name);
            tx.touch(name, Touched.WHOLE);
            return Outcome.done(
                    new Edit.SetCatchAll(name, to.get()), orNobody(before.catchAll()) + " -> " + orNobody(to.get()));
        });
    }

    private static String orNobody(String target) {
        return target.isEmpty() ? "nobody" : target;
    }

    /// One change of a domain that is there.
    @FunctionalInterface
    private interface DomainWork {
        /// @param name the domain's own
        Outcome in(Tx tx, String name, EditableDirectory.Domain before) throws SQLException;
    }

    /// A change of a domain, by whichever of its names.
    private Change onDomain(String domain, DomainWork work) throws IOException {
        return editor.change(tx -> {
            Optional<EditableDirectory.Domain> found = Rows.domain(tx, domain);
            return found.isEmpty() ? missing() : work.in(tx, found.get().real(), found.get());
        });
    }

    Change setLimits(Edit.SetLimits edit) throws IOException {
        Optional<String> domain = Names.domain(edit.domain());
        EditableDirectory.Limits limits = edit.limits();
        if (domain.isEmpty()) {
            return badDomain();
        }
        if (limits.mailboxes() < 0 || limits.aliases() < 0 || limits.quotaBytes() < 0) {
            return refuse(Refusal.Key.LIMITS_NEGATIVE);
        }
        return onDomain(domain.get(), (tx, name, before) -> {
            tx.update(
                    "UPDATE domains SET mailboxes_max = ?, aliases_max = ?, quota_bytes = ? WHERE name = ?",
                    limits.mailboxes(),
                    limits.aliases(),
                    limits.quotaBytes(),
                    name);
            return Outcome.done(
                    new Edit.SetLimits(name, limits), before.limits().words() + " -> " + limits.words());
        });
    }
}
