package qrate.vpopmail;

import static qrate.vpopmail.Change.refuse;

import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import qrate.core.State;
import qrate.directory.Names;
import qrate.vpopmail.Change.Reason;
import qrate.vpopmail.Database.Tx;

/// The directory on its database; safe for many threads, which change it one at a time.
public final class Domains implements Vpopmail {
    private static final Change DONE = new Change.Done();
    private static final String BAD_DOMAIN = "Invalid domain name";
    private static final String BAD_USER = "Illegal username";
    private static final String POSTMASTER = "postmaster";

    private final Editor editor;

    private Domains(Editor editor) {
        this.editor = editor;
    }

    /// Opens the database and brings every file to what it says.
    ///
    /// @throws IOException when it cannot be opened, another process has it, or this state lives on the other kind
    public static Domains open(State state, Settings settings, InstantSource clock) throws IOException {
        DatabaseKind kind = DatabaseKind.of(state, settings);
        kind.check();
        Database database = Database.open(settings.url(), settings.user(), settings.password());
        try {
            kind.note();
            Publisher publisher = new Publisher(database, state, settings);
            publisher.heal();
            return new Domains(new Editor(
                    new Editor.Shared(database, publisher, settings, clock, new ReentrantLock()), "command", true));
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /// The same directory, with another name in the audit log. Closing it closes both.
    public Domains as(String who) {
        return new Domains(new Editor(editor.shared(), who, true));
    }

    /// The same directory for many changes at once: they are durable in the database, and no reader sees them before
    /// {@link #heal} or the next start. Closing it closes both.
    public Domains quiet(String who) {
        return new Domains(new Editor(editor.shared(), who, false));
    }

    /// Who may sign in, and what was done.
    public Accounts accounts() {
        Editor.Shared shared = editor.shared();
        return new Accounts(shared.database(), shared.settings().bcryptCost(), shared.clock());
    }

    /// Brings every file to what the database says; for after a full disk, and the start.
    public void heal() throws IOException {
        editor.heal();
    }

    private long now() {
        return editor.shared().clock().millis();
    }

    private Optional<String> problem(Password password) {
        return password.problem(editor.shared().settings().bcryptCost());
    }

    private String hash(Password password) {
        return password.hash(editor.shared().settings().bcryptCost());
    }

    private <T> T read(Database.Work<T> work) throws IOException {
        return editor.shared().database().call(work);
    }

    @Override
    public Change addDomain(String text, Password password) throws IOException {
        Optional<String> name = Names.domain(text);
        if (name.isEmpty() || !name.get().contains(".")) {
            return refuse(Reason.INVALID, BAD_DOMAIN);
        }
        Optional<String> problem = problem(password);
        if (problem.isPresent()) {
            return refuse(Reason.INVALID, problem.get());
        }
        String hash = hash(password);
        return editor.change("add domain " + name.get(), tx -> {
            if (Editor.aliasOf(tx, name.get()).isPresent()) {
                return refuse(Reason.EXISTS, "Domain already exists");
            }
            insertDomain(tx, name.get(), "");
            insertMailbox(tx, name.get(), POSTMASTER, hash);
            tx.update("UPDATE mailboxes SET postmaster = TRUE WHERE domain = ? AND box = ?", name.get(), POSTMASTER);
            return DONE;
        });
    }

    private void insertDomain(Tx tx, String name, String aliasOf) throws SQLException {
        // a revision that starts at the time is newer than any file a domain of this name left behind
        tx.update(
                "INSERT INTO domains (name, alias_of, catch_all, mailboxes_max, aliases_max, quota_bytes, revision,"
                        + " created) VALUES (?, ?, '', 0, 0, 0, ?, ?)",
                name,
                aliasOf,
                now(),
                now());
    }

    private void insertMailbox(Tx tx, String domain, String local, String hash) throws SQLException {
        long quota = tx.count("SELECT quota_bytes FROM domains WHERE name = ?", domain);
        tx.update(
                "INSERT INTO mailboxes (domain, box, hash, quota_bytes, quota_messages, pop, smtp, postmaster, keeps,"
                        + " created) VALUES (?, ?, ?, ?, 0, TRUE, TRUE, FALSE, TRUE, ?)",
                domain,
                local,
                hash,
                quota,
                now());
    }

    @Override
    public Change deleteDomain(String text) throws IOException {
        String name = Names.domain(text).orElse("");
        return editor.change("delete domain " + name, tx -> {
            if (Editor.aliasOf(tx, name).isEmpty()) {
                return refuse(Reason.MISSING, Editor.NO_DOMAIN);
            }
            List<String> names =
                    tx.list("SELECT name FROM domains WHERE name = ? OR alias_of = ?", r -> r.getString(1), name, name);
            tx.update("DELETE FROM mailboxes WHERE domain = ?", name);
            tx.update("DELETE FROM aliases WHERE domain = ?", name);
            tx.update("DELETE FROM domains WHERE name = ? OR alias_of = ?", name, name);
            tx.update("DELETE FROM tokens WHERE holder LIKE ?", "%@" + name);
            for (String gone : names) {
                tx.update("INSERT INTO removals (domain, box) VALUES (?, '')", gone);
            }
            return DONE;
        });
    }

    @Override
    public Change addAliasDomain(AliasDomain pair) throws IOException {
        String domain = Names.domain(pair.domain()).orElse("");
        Optional<String> alias = Names.domain(pair.alias());
        if (alias.isEmpty()) {
            return refuse(Reason.INVALID, BAD_DOMAIN);
        }
        return editor.change("add alias domain " + alias.get() + " of " + domain, tx -> {
            if (!Editor.isDomain(tx, domain)) {
                return refuse(Reason.MISSING, Editor.NO_DOMAIN);
            }
            if (Editor.aliasOf(tx, alias.get()).isPresent()) {
                return refuse(Reason.EXISTS, "Domain already exists");
            }
            insertDomain(tx, alias.get(), domain);
            return DONE;
        });
    }

    @Override
    public Change setCatchAll(String text, String target) throws IOException {
        String domain = Names.domain(text).orElse("");
        Optional<String> to = target.isEmpty() ? Optional.of("") : Box.target(target);
        if (to.isEmpty()) {
            return refuse(Reason.INVALID, "Invalid email address");
        }
        return editor.change("catch-all of " + domain + " to " + to.get(), tx -> {
            if (!Editor.isDomain(tx, domain)) {
                return refuse(Reason.MISSING, Editor.NO_DOMAIN);
            }
            tx.update("UPDATE domains SET catch_all = ? WHERE name = ?", to.get(), domain);
            Editor.touch(tx, domain);
            return DONE;
        });
    }

    @Override
    public Change setLimits(String text, Limits limits) throws IOException {
        String domain = Names.domain(text).orElse("");
        if (limits.mailboxes() < 0 || limits.aliases() < 0 || limits.quotaBytes() < 0) {
            return refuse(Reason.INVALID, "Limits must not be negative");
        }
        return editor.change("limits of " + domain, tx -> {
            if (!Editor.isDomain(tx, domain)) {
                return refuse(Reason.MISSING, Editor.NO_DOMAIN);
            }
            tx.update(
                    "UPDATE domains SET mailboxes_max = ?, aliases_max = ?, quota_bytes = ? WHERE name = ?",
                    limits.mailboxes(),
                    limits.aliases(),
                    limits.quotaBytes(),
                    domain);
            return DONE;
        });
    }

    @Override
    public Change addMailbox(String text, Password password) throws IOException {
        Optional<Box> box = Box.of(text);
        if (box.isEmpty()) {
            return refuse(Reason.INVALID, BAD_USER);
        }
        Optional<String> problem = problem(password);
        if (problem.isPresent()) {
            return refuse(Reason.INVALID, problem.get());
        }
        String domain = box.get().domain();
        String hash = hash(password);
        return editor.change("add mailbox " + box.get(), tx -> {
            if (!Editor.isDomain(tx, domain)) {
                return refuse(Reason.MISSING, Editor.NO_DOMAIN);
            }
            if (box.get().exists(tx)) {
                return refuse(Reason.EXISTS, "Username exists");
            }
            if (editor.shared().publisher().isTaken(box.get())) {
                return refuse(Reason.EXISTS, "A mailing list, or a folder of that name, is there");
            }
            long most = tx.count("SELECT mailboxes_max FROM domains WHERE name = ?", domain);
            if (most > 0 && tx.count("SELECT COUNT(*) FROM mailboxes WHERE domain = ?", domain) >= most) {
                return refuse(Reason.LIMIT, "Domain has all the mailboxes it may have");
            }
            insertMailbox(tx, domain, box.get().local(), hash);
            Editor.touch(tx, domain);
            return DONE;
        });
    }

    @Override
    public Change deleteMailbox(String text) throws IOException {
        return editor.onMailbox("delete mailbox", text, (tx, box) -> {
            if (box.local().equals(POSTMASTER)) {
                return refuse(Reason.INVALID, "postmaster cannot be deleted: every domain has one (RFC 5321)");
            }
            tx.update("DELETE FROM mailboxes WHERE domain = ? AND box = ?", box.domain(), box.local());
            tx.update("DELETE FROM aliases WHERE domain = ? AND box = ?", box.domain(), box.local());
            tx.update("DELETE FROM tokens WHERE holder = ?", box.toString());
            tx.update("INSERT INTO removals (domain, box) VALUES (?, ?)", box.domain(), box.local());
            return DONE;
        });
    }

    @Override
    public Change setPassword(String text, Password password) throws IOException {
        Optional<String> problem = problem(password);
        if (problem.isPresent()) {
            return refuse(Reason.INVALID, problem.get());
        }
        String hash = hash(password);
        return editor.onMailbox("set password of", text, (tx, box) -> {
            tx.update("UPDATE mailboxes SET hash = ? WHERE domain = ? AND box = ?", hash, box.domain(), box.local());
            return DONE;
        });
    }

    /// Signs in by password; a mailbox's hash of an older kind becomes a new one.
    ///
    /// @param login an administrator's name, or a mailbox's address
    public Optional<Principal> signIn(String login, String password) throws IOException {
        Optional<Accounts.Known> known = accounts().known(login, password);
        Optional<Principal> who = known.map(Accounts.Known::principal);
        if (who.isPresent() && !(who.get() instanceof Principal.Administrator)) {
            OldHashes.replace(as(who.get().name()).editor, login, known.get().hash(), new Password.Clear(password));
        }
        return who;
    }

    /// As {@link OldHashes#upgrade}.
    Change upgrade(String address, Password.Clear password) throws IOException {
        return OldHashes.upgrade(editor, address, password);
    }

    @Override
    public Change modify(Mailbox m) throws IOException {
        if (m.quota().bytes() < 0 || m.quota().messages() < 0) {
            return refuse(Reason.INVALID, "Invalid quota");
        }
        Change change = editor.onMailbox("modify mailbox", m.address(), (tx, box) -> {
            tx.update(
                    "UPDATE mailboxes SET quota_bytes = ?, quota_messages = ?, pop = ?, smtp = ?, postmaster = ?,"
                            + " keeps = ? WHERE domain = ? AND box = ?",
                    m.quota().bytes(),
                    m.quota().messages(),
                    m.pop(),
                    m.smtp(),
                    m.postmaster(),
                    m.keep(),
                    box.domain(),
                    box.local());
            return DONE;
        });
        Optional<Box> box = Box.of(m.address());
        if (change instanceof Change.Done && box.isPresent()) {
            editor.shared().publisher().forgetSize(box.get().domain(), box.get().local());
        }
        return change;
    }

    @Override
    public Change addAlias(Alias alias) throws IOException {
        Optional<Box> box = Box.of(alias.address());
        Optional<String> target = Box.target(alias.target());
        if (box.isEmpty() || target.isEmpty()) {
            return refuse(Reason.INVALID, "Invalid email address");
        }
        String domain = box.get().domain();
        return editor.change("add alias " + box.get() + " to " + target.get(), tx -> {
            if (!Editor.isDomain(tx, domain)) {
                return refuse(Reason.MISSING, Editor.NO_DOMAIN);
            }
            if (box.get().toString().equals(target.get())) {
                return refuse(Reason.INVALID, "An alias cannot lead to itself");
            }
            if (countAlias(tx, box.get(), target.get()) > 0) {
                return refuse(Reason.EXISTS, "Alias already exists");
            }
            long most = tx.count("SELECT aliases_max FROM domains WHERE name = ?", domain);
            if (most > 0 && tx.count("SELECT COUNT(*) FROM aliases WHERE domain = ?", domain) >= most) {
                return refuse(Reason.LIMIT, "Domain has all the aliases it may have");
            }
            tx.update(
                    "INSERT INTO aliases (domain, box, target) VALUES (?, ?, ?)",
                    domain,
                    box.get().local(),
                    target.get());
            Editor.touch(tx, domain);
            return DONE;
        });
    }

    private static long countAlias(Tx tx, Box box, String target) throws SQLException {
        return tx.count(
                "SELECT COUNT(*) FROM aliases WHERE domain = ? AND box = ? AND target = ?",
                box.domain(),
                box.local(),
                target);
    }

    @Override
    public Change deleteAlias(Alias alias) throws IOException {
        Box box = Box.of(alias.address()).orElse(new Box("", ""));
        String target = Box.target(alias.target()).orElse("");
        return editor.change("delete alias " + box + " to " + target, tx -> {
            if (countAlias(tx, box, target) == 0) {
                return refuse(Reason.MISSING, "Alias does not exist");
            }
            tx.update(
                    "DELETE FROM aliases WHERE domain = ? AND box = ? AND target = ?",
                    box.domain(),
                    box.local(),
                    target);
            Editor.touch(tx, box.domain());
            return DONE;
        });
    }

    @Override
    public List<Domain> domains() throws IOException {
        return read(tx -> Rows.domains(tx, ""));
    }

    @Override
    public Optional<Domain> domain(String text) throws IOException {
        Optional<String> name = Names.domain(text);
        return name.isEmpty()
                ? Optional.empty()
                : read(tx -> Rows.domains(tx, name.get())).stream().findFirst();
    }

    @Override
    public List<Mailbox> mailboxes(String text) throws IOException {
        String domain = Names.domain(text).orElse("");
        return read(tx -> Rows.mailboxes(tx, domain, ""));
    }

    @Override
    public Optional<Mailbox> mailbox(String text) throws IOException {
        Optional<Box> box = Box.of(text);
        return box.isEmpty()
                ? Optional.empty()
                : read(tx -> Rows.mailboxes(tx, box.get().domain(), box.get().local())).stream()
                        .findFirst();
    }

    @Override
    public List<Alias> aliases(String text) throws IOException {
        String domain = Names.domain(text).orElse("");
        return read(tx -> Rows.aliases(tx, domain));
    }

    @Override
    public void close() {
        editor.shared().database().close();
    }
}
