package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import qrate.directory.Database.Tx;

/// Tokens for the REST API: each ends at some time, and with its holder's password.
public final class Tokens {
    /// Most tokens one holder may have.
    public static final int TOKENS_MAX = 20;

    /// How long a token lasts where nobody says how long.
    public static final Duration LASTS_DEFAULT = Duration.ofDays(90);

    /// Longest that a token may last.
    public static final Duration LASTS_MAX = Duration.ofDays(366);

    /// How exactly the last use is noted: not every request writes.
    static final Duration USE_EVERY = Duration.ofMinutes(1);

    private static final int LABEL_CHARS_MAX = 100;
    private static final int TOKEN_CHARS = 40;
    /// Of a digest, in the name of a token or a session.
    static final int ID_CHARS = 12;

    private static final String PREFIX = "qrate_";
    private static final String COLUMNS =
            "SELECT digest, holder, label, reach, created, expires_at, used_at FROM tokens";

    private final Database database;
    private final InstantSource clock;
    private final Actor actor;
    private final SecureRandom random = new SecureRandom();

    /// @param actor for the audit log
    Tokens(Database database, InstantSource clock, Actor actor) {
        this.database = database;
        this.clock = clock;
        this.actor = actor;
    }

    /// What a token may.
    public enum Scope {
        /// look, and change nothing
        READ,
        /// whatever its holder may
        ROLE;

        /// As the REST API spells it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// A scope by its word; empty for none.
        public static Optional<Scope> of(String word) {
            return List.of(values()).stream()
                    .filter(scope -> scope.word().equals(word))
                    .findFirst();
        }
    }

    /// One token, which itself is never shown again.
    ///
    /// @param id names it
    /// @param used when last; {@link Instant#EPOCH} for never
    public record Token(
            String id, String holder, String label, Scope scope, Instant created, Instant expires, Instant used) {}

    /// A token that somebody wants.
    ///
    /// @param label what it is for
    public record Wish(String label, Scope scope, Duration lasts) {
        /// One that may what its holder may, for the usual time.
        public static Wish usual(String label) {
            return new Wish(label, Scope.ROLE, LASTS_DEFAULT);
        }
    }

    /// Whoever came with a token.
    ///
    /// @param holder name of its holder
    record Bearer(String holder, Scope scope) {}

    /// Gives tokens of a version that knew no end one, counted from now.
    static void adopt(Database database, InstantSource clock) throws IOException {
        long end = clock.millis() + LASTS_DEFAULT.toMillis();
        database.call(tx -> tx.update("UPDATE tokens SET expires_at = ? WHERE expires_at = 0", end));
    }

    /// Makes a token.
    ///
    /// @return the token, which cannot be had again; empty when the holder has too many
    /// @throws IllegalArgumentException when it would last longer than one may
    public Optional<String> create(Principal holder, Wish wish) throws IOException {
        if (wish.lasts.isNegative() || wish.lasts.isZero() || wish.lasts.compareTo(LASTS_MAX) > 0) {
            throw new IllegalArgumentException("a token lasts at most " + LASTS_MAX.toDays() + " days");
        }
        String token = PREFIX + Password.random(random, TOKEN_CHARS).text();
        String label = wish.label.length() > LABEL_CHARS_MAX ? wish.label.substring(0, LABEL_CHARS_MAX) : wish.label;
        long now = clock.millis();
        return database.call(tx -> {
            tx.update("DELETE FROM tokens WHERE holder = ? AND expires_at <= ?", holder.name(), now);
            if (tx.count("SELECT COUNT(*) FROM tokens WHERE holder = ?", holder.name()) >= TOKENS_MAX) {
                return Optional.empty();
            }
            tx.update(
                    "INSERT INTO tokens (digest, holder, label, reach, created, expires_at, used_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?, 0)",
                    sha256(token),
                    holder.name(),
                    label,
                    wish.scope.name(),
                    now,
                    now + wish.lasts.toMillis());
            Audit.record(
                    tx,
                    clock,
                    actor.named(holder.name()),
                    "make token " + label + " (" + wish.scope.word() + ", " + wish.lasts.toDays() + " days)");
            return Optional.of(token);
        });
    }

    /// Tokens of a holder that have not ended, oldest first.
    public List<Token> of(String holder) throws IOException {
        return database.call(tx -> tx.list(
                COLUMNS + " WHERE holder = ? AND expires_at > ? ORDER BY created",
                Tokens::token,
                holder,
                clock.millis()));
    }

    /// Everybody's tokens that have not ended, by holder.
    public List<Token> all() throws IOException {
        return database.call(tx ->
                tx.list(COLUMNS + " WHERE expires_at > ? ORDER BY holder, created", Tokens::token, clock.millis()));
    }

    private static Token token(ResultSet row) throws SQLException {
        return new Token(
                row.getString(1).substring(0, ID_CHARS),
                row.getString(2),
                row.getString(3),
                Scope.valueOf(row.getString(4)),
                Instant.ofEpochMilli(row.getLong(5)),
                Instant.ofEpochMilli(row.getLong(6)),
                Instant.ofEpochMilli(row.getLong(7)));
    }

    /// Ends all tokens of a holder, as a new password, or the removal of the account, does.
    ///
    /// @return how many there were
    static int endAll(Tx tx, String holder) throws SQLException {
        return tx.update("DELETE FROM tokens WHERE holder = ?", holder);
    }

    /// Who holds a token that has not ended; its use is noted.
    Optional<Bearer> bearer(String token) throws IOException {
        if (token.length() != PREFIX.length() + TOKEN_CHARS) {
            return Optional.empty();
        }
        String digest = sha256(token);
        long now = clock.millis();
        Optional<Token> known = database.call(
                tx -> tx.one(COLUMNS + " WHERE digest = ? AND expires_at > ?", Tokens::token, digest, now));
        if (known.isPresent() && now - known.get().used.toEpochMilli() >= USE_EVERY.toMillis()) {
            database.call(tx -> tx.update("UPDATE tokens SET used_at = ? WHERE digest = ?", now, digest));
        }
        return known.map(found -> new Bearer(found.holder, found.scope));
    }

    /// What names a token that was just made.
    public static String id(String token) {
        return sha256(token).substring(0, ID_CHARS);
    }

    static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
