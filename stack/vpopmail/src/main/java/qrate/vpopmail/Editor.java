package qrate.vpopmail;

import static qrate.vpopmail.Change.refuse;

import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import qrate.vpopmail.Database.Tx;

/// Makes one change at a time: the transaction with its line in the audit log, then the files.
///
/// @param actor for the audit log
/// @param publishes whether the files follow each change, or wait for {@link #heal}
record Editor(Shared shared, Actor actor, boolean publishes) {
    static final String NO_DOMAIN = "Domain does not exist";
    static final String NO_USER = "User does not exist";

    /// What every view of one open database shares.
    record Shared(Database database, Publisher publisher, Settings settings, InstantSource clock, WriterLock lock) {}

    /// One change, in its transaction.
    @FunctionalInterface
    interface Edit {
        Change in(Tx tx) throws SQLException;
    }

    /// One change of a mailbox that is there.
    @FunctionalInterface
    interface BoxEdit {
        Change in(Tx tx, Box box) throws SQLException;
    }

    void heal() throws IOException {
        try (WriterLock.Held _ = shared.lock.take()) {
            shared.publisher.heal();
        }
    }

    /// Runs one change, then brings the files after it. What fails after the commit is done at the next change or
    /// start.
    Change change(String what, Edit edit) throws IOException {
        try (WriterLock.Held _ = shared.lock.take()) {
            if (shared.database.call(tx -> tx.count("SELECT COUNT(*) FROM removals")) > 0) {
                // a name must not be given again while files of its last holder are about
                finishRemovals();
            }
            Touched touched = new Touched();
            Change change = shared.database.call(tx -> {
                Change outcome = edit.in(tx.noting(touched));
                if (outcome instanceof Change.Done) {
                    Audit.record(tx, shared.clock, actor, what);
                }
                return outcome;
            });
            if (change instanceof Change.Done && publishes) {
                publish(touched);
            } else if (change instanceof Change.Done) {
                shared.publisher.behind();
            }
            return change;
        }
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
    Change onMailbox(String what, String text, BoxEdit edit) throws IOException {
        Optional<Box> named = Box.of(text);
        if (named.isEmpty()) {
            return refuse(Change.Reason.INVALID, Box.INVALID);
        }
        Box known = real(named.get());
        return change(what + " " + known, tx -> {
            Box box = known.real(tx);
            if (!box.exists(tx)) {
                return refuse(Change.Reason.MISSING, isDomain(tx, box.domain()) ? NO_USER : NO_DOMAIN);
            }
            Change outcome = edit.in(tx, box);
            tx.touch(box.domain(), box.local());
            return outcome;
        });
    }

    /// For the audit log, which names what is meant; the transaction looks again.
    Box real(Box box) throws IOException {
        return shared.database.call(box::real);
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
