package qrate.vpopmail;

import static qrate.vpopmail.Change.refuse;

import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import qrate.core.State;
import qrate.directory.Names;
import qrate.vpopmail.Change.Reason;
import qrate.vpopmail.Database.Tx;

/// The directory on its database; safe for many threads, which change it one at a time.
public final class Domains implements Vpopmail {
    private static final Change DONE = new Change.Done();
    private static final String BAD_DOMAIN = "Invalid domain name";

    private final Editor editor;
    private final Boxes boxes;
    private final Aliases aliases;
    private final Losses losses;

    private Domains(Editor editor, Losses losses) {
        this.editor = editor;
        this.boxes = new Boxes(editor);
        this.aliases = new Aliases(editor);
        this.losses = losses;
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
            WriterLock lock = new WriterLock(database);
            try (WriterLock.Held _ = lock.take()) {
                Tokens.adopt(database, clock);
                publisher.heal();
            }
            Editor.Shared shared = new Editor.Shared(database, publisher, settings, clock, lock);
            return new Domains(new Editor(shared, Actor.program(Accounts.COMMAND), true), new Losses(state));
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /// The same directory, with another name in the audit log. Closing it closes both.
    public Domains as(Actor who) {
        return new Domains(new Editor(editor.shared(), who, true), losses);
    }

    /// The same for a program on this host.
    public Domains as(String program) {
        return as(Actor.program(program));
    }

    /// The same directory for many changes at once: they are durable in the database, and no reader sees them before
    /// {@link #heal} or the next start. Closing it closes both.
    public Domains quiet(String program) {
        return new Domains(new Editor(editor.shared(), Actor.program(program), false), losses);
    }

    /// Who may sign in.
    public Accounts accounts() {
        Editor.Shared shared = editor.shared();
        return new Accounts(shared.database(), shared.settings().bcryptCost(), shared.clock(), editor.actor());
    }

    /// Tokens for the REST API.
    public Tokens tokens() {
        return new Tokens(editor.shared().database(), editor.shared().clock(), editor.actor());
    }

    /// Who is signed in to the pages.
    public SignIns signIns() {
        return new SignIns(editor.shared().database(), editor.shared().clock(), editor.actor());
    }

    /// What was done, and by whom.
    public Audit audit() {
        return new Audit(editor.shared().database(), editor.shared().clock());
    }

    @Override
    public Staff staff() {
        return accounts();
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
            return badDomain();
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
            boxes.insert(tx, new Box(Boxes.POSTMASTER, name.get()), hash);
            tx.update(
                    "UPDATE mailboxes SET postmaster = TRUE WHERE domain = ? AND box = ?",
                    name.get(),
                    Boxes.POSTMASTER);
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
        tx.touch(name, Touched.WHOLE);
        tx.touchNames();
    }

    @Override
    public List<String> losses(String text) throws IOException {
        Optional<String> domain = Names.domain(text);
        Optional<Box> box = text.contains("@") ? Box.of(text) : Optional.empty();
        if (box.isPresent()) {
            return read(tx -> losses.ofAddress(tx, box.get().real(tx)));
        }
        return domain.isPresent() ? read(tx -> losses.ofDomain(tx, domain.get())) : List.of();
    }

    /// What goes, or leads nowhere, with one line of an alias.
    public List<String> losses(Alias line) throws IOException {
        Optional<Box> box = Box.of(line.address());
        return box.isEmpty()
                ? List.of()
                : read(tx -> losses.ofLine(tx, box.get().real(tx)));
    }

    /// How many messages a mailbox (`ann@example.test`), or those of a domain, hold; empty where they cannot be counted
    /// in a moment.
    public OptionalLong messages(String name) throws IOException {
        if (name.contains("@")) {
            Optional<Box> box = Box.of(name);
            return box.isEmpty()
                    ? OptionalLong.empty()
                    : read(tx -> losses.messages(
                            box.get().real(tx).domain(), List.of(box.get().local())));
        }
        String domain = real(name);
        List<String> locals = mailboxes(domain).stream()
                .map(mailbox -> Box.local(mailbox.address()))
                .toList();
        return losses.messages(domain, locals);
    }

    private static Change badDomain() {
        return refuse(Reason.INVALID, BAD_DOMAIN);
    }

    @Override
    public Change deleteDomain(String text) throws IOException {
        Optional<String> known = Names.domain(text);
        if (known.isEmpty()) {
            return badDomain();
        }
        String name = known.get();
        return editor.change("delete domain " + name, tx -> {
            if (Editor.aliasOf(tx, name).isEmpty()) {
                return refuse(Reason.MISSING, Editor.NO_DOMAIN);
            }
            List<String> names = new ArrayList<>(List.of(name));
            names.addAll(tx.list("SELECT name FROM domains WHERE alias_of = ?", r -> r.getString(1), name));
            tx.update("DELETE FROM mailboxes WHERE domain = ?", name);
            tx.update("DELETE FROM aliases WHERE domain = ?", name);
            String everybody = Losses.escaped("%@" + name);
            tx.update("DELETE FROM tokens WHERE holder LIKE ? ESCAPE '!'", everybody);
            tx.update("DELETE FROM sessions WHERE holder LIKE ? ESCAPE '!'", everybody);
            for (String gone : names) {
                tx.update("DELETE FROM domains WHERE name = ?", gone);
                tx.update("INSERT INTO removals (domain, box) VALUES (?, '')", gone);
            }
            tx.touchNames();
            return DONE;
        });
    }

    @Override
    public Change addAliasDomain(AliasDomain pair) throws IOException {
        Optional<String> real = Names.domain(pair.domain());
        Optional<String> alias = Names.domain(pair.alias());
        if (real.isEmpty() || alias.isEmpty()) {
            return badDomain();
        }
        String domain = real.get();
        return editor.change("add alias domain " + alias.get() + " of " + domain, tx -> {
            String of = Editor.real(tx, domain);
            if (!Editor.isDomain(tx, of)) {
                return refuse(Reason.MISSING, Editor.NO_DOMAIN);
            }
            if (Editor.aliasOf(tx, alias.get()).isPresent()) {
                return refuse(Reason.EXISTS, "Domain already exists");
            }
            insertDomain(tx, alias.get(), of);
            return DONE;
        });
    }

    @Override
    public Change setCatchAll(String text, String target) throws IOException {
        Optional<String> domain = Names.domain(text);
        Optional<String> to = target.isEmpty() ? Optional.of("") : Box.target(target);
        if (domain.isEmpty()) {
            return badDomain();
        }
        if (to.isEmpty()) {
            return refuse(Reason.INVALID, Aliases.BAD_ADDRESS);
        }
        return onDomain("catch-all to " + to.get() + " of", domain.get(), (tx, name) -> {
            tx.update("UPDATE domains SET catch_all = ? WHERE name = ?", to.get(), name);
            tx.touch(name, Touched.WHOLE);
            return DONE;
        });
    }

    /// One change of a domain that is there.
    @FunctionalInterface
    private interface DomainEdit {
        Change in(Tx tx, String domain) throws SQLException;
    }

    /// A change of a domain, by whichever of its names.
    private Change onDomain(String what, String domain, DomainEdit edit) throws IOException {
        String known = read(tx -> Editor.real(tx, domain));
        return editor.change(what + " " + known, tx -> {
            String name = Editor.real(tx, domain);
            return Editor.isDomain(tx, name) ? edit.in(tx, name) : refuse(Reason.MISSING, Editor.NO_DOMAIN);
        });
    }

    @Override
    public Change setLimits(String text, Limits limits) throws IOException {
        Optional<String> domain = Names.domain(text);
        if (domain.isEmpty()) {
            return badDomain();
        }
        if (limits.mailboxes() < 0 || limits.aliases() < 0 || limits.quotaBytes() < 0) {
            return refuse(Reason.INVALID, "Limits must not be negative");
        }
        return onDomain("limits of", domain.get(), (tx, name) -> {
            tx.update(
                    "UPDATE domains SET mailboxes_max = ?, aliases_max = ?, quota_bytes = ? WHERE name = ?",
                    limits.mailboxes(),
                    limits.aliases(),
                    limits.quotaBytes(),
                    name);
            return DONE;
        });
    }

    @Override
    public Change addMailbox(String address, Password password) throws IOException {
        return boxes.add(new NewMailbox(address, password));
    }

    @Override
    public List<Change> addMailboxes(List<NewMailbox> wanted) throws IOException {
        return boxes.add(wanted);
    }

    @Override
    public Change deleteMailbox(String address) throws IOException {
        return boxes.delete(address);
    }

    @Override
    public Change setPassword(String address, Password password, boolean keepTokens) throws IOException {
        return boxes.setPassword(address, password, keepTokens);
    }

    /// Signs in by password; a mailbox's hash of an older kind becomes a new one.
    ///
    /// @param login an administrator's name, or a mailbox's address
    public Optional<Principal> signIn(String login, String password) throws IOException {
        Optional<Accounts.Known> known = accounts().known(login, password);
        Optional<Principal> who = known.map(Accounts.Known::principal);
        if (who.isPresent() && !(who.get() instanceof Principal.Administrator)) {
            OldHashes.replace(
                    as(editor.actor().named(who.get().name())).editor,
                    login,
                    known.get().hash(),
                    new Password.Clear(password));
        }
        return who;
    }

    /// As {@link OldHashes#upgrade}.
    Change upgrade(String address, Password.Clear password) throws IOException {
        return OldHashes.upgrade(editor, address, password);
    }

    @Override
    public Change modify(Mailbox mailbox) throws IOException {
        return boxes.modify(mailbox);
    }

    @Override
    public Change addAlias(Alias alias) throws IOException {
        return aliases.add(alias);
    }

    @Override
    public Change deleteAlias(Alias alias) throws IOException {
        return aliases.delete(alias);
    }

    @Override
    public List<Domain> domains() throws IOException {
        return read(Rows::domains);
    }

    @Override
    public Optional<Domain> domain(String text) throws IOException {
        Optional<String> name = Names.domain(text);
        return name.isEmpty() ? Optional.empty() : read(tx -> Rows.domain(tx, name.get()));
    }

    /// The name that stands in permissions for a domain: itself, or the one it is an alias of.
    public String real(String text) throws IOException {
        Optional<String> name = Names.domain(text);
        return name.isEmpty() ? text : read(tx -> Editor.real(tx, name.get()));
    }

    @Override
    public List<Mailbox> mailboxes(String text) throws IOException {
        String domain = real(text);
        return read(tx -> Rows.mailboxes(tx, domain));
    }

    @Override
    public Optional<Mailbox> mailbox(String text) throws IOException {
        Optional<Box> box = Box.of(text);
        return box.isEmpty()
                ? Optional.empty()
                : read(tx -> Rows.mailbox(tx, box.get().real(tx)));
    }

    @Override
    public List<Alias> aliases(String text) throws IOException {
        String domain = real(text);
        return read(tx -> Rows.aliases(tx, domain));
    }

    @Override
    public void close() {
        editor.shared().database().close();
    }
}
