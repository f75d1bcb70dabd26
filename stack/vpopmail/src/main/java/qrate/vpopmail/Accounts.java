package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static qrate.vpopmail.Change.refuse;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import qrate.checkpassword.Hashes;
import qrate.checkpassword.PasswordRule;
import qrate.core.Address;
import qrate.directory.Names;

/// Who may sign in to the admin service, and by which token.
public final class Accounts implements Staff {
    static final String NO_ADMINISTRATOR = "There is no such administrator";

    /// Name in the audit log of commands on the same machine, which ask as whoever may read `db/`.
    public static final String COMMAND = "command";

    /// Names in the audit log of what is no administrator.
    private static final Set<String> RESERVED = Set.of(COMMAND, "init", "import", "vchkpw");

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final Database database;
    private final int cost;
    private final InstantSource clock;
    private final Actor actor;
    private final Hashes hashes;

    /// @param actor for the audit log
    Accounts(Database database, int cost, InstantSource clock, Actor actor) {
        this.database = database;
        this.cost = cost;
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

    /// A text that changes with the password of a name, for sessions that must end with it; empty for nobody.
    public String fingerprint(String name) throws IOException {
        return find(name).map(k -> Tokens.sha256(k.hash).substring(0, 16)).orElse("");
    }

    /// Whether a text can be an administrator's name.
    public static boolean isName(String name) {
        return NAME.matcher(name).matches() && !RESERVED.contains(name);
    }

    /// Adds an administrator, or gives one another password.
    public Change setAdministrator(String name, Password password) throws IOException {
        Change change = setAdministratorPassword(name, password, false);
        return change instanceof Change.Refused(Change.Reason reason, String _) && reason == Change.Reason.MISSING
                ? addAdministrator(name, password)
                : change;
    }

    @Override
    public List<Administrator> administrators() throws IOException {
        return database.call(tx -> tx.list(
                "SELECT name, created, signed_in FROM administrators ORDER BY name",
                r -> new Administrator(
                        r.getString(1), Instant.ofEpochMilli(r.getLong(2)), Instant.ofEpochMilli(r.getLong(3)))));
    }

    @Override
    public Change addAdministrator(String name, Password password) throws IOException {
        if (!isName(name)) {
            return refuse(
                    Change.Reason.INVALID,
                    "Invalid administrator name: small letters, digits and . _ - behind the first, none of "
                            + RESERVED);
        }
        Optional<String> problem = password.problem(cost);
        if (problem.isPresent()) {
            return refuse(Change.Reason.INVALID, problem.get());
        }
        String hash = password.hash(cost);
        return database.call(tx -> {
            if (tx.count("SELECT COUNT(*) FROM administrators WHERE name = ?", name) > 0) {
                return refuse(Change.Reason.EXISTS, "Administrator exists");
            }
            tx.update("INSERT INTO administrators (name, hash, created) VALUES (?, ?, ?)", name, hash, clock.millis());
            Audit.record(tx, clock, actor, "add administrator " + name);
            return new Change.Done();
        });
    }

    @Override
    public Change setAdministratorPassword(String name, Password password, boolean keepTokens) throws IOException {
        Optional<String> problem = password.problem(cost);
        if (problem.isPresent()) {
            return refuse(Change.Reason.INVALID, problem.get());
        }
        String hash = password.hash(cost);
        return database.call(tx -> {
            if (tx.update("UPDATE administrators SET hash = ? WHERE name = ?", hash, name) == 0) {
                return refuse(Change.Reason.MISSING, NO_ADMINISTRATOR);
            }
            SignIns.endAll(tx, name);
            if (!keepTokens) {
                Tokens.endAll(tx, name);
            }
            Audit.record(tx, clock, actor, "administrator password of " + name);
            return new Change.Done();
        });
    }

    @Override
    public Change removeAdministrator(String name) throws IOException {
        return database.call(tx -> {
            if (tx.update("DELETE FROM administrators WHERE name = ?", name) == 0) {
                return refuse(Change.Reason.MISSING, NO_ADMINISTRATOR);
            }
            if (tx.count("SELECT COUNT(*) FROM administrators") == 0) {
                return refuse(Change.Reason.LIMIT, "The last administrator cannot be removed: add another first");
            }
            SignIns.endAll(tx, name);
            Tokens.endAll(tx, name);
            Audit.record(tx, clock, actor, "remove administrator " + name);
            return new Change.Done();
        });
    }

    @Override
    public List<Tokens.Token> tokens() throws IOException {
        return new Tokens(database, clock, actor).all();
    }

    @Override
    public Change endToken(String id) throws IOException {
        return new Tokens(database, clock, actor).end(id, "")
                ? new Change.Done()
                : refuse(Change.Reason.MISSING, "There is no such token");
    }

    @Override
    public List<SignIns.SignIn> sessions() throws IOException {
        return signIns().all();
    }

    @Override
    public Change endSession(String id) throws IOException {
        return signIns().end(id, "") ? new Change.Done() : refuse(Change.Reason.MISSING, "There is no such session");
    }

    private SignIns signIns() {
        return new SignIns(database, clock, actor);
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
