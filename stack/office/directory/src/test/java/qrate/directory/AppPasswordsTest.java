package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.checkpassword.AppSecret;
import qrate.core.State;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;

/// Passwords of single programs, from the edit to what logins are checked against.
class AppPasswordsTest extends OpenDirectory {
    private static final Password PASSWORD = new Password.Clear("correct-horse-battery");
    private static final String ANN = "ann@example.test";
    private static final Change DONE = new Change.Done();
    private static final SecureRandom RANDOM = new SecureRandom();

    @BeforeEach
    void fill() throws IOException {
        for (Edit edit : List.of(
                new Edit.AddDomain("example.test", PASSWORD),
                new Edit.AddAliasDomain("example.test", "as.test"),
                new Edit.AddMailbox(ANN, PASSWORD),
                new Edit.AddMailbox("bob@example.test", PASSWORD))) {
            assertEquals(DONE, domains.apply(edit), edit.toString());
        }
    }

    private Change add(String address, String label, boolean pop, boolean smtp) throws IOException {
        return domains.apply(
                new Edit.AddAppPassword(address, new AppPasswords.Wish(label, pop, smtp), AppSecret.make(RANDOM)));
    }

    private Directory.Account published(String address) throws IOException {
        return new SnapshotDirectory(new State(folder), InstantSource.system())
                .account(address)
                .orElseThrow();
    }

    private static void refused(Refusal.Key key, Change change) {
        assertEquals(
                key, assertInstanceOf(Change.Refused.class, change).refusal().key());
    }

    @Test
    void isPublishedAsADigestAndEndsByItsName() throws IOException {
        AppSecret secret = AppSecret.make(RANDOM);
        AppPasswords.Wish wish = new AppPasswords.Wish("phone", true, false);
        assertEquals(DONE, domains.apply(new Edit.AddAppPassword("Ann@as.test", wish, secret)));
        AppPasswords.Listed listed = domains.appPasswords(ANN).getFirst();
        assertEquals(wish, listed.wish());
        assertEquals(
                "make app password phone (POP3) of ann@example.test: " + listed.id(),
                domains.audit().newest(1).getFirst().what());
        var kept = published(ANN).apps().getFirst();
        assertEquals(listed.id(), kept.id());
        assertEquals(secret.digest(kept.salt()), kept.digest());
        assertEquals(true, kept.pop());
        assertEquals(false, kept.smtp());
        assertEquals(List.of(), published("bob@example.test").apps());
        refused(
                Refusal.Key.APP_PASSWORD_MISSING,
                domains.apply(new Edit.EndAppPassword("bob@example.test", listed.id())));
        assertEquals(DONE, domains.apply(new Edit.EndAppPassword("ann@as.test", listed.id())));
        assertEquals(
                "end app password " + listed.id() + " of ann@example.test",
                domains.audit().newest(1).getFirst().what());
        assertEquals(List.of(), domains.appPasswords(ANN));
        assertEquals(List.of(), published(ANN).apps());
    }

    @Test
    void isBoundedAndNamed() throws IOException {
        refused(Refusal.Key.APP_PASSWORD_LABEL, add(ANN, " ", true, true));
        refused(Refusal.Key.APP_PASSWORD_LABEL, add(ANN, "a\nb", true, true));
        refused(Refusal.Key.APP_PASSWORD_LABEL, add(ANN, "x".repeat(AppPasswords.LABEL_CHARS_MAX + 1), true, true));
        refused(Refusal.Key.APP_PASSWORD_DOORS, add(ANN, "x", false, false));
        refused(Refusal.Key.MAILBOX_MISSING, add("no@example.test", "x", true, true));
        for (int i = 0; i < AppPasswords.MAX; i++) {
            assertEquals(DONE, add(ANN, "same name", true, true));
        }
        refused(Refusal.Key.APP_PASSWORDS_FULL, add(ANN, "one more", true, true));
        assertEquals(DONE, add("bob@example.test", "his", true, true));
    }

    @Test
    void endsWithThePasswordUnlessItIsKeptAndWithTheMailbox() throws IOException {
        add(ANN, "phone", true, true);
        domains.apply(new Edit.SetPassword(ANN, PASSWORD, true));
        assertEquals(1, published(ANN).apps().size());
        domains.apply(new Edit.SetPassword(ANN, PASSWORD));
        assertEquals(List.of(), published(ANN).apps());
        add(ANN, "phone", true, true);
        domains.apply(new Edit.DeleteMailbox(ANN));
        domains.apply(new Edit.AddMailbox(ANN, PASSWORD));
        assertEquals(List.of(), domains.appPasswords(ANN));
        assertEquals(List.of(), published(ANN).apps());
        domains.apply(new Edit.DeleteDomain("example.test"));
    }

    @Test
    void onlyTheyMayOpenTheDoors() throws IOException {
        assertFalse(published(ANN).appOnly());
        domains.apply(new Edit.Modify(ANN, Map.of(Property.APP_ONLY, true)));
        assertEquals(true, published(ANN).appOnly());
        assertFalse(published("bob@example.test").appOnly());
    }
}
