package qrate.checkpassword;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import qrate.core.Log;
import qrate.core.State;
import qrate.snapshots.AppPassword;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;

/// Checks logins against the directory's password snapshot, as vchkpw does.
public final class Vchkpw implements PasswordChecker, AutoCloseable {
    /// Longest login in characters.
    public static final int LOGIN_CHARS_MAX = 320;

    /// Longest password in bytes.
    public static final int PASSWORD_BYTES_MAX = 512;

    /// Names the cost of new hashes, which whoever checks must know to answer as slowly where there is none.
    private static final String COST = "QRATE_BCRYPT_COST";

    private static final int KEY_BYTES = 32;

    private final Directory directory;
    private final Path maildirs;
    private final Guard guard;
    private final Log log;
    private final Workers workers = new Workers();

    /// What a checker remembers and computes with.
    record Guard(Throttle throttle, Successes successes, Hashes hashes, Upgrades upgrades, LoginNotes logins) {}

    Vchkpw(Directory directory, Path maildirs, Guard guard, Log log) {
        this.directory = directory;
        this.maildirs = maildirs.toAbsolutePath().normalize();
        this.guard = guard;
        this.log = log;
    }

    /// The checker of a running system, with the system's clock and a random key.
    ///
    /// @param known where accounts have logged in from
    public static Vchkpw standard(State state, Map<String, String> environment, Known known, Log log) {
        InstantSource clock = InstantSource.system();
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Upgrades upgrades = Upgrades.at(state.passwords().resolve(Upgrades.SOCKET), log);
        Guard guard = new Guard(
                new Throttle(clock, known),
                new Successes(clock, key),
                new Hashes(cost(environment)),
                upgrades,
                LoginNotes.at(state.passwords().resolve(LoginNotes.SOCKET), clock));
        return new Vchkpw(new SnapshotDirectory(state, clock), state.maildirs(), guard, log);
    }

    private static int cost(Map<String, String> environment) {
        String said = environment.getOrDefault(COST, "");
        return said.matches("\\d{1,2}")
                ? Math.clamp(Integer.parseInt(said), HashRule.BCRYPT_COST_MIN, HashRule.BCRYPT_COST_CHECKED_MAX)
                : Hashes.BCRYPT_COST_DEFAULT;
    }

    @Override
    public Answer check(String login, byte[] password, Asker service, String remote) {
        Optional<Directory.Account> found;
        String name = login.toLowerCase(Locale.ROOT);
        boolean possible = login.length() <= LOGIN_CHARS_MAX
                && password.length > 0
                && password.length <= PASSWORD_BYTES_MAX
                && login.indexOf('@') > 0
                && login.chars().noneMatch(c -> c < 0x20 || c == 0x7f)
                && !holdsNul(password);
        try {
            found = possible ? directory.account(name) : Optional.empty();
        } catch (IOException e) {
            return new Answer.Unavailable("password snapshot: " + e.getMessage());
        }
        Optional<Directory.Account> open = found.filter(a -> service == Asker.POP3 ? a.pop() : a.smtp());
        Optional<AppPassword> app = open.flatMap(a -> app(a, password, service));
        String account = found.map(Directory.Account::address)
                .orElse(name.length() <= LOGIN_CHARS_MAX ? name : name.substring(0, LOGIN_CHARS_MAX));
        // nobody guesses one of these, and an old password that one program of the owner's keeps trying must not lock
        // out
        // his others: it passes whatever was tried meanwhile
        if (app.isPresent()) {
            return opened(open.get(), service, remote, app);
        }
        open = open.filter(a -> !a.appOnly());
        // so does a remembered login: guessing never locks the owner out
        if (open.isPresent()
                && guard.successes.remembers(account, password, open.get().hash())) {
            return opened(open.get(), service, remote, app);
        }
        if (!guard.throttle.open(remote, account)) {
            return new Answer.Throttled();
        }
        return compute(new Try(account, open, service, remote), bounded(password));
    }

    /// The app password that it is, of those that open this door.
    private static Optional<AppPassword> app(Directory.Account account, byte[] password, Asker service) {
        return account.apps().isEmpty()
                ? Optional.empty()
                : AppSecret.typed(password)
                        .flatMap(typed -> account.apps().stream()
                                .filter(one -> service == Asker.POP3 ? one.pop() : one.smtp())
                                .filter(typed::is)
                                .findFirst());
    }

    @Override
    public void close() {
        workers.close();
        guard.throttle.save();
    }

    private record Try(String account, Optional<Directory.Account> open, Asker door, String remote) {}

    /// Whether a password could end another field early.
    static boolean holdsNul(byte[] password) {
        boolean nul = false;
        for (byte b : password) {
            nul |= b == 0;
        }
        return nul;
    }

    private static byte[] bounded(byte[] password) {
        return password.length <= PASSWORD_BYTES_MAX ? password : Arrays.copyOf(password, PASSWORD_BYTES_MAX);
    }

    private Answer compute(Try attempt, byte[] password) {
        boolean costly = attempt.open.filter(a -> guard.hashes.costly(a.hash())).isPresent();
        boolean stranger = !guard.throttle.known(attempt.remote, attempt.account);
        Workers.Place place = new Workers.Place(Networks.one(attempt.remote), stranger, costly);
        return workers.run(place, () -> verify(attempt, password));
    }

    private Answer verify(Try attempt, byte[] password) {
        // asked again here: a thousand tries sent at once have all passed the first question
        if (!guard.throttle.open(attempt.remote, attempt.account)) {
            return new Answer.Throttled();
        }
        Hashes.Match match = Hashes.Match.OTHER;
        if (attempt.open.isPresent()) {
            match = guard.hashes.compare(password, attempt.open.get().hash());
        }
        if (attempt.open.isEmpty() || match == Hashes.Match.UNKNOWN) {
            guard.hashes.pretend(password);
        }
        if (match == Hashes.Match.UNKNOWN) {
            log.line("vchkpw: hash of an unknown kind, login refused: " + attempt.account);
        }
        if (match != Hashes.Match.SAME) {
            guard.throttle.failed(attempt.remote, attempt.account);
            return new Answer.Refused();
        }
        Directory.Account account = attempt.open.get();
        guard.successes.add(attempt.account, password, account.hash());
        if (Hashes.old(account.hash())) {
            guard.upgrades.offer(attempt.account, password);
        }
        return opened(account, attempt.door, attempt.remote, Optional.empty());
    }

    private Answer opened(Directory.Account account, Asker door, String remote, Optional<AppPassword> app) {
        guard.throttle.succeeded(remote, account.address());
        guard.logins.note(account, door, remote, app);
        return accepted(maildirs, account.address(), account.home());
    }

    /// A login to a home that must lie below the maildirs.
    static Answer accepted(Path maildirs, String address, String relative) {
        Path home = maildirs.resolve(relative).normalize();
        if (!home.startsWith(maildirs) || home.equals(maildirs)) {
            return new Answer.Unavailable("home of " + address + " is outside the maildirs");
        }
        return new Answer.Accepted(address, home);
    }
}
