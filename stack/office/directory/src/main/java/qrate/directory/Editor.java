package qrate.directory;

import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import qrate.core.Address;
import qrate.core.State;
import qrate.directory.Database.Tx;
import qrate.publish.Publisher;
import qrate.publish.Touched;
import qrate.snapshots.Names;

/// Makes one change at a time: the transaction with its lines in the audit log, then the files.
///
/// @param actor for the audit log
/// @param publishes whether the files follow each change, or wait for {@link #heal}
/// @param only what must hold in the transaction of a change, else it is refused
record Editor(Shared shared, Actor actor, boolean publishes, Only only) {
    /// What every view of one open database shares.
    record Shared(
            Database database,
            Publisher publisher,
            State state,
            Settings settings,
            InstantSource clock,
            WriterLock lock) {}

    /// What must hold when a change is made.
    @FunctionalInterface
    interface Only {
        boolean holds(Tx tx) throws SQLException;
    }

    /// One change, in its transaction.
    @FunctionalInterface
    interface Work {
        Outcome in(Tx tx) throws SQLException, IOException;
    }

    /// One change of a mailbox that is there.
    @FunctionalInterface
    interface BoxWork {
        Outcome in(Tx tx, Box box) throws SQLException;
    }

    /// The same for somebody else.
    Editor as(Actor who) {
        return new Editor(shared, who, publishes, only);
    }

    /// The same, for changes that are made only while something holds.
    Editor only(Only that) {
        return new Editor(shared, actor, publishes, that);
    }

    /// Whether people can tell a thing by this text: one line, not empty.
    ///
    /// @param most characters
    static boolean isLabel(String text, int most) {
        return !text.isBlank() && text.length() <= most && text.chars().noneMatch(Character::isISOControl);
    }

    int cost() {
        return shared.settings.bcryptCost();
    }

    long now() {
        return shared.clock.millis();
    }

    PasswordResets resets() {
        return new PasswordResets(shared.database, shared.clock, actor);
    }

    void heal() throws IOException {
        try (WriterLock.Held _ = shared.lock.take()) {
            shared.publisher.heal();
            new DeletedMailboxes(this).sweep();
        }
    }

    /// Runs one change, then brings the files after it. What fails after the commit is done at the next change or
    /// start.
    Change change(Work work) throws IOException {
        try (WriterLock.Held _ = shared.lock.take()) {
            if (shared.database.call(tx -> tx.count("SELECT COUNT(*) FROM removals")) > 0) {
                // a name must not be given again while files of its last holder are about
                finishRemovals();
            }
            Touched touched = new Touched();
            Change change = run(touched, work);
            if (change instanceof Change.Done && publishes) {
                publish(touched);
            } else if (change instanceof Change.Done) {
                shared.publisher.behind();
            }
            return change;
        }
    }

    /// Runs one change of what no file says.
    Change unpublished(Work work) throws IOException {
        return run(new Touched(), work);
    }

    private Change run(Touched touched, Work work) throws IOException {
        return shared.database.call(tx -> {
            if (!only.holds(tx)) {
                return Change.refuse(Refusal.Key.CHANGED_SINCE);
            }
            return switch (work.in(tx.noting(touched))) {
                case Outcome.Not(Change.Refused why) -> why;
                case Outcome.Done done -> {
                    for (Outcome.Line line : done.lines()) {
                        Audit.record(tx, shared.clock, actor, line);
                    }
                    yield new Change.Done();
                }
            };
        });
    }

    private void finishRemovals() throws IOException {
        try {
            shared.publisher.heal();
        } catch (IOException e) {
            throw new Trouble(
                    "files of something removed before cannot be removed yet: " + e.getMessage(),
                    Trouble.Saved.NOTHING,
                    e);
        }
    }

    private void publish(Touched touched) throws IOException {
        try {
            shared.publisher.publish(touched);
        } catch (IOException e) {
            throw new Trouble(
                    "the files that others read cannot be written now, which is tried again every minute and at the"
                            + " next change or start: " + e.getMessage(),
                    Trouble.Saved.ALL,
                    e);
        }
    }

    /// A change of one mailbox that must be there, by whichever name of its domain.
    Change onMailbox(String text, BoxWork work) throws IOException {
        Optional<Box> named = Box.of(text);
        if (named.isEmpty()) {
            return badName(text);
        }
        return change(tx -> {
            Box box = named.get().real(tx);
            if (!box.exists(tx)) {
                return noMailbox(tx, box);
            }
            Outcome outcome = work.in(tx, box);
            if (outcome instanceof Outcome.Done) {
                tx.touch(box.domain(), box.local());
            }
            return outcome;
        });
    }

    /// The refusal of an address whose name no mailbox may have.
    static Change.Refused badName(String text) {
        String name = Address.of(text).local();
        return new Change.Refused(Refusal.of(
                Refusal.Key.MAILBOX_NAME,
                name.length() > Names.LOCAL_CHARS_MAX ? name.substring(0, Names.LOCAL_CHARS_MAX) + "…" : name));
    }

    static Outcome noMailbox(Tx tx, Box box) throws SQLException {
        return isDomain(tx, box.domain())
                ? Outcome.not(Refusal.Key.MAILBOX_MISSING, box)
                : Outcome.not(Refusal.Key.DOMAIN_MISSING);
    }

    /// The domain that a name stands for: itself, or the one it is an alias of.
    static String real(Tx tx, String domain) throws SQLException {
        return aliasOf(tx, domain).filter(of -> !of.isEmpty()).orElse(domain);
    }

    /// Alias of which domain; empty when there is no such domain, an empty text when it is no alias.
    static Optional<String> aliasOf(Tx tx, String domain) throws SQLException {
        return tx.one("SELECT alias_of FROM domains WHERE name = ?", r -> r.getString(1), domain);
    }

    static boolean isDomain(Tx tx, String domain) throws SQLException {
        return aliasOf(tx, domain).filter(String::isEmpty).isPresent();
    }
}
