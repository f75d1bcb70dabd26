package qrate.directory;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import qrate.directory.Database.Tx;

/// The second factor of those who want one at the pages: a code of an authenticator program, or a recovery code in its
/// place. What {@link Passkeys} open they check themselves.
public final class SecondFactors {
    /// Wrong codes before the first wait.
    static final int FREE = 5;

    /// The first wait; each wrong code more doubles it.
    static final Duration WAIT_FIRST = Duration.ofSeconds(30);

    /// Longest wait. Three codes of a million are right at a time: with a guess an hour, whoever has the password finds
    /// one in some forty years.
    static final Duration WAIT_MAX = Duration.ofHours(1);

    private static final int DOUBLINGS_MAX = 10;

    private final Database database;
    private final InstantSource clock;
    private final Actor actor;

    /// @param actor for the audit log
    SecondFactors(Database database, InstantSource clock, Actor actor) {
        this.database = database;
        this.clock = clock;
        this.actor = actor;
    }

    /// One that is there, without its secret.
    ///
    /// @param codes recovery codes that are left
    /// @param program whether there is an authenticator program
    public record Present(Instant since, int codes, boolean program, List<Passkeys.Listed> passkeys) {
        /// Keeps a copy.
        public Present {
            passkeys = List.copyOf(passkeys);
        }
    }

    /// What came of a code.
    public enum Tried {
        /// it is right, and is so no more
        RIGHT,
        /// it is wrong, or was taken before
        WRONG,
        /// too many were wrong: later
        WAIT
    }

    /// @param totp empty where there is no program
    private record Row(Optional<Totp> totp, long step, int failures, long failedAt) {}

    /// That of an administrator (by name) or a mailbox (by address); empty where there is none.
    public Optional<Present> of(String holder) throws IOException {
        return database.call(tx -> {
            List<Passkeys.Listed> passkeys = Passkeys.of(tx, holder);
            return tx.one(
                    "SELECT created, (SELECT COUNT(*) FROM recovery_codes c WHERE c.holder = f.holder), secret"
                            + " FROM second_factors f WHERE holder = ?",
                    row -> new Present(
                            Instant.ofEpochMilli(row.getLong(1)),
                            row.getInt(2),
                            !row.getString(3).isEmpty(),
                            passkeys),
                    holder);
        });
    }

    /// The step whose code somebody has typed, to show that a program shares a secret with us that is to be set.
    public OptionalLong confirms(Totp totp, String typed) {
        return totp.step(typed, clock.instant());
    }

    /// Tries a code of a holder who has a second factor; each is right once.
    public Tried attempt(String holder, String typed) throws IOException {
        return database.call(tx -> {
            Optional<Row> found = tx.one(
                    "SELECT secret, step, failures, failed_at FROM second_factors WHERE holder = ?",
                    row -> new Row(Totp.of(row.getString(1)), row.getLong(2), row.getInt(3), row.getLong(4)),
                    holder);
            if (found.isEmpty()) {
                return Tried.WRONG;
            }
            return claims(tx, holder, found.get()) ? attempt(tx, holder, typed, found.get()) : Tried.WAIT;
        });
    }

    /// Counts a try before it is made, and only if nobody else counted one meanwhile: a thousand that are sent at once
    /// are no more than one.
    private boolean claims(Tx tx, String holder, Row row) throws SQLException {
        long now = clock.millis();
        return now >= row.failedAt + wait(row.failures).toMillis()
                && tx.update(
                                "UPDATE second_factors SET failures = ?, failed_at = ?"
                                        + " WHERE holder = ? AND failures = ? AND failed_at = ?",
                                row.failures + 1,
                                now,
                                holder,
                                row.failures,
                                row.failedAt)
                        > 0;
    }

    private static Duration wait(int failures) {
        if (failures < FREE) {
            return Duration.ZERO;
        }
        Duration wait = WAIT_FIRST.multipliedBy(1L << Math.min(failures - FREE, DOUBLINGS_MAX));
        return wait.compareTo(WAIT_MAX) < 0 ? wait : WAIT_MAX;
    }

    private Tried attempt(Tx tx, String holder, String typed, Row row) throws SQLException {
        OptionalLong step =
                row.totp.isEmpty() ? OptionalLong.empty() : row.totp.get().step(typed, clock.instant());
        boolean right;
        if (step.isPresent()) {
            right = step.getAsLong() > row.step;
        } else {
            right = tx.update(
                            "DELETE FROM recovery_codes WHERE holder = ? AND digest = ?",
                            holder,
                            RecoveryCodes.digest(typed))
                    > 0;
            if (right) {
                Audit.record(tx, clock, actor.named(holder), "use a recovery code");
            }
        }
        if (right) {
            tx.update(
                    "UPDATE second_factors SET failures = 0, failed_at = 0, step = ? WHERE holder = ?",
                    step.orElse(row.step),
                    holder);
        }
        return right ? Tried.RIGHT : Tried.WRONG;
    }

    /// Takes that of a holder away, as the removal of the account does.
    static boolean remove(Tx tx, String holder) throws SQLException {
        return tx.update("DELETE FROM second_factors WHERE holder = ?", holder) > 0;
    }
}
