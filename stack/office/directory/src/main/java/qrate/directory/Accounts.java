package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import qrate.checkpassword.Hashes;
import qrate.checkpassword.PasswordRule;
import qrate.core.Address;
import qrate.snapshots.Names;

/// Who may sign in to the admin service, and by which token.
public final class Accounts implements Staff {
    /// Name in the audit log of commands on the same machine, which ask as whoever may read `db/`.
    public static final String COMMAND = "command";

    /// Names in the audit log of what is no administrator.
    static final Set<String> RESERVED = Set.of(COMMAND, "init", "import", "vchkpw");

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final Database database;
    private final InstantSource clock;
    private final Actor actor;
    private final Hashes hashes;

    /// @param actor for the audit log
    Accounts(Database database, int cost, InstantSource clock, Actor actor) {
        this.database = database;
        this.clock = clock;
        this.actor = actor;
        this.hashes = new Hashes(cost);
    }

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
        if (match == Hashes.Match.SAME && bounded) {
            return known;
        }
        // as new ones are hashed; one of before may have been hashed as it was typed
        String normal = PasswordRule.normal(password);
        return normal.equals(password) ? Optional.empty() : known(login, normal);
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
        return database.call(tx -> {
            Box box = new Box(local.get(), domain.get()).real(tx);
            String name = box.toString();
            return tx.one(
                    "SELECT hash, postmaster FROM mailboxes WHERE domain = ? AND box = ?",
                    r -> new Known(
                            r.getBoolean(2) ? new Principal.Postmaster(name, box.domain()) : new Principal.Owner(name),
                            r.getString(1)),
                    box.domain(),
                    box.local());
        });
    }

    /// Who a name is now, without a password; empty when it is gone.
    public Optional<Principal> principal(String name) throws IOException {
        return find(name).map(Known::principal);
    }

    /// Whether somebody must choose another password before anything else; an administrator need not.
    public boolean mustChange(Principal who) throws IOException {
        Optional<Box> box = who instanceof Principal.Administrator ? Optional.empty() : Box.of(who.name());
        return box.isPresent()
                && database.call(tx -> tx.count(
                                "SELECT COUNT(*) FROM mailboxes WHERE domain = ? AND box = ? AND must_change = TRUE",
                                box.get().domain(),
                                box.get().local()))
                        > 0;
    }

    /// A text that changes with the password of a name, for sessions that must end with it; empty for nobody.
    public String fingerprint(String name) throws IOException {
        return find(name).map(k -> Tokens.sha256(k.hash).substring(0, 16)).orElse("");
    }

    /// Whether a text can be an administrator's name.
    public static boolean isName(String name) {
        return NAME.matcher(name).matches() && !RESERVED.contains(name);
    }

    @Override
    public List<Administrator> administrators() throws IOException {
        return database.call(tx -> tx.list(
                "SELECT name, created, signed_in, recovery FROM administrators ORDER BY name",
                r -> new Administrator(
                        r.getString(1),
                        Instant.ofEpochMilli(r.getLong(2)),
                        Instant.ofEpochMilli(r.getLong(3)),
                        Rows.orEmpty(r.getString(4)))));
    }

    @Override
    public List<Tokens.Token> tokens() throws IOException {
        return new Tokens(database, clock, actor).all();
    }

    @Override
    public List<Audit.Numbered> audit(String query, int most) throws IOException {
        return new Audit(database, clock)
                .find(query.toLowerCase(Locale.ROOT), 0, most)
                .lines();
    }

    @Override
    public List<SignIns.SignIn> sessions() throws IOException {
        return new SignIns(database, clock, actor).all();
    }

    @Override
    public Optional<SecondFactors.Present> secondFactor(String holder) throws IOException {
        Optional<Box> box = Box.of(holder);
        String name =
                box.isEmpty() ? holder : database.call(tx -> box.get().real(tx).toString());
        return new SecondFactors(database, clock, actor).of(name);
    }

    /// Somebody who came with a token.
    public record Bearer(Principal principal, Tokens.Scope scope) {}

    /// Who holds a token; its use is noted.
    public Optional<Bearer> byToken(String token) throws IOException {
        Optional<Tokens.Bearer> known = new Tokens(database, clock, actor).bearer(token);
        Optional<Principal> holder =
                known.isEmpty() ? Optional.empty() : principal(known.get().holder());
        return holder.map(principal -> new Bearer(principal, known.get().scope()));
    }

    /// Whether there is any administrator.
    public boolean hasAdministrator() throws IOException {
        return database.call(tx -> tx.count("SELECT COUNT(*) FROM administrators")) > 0;
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
}
