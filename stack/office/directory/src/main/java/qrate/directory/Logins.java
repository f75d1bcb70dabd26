package qrate.directory;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import qrate.checkpassword.Throttle;
import qrate.directory.Database.Tx;

/// Where owners of mailboxes, and administrators, have signed in from lately.
public final class Logins {
    /// Places kept of one holder; the one that was longest unused goes first.
    static final int PLACES_MAX = 20;

    /// Most places that are looked at to find those that are new.
    static final int FRESH_MAX = 200;

    private static final int ASKED_AT_ONCE = 100;

    /// How long a place is kept.
    static final Duration KEPT = Duration.ofDays(90);

    private final Database database;
    private final InstantSource clock;

    Logins(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// By which door.
    public enum Door {
        /// POP3
        POP3,
        /// submission
        SMTP,
        /// these pages
        PAGES;

        /// As the REST API spells it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One place.
    ///
    /// @param when last, to the hour
    /// @param from address of the client
    /// @param app id of the app password it came with; empty for the mailbox's own
    public record Login(String holder, Door door, String from, String app, Instant when) {}

    /// Places in networks that somebody has come from lately and had never come from before; the first network of
    /// somebody is new to nobody.
    ///
    /// @param within what lately is
    /// @param holder whose; empty for everybody's
    public List<Login> fresh(Duration within, String holder) throws IOException {
        long after = clock.instant().minus(within).toEpochMilli();
        return database.call(tx -> {
            List<Login> fresh = new ArrayList<>();
            for (Login login : tx.list(
                    "SELECT holder, door, remote, app, first_at FROM logins WHERE first_at > ? AND ? IN ('', holder)"
                            + " ORDER BY first_at, holder, remote LIMIT " + FRESH_MAX,
                    Logins::row,
                    after,
                    holder)) {
                List<String> before = tx.list(
                        "SELECT remote FROM logins WHERE holder = ? AND first_at <= ?",
                        row -> row.getString(1),
                        login.holder,
                        after);
                String network = Throttle.near(login.from);
                if (!before.isEmpty() && before.stream().map(Throttle::near).noneMatch(network::equals)) {
                    fresh.add(login);
                }
            }
            return fresh;
        });
    }

    private static Login row(ResultSet row) throws SQLException {
        return new Login(
                row.getString(1),
                Door.valueOf(row.getString(2)),
                row.getString(3),
                Rows.orEmpty(row.getString(4)),
                Instant.ofEpochMilli(row.getLong(5)));
    }

    /// Notes some, in one transaction.
    void note(List<Login> logins) throws IOException {
        database.call(tx -> {
            for (Login login : logins) {
                note(tx, login);
            }
            return true;
        });
    }

    private static void note(Tx tx, Login login) throws SQLException {
        Optional<Box> box = Box.of(login.holder);
        if (box.isPresent() && !box.get().exists(tx)) {
            return; // removed meanwhile: who gets its name next has not been there
        }
        Object[] place = {login.holder, login.door.name(), login.from, login.app};
        long first = tx.one(
                        "SELECT first_at FROM logins WHERE holder = ? AND door = ? AND remote = ? AND app = ?",
                        row -> row.getLong(1),
                        place)
                .orElse(login.when.toEpochMilli());
        tx.update("DELETE FROM logins WHERE holder = ? AND door = ? AND remote = ? AND app = ?", place);
        tx.update(
                "INSERT INTO logins (holder, door, remote, app, used_at, first_at) VALUES (?, ?, ?, ?, ?, ?)",
                login.holder,
                login.door.name(),
                login.from,
                login.app,
                login.when.toEpochMilli(),
                first);
        List<Long> times = tx.list(
                "SELECT used_at FROM logins WHERE holder = ? ORDER BY used_at DESC",
                row -> row.getLong(1),
                login.holder);
        if (times.size() > PLACES_MAX) {
            tx.update("DELETE FROM logins WHERE holder = ? AND used_at <= ?", login.holder, times.get(PLACES_MAX));
        }
        if (!login.app.isEmpty()) {
            tx.update(
                    "UPDATE app_passwords SET used_at = ? WHERE id = ? AND used_at < ?",
                    login.when.toEpochMilli(),
                    login.app,
                    login.when.toEpochMilli());
        }
    }

    /// Those of a holder, newest first.
    public List<Login> of(String holder) throws IOException {
        return database.call(tx -> tx.list(
                "SELECT holder, door, remote, app, used_at FROM logins WHERE holder = ? AND used_at > ?"
                        + " ORDER BY used_at DESC, door",
                Logins::row,
                holder,
                clock.instant().minus(KEPT).toEpochMilli()));
    }

    /// When each of some holders was last seen; those who never were are not in it.
    public Map<String, Instant> last(List<String> holders) throws IOException {
        return database.call(tx -> {
            Map<String, Instant> last = new HashMap<>();
            for (int from = 0; from < holders.size(); from += ASKED_AT_ONCE) {
                List<String> some = holders.subList(from, Math.min(holders.size(), from + ASKED_AT_ONCE));
                tx.list(
                        "SELECT holder, MAX(used_at) FROM logins WHERE holder IN (?" + ", ?".repeat(some.size() - 1)
                                + ") GROUP BY holder",
                        row -> last.put(row.getString(1), Instant.ofEpochMilli(row.getLong(2))),
                        some.toArray());
            }
            return last;
        });
    }

    /// Forgets those of a holder, as the removal of the account does.
    static void forget(Tx tx, String holder) throws SQLException {
        tx.update("DELETE FROM logins WHERE holder = ?", holder);
    }
}
