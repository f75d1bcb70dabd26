package qrate.directory;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import qrate.directory.Database.Tx;

/// Who is signed in to the pages: a row each, which signing out takes away, so that a copy of the cookie is worth
/// nothing after it.
public final class SignIns {
    /// Most sessions of one holder; another one ends the oldest.
    public static final int SESSIONS_MAX = 20;

    /// How exactly the last use is noted: not every request writes.
    static final Duration USE_EVERY = Duration.ofMinutes(1);

    private static final int BROWSER_CHARS_MAX = 200;
    private static final int REMOTE_CHARS_MAX = 64;
    private static final String COLUMNS =
            "SELECT digest, holder, remote, browser, created, expires_at, used_at FROM sessions";

    private final Database database;
    private final InstantSource clock;
    private final Actor actor;

    /// @param actor for the audit log
    SignIns(Database database, InstantSource clock, Actor actor) {
        this.database = database;
        this.clock = clock;
        this.actor = actor;
    }

    /// One session.
    ///
    /// @param id names it, and opens nothing
    /// @param from address that it was opened from
    /// @param browser what that called itself
    /// @param used when last
    public record SignIn(
            String id, String holder, String from, String browser, Instant opened, Instant expires, Instant used) {}

    /// The name of a session by its secret.
    public static String id(String secret) {
        return Tokens.sha256(secret).substring(0, Tokens.ID_CHARS);
    }

    /// Opens a session for the actor.
    ///
    /// @param secret what the cookie holds; none of another session
    public void begin(String secret, String browser, Duration lasts) throws IOException {
        long now = clock.millis();
        String holder = actor.name();
        database.call(tx -> {
            tx.update("DELETE FROM sessions WHERE expires_at <= ?", now);
            List<String> others = tx.list(
                    "SELECT digest FROM sessions WHERE holder = ? ORDER BY created DESC", r -> r.getString(1), holder);
            for (String digest : others.subList(Math.min(others.size(), SESSIONS_MAX - 1), others.size())) {
                tx.update("DELETE FROM sessions WHERE digest = ?", digest);
            }
            tx.update(
                    "INSERT INTO sessions (digest, holder, remote, browser, created, expires_at, used_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    Tokens.sha256(secret),
                    holder,
                    remote(actor.from()),
                    cut(browser, BROWSER_CHARS_MAX),
                    now,
                    now + lasts.toMillis(),
                    now);
            tx.update("UPDATE administrators SET signed_in = ? WHERE name = ?", now, holder);
            Audit.record(tx, clock, actor, "sign in");
            return true;
        });
        try {
            new Logins(database, clock)
                    .note(List.of(
                            new Logins.Login(holder, Logins.Door.PAGES, remote(actor.from()), "", clock.instant())));
        } catch (IOException _) {
            // whoever signs in twice at once from one place is let in: one line of that place is enough
        }
    }

    /// An address as it is kept.
    static String remote(String from) {
        return cut(from, REMOTE_CHARS_MAX);
    }

    private static String cut(String text, int most) {
        return text.length() > most ? text.substring(0, most) : text;
    }

    /// Whether a holder's session goes on; its use is noted.
    public boolean lives(String secret, String holder) throws IOException {
        String digest = Tokens.sha256(secret);
        long now = clock.millis();
        Optional<SignIn> known = database.call(tx -> tx.one(
                COLUMNS + " WHERE digest = ? AND holder = ? AND expires_at > ?", SignIns::row, digest, holder, now));
        if (known.isPresent() && now - known.get().used.toEpochMilli() >= USE_EVERY.toMillis()) {
            database.call(tx -> tx.update("UPDATE sessions SET used_at = ? WHERE digest = ?", now, digest));
        }
        return known.isPresent();
    }

    /// Sessions of a holder that go on, newest first.
    public List<SignIn> of(String holder) throws IOException {
        return database.call(tx -> tx.list(
                COLUMNS + " WHERE holder = ? AND expires_at > ? ORDER BY created DESC",
                SignIns::row,
                holder,
                clock.millis()));
    }

    /// Everybody's sessions that go on, by holder.
    public List<SignIn> all() throws IOException {
        return database.call(tx ->
                tx.list(COLUMNS + " WHERE expires_at > ? ORDER BY holder, created DESC", SignIns::row, clock.millis()));
    }

    private static SignIn row(ResultSet row) throws SQLException {
        return new SignIn(
                row.getString(1).substring(0, Tokens.ID_CHARS),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Instant.ofEpochMilli(row.getLong(5)),
                Instant.ofEpochMilli(row.getLong(6)),
                Instant.ofEpochMilli(row.getLong(7)));
    }

    /// Ends all sessions of a holder, as a new password, or the removal of the account, does.
    ///
    /// @return how many there were
    static int endAll(Tx tx, String holder) throws SQLException {
        return tx.update("DELETE FROM sessions WHERE holder = ?", holder);
    }
}
