package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.checkpassword.AppSecret;
import qrate.core.ControlFile;
import qrate.directory.EditableDirectory.Alias;
import qrate.language.Language;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.snapshots.Vacation;
import qrate.wordings.Phrase;

/// What goes with each edit beside what it names.
class LossesTest extends OpenDirectory {
    private static final Password PASSWORD = new Password.Clear("correct-horse-battery");

    @BeforeEach
    void fill() throws IOException {
        for (Edit edit : List.of(
                new Edit.AddDomain("example.test", PASSWORD),
                new Edit.AddDomain("other.test", PASSWORD),
                new Edit.AddAliasDomain("example.test", "as.test"),
                new Edit.AddMailbox("ann@example.test", PASSWORD),
                new Edit.AddAlias(new Alias("ann@example.test", "far@far.test")),
                new Edit.AddAlias(new Alias("sales@other.test", "ann@as.test")),
                new Edit.AddAlias(new Alias("team@example.test", "postmaster@example.test")),
                new Edit.SetCatchAll("other.test", "ann@example.test"))) {
            assertEquals(new Change.Done(), domains.apply(edit), edit.toString());
        }
        Path maildirs = folder.resolve("maildirs");
        Files.createDirectories(maildirs.resolve("domains/example.test/team/subscribers"));
        Files.createDirectories(maildirs.resolve("alias"));
        Files.writeString(maildirs.resolve("alias/.qmail-root"), "&ann@example.test\n");
    }

    private static final Loss FORWARD = Loss.of(Loss.Key.FORWARD, "sales@other.test", "ann@as.test");
    private static final Loss CATCH_ALL = Loss.of(Loss.Key.CATCH_ALL, "other.test", "ann@example.test");
    private static final Loss ROOT = Loss.of(Loss.Key.HOST_MAIL, "root");

    /// Every edit with what goes beside what it names.
    private static Map<Edit, Set<Loss>> all() {
        return Map.ofEntries(
                Map.entry(
                        new Edit.DeleteDomain("Example.test"),
                        Set.of(
                                Loss.of(Loss.Key.ALIAS_DOMAIN, "as.test"),
                                Loss.of(Loss.Key.LIST, "team@example.test"),
                                FORWARD,
                                CATCH_ALL,
                                ROOT)),
                Map.entry(new Edit.DeleteDomain("as.test"), Set.of(FORWARD)),
                Map.entry(
                        new Edit.DeleteMailbox("ANN@as.test"),
                        Set.of(Loss.of(Loss.Key.COPIES, "far@far.test"), FORWARD, CATCH_ALL, ROOT)),
                Map.entry(new Edit.DeleteAlias(new Alias("ann@example.test", "far@far.test")), Set.of()),
                Map.entry(
                        new Edit.DeleteAlias(new Alias("team@example.test", "postmaster@example.test")),
                        Set.of(Loss.of(Loss.Key.LIST_CLOSED, "team@example.test"))),
                Map.entry(new Edit.AddDomain("example.test", PASSWORD), Set.of()),
                Map.entry(new Edit.AddAliasDomain("example.test", "as.test"), Set.of()),
                Map.entry(new Edit.SetCatchAll("example.test", ""), Set.of()),
                Map.entry(new Edit.SetText("example.test", Phrase.BOUNCE_DONE, Language.ENGLISH, "x"), Set.of()),
                Map.entry(new Edit.SetLanguage("example.test", "en"), Set.of()),
                Map.entry(new Edit.SetLimits("example.test", EditableDirectory.Limits.NONE), Set.of()),
                Map.entry(new Edit.AddMailbox("ann@example.test", PASSWORD), Set.of()),
                Map.entry(new Edit.RestoreMailbox("ann@example.test", 1), Set.of()),
                Map.entry(new Edit.ForgetMailbox("ann@example.test", 1), Set.of()),
                Map.entry(new Edit.SetPassword("ann@example.test", PASSWORD), Set.of()),
                Map.entry(
                        new Edit.ResetPassword(
                                "adam", ResetKey.make(new SecureRandom()), PASSWORD, Language.ENGLISH, true),
                        Set.of()),
                Map.entry(new Edit.SetAdministratorRecovery("adam", ""), Set.of()),
                Map.entry(
                        new Edit.RenewHash(
                                "ann@example.test", new Password.Hashed(UpgraderTest.OLD), new Password.Clear("x")),
                        Set.of()),
                Map.entry(new Edit.Modify("ann@example.test", Map.of(Property.KEEP, false)), Set.of()),
                Map.entry(new Edit.SetVacation("ann@example.test", Vacation.NONE), Set.of()),
                Map.entry(new Edit.SetForward("ann@example.test", Forwarding.NONE), Set.of()),
                Map.entry(
                        new Edit.AddAppPassword(
                                "ann@example.test",
                                new AppPasswords.Wish("x", true, true),
                                AppSecret.make(new SecureRandom())),
                        Set.of()),
                Map.entry(new Edit.EndAppPassword("ann@example.test", "0123456789ab"), Set.of()),
                Map.entry(new Edit.AddAlias(new Alias("ann@example.test", "far@far.test")), Set.of()),
                Map.entry(new Edit.AddAdministrator("adam", PASSWORD), Set.of()),
                Map.entry(new Edit.SetAdministratorPassword("adam", PASSWORD, true), Set.of()),
                Map.entry(new Edit.RemoveList("team@as.test"), Set.of(Loss.of(Loss.Key.LIST, "team@example.test"))),
                Map.entry(new Edit.SetList("team@example.test", ListSettings.ofNew("a@b.test")), Set.of()),
                Map.entry(new Edit.AddToList("team@example.test", ListSet.DENY, List.of("a@b.test")), Set.of()),
                Map.entry(new Edit.TakeFromList("team@example.test", ListSet.DENY, List.of("a@b.test")), Set.of()),
                Map.entry(new Edit.SetControl(ControlFile.DATABYTES, List.of("1")), Set.of()),
                Map.entry(new Edit.RemoveControl(ControlFile.DATABYTES), Set.of()),
                Map.entry(new Edit.RemoveAdministrator("adam"), Set.of()),
                Map.entry(
                        new Edit.SetSecondFactor(
                                "adam", Totp.make(new SecureRandom()), 1, RecoveryCodes.make(new SecureRandom())),
                        Set.of()),
                Map.entry(new Edit.SetRecoveryCodes("adam", RecoveryCodes.make(new SecureRandom())), Set.of()),
                Map.entry(
                        new Edit.AddPasskey(
                                "adam",
                                new Passkey("phone", new Passkey.Credential("s", "i", "h"), "", 0),
                                RecoveryCodes.make(new SecureRandom())),
                        Set.of()),
                Map.entry(new Edit.RemovePasskey("adam", "0123456789ab"), Set.of()),
                Map.entry(new Edit.RemoveSecondFactor("adam"), Set.of()),
                Map.entry(new Edit.EndToken("0123456789ab", ""), Set.of()),
                Map.entry(new Edit.EndTokens("adam"), Set.of()),
                Map.entry(new Edit.EndSession("0123456789ab", ""), Set.of()),
                Map.entry(new Edit.EndSessions("adam"), Set.of()));
    }

    @Test
    void eachEditSaysWhatGoesBesideWhatItNames() throws IOException {
        for (Map.Entry<Edit, Set<Loss>> one : all().entrySet()) {
            List<Loss> losses = domains.losses(one.getKey());
            assertEquals(one.getValue(), Set.copyOf(losses), one.getKey().toString());
            assertEquals(Set.copyOf(losses).size(), losses.size(), one.getKey().toString());
        }
    }

    @Test
    void noEditIsForgottenHere() {
        Set<String> known = all().keySet().stream()
                .map(edit -> edit.getClass().getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> there = Arrays.stream(Edit.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(there, known);
    }

    @Test
    void whatIsNoNameTakesNothingWithIt() throws IOException {
        for (String none : List.of("", "..", "none.test", "@", "nobody@example.test", "a b@example.test")) {
            assertEquals(List.of(), domains.losses(none), none);
            assertEquals(List.of(), domains.losses(new Edit.DeleteDomain(none)), none);
            assertEquals(List.of(), domains.losses(new Edit.DeleteMailbox(none)), none);
            assertEquals(List.of(), domains.losses(new Edit.DeleteAlias(new Alias(none, "x@y.test"))), none);
        }
    }

    @Test
    void itTravelsAsAValueAndInWordsWhereTheOtherEndDoesNotKnowIt() throws IOException {
        List<Loss> all = Arrays.stream(Loss.Key.values())
                .map(key -> Loss.of(key, "a", "b", "c", "d"))
                .toList();
        assertEquals(all, Shapes.losses(Shapes.of(all, Words.english())));
        Map<String, Object> newer = Map.of(
                "losses", List.of("the moon"), "lossKeys", List.of(Map.of("key", "moon", "arguments", List.of())));
        assertEquals(List.of(Loss.of(Loss.Key.SAID, "the moon")), Shapes.losses(newer));
        assertEquals(List.of(Loss.of(Loss.Key.SAID, "old")), Shapes.losses(Map.of("losses", List.of("old"))));
        assertEquals("the moon", Words.english().of(Loss.of(Loss.Key.SAID, "the moon")));
    }

    @Test
    void mailOfTheHostItselfIsWhatNobodyAgreesToUnasked() {
        for (Loss.Key key : Loss.Key.values()) {
            assertEquals(key == Loss.Key.HOST_MAIL, Loss.of(key).isTheHosts(), key.word());
            assertFalse(Words.english().of(Loss.of(key, "a", "b", "c", "d")).contains("{"), key.word());
        }
    }
}
