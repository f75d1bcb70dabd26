package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.State;

/// Mailboxes that were removed, and are brought back.
class DeletedMailboxesTest {
    private static final String DOMAIN = "example.test";
    private static final String ANN = "ann@example.test";
    private static final String SECRET = "a good password";
    private static final Password PASSWORD = new Password.Clear(SECRET);
    private static final Change DONE = new Change.Done();

    @TempDir
    Path folder;

    private State state;
    private Settings settings;
    private Domains domains;
    private Instant now = Instant.parse("2026-12-01T12:00:00Z");

    Map<String, String> environment() throws IOException {
        return Map.of("QRATE_BCRYPT_COST", "4");
    }

    @BeforeEach
    void open() throws IOException {
        state = new State(folder);
        Files.createDirectories(state.control());
        settings = Settings.of(environment(), state);
        domains = Domains.open(state, settings, () -> now);
        domains.apply(new Edit.AddDomain(DOMAIN, PASSWORD));
        domains.apply(new Edit.AddAliasDomain(DOMAIN, "other.test"));
        domains.apply(new Edit.AddMailbox(ANN, PASSWORD));
        domains.apply(new Edit.Modify(
                ANN,
                Map.of(
                        Property.NAME,
                        "陳小安",
                        Property.QUOTA,
                        new Quota(500_000_000, 0),
                        Property.POP,
                        false,
                        Property.RECOVERY,
                        "ann@elsewhere.example")));
        Files.writeString(mail(), "a letter");
    }

    @AfterEach
    void close() {
        domains.close();
    }

    private Path mail() {
        return state.maildirs().resolve("domains/example.test/ann/Maildir/cur/1:2,S");
    }

    private long delete() throws IOException {
        assertEquals(DONE, domains.apply(new Edit.DeleteMailbox("Ann@other.test")));
        return domains.deleted(DOMAIN).getFirst().number();
    }

    private void refused(Change.Reason reason, Edit edit) throws IOException {
        assertEquals(
                reason,
                assertInstanceOf(Change.Refused.class, domains.apply(edit)).reason());
    }

    private List<String> kept() throws IOException {
        Path all = state.maildirs().resolve("domains/example.test/.deleted");
        if (!Files.exists(all)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(all)) {
            return found.map(one -> one.getFileName().toString()).toList();
        }
    }

    @Test
    void comesBackWithMailPasswordAndSettings() throws IOException {
        EditableDirectory.Mailbox before = domains.mailbox(ANN).orElseThrow();
        long number = delete();
        assertTrue(domains.mailbox(ANN).isEmpty());
        assertTrue(domains.accounts().signIn(ANN, SECRET).isEmpty());
        assertFalse(Files.exists(mail()));
        DeletedMailbox deleted = domains.deleted("other.test").getFirst();
        assertEquals(before, deleted.mailbox());
        assertEquals(now.plus(Duration.ofDays(7)), deleted.until());
        assertEquals(DONE, domains.apply(new Edit.RestoreMailbox("ANN@other.test", number)));
        assertEquals(before, domains.mailbox(ANN).orElseThrow());
        assertTrue(domains.accounts().signIn(ANN, SECRET).isPresent());
        assertEquals("a letter", Files.readString(mail()));
        assertEquals(List.of(), domains.deleted(DOMAIN));
        assertEquals(List.of(), kept());
        refused(Change.Reason.MISSING, new Edit.RestoreMailbox(ANN, number));
    }

    @Test
    void anotherOfTheSameNameHasNothingOfItAndIsNotReplaced() throws IOException {
        long number = delete();
        assertEquals(DONE, domains.apply(new Edit.AddMailbox(ANN, new Password.Clear("another password"))));
        assertFalse(Files.exists(mail()));
        refused(Change.Reason.EXISTS, new Edit.RestoreMailbox(ANN, number));
        assertEquals(1, domains.deleted(DOMAIN).size());
        now = now.plusSeconds(1);
        domains.apply(new Edit.DeleteMailbox(ANN));
        assertEquals(2, domains.deleted(DOMAIN).size());
        assertEquals(DONE, domains.apply(new Edit.RestoreMailbox(ANN, number)));
        assertEquals("a letter", Files.readString(mail()));
        assertEquals(1, kept().size());
    }

    @Test
    void isGoneAfterSevenDays() throws IOException {
        long number = delete();
        now = now.plus(Duration.ofDays(7)).minusMillis(1);
        domains.heal();
        assertEquals(1, kept().size());
        now = now.plusMillis(1);
        assertEquals(List.of(), domains.deleted(DOMAIN));
        refused(Change.Reason.MISSING, new Edit.RestoreMailbox(ANN, number));
        domains.heal();
        assertEquals(List.of(), kept());
    }

    @Test
    void isGoneAtOnceWhereSomebodySaysSo() throws IOException {
        long number = delete();
        refused(Change.Reason.MISSING, new Edit.ForgetMailbox("bob@example.test", number));
        assertEquals(DONE, domains.apply(new Edit.ForgetMailbox(ANN, number)));
        assertEquals(List.of(), domains.deleted(DOMAIN));
        assertEquals(List.of(), kept());
    }

    @Test
    void goesWithItsDomain() throws IOException {
        long number = delete();
        domains.apply(new Edit.DeleteDomain(DOMAIN));
        domains.apply(new Edit.AddDomain(DOMAIN, PASSWORD));
        assertEquals(List.of(), domains.deleted(DOMAIN));
        refused(Change.Reason.MISSING, new Edit.RestoreMailbox(ANN, number));
        domains.heal();
        assertEquals(List.of(), kept());
    }

    @Test
    void keepsToTheLimitOfItsDomainAndSurvivesARestart() throws IOException {
        long number = delete();
        domains.apply(new Edit.SetLimits(DOMAIN, new EditableDirectory.Limits(1, 0, 0)));
        refused(Change.Reason.LIMIT, new Edit.RestoreMailbox(ANN, number));
        domains.close();
        domains = Domains.open(state, settings, () -> now);
        domains.apply(new Edit.SetLimits(DOMAIN, EditableDirectory.Limits.NONE));
        assertEquals(DONE, domains.apply(new Edit.RestoreMailbox(ANN, number)));
        assertEquals("a letter", Files.readString(mail()));
    }

    @Test
    void manyAtOnceAreKeptEachForItself() throws IOException {
        domains.apply(new Edit.AddMailbox("bob@example.test", PASSWORD));
        assertEquals(
                DONE,
                domains.applyAll(
                        List.of(new Edit.DeleteMailbox(ANN), new Edit.DeleteMailbox("bob@example.test")),
                        Actor.program("test")));
        assertEquals(2, kept().size());
        for (DeletedMailbox one : domains.deleted(DOMAIN)) {
            assertEquals(
                    DONE, domains.apply(new Edit.RestoreMailbox(one.mailbox().address(), one.number())));
        }
        assertEquals("a letter", Files.readString(mail()));
    }
}
