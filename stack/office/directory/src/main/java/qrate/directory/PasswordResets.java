package qrate.directory;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import qrate.directory.Database.Tx;
import qrate.language.Language;

/// Who has forgotten a password and asked for a link to the recovery address, and whose link was used.
///
/// An ask is a row whatever it names, so that whoever asks learns nothing by how long it takes. Its mail is made of it
/// later, and the row waits for as long as the queue does not take that mail. There is one link of a holder: another
/// ask,
/// another password or another recovery address ends the one before.
public final class PasswordResets {
    /// How long a link works.
    public static final Duration LASTS = Duration.ofMinutes(60);

    /// How long an ask waits for its mail to be taken.
    static final Duration WAITS_MAX = Duration.ofDays(1);

    /// Most asks that are kept; another one is refused.
    static final int ROWS_MAX = 2_000;

    /// Longest name that is asked for.
    static final int HOLDER_CHARS_MAX = 320;

    private static final String COLUMNS = "SELECT holder, used, lang, remote, happened FROM password_resets";

    private final Database database;
    private final InstantSource clock;
    private final Actor actor;

    /// @param actor for the audit log
    PasswordResets(Database database, InstantSource clock, Actor actor) {
        this.database = database;
        this.clock = clock;
        this.actor = actor;
    }

    /// What waits for its mail.
    ///
    /// @param holder as it is stored, if there is such an account
    /// @param used whether a link was used, which its holder is to be told
    /// @param language of the page
    /// @param from address of the client
    public record Due(String holder, boolean used, String language, String from, Instant when) {}

    /// Where mail for a holder goes.
    ///
    /// @param recovery address outside
    /// @param language what he reads; empty where nobody said
    public record Reachable(String holder, String recovery, String language) {}

    /// Notes an ask, in the place of an older one.
    ///
    /// @param login as somebody typed it
    /// @param language of his page
    /// @param budget whether one may be noted of an account, by its name as it is stored; else the one before stays
    /// @return false when too many wait
    public boolean ask(String login, Language language, Predicate<String> budget) throws IOException {
        Optional<Box> box = Box.of(login);
        boolean plain = login.length() <= HOLDER_CHARS_MAX && login.chars().noneMatch(Character::isISOControl);
        return database.call(tx -> {
            String holder = box.isEmpty() ? login : box.get().real(tx).toString();
            sweep(tx);
            if (!plain || tx.count("SELECT COUNT(*) FROM password_resets") >= ROWS_MAX) {
                return !plain; // what can be nobody's name is as good as unknown
            }
            if (budget.test(holder)) {
                insert(tx, holder, false, language.tag());
            }
            return true;
        });
    }

    private void insert(Tx tx, String holder, boolean used, String language) throws SQLException {
        insert(tx, new Due(holder, used, language, SignIns.remote(actor.from()), clock.instant()));
    }

    private static void insert(Tx tx, Due due) throws SQLException {
        tx.update("DELETE FROM password_resets WHERE holder = ? AND used = ?", due.holder, due.used);
        tx.update(
                "INSERT INTO password_resets (holder, used, waits, digest, lang, remote, happened, expires_at)"
                        + " VALUES (?, ?, TRUE, '', ?, ?, ?, 0)",
                due.holder,
                due.used,
                due.language,
                due.from,
                due.when.toEpochMilli());
    }

    /// Takes away links that have ended, and what waited too long.
    private void sweep(Tx tx) throws SQLException {
        tx.update("DELETE FROM password_resets WHERE waits = FALSE AND expires_at <= ?", clock.millis());
        tx.update(
                "DELETE FROM password_resets WHERE waits = TRUE AND happened <= ?",
                clock.millis() - WAITS_MAX.toMillis());
    }

    /// What waits for its mail, the oldest first.
    public List<Due> due(int most) throws IOException {
        return database.call(tx -> {
            sweep(tx);
            return tx.list(
                    COLUMNS + " WHERE waits = TRUE ORDER BY happened, holder LIMIT " + most, PasswordResets::due);
        });
    }

    private static Due due(ResultSet row) throws SQLException {
        return new Due(
                row.getString(1),
                row.getBoolean(2),
                Rows.orEmpty(row.getString(3)),
                Rows.orEmpty(row.getString(4)),
                Instant.ofEpochMilli(row.getLong(5)));
    }

    /// Where a holder is reached; empty where nobody is called so, he has no recovery address, or neither POP3 nor
    /// submission is open to his mailbox.
    public Optional<Reachable> reachable(String holder) throws IOException {
        Optional<Box> box = holder.contains("@") ? Box.of(holder) : Optional.empty();
        return database.call(tx -> box.isEmpty()
                ? tx.one(
                        "SELECT recovery FROM administrators WHERE name = ? AND recovery <> ''",
                        row -> new Reachable(holder, row.getString(1), ""),
                        holder)
                : tx.one(
                        "SELECT recovery, lang FROM mailboxes WHERE domain = ? AND box = ? AND recovery <> ''"
                                + " AND (pop = TRUE OR smtp = TRUE)",
                        row -> new Reachable(holder, row.getString(1), Rows.orEmpty(row.getString(2))),
                        box.get().domain(),
                        box.get().local()));
    }

    /// Makes a key the one of an ask, which works from now on; its mail still waits.
    ///
    /// @return until when it works; empty when somebody has asked anew meanwhile
    public Optional<Instant> begin(Due due, ResetKey key) throws IOException {
        Instant until = clock.instant().plus(LASTS);
        return database.call(tx -> {
            int found = tx.update(
                    "UPDATE password_resets SET digest = ?, expires_at = ?"
                            + " WHERE holder = ? AND used = FALSE AND waits = TRUE AND happened = ?",
                    key.digest(),
                    until.toEpochMilli(),
                    due.holder,
                    due.when.toEpochMilli());
            return found > 0 ? Optional.of(until) : Optional.empty();
        });
    }

    /// Notes that the mail with a key was taken.
    public void sent(Due due, ResetKey key) throws IOException {
        database.call(tx -> {
            tx.update(
                    "UPDATE password_resets SET waits = FALSE WHERE holder = ? AND used = FALSE AND digest = ?",
                    due.holder,
                    key.digest());
            Audit.record(
                    tx, clock, actor.named(due.holder), "link for a forgotten password sent, asked from " + due.from);
            return true;
        });
    }

    /// Forgets what waits: there is nobody to be written to, or it was taken.
    public void end(Due due) throws IOException {
        database.call(tx -> tx.update(
                "DELETE FROM password_resets WHERE holder = ? AND used = ? AND happened = ?",
                due.holder,
                due.used,
                due.when.toEpochMilli()));
    }

    /// Whose password a key sets; empty when it sets none, or none any more.
    public Optional<String> holder(ResetKey key) throws IOException {
        return database.call(tx -> tx.one(
                "SELECT holder FROM password_resets WHERE digest = ? AND used = FALSE AND expires_at > ?",
                row -> row.getString(1),
                key.digest(),
                clock.millis()));
    }

    /// Uses a key up in the transaction that sets the password; its holder is to be told.
    ///
    /// @return false when it does not work any more
    boolean spend(Tx tx, String holder, ResetKey key, Language language) throws SQLException {
        boolean right = tx.update(
                        "DELETE FROM password_resets WHERE holder = ? AND digest = ? AND used = FALSE AND expires_at > ?",
                        holder,
                        key.digest(),
                        clock.millis())
                > 0;
        if (right) {
            insert(tx, holder, true, language.tag());
        }
        return right;
    }

    /// Ends the link of a holder, as a new password or another recovery address does.
    static void end(Tx tx, String holder) throws SQLException {
        tx.update("DELETE FROM password_resets WHERE holder = ? AND used = FALSE", holder);
    }

    /// Forgets all of a holder, as the removal of the account does.
    static void forget(Tx tx, String holder) throws SQLException {
        tx.update("DELETE FROM password_resets WHERE holder = ?", holder);
    }
}
