package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static qrate.vpopmail.Change.refuse;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import qrate.checkpassword.Hashes;
import qrate.checkpassword.PasswordRule;
import qrate.core.Address;
import qrate.directory.Names;
import qrate.vpopmail.Database.Tx;

/// Who may sign in to the admin service, tokens, and the audit log.
public final class Accounts {
    /// Most lines kept of the audit log; the oldest go first.
    public static final int AUDIT_LINES_MAX = 10_000;

    /// Most tokens one holder may have.
    public static final int TOKENS_MAX = 20;

    private static final int TOKEN_CHARS = 40;
    private static final String TOKEN_PREFIX = "qrate_";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final Database database;
    private final int cost;
    private final InstantSource clock;
    private final Hashes hashes;
    private final SecureRandom random = new SecureRandom();

    Accounts(Database database, int cost, InstantSource clock) {
        this.database = database;
        this.cost = cost;
        this.clock = clock;
        this.hashes = new Hashes(cost);
    }

    /// One line of the audit log.
    public record Event(Instant when, String who, String what) {}

    /// One token, which itself is never shown again.
    public record Token(String id, String label, Instant created) {}

    /// Who a login belongs to.
    ///
    /// @param hash of the password
    record Known(Principal principal, String hash) {
        @Override
        public String toString() {
            return "Known[" + principal + "]";
        }
    }

    /// Signs in by password. Takes as long for an unknown name as for a wrong password.
    ///
    /// @param login an administrator's name, or a mailbox's address
    public Optional<Principal> signIn(String login, String password) throws IOException {
        return known(login, password).map(Known::principal);
    }

    /// As {@link #signIn}, with the hash that the password was found to have.
    Optional<Known> known(String login, String password) throws IOException {
        Optional<Known> known = find(login);
        byte[] given = password.getBytes(UTF_8);
        boolean bounded = given.length > 0 && given.length <= PasswordRule.BYTES_MAX;
        byte[] tried = bounded ? given : new byte[] {'x'};
        Hashes.Match match = known.map(k -> hashes.compare(tried, k.hash)).orElse(Hashes.Match.UNKNOWN);
        if (match == Hashes.Match.UNKNOWN) {
            hashes.pretend(tried);
        }
        return match == Hashes.Match.SAME && bounded ? known : Optional.empty();
    }

    private Optional<Known> find(String login) throws IOException {
        Address address = Address.of(login);
        if (address.domain().isEmpty()) {
            return database.call(tx -> tx.one(
                    "SELECT name, hash FROM administrators WHERE name = ?",
                    r -> new Known(new Principal.Administrator(r.getString(1)), r.getString(2)),
                    login));
        }
        Optional<String> local = Names.local(address.local());
        Optional<String> domain = Names.domain(address.domain());
        if (local.isEmpty() || domain.isEmpty()) {
            return Optional.empty();
        }
        String name = local.get() + "@" + domain.get();
        return database.call(tx -> tx.one(
                "SELECT hash, postmaster FROM mailboxes WHERE domain = ? AND box = ?",
                r -> new Known(
                        r.getBoolean(2) ? new Principal.Postmaster(name, domain.get()) : new Principal.Owner(name),
                        r.getString(1)),
                domain.get(),
                local.get()));
    }

    /// Who a name is now, without a password; empty when it is gone.
    public Optional<Principal> principal(String name) throws IOException {
        return find(name).map(Known::principal);
    }

    /// A text that changes with the password of a name, for sessions that must end with it; empty for nobody.
    public String fingerprint(String name) throws IOException {
        return find(name).map(k -> sha256(k.hash).substring(0, 16)).orElse("");
    }

    /// Adds an administrator, or gives one another password.
    public Change setAdministrator(String name, Password password) throws IOException {
        if (!NAME.matcher(name).matches()) {
            return refuse(Change.Reason.INVALID, "Invalid administrator name");
        }
        Optional<String> problem = password.problem(cost);
        if (problem.isPresent()) {
            return refuse(Change.Reason.INVALID, problem.get());
        }
        String hash = password.hash(cost);
        return database.call(tx -> {
            if (tx.update("UPDATE administrators SET hash = ? WHERE name = ?", hash, name) == 0) {
                tx.update("INSERT INTO administrators (name, hash, created) VALUES (?, ?, ?)", name, hash, now());
            }
            record(tx, clock, name, "administrator password of " + name);
            return new Change.Done();
        });
    }

    /// Whether there is any administrator.
    public boolean hasAdministrator() throws IOException {
        return database.call(tx -> tx.count("SELECT COUNT(*) FROM administrators")) > 0;
    }

    /// Makes a token that does whatever its holder may.
    ///
    /// @return the token, which cannot be had again; empty when the holder has too many
    public Optional<String> createToken(Principal holder, String label) throws IOException {
        String token = TOKEN_PREFIX + Password.random(random, TOKEN_CHARS).text();
        String bounded = label.length() > 100 ? label.substring(0, 100) : label;
        return database.call(tx -> {
            if (tx.count("SELECT COUNT(*) FROM tokens WHERE holder = ?", holder.name()) >= TOKENS_MAX) {
                return Optional.empty();
            }
            tx.update(
                    "INSERT INTO tokens (digest, holder, label, created) VALUES (?, ?, ?, ?)",
                    sha256(token),
                    holder.name(),
                    bounded,
                    now());
            record(tx, clock, holder.name(), "make token " + bounded);
            return Optional.of(token);
        });
    }

    /// Tokens of a holder.
    public List<Token> tokens(Principal holder) throws IOException {
        return database.call(tx -> tx.list(
                "SELECT digest, label, created FROM tokens WHERE holder = ? ORDER BY created",
                r -> new Token(r.getString(1).substring(0, 12), r.getString(2), Instant.ofEpochMilli(r.getLong(3))),
                holder.name()));
    }

    /// Removes a token of a holder by its {@link Token#id()}.
    public boolean deleteToken(Principal holder, String id) throws IOException {
        if (!id.matches("[0-9a-f]{12}")) {
            return false;
        }
        return database.call(tx -> {
            int gone = tx.update("DELETE FROM tokens WHERE holder = ? AND digest LIKE ?", holder.name(), id + "%");
            if (gone > 0) {
                record(tx, clock, holder.name(), "delete token " + id);
            }
            return gone > 0;
        });
    }

    /// Who holds a token.
    public Optional<Principal> byToken(String token) throws IOException {
        if (token.length() != TOKEN_PREFIX.length() + TOKEN_CHARS) {
            return Optional.empty();
        }
        Optional<String> holder = database.call(
                tx -> tx.one("SELECT holder FROM tokens WHERE digest = ?", r -> r.getString(1), sha256(token)));
        return holder.isEmpty() ? Optional.empty() : principal(holder.get());
    }

    /// Writes a line to the audit log.
    public void record(String who, String what) throws IOException {
        database.call(tx -> {
            record(tx, clock, who, what);
            return true;
        });
    }

    static void record(Tx tx, InstantSource clock, String who, String what) throws SQLException {
        String bounded = what.length() > 1000 ? what.substring(0, 1000) : what;
        tx.update("INSERT INTO audit (happened, who, what) VALUES (?, ?, ?)", clock.millis(), who, bounded);
        tx.update("DELETE FROM audit WHERE id <= (SELECT MAX(id) FROM audit) - " + AUDIT_LINES_MAX);
    }

    /// The newest lines of the audit log, newest first.
    public List<Event> audit(int most) throws IOException {
        return database.call(tx -> tx.list(
                "SELECT happened, who, what FROM audit ORDER BY id DESC LIMIT " + most,
                r -> new Event(Instant.ofEpochMilli(r.getLong(1)), r.getString(2), r.getString(3))));
    }

    /// Whether the database answers.
    public boolean alive() {
        try {
            return database.call(tx -> tx.count("SELECT COUNT(*) FROM schema_version")) > 0;
        } catch (IOException _) {
            // the caller says so
            return false;
        }
    }

    private long now() {
        return clock.millis();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
