package qrate.directory;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import qrate.core.Slice;
import qrate.core.State;
import qrate.publish.Publisher;
import qrate.snapshots.Names;
import qrate.snapshots.Vacation;

/// The directory on its database; safe for many threads, which change it one at a time.
public final class Domains implements EditableDirectory {
    private final Editor editor;
    private final Losses losses;

    private Domains(Editor editor, Losses losses) {
        this.editor = editor;
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
            Publisher publisher = new Publisher(new SqlRows(database), state, settings.uid(), settings.gid());
            WriterLock lock = new WriterLock(database);
            try (WriterLock.Held _ = lock.take()) {
                Tokens.adopt(database, clock);
                publisher.heal();
            }
            Editor.Shared shared = new Editor.Shared(database, publisher, state, settings, clock, lock);
            return new Domains(
                    new Editor(shared, Actor.program(Accounts.COMMAND), true, _ -> true),
                    new Losses(state, publisher.maildirs()));
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /// The same directory, with another name in the audit log. Closing it closes both.
    public Domains as(Actor who) {
        return new Domains(editor.as(who), losses);
    }

    /// The same for a program on this host.
    public Domains as(String program) {
        return as(Actor.program(program));
    }

    /// The same directory for many changes at once: they are durable in the database, and no reader sees them before
    /// {@link #heal} or the next start. Closing it closes both.
    public Domains quiet(String program) {
        return new Domains(new Editor(editor.shared(), Actor.program(program), false, _ -> true), losses);
    }

    /// The same directory for changes that are made only while a domain is what somebody has seen of it. The
    /// transaction of each looks at it.
    public Domains whileDomain(String text, Predicate<Domain> seen) {
        Optional<String> name = Names.domain(text);
        return new Domains(
                editor.only(tx -> name.isPresent()
                        && Rows.domain(tx, name.get()).filter(seen).isPresent()),
                losses);
    }

    /// The same of a mailbox.
    public Domains whileMailbox(String text, Predicate<Mailbox> seen) {
        Optional<Box> box = Box.of(text);
        return new Domains(
                editor.only(tx -> box.isPresent()
                        && Rows.mailbox(tx, box.get().real(tx)).filter(seen).isPresent()),
                losses);
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

    /// Second factors of those who sign in.
    public SecondFactors secondFactors() {
        return new SecondFactors(editor.shared().database(), editor.shared().clock(), editor.actor());
    }

    /// Keys of authenticators, by which people sign in.
    public Passkeys passkeys() {
        return new Passkeys(editor.shared().database(), editor.shared().clock());
    }

    /// Where people have signed in from lately.
    public Logins logins() {
        return new Logins(editor.shared().database(), editor.shared().clock());
    }

    /// Who has forgotten a password.
    public PasswordResets passwordResets() {
        return editor.resets();
    }

    /// What mail domains had.
    public MailDays mailDays() {
        return new MailDays(editor.shared().database(), editor.shared().clock());
    }

    @Override
    public List<DeletedMailbox> deleted(String text) throws IOException {
        String domain = real(text);
        return read(tx -> new DeletedMailboxes(editor).of(tx, domain));
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

    private <T> T read(Database.Work<T> work) throws IOException {
        return editor.shared().database().call(work);
    }

    @Override
    public Change apply(Edit edit) throws IOException {
        return new Edits(editor).apply(edit);
    }

    /// Does an edit for somebody, who stands in the audit log.
    public Change apply(Edit edit, Actor who) throws IOException {
        return new Edits(editor.as(who)).apply(edit);
    }

    @Override
    public List<Change> addMailboxes(List<Edit.AddMailbox> edits) throws IOException {
        return new Boxes(editor).add(edits);
    }

    /// Adds many mailboxes in one change: all of them or, where one cannot be, none.
    ///
    /// @param look whether it is only said what would come of each
    /// @return what came of each, in their order; where one is refused, nothing was done
    public List<Change> addAll(List<NewMailbox> wanted, boolean look) throws IOException {
        return new Boxes(editor).add(wanted, look ? Boxes.Many.NONE : Boxes.Many.ALL);
    }

    /// Does something to many mailboxes in one change: to all of them or, where that cannot be, to none.
    public Change applyAll(List<? extends Edit.OfMailbox> edits, Actor who) throws IOException {
        return new Boxes(editor.as(who)).together(edits);
    }

    @Override
    public List<Loss> losses(String text) throws IOException {
        Optional<String> domain = Names.domain(text);
        Optional<Box> box = text.contains("@") ? Box.of(text) : Optional.empty();
        if (box.isPresent()) {
            return read(tx -> losses.ofAddress(tx, box.get().real(tx)));
        }
        return domain.isPresent() ? read(tx -> losses.ofDomain(tx, domain.get())) : List.of();
    }

    /// What goes, or leads nowhere, with an edit beside what it names: whoever makes it asks first where there is any.
    public List<Loss> losses(Edit edit) throws IOException {
        return read(tx -> losses.of(tx, edit));
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
        return read(tx -> losses.messages(tx, domain));
    }

    /// Signs in by password; a mailbox's hash of an older kind becomes a new one.
    ///
    /// @param login an administrator's name, or a mailbox's address
    public Optional<Principal> signIn(String login, String password) throws IOException {
        Optional<Accounts.Known> known = accounts().known(login, password);
        Optional<Principal> who = known.map(Accounts.Known::principal);
        if (who.isPresent() && !(who.get() instanceof Principal.Administrator)) {
            OldHashes.replace(
                    editor.as(editor.actor().named(who.get().name())),
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
    public Vacation vacation(String text) throws IOException {
        Optional<Box> box = Box.of(text);
        return box.isEmpty()
                ? Vacation.NONE
                : read(tx -> Vacations.of(tx, box.get().real(tx)));
    }

    @Override
    public DomainTexts texts(String domain) throws IOException {
        return read(tx -> TextEdits.of(tx, Editor.real(tx, Names.domain(domain).orElse(domain))));
    }

    @Override
    public Forwarding forward(String text) throws IOException {
        Optional<Box> box = Box.of(text);
        return box.isEmpty()
                ? Forwarding.NONE
                : read(tx -> Forwards.of(tx, box.get().real(tx)));
    }

    @Override
    public List<AppPasswords.Listed> appPasswords(String text) throws IOException {
        Optional<Box> box = Box.of(text);
        return box.isEmpty()
                ? List.of()
                : read(tx -> AppEdits.list(tx, box.get().real(tx)));
    }

    @Override
    public List<Alias> aliases(String text) throws IOException {
        String domain = real(text);
        return read(tx -> Rows.aliases(tx, domain));
    }

    @Override
    public List<MailDay> mailDays(String text) throws IOException {
        String domain = real(text);
        return read(tx ->
                Editor.isDomain(tx, domain) ? MailDays.of(tx, domain, mailDays().today()) : List.of());
    }

    /// Domains a part at a time, by name, other names of domains among them.
    public Slice.Part<Domain> domains(Slice slice) throws IOException {
        return read(tx -> Rows.domains(tx, slice));
    }

    /// Other names of a domain.
    ///
    /// @param domain not an alias domain
    public List<String> otherNames(String domain) throws IOException {
        return read(tx -> Rows.otherNames(tx, domain));
    }

    /// Mailboxes of a domain a part at a time, by {@link EditableDirectory.Mailbox#local}.
    public Slice.Part<Mailbox> mailboxes(String text, Slice slice) throws IOException {
        String domain = real(text);
        return read(tx -> Rows.mailboxes(tx, domain, slice));
    }

    /// Names of all mailboxes of a domain, and nothing else of them.
    ///
    /// @param domain not an alias domain
    public Set<String> locals(String domain) throws IOException {
        return read(tx -> Rows.locals(tx, domain));
    }

    /// Lines of aliases of a domain a part at a time, by {@link #key}.
    public Slice.Part<Alias> aliases(String text, Slice slice) throws IOException {
        String domain = real(text);
        return read(tx -> Rows.aliases(tx, domain, slice));
    }

    /// The key of a line of an alias, by which lines are in order.
    public static String key(Alias alias) {
        return alias.local() + Paged.BETWEEN + alias.target();
    }

    /// Whether an address has lines of an alias.
    public boolean hasAlias(String text) throws IOException {
        Optional<Box> box = Box.of(text);
        return box.isPresent() && read(tx -> box.get().real(tx).hasAlias(tx));
    }

    /// Addresses of a domain by which the door knows a mailing list: what ends in `-default` and leads to the
    /// postmaster
    /// is the other alias of one. Whether one is whole its folder says.
    ///
    /// @param domain not an alias domain
    public List<String> listAddresses(String domain) throws IOException {
        return read(tx -> Rows.lists(tx, domain));
    }

    /// What holds a text in its address or name.
    ///
    /// @param text in small letters; not empty
    /// @param within the only domain that is looked into, one that is no alias; all where there is none
    /// @param most of each kind
    public Matches search(String text, Optional<String> within, int most) throws IOException {
        return read(tx -> Matches.of(tx, text, within, most));
    }

    @Override
    public void close() {
        editor.shared().database().close();
    }
}
