package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Administrators, their passwords and tokens, and what the audit log keeps.
class StaffTest extends OpenDirectory {
    /// A keyboard that sends a letter and its dots apart opens what one that sends both together has set.
    @Test
    void aPasswordIsTheSameInEachSpelling() throws IOException {
        domains.apply(new Edit.AddAdministrator("admin", new Password.Clear("Ba\u0308ume im Wald")));
        for (String typed : List.of("B\u00e4ume im Wald", "Ba\u0308ume im Wald", "B\u00e4ume\u00a0im Wald")) {
            assertTrue(domains.accounts().signIn("admin", typed).isPresent(), typed);
        }
        assertTrue(domains.accounts().signIn("admin", "Baume im Wald").isEmpty());
        domains.apply(new Edit.SetAdministratorPassword("admin", new Password.Clear("ab".repeat(36)), false));
        assertTrue(domains.accounts().signIn("admin", "ab".repeat(36)).isPresent());
        assertTrue(domains.accounts().signIn("admin", "ab".repeat(36) + "x").isEmpty());
    }

    /// Whoever asks in vain again and again does not push out what was done.
    @Test
    void refusalsHaveARoomOfTheirOwnInTheAuditLog() throws IOException {
        Actor actor = new Actor("ann@example.test", Actor.Door.REST, "192.0.2.7");
        domains.audit().done(actor, "the first");
        for (int i = 0; i < Audit.REFUSED_LINES_MAX + 2 * Audit.TRIMMED_EVERY; i++) {
            domains.audit().refused(actor, "try " + i, "no\n");
        }
        List<Audit.Event> all = domains.audit().newest(Audit.DONE_LINES_MAX);
        assertTrue(all.size() <= Audit.REFUSED_LINES_MAX + Audit.TRIMMED_EVERY + 1, () -> "" + all.size());
        assertEquals("the first", all.getLast().what());
        assertEquals("no\\x0a", all.getFirst().problem());
    }

    @Test
    void refusesTokensPastTheLimitAndForEver() throws IOException {
        domains.apply(new Edit.AddAdministrator("admin", new Password.Clear("correct horse")));
        Principal admin = new Principal.Administrator("admin");
        Tokens tokens = domains.tokens();
        for (int i = 0; i < Tokens.TOKENS_MAX; i++) {
            assertTrue(tokens.create(admin, Tokens.Wish.usual("t")).isPresent());
        }
        assertTrue(tokens.create(admin, Tokens.Wish.usual("t")).isEmpty());
        for (Duration lasts : List.of(Duration.ZERO, Duration.ofDays(-1), Duration.ofDays(367))) {
            Tokens.Wish wish = new Tokens.Wish("t", Tokens.Scope.ROLE, lasts);
            assertThrows(IllegalArgumentException.class, () -> tokens.create(admin, wish));
        }
    }
}
