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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.checkpassword.AppSecret;
import qrate.core.State;
import qrate.language.Language;

/// Recovery addresses, and passwords that somebody has forgotten.
class PasswordResetsTest {
    private static final Change DONE = new Change.Done();
    private static final Password PASSWORD = new Password.Clear("correct horse");
    private static final Password FRESH = new Password.Clear("battery staple");
    private static final String ANN = "ann@example.test";
    private static final String HOME = "ann@elsewhere.example";

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final SecureRandom random = new SecureRandom();
    private Domains domains;

    Map<String, String> environment() throws IOException {
        return Map.of("QRATE_BCRYPT_COST", "4");
    }

    @BeforeEach
    void open() throws IOException {
        State state = new State(folder);
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        domains = Domains.open(state, Settings.of(environment(), state), () -> now);
        for (Edit edit : List.of(
                new Edit.AddDomain("example.test", PASSWORD),
                new Edit.AddAliasDomain("example.test", "alias.test"),
                new Edit.AddMailbox(ANN, PASSWORD),
                new Edit.AddAdministrator("admin", PASSWORD),
                recovery(ANN, HOME),
                new Edit.SetAdministratorRecovery("admin", "Boss@Elsewhere.example"))) {
            assertEquals(DONE, domains.apply(edit), edit.toString());
        }
    }

    @AfterEach
    void close() {
        domains.close();
    }

    private static Edit recovery(String address, String to) {
        return new Edit.Modify(address, Map.of(Property.RECOVERY, to));
    }

    private void refused(Refusal.Key key, Change change) {
        assertEquals(
                key, assertInstanceOf(Change.Refused.class, change).refusal().key());
    }

    private PasswordResets resets() {
        return domains.as(new Actor("", Actor.Door.PAGE, "192.0.2.9")).passwordResets();
    }

    private PasswordResets.Due ask(String login) throws IOException {
        now = now.plusSeconds(1);
        assertTrue(resets().ask(login, Language.TRADITIONAL_CHINESE, _ -> true));
        return resets().due(10).getLast();
    }

    /// A link that went out.
    private ResetKey link(String login) throws IOException {
        PasswordResets.Due due = ask(login);
        ResetKey key = ResetKey.make(random);
        assertEquals(Optional.of(now.plus(PasswordResets.LASTS)), resets().begin(due, key));
        resets().sent(due, key);
        return key;
    }

    private Change reset(String holder, ResetKey key) throws IOException {
        return domains.apply(
                new Edit.ResetPassword(holder, key, FRESH, Language.ENGLISH, false),
                new Actor(holder, Actor.Door.PAGE, "192.0.2.9"));
    }

    private boolean opens(String login, Password password) throws IOException {
        return password instanceof Password.Clear(String text)
                && domains.signIn(login, text).isPresent();
    }

    @Test
    void aRecoveryAddressIsAnAddressOutsideOfTheMailbox() throws IOException {
        assertEquals(HOME, domains.mailbox(ANN).orElseThrow().recovery());
        for (String none : List.of("ann", "|program", "a b@example.test", "@elsewhere.example", "x".repeat(400))) {
            refused(Refusal.Key.RECOVERY_ADDRESS, domains.apply(recovery(ANN, none)));
            refused(Refusal.Key.RECOVERY_ADDRESS, domains.apply(new Edit.SetAdministratorRecovery("admin", none)));
        }
        domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", ANN)));
        for (String inside : List.of(ANN, "ANN@alias.test", "sales@example.test")) {
            refused(Refusal.Key.RECOVERY_INSIDE, domains.apply(recovery(ANN, inside)));
        }
        assertEquals(HOME, domains.mailbox(ANN).orElseThrow().recovery());
        assertEquals(DONE, domains.apply(recovery(ANN, "postmaster@ALIAS.test")));
        assertEquals("postmaster@alias.test", domains.mailbox(ANN).orElseThrow().recovery());
        assertEquals(DONE, domains.apply(recovery(ANN, "")));
        assertEquals("", domains.mailbox(ANN).orElseThrow().recovery());
        assertEquals(
                "Boss@elsewhere.example",
                domains.staff().administrators().getFirst().recovery());
        refused(Refusal.Key.ADMINISTRATOR_MISSING, domains.apply(new Edit.SetAdministratorRecovery("none", HOME)));
    }

    @Test
    void aMailboxIsMadeWithOneOrNotAtAll() throws IOException {
        NewMailbox good = made("bob@example.test", HOME);
        NewMailbox inside = made("eve@example.test", "eve@alias.test");
        refused(
                Refusal.Key.RECOVERY_INSIDE,
                domains.addAll(List.of(good, inside), false).getLast());
        assertTrue(domains.mailbox("bob@example.test").isEmpty()
                && domains.mailbox("eve@example.test").isEmpty());
        assertEquals(List.of(DONE), domains.addAll(List.of(made("bob@example.test", "Bob@ELSEWHERE.example")), false));
        assertEquals(
                "Bob@elsewhere.example",
                domains.mailbox("bob@example.test").orElseThrow().recovery());
    }

    private static NewMailbox made(String address, String recovery) {
        return new NewMailbox(new Edit.AddMailbox(address, PASSWORD), Map.of(Property.RECOVERY, recovery));
    }

    @Test
    void aLinkSetsThePasswordOnceEndsWhatWasOpenAndItsHolderIsToBeTold() throws IOException {
        domains.apply(new Edit.Modify(ANN, Map.of(Property.MUST_CHANGE, true)));
        domains.as(ANN).signIns().begin("a session", "", Duration.ofHours(1));
        domains.tokens().create(new Principal.Owner(ANN), Tokens.Wish.usual("phone"));
        domains.apply(new Edit.AddAppPassword(ANN, new AppPasswords.Wish("x", true, true), AppSecret.make(random)));
        ResetKey key = link("Ann@alias.test");
        assertEquals(Optional.of(ANN), resets().holder(key));
        assertEquals(List.of(), resets().due(10));
        refused(Refusal.Key.RESET_KEY, reset("postmaster@example.test", key));
        refused(Refusal.Key.RESET_KEY, reset("admin", key));
        assertTrue(opens(ANN, PASSWORD) && opens("admin", PASSWORD));
        assertEquals(DONE, reset(ANN, key));
        assertTrue(opens(ANN, FRESH) && !opens(ANN, PASSWORD));
        assertEquals(
                "set forgotten password of ann@example.test by its link",
                domains.audit().newest(1).getFirst().what());
        assertEquals(List.of(), domains.signIns().of(ANN));
        assertEquals(List.of(), domains.tokens().of(ANN));
        assertEquals(List.of(), domains.appPasswords(ANN));
        assertFalse(domains.accounts().mustChange(new Principal.Owner(ANN)));
        refused(Refusal.Key.RESET_KEY, reset(ANN, key));
        assertEquals(Optional.empty(), resets().holder(key));
        PasswordResets.Due told = resets().due(10).getFirst();
        assertEquals(new PasswordResets.Due(ANN, true, "en", "192.0.2.9", now), told);
        resets().end(told);
        assertEquals(List.of(), resets().due(10));
    }

    @Test
    void anAdministratorsDoesSoToo() throws IOException {
        domains.tokens().create(new Principal.Administrator("admin"), Tokens.Wish.usual("phone"));
        ResetKey key = link("admin");
        assertEquals(
                Optional.of(new PasswordResets.Reachable("admin", "Boss@elsewhere.example", "")),
                resets().reachable("admin"));
        assertEquals(DONE, reset("admin", key));
        assertTrue(opens("admin", FRESH) && !opens("admin", PASSWORD));
        assertEquals(List.of(), domains.tokens().of("admin"));
        refused(Refusal.Key.RESET_KEY, reset("admin", key));
        assertTrue(resets().due(10).getFirst().used());
    }

    @Test
    void aWeakPasswordIsRefusedAndTheLinkStillWorks() throws IOException {
        ResetKey key = link(ANN);
        Change change =
                domains.apply(new Edit.ResetPassword(ANN, key, new Password.Clear("short"), Language.ENGLISH, false));
        refused(Refusal.Key.PASSWORD_SHORT, change);
        assertEquals(DONE, reset(ANN, key));
    }

    @Test
    void aLinkEndsWithItsTimeAnotherAskAnotherPasswordAnotherAddressAndItsAccount() throws IOException {
        ResetKey late = link(ANN);
        now = now.plus(PasswordResets.LASTS);
        refused(Refusal.Key.RESET_KEY, reset(ANN, late));
        ResetKey older = link(ANN);
        ask(ANN);
        refused(Refusal.Key.RESET_KEY, reset(ANN, older));
        for (Edit edit : List.of(new Edit.SetPassword(ANN, PASSWORD), recovery(ANN, "ann@other.example"))) {
            ResetKey key = link(ANN);
            assertEquals(DONE, domains.apply(edit));
            refused(Refusal.Key.RESET_KEY, reset(ANN, key));
        }
        ResetKey staff = link("admin");
        domains.apply(new Edit.SetAdministratorRecovery("admin", HOME));
        refused(Refusal.Key.RESET_KEY, reset("admin", staff));
        ResetKey kept = link(ANN);
        assertEquals(DONE, domains.apply(new Edit.Modify(ANN, Map.of(Property.NAME, "Ann"))));
        assertEquals(Optional.of(ANN), resets().holder(kept));
        domains.apply(new Edit.DeleteMailbox(ANN));
        domains.apply(new Edit.AddMailbox(ANN, PASSWORD));
        refused(Refusal.Key.RESET_KEY, reset(ANN, kept));
        domains.apply(recovery(ANN, HOME));
        ResetKey gone = link(ANN);
        domains.apply(new Edit.DeleteDomain("example.test"));
        assertEquals(Optional.empty(), resets().holder(gone));
    }

    @Test
    void whoIsNotReachedIsAskedForAllTheSameAndGetsNothing() throws IOException {
        domains.apply(new Edit.AddMailbox("bob@example.test", PASSWORD));
        for (String login : List.of("nobody@example.test", "bob@example.test", "none", "a@b@c", "", "x".repeat(320))) {
            PasswordResets.Due due = ask(login);
            assertEquals(Optional.empty(), resets().reachable(due.holder()), login);
            resets().end(due);
        }
        domains.apply(new Edit.Modify(ANN, Map.of(Property.POP, false)));
        assertEquals(HOME, resets().reachable(ANN).orElseThrow().recovery());
        domains.apply(new Edit.Modify(ANN, Map.of(Property.SMTP, false)));
        assertEquals(Optional.empty(), resets().reachable(ANN), "whose mailbox is closed");
        for (String none : List.of("x".repeat(321), "a\nb", "\u0000")) {
            assertTrue(resets().ask(none, Language.ENGLISH, _ -> true));
            assertEquals(List.of(), resets().due(10), "what can be no name is not kept");
        }
    }

    @Test
    void asksAreBoundedInNumberAndTime() throws IOException {
        for (int i = 0; i < PasswordResets.ROWS_MAX; i++) {
            assertTrue(resets().ask("n" + i, Language.ENGLISH, _ -> true));
        }
        assertFalse(resets().ask("one more", Language.ENGLISH, _ -> true));
        now = now.plus(PasswordResets.WAITS_MAX);
        assertTrue(resets().ask("one more", Language.ENGLISH, _ -> true));
        assertEquals(1, resets().due(10).size());
    }

    @Test
    void anAskInBetweenMakesTheKeyOfTheOneBeforeWorthNothing() throws IOException {
        PasswordResets.Due first = ask(ANN);
        ResetKey key = ResetKey.make(random);
        assertTrue(resets().begin(first, key).isPresent());
        PasswordResets.Due second = ask(ANN);
        resets().sent(first, key);
        assertEquals(List.of(second), resets().due(10), "it still waits");
        assertEquals(Optional.empty(), resets().begin(first, key));
        refused(Refusal.Key.RESET_KEY, reset(ANN, key));
    }

    @Test
    void anAskBeyondTheBudgetOfItsAccountLeavesTheOneBefore() throws IOException {
        ResetKey key = link(ANN);
        List<String> asked = new ArrayList<>();
        for (String login : List.of("Ann@alias.test", "ann@example.test", "Nobody@example.test", "none")) {
            assertTrue(resets().ask(login, Language.ENGLISH, holder -> !asked.add(holder)));
        }
        assertEquals(List.of(ANN, ANN, "nobody@example.test", "none"), asked);
        assertEquals(List.of(), resets().due(10));
        assertEquals(Optional.of(ANN), resets().holder(key));
    }

    @Test
    void keysAreLongDifferentAndShownNowhere() throws IOException {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            ResetKey key = ResetKey.make(random);
            assertEquals(Optional.of(key), ResetKey.of(key.text()));
            assertTrue(seen.add(key.text()));
        }
        for (String none : List.of("", "x", "x".repeat(31) + "!", "x".repeat(33), " ".repeat(32))) {
            assertEquals(Optional.empty(), ResetKey.of(none));
        }
        ResetKey key = link(ANN);
        assertFalse(new Edit.ResetPassword(ANN, key, FRESH, Language.ENGLISH, true)
                .toString()
                .contains(key.text()));
        for (Audit.Event line : domains.audit().newest(100)) {
            assertFalse(line.what().contains(key.text()), line.what());
        }
    }
}
