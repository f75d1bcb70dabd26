package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.State;
import qrate.directory.SecondFactors.Tried;

/// The second factor at the pages, with a clock of the test's own.
class SecondFactorsTest {
    private static final Password PASSWORD = new Password.Clear("correct-horse-battery");
    private static final String ANN = "ann@example.test";
    private static final Change DONE = new Change.Done();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-12-01T10:00:10Z"));
    private final Totp totp = Totp.make(new SecureRandom());
    private final RecoveryCodes codes = RecoveryCodes.make(new SecureRandom());

    @TempDir
    private Path folder;

    private Domains domains;

    @BeforeEach
    void open() throws IOException {
        State state = new State(folder);
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        domains = Domains.open(state, Settings.of(Map.of("QRATE_BCRYPT_COST", "4"), state), now::get);
        for (Edit edit : List.of(
                new Edit.AddDomain("example.test", PASSWORD),
                new Edit.AddAliasDomain("example.test", "as.test"),
                new Edit.AddMailbox(ANN, PASSWORD),
                new Edit.AddAdministrator("adam", PASSWORD))) {
            assertEquals(DONE, domains.apply(edit));
        }
    }

    @AfterEach
    void close() {
        domains.close();
    }

    private Change set(String holder) throws IOException {
        return domains.apply(new Edit.SetSecondFactor(holder, totp, Totp.step(now.get()), codes));
    }

    private void later(Duration by) {
        now.set(now.get().plus(by));
    }

    private Tried attempt(String code) throws IOException {
        return domains.secondFactors().attempt(ANN, code);
    }

    @Test
    void aCodeIsRightOnceAndTheOneThatSwitchedItOnIsNot() throws IOException {
        assertEquals(Optional.empty(), domains.staff().secondFactor("ann@as.test"));
        assertEquals(DONE, set("Ann@as.test"));
        assertEquals(
                Optional.of(new SecondFactors.Present(now.get(), RecoveryCodes.COUNT, true, List.of())),
                domains.staff().secondFactor("ann@as.test"));
        assertEquals(Tried.WRONG, attempt(totp.code(now.get())));
        later(Duration.ofSeconds(Totp.STEP_SECONDS));
        String code = totp.code(now.get());
        assertEquals(Tried.RIGHT, attempt(code));
        assertEquals(Tried.WRONG, attempt(code));
        assertEquals(
                Tried.RIGHT, attempt(totp.code(now.get().plusSeconds(Totp.STEP_SECONDS))), "a clock that is ahead");
        later(Duration.ofSeconds(Totp.STEP_SECONDS));
        assertEquals(Tried.WRONG, attempt(totp.code(now.get())), "whose code was taken before");
        assertEquals(Tried.WRONG, domains.secondFactors().attempt("adam", code), "who has none");
    }

    @Test
    void eachRecoveryCodeOpensOnceAndIsNoted() throws IOException {
        set(ANN);
        String first = codes.texts().getFirst();
        assertTrue(first.matches("([a-kmnp-z2-9]{4}-){3}[a-kmnp-z2-9]{4}"), "in groups");
        assertEquals(Tried.RIGHT, attempt(first.replace("-", " ").toUpperCase(Locale.ROOT)));
        assertEquals("use a recovery code", domains.audit().newest(1).getFirst().what());
        assertEquals(ANN, domains.audit().newest(1).getFirst().who());
        assertEquals(Tried.WRONG, attempt(first));
        assertEquals(
                RecoveryCodes.COUNT - 1,
                domains.secondFactors().of(ANN).orElseThrow().codes());
        assertEquals(Tried.RIGHT, attempt(codes.texts().getLast()));
    }

    @Test
    void guessingWaitsLongerAndLongerAndEndsWithARightOne() throws IOException {
        set(ANN);
        later(Duration.ofHours(1));
        for (int i = 0; i < SecondFactors.FREE; i++) {
            assertEquals(Tried.WRONG, attempt("000000x"));
        }
        assertEquals(Tried.WAIT, attempt(totp.code(now.get())));
        later(SecondFactors.WAIT_FIRST);
        assertEquals(Tried.WRONG, attempt("000000x"));
        later(SecondFactors.WAIT_FIRST);
        assertEquals(Tried.WAIT, attempt(totp.code(now.get())), "twice as long");
        for (int i = 0; i < 20; i++) {
            later(SecondFactors.WAIT_MAX);
            assertEquals(Tried.WRONG, attempt("000000x"));
        }
        later(SecondFactors.WAIT_MAX);
        assertEquals(Tried.RIGHT, attempt(totp.code(now.get())));
        assertEquals(Tried.WRONG, attempt("000000x"));
    }

    @Test
    void aThousandTriesAtOnceAreNoMoreThanAFew() throws Exception {
        set(ANN);
        later(Duration.ofHours(1));
        List<Callable<Tried>> flood = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            flood.add(() -> attempt("000000x"));
        }
        int tried = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Tried> one : threads.invokeAll(flood)) {
                tried += one.get() == Tried.WRONG ? 1 : 0;
            }
        }
        assertTrue(tried <= SecondFactors.FREE, "tried " + tried);
    }

    @Test
    void goesWithWhoeverHasItAndEndsTheSessions() throws IOException {
        domains.as(ANN).signIns().begin("s1", "", Duration.ofHours(1));
        set(ANN);
        assertEquals(List.of(), domains.signIns().of(ANN));
        domains.as(ANN).signIns().begin("s2", "", Duration.ofHours(1));
        assertEquals(DONE, domains.apply(new Edit.RemoveSecondFactor("ann@as.test")));
        assertEquals(List.of(), domains.signIns().of(ANN));
        assertInstanceOf(Change.Refused.class, domains.apply(new Edit.RemoveSecondFactor(ANN)));
        set(ANN);
        domains.apply(new Edit.DeleteMailbox(ANN));
        assertEquals(Optional.empty(), domains.secondFactors().of(ANN));
        assertInstanceOf(Change.Refused.class, set(ANN));
        set("postmaster@example.test");
        domains.apply(new Edit.DeleteDomain("example.test"));
        assertEquals(Optional.empty(), domains.secondFactors().of("postmaster@example.test"));
        domains.apply(new Edit.AddAdministrator("eve", PASSWORD));
        assertEquals(DONE, set("adam"));
        assertEquals(
                "set second factor of adam",
                domains.audit().newest(1).getFirst().what());
        assertEquals(DONE, set("adam"), "another program");
        domains.apply(new Edit.RemoveAdministrator("adam"));
        assertEquals(Optional.empty(), domains.secondFactors().of("adam"));
        assertInstanceOf(Change.Refused.class, set("nobody"));
    }

    @Test
    void keepsNoCodeAndShowsNoSecret() throws IOException {
        set(ANN);
        Edit edit = new Edit.SetSecondFactor(ANN, totp, 1, codes);
        assertFalse(edit.toString().contains(totp.text()));
        for (String code : codes.texts()) {
            assertFalse(edit.toString().contains(code));
        }
        assertEquals(
                RecoveryCodes.COUNT,
                List.copyOf(codes.digests()).stream().distinct().count());
    }
}
