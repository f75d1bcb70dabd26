package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import qrate.core.ControlFile;
import qrate.directory.EditableDirectory.Alias;
import qrate.language.Language;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.snapshots.Vacation;
import qrate.wordings.Phrase;

/// Each edit, what it leaves in the audit log, and what it does not.
class EditTest extends OpenDirectory {
    private static final String SECRET = "correct-horse-battery";
    private static final Password PASSWORD = new Password.Clear(SECRET);
    private static final Actor EVE = new Actor("eve@far.test", Actor.Door.REST, "192.0.2.7");

    private static final ListSettings MODERATED =
            new ListSettings("postmaster@example.test", Set.of('a', 'g', 'p', 'm'), "", false);

    private static final Passkey PHONE =
            new Passkey("phone", new Passkey.Credential("mail.example.test", "AQID", "BAUG"), "", 0);

    private static final String PHONE_ID = PHONE.credential().digest().substring(0, Tokens.ID_CHARS);

    private record Case(Edit edit, String line) {}

    private static Edit limited() {
        return new Edit.Modify("ANN@as.test", Map.of(Property.QUOTA, new Quota(1 << 20, 7), Property.POP, false));
    }

    private List<Case> cases() throws IOException {
        return List.of(
                new Case(new Edit.AddDomain("Example.TEST", PASSWORD), "add domain example.test"),
                new Case(
                        new Edit.AddAliasDomain("example.test", "as.test"), "add alias domain as.test of example.test"),
                new Case(
                        new Edit.SetCatchAll("as.test", "far@far.test"),
                        "catch-all of example.test: nobody -> far@far.test"),
                new Case(
                        new Edit.SetCatchAll("as.test", "delete"), "catch-all of example.test: far@far.test -> delete"),
                new Case(new Edit.SetCatchAll("example.test", ""), "catch-all of example.test: delete -> nobody"),
                new Case(
                        new Edit.SetLimits("as.test", new EditableDirectory.Limits(9, 8, 50 << 20)),
                        "limits of example.test: 0 mailboxes, 0 aliases, quota NOQUOTA"
                                + " -> 9 mailboxes, 8 aliases, quota 50MB"),
                new Case(
                        new Edit.SetText("as.test", Phrase.BOUNCE_FAILED, Language.ENGLISH, "Sorry, {sender}."),
                        "text bounce-failed (en) of example.test: built-in -> own"),
                new Case(
                        new Edit.SetText("", Phrase.QUOTA_SUBJECT, Language.TRADITIONAL_CHINESE, "{percent}"),
                        "text quota-subject (zh-Hant) of this system: built-in -> own"),
                new Case(
                        new Edit.SetText("example.test", Phrase.BOUNCE_FAILED, Language.ENGLISH, ""),
                        "text bounce-failed (en) of example.test: own -> built-in"),
                new Case(new Edit.SetLanguage("as.test", "zh-Hant"), "language of example.test:  -> zh-Hant"),
                new Case(new Edit.AddMailbox("Ann@as.test", PASSWORD), "add mailbox ann@example.test"),
                new Case(limited(), "modify mailbox ann@example.test: quota 50MB -> 1MB,7C, pop true -> false"),
                new Case(limited(), "modify mailbox ann@example.test"),
                new Case(
                        new Edit.Modify("ann@example.test", Map.of(Property.KEEP, false)),
                        "modify mailbox ann@example.test: keep true -> false"),
                new Case(
                        new Edit.SetVacation(
                                "Ann@as.test",
                                new Vacation(true, Instant.EPOCH, Instant.ofEpochMilli(86_400_000), 7, "s", "private")),
                        "vacation of ann@example.test: off -> on until 1970-01-02T00:00:00Z"),
                new Case(
                        new Edit.SetVacation("ann@example.test", Vacation.NONE),
                        "vacation of ann@example.test: on until 1970-01-02T00:00:00Z -> off"),
                new Case(
                        new Edit.SetForward("Ann@as.test", new Forwarding(List.of("Far@far.TEST"), false)),
                        "forward of ann@example.test: off -> to Far@far.test"),
                new Case(
                        new Edit.SetForward("ann@example.test", Forwarding.NONE),
                        "forward of ann@example.test: to Far@far.test -> off"),
                new Case(new Edit.SetPassword("ann@as.test", PASSWORD), "set password of ann@example.test"),
                new Case(
                        new Edit.SetPassword("ann@as.test", new Password.Hashed(UpgraderTest.OLD), true),
                        "set password of ann@example.test, its tokens stay"),
                new Case(
                        new Edit.RenewHash(
                                "ann@as.test", new Password.Hashed(UpgraderTest.OLD), new Password.Clear(SECRET)),
                        "upgrade password hash of ann@example.test"),
                new Case(
                        new Edit.AddAlias(new Alias("Sales@as.test", "&ann@example.test")),
                        "add alias sales@example.test to ann@example.test"),
                new Case(
                        new Edit.DeleteAlias(new Alias("sales@as.test", "ann@example.test")),
                        "delete alias sales@example.test to ann@example.test"),
                new Case(
                        new Edit.SetList("Team@as.test", MODERATED),
                        "list team@example.test: made, moderated false -> true"),
                new Case(
                        new Edit.SetList("team@example.test", ListSettings.ofNew("ann@example.test")),
                        "list team@example.test: owner postmaster@example.test -> ann@example.test, moderated true -> false"),
                new Case(
                        new Edit.AddToList(
                                "team@as.test", ListSet.SUBSCRIBERS, List.of("Bob@far.test", "eve@far.test")),
                        "add to subscribers of list team@example.test: bob@far.test, eve@far.test"),
                new Case(
                        new Edit.AddToList("team@example.test", ListSet.DENY, List.of("mal@far.test")),
                        "add to deny of list team@example.test: mal@far.test"),
                new Case(
                        new Edit.TakeFromList(
                                "team@example.test", ListSet.SUBSCRIBERS, List.of("bob@far.test", "no@far.test")),
                        "take from subscribers of list team@example.test: bob@far.test"),
                new Case(new Edit.RemoveList("team@as.test"), "remove list team@example.test"),
                new Case(
                        new Edit.SetControl(ControlFile.DATABYTES, List.of("5000000")),
                        "set control file databytes: 5000000"),
                new Case(
                        new Edit.SetControl(ControlFile.DATABYTES, List.of("6000000")),
                        "set control file databytes: 5000000 -> 6000000"),
                new Case(
                        new Edit.SetControl(
                                ControlFile.SMTPROUTES, List.of("a.test:b.test:587 alice " + SECRET, "c.test:d.test")),
                        "set control file smtproutes: + a.test:b.test:587 (with a password), + c.test:d.test"),
                new Case(
                        new Edit.RemoveControl(ControlFile.SMTPROUTES),
                        "remove control file smtproutes: was a.test:b.test:587 (with a password), c.test:d.test"),
                new Case(new Edit.DeleteMailbox("ann@as.test"), "delete mailbox ann@example.test"),
                new Case(new Edit.DeleteDomain("as.test"), "delete domain as.test"),
                new Case(new Edit.AddAdministrator("adam", PASSWORD), "add administrator adam"),
                new Case(
                        new Edit.SetAdministratorPassword("adam", PASSWORD, true),
                        "administrator password of adam, its tokens stay"),
                new Case(
                        new Edit.SetAdministratorRecovery("adam", "a@far.test"),
                        "recovery address of administrator adam: nowhere -> a@far.test"),
                new Case(
                        new Edit.SetSecondFactor(
                                "adam", Totp.make(new SecureRandom()), 1, RecoveryCodes.make(new SecureRandom())),
                        "set second factor of adam"),
                new Case(
                        new Edit.SetRecoveryCodes("adam", RecoveryCodes.make(new SecureRandom())),
                        "set recovery codes of adam"),
                new Case(
                        new Edit.AddPasskey("adam", PHONE, RecoveryCodes.make(new SecureRandom())),
                        "add passkey phone of adam"),
                new Case(new Edit.RemovePasskey("adam", PHONE_ID), "remove passkey " + PHONE_ID + " of adam: phone"),
                new Case(new Edit.RemoveSecondFactor("adam"), "remove second factor of adam"),
                new Case(new Edit.AddAdministrator("other", PASSWORD), "add administrator other"),
                new Case(new Edit.RemoveAdministrator("other"), "remove administrator other"));
    }

    private Audit.Event newest() throws IOException {
        return domains.audit().newest(1).getFirst();
    }

    @Test
    void eachSaysWhoByWhichDoorFromWhereAndWhatWasAndIs() throws IOException {
        for (Case one : cases()) {
            assertEquals(new Change.Done(), domains.apply(one.edit, EVE), one.line);
            assertEquals(
                    new Audit.Event(newest().when(), EVE.name(), "REST", "192.0.2.7", one.line, ""),
                    newest(),
                    one.line);
        }
        Principal adam = new Principal.Administrator("adam");
        Tokens tokens = domains.tokens();
        for (int i = 0; i < 3; i++) {
            assertTrue(tokens.create(adam, Tokens.Wish.usual("t")).isPresent());
        }
        String id = tokens.of("adam").getFirst().id();
        said(new Edit.EndToken(id, ""), "end token " + id + " of adam");
        said(new Edit.EndTokens("adam"), "end all tokens of adam: 2");
        for (String name : List.of("a", "b", "c")) {
            domains.as("adam").signIns().begin(name, "", Tokens.LASTS_DEFAULT);
        }
        said(new Edit.EndSession(SignIns.id("a"), "adam"), "end session " + SignIns.id("a") + " of adam");
        domains.apply(new Edit.EndSession(SignIns.id("b"), "adam"), Actor.program("adam"));
        assertEquals("sign out", newest().what());
        said(new Edit.EndSessions("adam"), "end all sessions of adam: 1");
        String before = newest().toString();
        assertEquals(new Change.Done(), domains.apply(new Edit.EndSessions("adam")));
        assertEquals(before, newest().toString(), "where there is none, nothing is noted");
    }

    @Test
    void whatBecomesOfARemovedMailboxIsNoted() throws IOException {
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        domains.apply(new Edit.AddMailbox("ann@example.test", PASSWORD));
        domains.apply(new Edit.DeleteMailbox("ann@example.test"));
        long number = domains.deleted("example.test").getFirst().number();
        said(new Edit.RestoreMailbox("Ann@example.test", number), "bring back mailbox ann@example.test");
        domains.apply(new Edit.DeleteMailbox("ann@example.test"));
        number = domains.deleted("example.test").getFirst().number();
        said(
                new Edit.ForgetMailbox("ann@example.test", number),
                "delete for good what was kept of mailbox ann@example.test");
    }

    private void said(Edit edit, String line) throws IOException {
        assertEquals(new Change.Done(), domains.apply(edit), line);
        assertEquals(line, newest().what());
    }

    @Test
    void everyEditIsTriedHere() throws IOException {
        Set<Class<?>> tried = Stream.concat(
                        cases().stream().map(one -> one.edit.getClass()),
                        Stream.of(
                                Edit.AddAppPassword.class,
                                Edit.EndAppPassword.class,
                                Edit.ResetPassword.class,
                                Edit.RestoreMailbox.class,
                                Edit.ForgetMailbox.class,
                                Edit.EndToken.class,
                                Edit.EndTokens.class,
                                Edit.EndSession.class,
                                Edit.EndSessions.class))
                .collect(Collectors.toSet());
        assertEquals(Set.of(Edit.class.getPermittedSubclasses()), tried);
    }

    @Test
    void noneShowsASecret() throws IOException {
        for (Case one : cases()) {
            assertFalse(one.edit.toString().contains(SECRET), one.line);
            assertFalse(one.edit.toString().contains(UpgraderTest.OLD), one.line);
        }
    }

    @Test
    void whatIsRefusedLeavesNoLineAndNothingElse() throws IOException {
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        domains.apply(new Edit.AddMailbox("ann@example.test", PASSWORD));
        String before = newest().toString();
        List<Edit> refused = new ArrayList<>(List.of(
                new Edit.AddDomain("example.test", PASSWORD),
                new Edit.DeleteDomain("none.test"),
                new Edit.AddMailbox("ann@example.test", PASSWORD),
                new Edit.AddMailbox("bob@none.test", PASSWORD),
                new Edit.DeleteMailbox("postmaster@example.test"),
                new Edit.AddAlias(new Alias("ann@example.test", "ann@example.test")),
                new Edit.DeleteAlias(new Alias("ann@example.test", "far@far.test")),
                new Edit.SetForward(
                        "ann@example.test", new Forwarding(List.of("far@far.test", "ann@example.test"), true)),
                new Edit.EndAppPassword("ann@example.test", "0123456789ab"),
                new Edit.SetList("ann@example.test", MODERATED),
                new Edit.SetList("team@none.test", MODERATED),
                new Edit.SetList("../x@example.test", MODERATED),
                new Edit.SetList("team@example.test", new ListSettings("nobody", Set.of(), "", false)),
                new Edit.SetList("team@example.test", new ListSettings("a@b.test", Set.of(), "a\nb", false)),
                new Edit.AddToList("team@example.test", ListSet.ALLOW, List.of("a@b.test")),
                new Edit.TakeFromList("team@example.test", ListSet.ALLOW, List.of("a@b.test")),
                new Edit.RemoveList("team@example.test"),
                new Edit.SetControl(ControlFile.DATABYTES, List.of("lots")),
                new Edit.SetControl(ControlFile.DATABYTES, List.of("1", "2")),
                new Edit.SetControl(ControlFile.LOCALS, List.of("example.test")),
                new Edit.SetControl(ControlFile.VIRTUALDOMAINS, List.of("example.test:other")),
                new Edit.SetControl(ControlFile.TLSHOSTS, List.of("x")),
                new Edit.RemoveControl(ControlFile.ME),
                new Edit.RemoveControl(ControlFile.TLSHOSTS),
                new Edit.RemoveSecondFactor("ann@example.test"),
                new Edit.EndToken("0123456789ab", ""),
                new Edit.EndSession("0123456789ab", "")));
        for (Edit edit : refused) {
            assertInstanceOf(Change.Refused.class, domains.apply(edit), edit.toString());
        }
        assertEquals(before, newest().toString());
        assertTrue(domains.mailbox("postmaster@example.test").isPresent());
        assertFalse(Files.exists(folder.resolve("maildirs/domains/example.test/team")));
        assertFalse(Files.exists(folder.resolve("control/databytes")));
    }
}
