package qrate.checkpassword;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import qrate.core.Log;
import qrate.core.State;
import qrate.directory.Directory;

/// Checks logins against the directory's password snapshot, as vchkpw does.
///
/// Hashes are computed on a few platform threads of their own, so that a flood of logins leaves the virtual threads'
/// carriers to the mail.
public final class Vchkpw implements PasswordChecker, AutoCloseable {
    /// Longest login in characters.
    public static final int LOGIN_CHARS_MAX = 320;

    /// Longest password in bytes.
    public static final int PASSWORD_BYTES_MAX = 512;

    /// Logins that may wait for a thread; more are answered {@link Answer.Unavailable}.
    static final int WAITING_MAX = 256;

    /// Longest wait for a check.
    static final Duration WAIT_MAX = Duration.ofSeconds(20);

    private static final int KEY_BYTES = 32;

    private final Directory directory;
    private final Path maildirs;
    private final Guard guard;
    private final Log log;
    private final ThreadPoolExecutor workers;

    /// What a checker remembers and computes with.
    record Guard(Throttle throttle, Successes successes, Hashes hashes, Upgrades upgrades) {
        static Guard of(InstantSource clock, byte[] key, Upgrades upgrades) {
            return new Guard(
                    new Throttle(clock), new Successes(clock, key), new Hashes(Hashes.BCRYPT_COST_DEFAULT), upgrades);
        }
    }

    Vchkpw(Directory directory, Path maildirs, Guard guard, Log log) {
        this.directory = directory;
        this.maildirs = maildirs.toAbsolutePath().normalize();
        this.guard = guard;
        this.log = log;
        int threads = 2 * Runtime.getRuntime().availableProcessors();
        this.workers = new ThreadPoolExecutor(
                threads,
                threads,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().daemon().name("checkpassword-", 0).factory());
        workers.allowCoreThreadTimeOut(true);
    }

    /// The checker of a running system, with the system's clock and a random key.
    ///
    /// @param state its Maildirs, which the accounts' homes are relative to, and the socket of {@link Upgrades}
    public static Vchkpw standard(Directory directory, State state, Log log) {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Upgrades upgrades = Upgrades.at(state.passwords().resolve(Upgrades.SOCKET), log);
        return new Vchkpw(directory, state.maildirs(), Guard.of(InstantSource.system(), key, upgrades), log);
    }

    @Override
    public Answer check(String login, byte[] password, Asker service, String remote) {
        Optional<Directory.Account> found;
        String name = login.toLowerCase(Locale.ROOT);
        boolean possible = login.length() <= LOGIN_CHARS_MAX
                && password.length > 0
                && password.length <= PASSWORD_BYTES_MAX
                && login.indexOf('@') > 0
                && login.chars().noneMatch(c -> c < 0x20 || c == 0x7f);
        try {
            found = possible ? directory.account(name) : Optional.empty();
        } catch (IOException e) {
            return new Answer.Unavailable("password snapshot: " + e.getMessage());
        }
        Optional<Directory.Account> open = found.filter(a -> service == Asker.POP3 ? a.pop() : a.smtp());
        String account = found.map(Directory.Account::address)
                .orElse(name.length() <= LOGIN_CHARS_MAX ? name : name.substring(0, LOGIN_CHARS_MAX));
        // a remembered login passes whatever others have tried meanwhile: guessing never locks the owner out
        if (open.isPresent()
                && guard.successes.remembers(account, password, open.get().hash())) {
            guard.throttle.succeeded(remote, account);
            return accepted(open.get());
        }
        if (!guard.throttle.open(remote, account)) {
            return new Answer.Throttled();
        }
        return compute(new Try(account, open, remote), bounded(password));
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }

    private record Try(String account, Optional<Directory.Account> open, String remote) {}

    private static byte[] bounded(byte[] password) {
        return password.length <= PASSWORD_BYTES_MAX ? password : java.util.Arrays.copyOf(password, PASSWORD_BYTES_MAX);
    }

    private Answer compute(Try attempt, byte[] password) {
        Future<Answer> answer;
        try {
            answer = workers.submit(() -> verify(attempt, password));
        } catch (RejectedExecutionException _) {
            return new Answer.Unavailable("too many logins at once");
        }
        try {
            return answer.get(WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            answer.cancel(false);
            return new Answer.Unavailable("no answer in " + WAIT_MAX.toSeconds() + " s");
        } catch (ExecutionException e) {
            return new Answer.Unavailable(String.valueOf(e.getCause()));
        } catch (InterruptedException _) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            return new Answer.Unavailable("stopping");
        }
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
        guard.throttle.succeeded(attempt.remote, attempt.account);
        guard.successes.add(attempt.account, password, account.hash());
        if (Hashes.old(account.hash())) {
            guard.upgrades.offer(attempt.account, password);
        }
        return accepted(account);
    }

    private Answer accepted(Directory.Account account) {
        Path home = maildirs.resolve(account.home()).normalize();
        if (!home.startsWith(maildirs) || home.equals(maildirs)) {
            return new Answer.Unavailable("home of " + account.address() + " is outside the maildirs");
        }
        return new Answer.Accepted(account.address(), home);
    }
}
