package qrate.checkpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import qrate.checkpassword.PasswordChecker.Answer;
import qrate.checkpassword.PasswordChecker.Asker;
import qrate.core.Address;
import qrate.core.Log;
import qrate.snapshots.AppPassword;
import qrate.snapshots.Directory;

class VchkpwTest {
    private static final String U_STAR_U = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    private static final String OTHER = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK";
    private static final String HERE = "192.0.2.1";

    private final Map<String, Directory.Account> accounts = new ConcurrentHashMap<>(Map.of(
            "ann@example.test", account("ann", U_STAR_U, true, true),
            "pop@example.test", account("pop", U_STAR_U, true, false),
            "old@example.test",
                    account(
                            "old",
                            Crypt.hash("U*U".getBytes(StandardCharsets.US_ASCII), "$6$salt")
                                    .orElseThrow(),
                            true,
                            true),
            "odd@example.test", account("odd", "{unknown}", true, true),
            "out@example.test", new Directory.Account("out@example.test", U_STAR_U, "../../etc", true, true)));
    private final List<String> offered = new CopyOnWriteArrayList<>();
    private final List<String> noted = new CopyOnWriteArrayList<>();
    private volatile boolean listening = true;
    private final MovedClock clock = new MovedClock();
    private final Known known = Known.forgetful(clock);
    private final Vchkpw.Guard guard = new Vchkpw.Guard(
            new Throttle(clock, known),
            new Successes(clock, new byte[32]),
            new Hashes(5),
            (account, password) -> offered.add(account + " " + new String(password, StandardCharsets.US_ASCII)),
            new LoginNotes(clock, note -> {
                noted.add(new String(note, StandardCharsets.UTF_8).replace('\0', ' '));
                return listening;
            }));
    private volatile boolean broken;
    private final Vchkpw checker = new Vchkpw(new Fake(), Path.of("/maildirs"), guard, Log.silent());

    private static Directory.Account account(String user, String hash, boolean pop, boolean smtp) {
        return new Directory.Account(user + "@example.test", hash, "domains/example.test/" + user, pop, smtp);
    }

    private final class Fake implements Directory {
        @Override
        public Route route(Address address) {
            return new Route.NotOurs();
        }

        @Override
        public Optional<Account> account(String login) throws IOException {
            if (broken) {
                throw new IOException("torn");
            }
            return Optional.ofNullable(accounts.get(login));
        }

        @Override
        public boolean maySendAs(String mailbox, Address sender) {
            return false;
        }
    }

    @AfterEach
    void close() {
        checker.close();
    }

    private Answer check(String login, String password) {
        return checker.check(login, password.getBytes(StandardCharsets.UTF_8), Asker.POP3, HERE);
    }

    @Test
    void acceptsTheRightPasswordAndNamesTheHome() {
        assertEquals(
                new Answer.Accepted("ann@example.test", Path.of("/maildirs/domains/example.test/ann")),
                check("Ann@Example.Test", "U*U"));
    }

    @Test
    void doesTheSameWorkForEveryRefusal() {
        List<Callable<Answer>> refusals = List.of(
                () -> check("ann@example.test", "wrong"),
                () -> check("nobody@example.test", "wrong"),
                () -> check("ann", "U*U"),
                () -> check("ann@example.test", "U*U\0"),
                () -> check("", "U*U"),
                () -> check("@example.test", "U*U"),
                () -> check("a\u0000nn@example.test", "U*U"),
                () -> check("ann@example.test", ""),
                () -> check("ann@example.test", "x".repeat(Vchkpw.PASSWORD_BYTES_MAX + 1)),
                () -> check("x".repeat(100_000) + "@example.test", "U*U"),
                () -> check("odd@example.test", "U*U"),
                () -> checker.check("pop@example.test", "U*U".getBytes(StandardCharsets.UTF_8), Asker.SMTP, HERE));
        for (Callable<Answer> refusal : refusals) {
            int before = guard.hashes().computed();
            try {
                assertEquals(new Answer.Refused(), refusal.call());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            assertEquals(before + 1, guard.hashes().computed());
        }
    }

    @Test
    void computesAPollingClientsHashOnceUntilTheHashChanges() {
        check("ann@example.test", "U*U");
        int computed = guard.hashes().computed();
        assertInstanceOf(Answer.Accepted.class, check("ann@example.test", "U*U"));
        assertEquals(computed, guard.hashes().computed());
        assertEquals(new Answer.Refused(), check("ann@example.test", "U*U*"));
        accounts.put("ann@example.test", account("ann", OTHER, true, true));
        assertEquals(new Answer.Refused(), check("ann@example.test", "U*U"));
        assertInstanceOf(Answer.Accepted.class, check("ann@example.test", "U*U*"));
        clock.move(Successes.KEEP.plusSeconds(1));
        computed = guard.hashes().computed();
        assertInstanceOf(Answer.Accepted.class, check("ann@example.test", "U*U*"));
        assertEquals(computed + 1, guard.hashes().computed());
    }

    @Test
    void offersThePasswordBehindAnOldHashAndNoOther() {
        check("old@example.test", "wrong");
        check("ann@example.test", "U*U");
        assertEquals(List.of(), offered);
        assertInstanceOf(Answer.Accepted.class, check("Old@example.test", "U*U"));
        assertEquals(List.of("old@example.test U*U"), offered);
    }

    @Test
    void throttlesWithoutComputingAndOpensAgainWithTime() {
        for (int i = 0; i < Throttle.PAIR_FREE; i++) {
            assertEquals(new Answer.Refused(), check("ann@example.test", "wrong"));
        }
        int computed = guard.hashes().computed();
        assertEquals(new Answer.Throttled(), check("ann@example.test", "U*U"));
        assertEquals(computed, guard.hashes().computed());
        clock.move(Duration.ofSeconds(1));
        assertInstanceOf(Answer.Accepted.class, check("ann@example.test", "U*U"));
    }

    @Test
    void letsTheOwnerInWhileOthersGuessFromTheSameAddress() {
        check("ann@example.test", "U*U");
        for (int i = 0; i < 3 * Throttle.ADDRESS_FREE; i++) {
            check("ann@example.test", "wrong");
        }
        assertEquals(new Answer.Throttled(), check("ann@example.test", "wrong"));
        assertInstanceOf(Answer.Accepted.class, check("ann@example.test", "U*U"));
    }

    @Test
    void boundsWhatAFloodCanTryAtOnce() throws Exception {
        int tries = 200;
        List<Callable<Answer>> flood = new ArrayList<>();
        for (int i = 0; i < tries; i++) {
            flood.add(() -> check("ann@example.test", "wrong"));
        }
        int put = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : threads.invokeAll(flood)) {
                put += answer.get() instanceof Answer.Refused ? 0 : 1;
            }
        }
        int most = Throttle.PAIR_FREE + Workers.threads();
        assertTrue(
                guard.hashes().computed() <= most,
                () -> "computed " + guard.hashes().computed());
        assertTrue(put >= tries - most, "put off");
    }

    /// An office behind one address on a Monday morning, and after it a flood from there beside somebody else.
    @Test
    void letsAWholeOfficeInAtOnce() throws Exception {
        int people = Workers.PER_ADDRESS_ALONE_MAX;
        List<Callable<Answer>> office = new ArrayList<>();
        for (int i = 0; i < people; i++) {
            String name = "colleague" + i;
            accounts.put(name + "@example.test", account(name, U_STAR_U, true, true));
            office.add(() -> check(name + "@example.test", "U*U"));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : threads.invokeAll(office)) {
                assertInstanceOf(Answer.Accepted.class, answer.get());
            }
        }
    }

    /// One name's expensive hash, checked again and again, and everybody else's login.
    @Test
    void letsNobodyWaitForAnothersCostlyHash() throws Exception {
        accounts.put("slow@example.test", account("slow", Hashes.dummy(14), true, true));
        List<Callable<Answer>> flood = new ArrayList<>();
        for (int i = 0; i < 3 * Workers.COSTLY_WAITING_MAX; i++) {
            String from = "198.51." + i + ".1";
            flood.add(() ->
                    checker.check("slow@example.test", "wrong".getBytes(StandardCharsets.UTF_8), Asker.POP3, from));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> slow = flood.stream().map(threads::submit).toList();
            for (int i = 0; i < 20; i++) {
                assertInstanceOf(Answer.Accepted.class, check("ann@example.test", "U*U"));
                assertEquals(new Answer.Refused(), check("nobody" + i + "@example.test", "wrong"));
                clock.move(Throttle.WAIT_MAX);
            }
            assertTrue(slow.stream().anyMatch(answer -> !answer.isDone()), "the others have not waited for these");
            checker.close();
        }
    }

    private static Directory.Account withApps(String user, boolean appOnly, AppPassword... apps) {
        return new Directory.Account(
                user + "@example.test", U_STAR_U, "domains/example.test/" + user, true, true, List.of(apps), appOnly);
    }

    private static AppPassword app(AppSecret secret, boolean pop, boolean smtp) {
        String salt = AppSecret.salt(new SecureRandom());
        return new AppPassword("0123456789ab", pop, smtp, salt, secret.digest(salt));
    }

    private Answer send(String login, String password) {
        return checker.check(login, password.getBytes(StandardCharsets.UTF_8), Asker.SMTP, HERE);
    }

    @Test
    void anAppPasswordOpensItsDoorsAndCostsNoBcrypt() {
        AppSecret both = AppSecret.make(new SecureRandom());
        AppSecret pop = AppSecret.make(new SecureRandom());
        accounts.put("app@example.test", withApps("app", false, app(both, true, true), app(pop, true, false)));
        int before = guard.hashes().computed();
        Answer accepted = new Answer.Accepted("app@example.test", Path.of("/maildirs/domains/example.test/app"));
        assertEquals(accepted, check("app@example.test", both.text()));
        assertEquals(accepted, send("App@example.test", both.text().replace("-", "")));
        assertEquals(accepted, check("app@example.test", pop.text()));
        assertEquals(before, guard.hashes().computed());
        assertEquals(new Answer.Refused(), send("app@example.test", pop.text()), "it is for POP3 alone");
        assertEquals(new Answer.Refused(), check("ann@example.test", both.text()), "it is another's");
        assertEquals(before + 2, guard.hashes().computed(), "and a wrong one costs what any wrong password costs");
        assertInstanceOf(Answer.Accepted.class, check("app@example.test", "U*U"), "the mailbox's own goes on");
    }

    @Test
    void whereOnlyAppPasswordsOpenTheRightPasswordIsAsWrongAsAnother() {
        AppSecret secret = AppSecret.make(new SecureRandom());
        accounts.put("app@example.test", withApps("app", false, app(secret, true, true)));
        assertInstanceOf(Answer.Accepted.class, check("app@example.test", "U*U"), "remembered from now on");
        accounts.put("app@example.test", withApps("app", true, app(secret, true, true)));
        int before = guard.hashes().computed();
        assertEquals(new Answer.Refused(), check("app@example.test", "U*U"));
        assertEquals(new Answer.Refused(), check("app@example.test", "wrong"));
        assertEquals(before + 2, guard.hashes().computed());
        for (int i = 0; i < 2 * Throttle.PAIR_FREE; i++) {
            check("app@example.test", "U*U"); // a telephone that still has the old one
        }
        assertEquals(new Answer.Throttled(), check("app@example.test", "U*U"));
        assertInstanceOf(Answer.Accepted.class, check("app@example.test", secret.text()), "and his laptop");
        accounts.put("app@example.test", withApps("app", true));
        assertEquals(new Answer.Refused(), check("app@example.test", secret.text()), "one that has ended");
    }

    @Test
    void aLoginIsToldOfOnceAnHourFromEachPlace() {
        AppSecret secret = AppSecret.make(new SecureRandom());
        accounts.put("app@example.test", withApps("app", false, app(secret, true, true)));
        check("app@example.test", "wrong");
        for (int i = 0; i < 3; i++) {
            check("app@example.test", "U*U");
            check("App@example.test", secret.text());
        }
        send("app@example.test", "U*U");
        assertEquals(
                List.of(
                        "app@example.test POP3 192.0.2.1  ",
                        "app@example.test POP3 192.0.2.1 0123456789ab ",
                        "app@example.test SMTP 192.0.2.1  "),
                noted);
        clock.move(LoginNotes.AGAIN);
        listening = false;
        check("app@example.test", "U*U");
        check("app@example.test", "U*U");
        assertEquals(5, noted.size(), "what nobody took is told again");
    }

    @Test
    void aClosedDoorStaysClosedToAppPasswords() {
        AppSecret secret = AppSecret.make(new SecureRandom());
        accounts.put(
                "app@example.test",
                new Directory.Account(
                        "app@example.test", U_STAR_U, "h", false, true, List.of(app(secret, true, true)), false));
        assertEquals(new Answer.Refused(), check("app@example.test", secret.text()));
    }

    @Test
    void saysWhenItCannotTell() {
        broken = true;
        assertInstanceOf(Answer.Unavailable.class, check("ann@example.test", "U*U"));
        broken = false;
        assertInstanceOf(Answer.Unavailable.class, check("out@example.test", "U*U"));
    }
}
