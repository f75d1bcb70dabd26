package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import qrate.checkpassword.AppSecret;
import qrate.core.ControlFile;
import qrate.core.Program;
import qrate.directory.AppPasswords;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Forwarding;
import qrate.directory.Loss;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.RecoveryCodes;
import qrate.directory.Refusal;
import qrate.directory.RemoteDirectory;
import qrate.directory.Totp;
import qrate.directory.Words;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.lists.Lists;
import qrate.snapshots.Vacation;
import qrate.vpopmail.Commands;

/// The database itself and the way by the REST API must not differ.
class DirectoryContractTest {
    private static final Change DONE = new Change.Done();
    private static final Password PASSWORD = new Password.Clear("correct horse");

    @TempDir
    static Path folder;

    private static Rig rig;
    private static RemoteDirectory remote;

    @BeforeAll
    static void start() throws IOException {
        rig = new Rig(folder);
        remote = new RemoteDirectory(rig.url(), Files.readString(rig.state.db().resolve("local-token")));
    }

    @AfterAll
    static void stop() throws IOException {
        remote.close();
        rig.close();
    }

    record Way(String name, EditableDirectory directory) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Way> ways() {
        return Stream.of(new Way("database", rig.domains), new Way("rest", remote));
    }

    private static void refused(Change.Reason reason, String why, Change change) {
        Change.Refused refused = assertInstanceOf(Change.Refused.class, change);
        assertEquals(reason, refused.reason());
        assertEquals(why, Words.english().of(refused));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void changesAndShowsTheSame(Way way) throws IOException {
        EditableDirectory directory = way.directory;
        String domain = way.name + ".test";
        assertEquals(DONE, directory.apply(new Edit.AddDomain(domain, PASSWORD)));
        refused(
                Change.Reason.EXISTS,
                domain + " exists already",
                directory.apply(new Edit.AddDomain(domain, PASSWORD)));
        refused(Change.Reason.INVALID, "Invalid domain name", directory.apply(new Edit.AddDomain("../x", PASSWORD)));
        assertEquals(DONE, directory.apply(new Edit.AddAliasDomain(domain, "as-" + domain)));
        assertEquals(DONE, directory.apply(new Edit.SetLimits(domain, new EditableDirectory.Limits(3, 2, 4096))));
        assertEquals(DONE, directory.apply(new Edit.SetCatchAll(domain, "x+y@" + domain)));
        assertEquals(
                Optional.of(new EditableDirectory.Domain(
                        domain, "", "x+y@" + domain, 1, new EditableDirectory.Limits(3, 2, 4096))),
                directory.domain(domain));
        assertTrue(directory.domains().stream().anyMatch(d -> d.aliasOf().equals(domain)));
        assertEquals(DONE, directory.apply(new Edit.AddMailbox("X+Y@" + domain, PASSWORD)));
        refused(
                Change.Reason.EXISTS,
                "x+y@" + domain + " exists already",
                directory.apply(new Edit.AddMailbox("x+y@" + domain, PASSWORD)));
        EditableDirectory.Mailbox changed =
                EditableDirectory.Mailbox.of("x+y@" + domain, new Quota(9, 8), Set.of(Property.POSTMASTER));
        assertEquals(DONE, directory.apply(new Edit.Modify(changed.address(), changed.values())));
        assertEquals(Optional.of(changed), directory.mailbox("x+y@" + domain));
        Vacation away = new Vacation(true, Instant.parse("2026-12-24T00:00:00Z"), Instant.EPOCH, 3, "s", "two\nlines");
        assertEquals(Vacation.NONE, directory.vacation("x+y@" + domain));
        assertEquals(DONE, directory.apply(new Edit.SetVacation("X+Y@as-" + domain, away)));
        assertEquals(away, directory.vacation("x+y@" + domain));
        refused(
                Change.Reason.INVALID,
                "days: must be 1 to 365",
                directory.apply(new Edit.SetVacation(
                        "x+y@" + domain, new Vacation(true, Instant.EPOCH, Instant.EPOCH, 0, "", ""))));
        Forwarding forward = new Forwarding(List.of("a@far.test", "b@far.test"), false);
        assertEquals(Forwarding.NONE, directory.forward("x+y@" + domain));
        assertEquals(DONE, directory.apply(new Edit.SetForward("X+Y@as-" + domain, forward)));
        assertEquals(forward, directory.forward("x+y@" + domain));
        refused(
                Change.Reason.INVALID,
                "x+y@as-" + domain + " leads back to this mailbox",
                directory.apply(
                        new Edit.SetForward("x+y@" + domain, new Forwarding(List.of("x+y@as-" + domain), true))));
        assertEquals(DONE, directory.apply(new Edit.SetForward("x+y@" + domain, Forwarding.NONE)));
        assertEquals(List.of(), directory.appPasswords("x+y@" + domain));
        rig.domains.apply(new Edit.AddAppPassword(
                "x+y@" + domain, new AppPasswords.Wish("phone", true, false), AppSecret.make(new SecureRandom())));
        AppPasswords.Listed phone = directory.appPasswords("x+y@" + domain).getFirst();
        assertEquals(new AppPasswords.Wish("phone", true, false), phone.wish());
        assertEquals(DONE, directory.apply(new Edit.EndAppPassword("X+Y@as-" + domain, phone.id())));
        refused(
                Change.Reason.MISSING,
                "There is no such app password",
                directory.apply(new Edit.EndAppPassword("x+y@" + domain, phone.id())));
        assertEquals(Optional.empty(), directory.staff().secondFactor("x+y@" + domain));
        rig.domains.apply(new Edit.SetSecondFactor(
                "x+y@" + domain, Totp.make(new SecureRandom()), 1, RecoveryCodes.make(new SecureRandom())));
        assertEquals(
                rig.domains.secondFactors().of("x+y@" + domain),
                directory.staff().secondFactor("X+y@as-" + domain));
        assertEquals(DONE, directory.apply(new Edit.RemoveSecondFactor("x+y@as-" + domain)));
        refused(
                Change.Reason.MISSING,
                "No two-step sign-in is set there",
                directory.apply(new Edit.RemoveSecondFactor("x+y@" + domain)));
        refused(
                Change.Reason.MISSING,
                "No two-step sign-in is set there",
                directory.apply(new Edit.RemoveSecondFactor("nobody/../x")));
        assertEquals(2, directory.mailboxes(domain).size());
        assertEquals(
                DONE, directory.apply(new Edit.SetPassword("x+y@" + domain, new Password.Hashed(PASSWORD.hash(4)))));
        assertEquals(
                DONE,
                directory.apply(new Edit.AddAlias(new EditableDirectory.Alias("all@" + domain, "x+y@" + domain))));
        assertEquals(List.of(new EditableDirectory.Alias("all@" + domain, "x+y@" + domain)), directory.aliases(domain));
        assertEquals(
                DONE,
                directory.apply(new Edit.DeleteAlias(new EditableDirectory.Alias("all@" + domain, "x+y@" + domain))));
        assertEquals(DONE, directory.apply(new Edit.DeleteMailbox("x+y@" + domain)));
        assertEquals(DONE, directory.apply(new Edit.DeleteDomain(domain)));
        assertEquals(Optional.empty(), directory.domain(domain));
        assertEquals(List.of(), directory.mailboxes(domain));
        assertEquals(Optional.empty(), directory.mailbox("x+y@" + domain));
        refused(Change.Reason.MISSING, "Domain does not exist", directory.apply(new Edit.DeleteDomain(domain)));
        refused(
                Change.Reason.MISSING,
                "Domain does not exist",
                directory.apply(new Edit.AddMailbox("a@" + domain, PASSWORD)));
    }

    /// Names that are none must not become another path of the service.
    @Test
    void refusesOddNamesAlike() throws IOException {
        List<String> odd = List.of(
                "",
                " ",
                "@",
                "bob@",
                "@example.test",
                "a/b@example.test",
                "../x",
                "%2e%2e",
                "?force=true",
                "#x",
                "x\ny",
                "x@a@example.test",
                ".",
                "\ud800",
                "ann@nowhere.test");
        for (String name : odd) {
            assertEquals(
                    rig.domains.apply(new Edit.DeleteDomain(name)), remote.apply(new Edit.DeleteDomain(name)), name);
            assertEquals(
                    rig.domains.apply(new Edit.AddDomain(name, PASSWORD)) instanceof Change.Refused,
                    remote.apply(new Edit.AddDomain(name, PASSWORD)) instanceof Change.Refused,
                    name);
            assertEquals(
                    rig.domains.apply(new Edit.SetCatchAll(name, "")),
                    remote.apply(new Edit.SetCatchAll(name, "")),
                    name);
            assertEquals(
                    rig.domains.apply(new Edit.SetLimits(name, EditableDirectory.Limits.NONE)),
                    remote.apply(new Edit.SetLimits(name, EditableDirectory.Limits.NONE)),
                    name);
            assertEquals(
                    rig.domains.apply(new Edit.DeleteMailbox(name)), remote.apply(new Edit.DeleteMailbox(name)), name);
            assertEquals(
                    rig.domains.apply(new Edit.AddMailbox(name, PASSWORD)),
                    remote.apply(new Edit.AddMailbox(name, PASSWORD)),
                    name);
            assertEquals(
                    rig.domains.apply(new Edit.SetPassword(name, PASSWORD)),
                    remote.apply(new Edit.SetPassword(name, PASSWORD)),
                    name);
            EditableDirectory.Alias alias = new EditableDirectory.Alias(name, "far@example.org");
            assertEquals(
                    rig.domains.apply(new Edit.DeleteAlias(alias)), remote.apply(new Edit.DeleteAlias(alias)), name);
            assertEquals(rig.domains.apply(new Edit.AddAlias(alias)), remote.apply(new Edit.AddAlias(alias)), name);
            assertEquals(rig.domains.domain(name), remote.domain(name), name);
            assertEquals(rig.domains.mailbox(name), remote.mailbox(name), name);
            assertEquals(rig.domains.aliases(name), remote.aliases(name), name);
            assertEquals(rig.domains.losses(name), remote.losses(name), name);
            assertEquals(
                    rig.domains.apply(new Edit.RemoveAdministrator(name)),
                    remote.apply(new Edit.RemoveAdministrator(name)),
                    name);
            assertEquals(
                    rig.domains.apply(new Edit.EndToken(name, "")), remote.apply(new Edit.EndToken(name, "")), name);
            assertEquals(
                    rig.domains.apply(new Edit.EndSession(name, "")),
                    remote.apply(new Edit.EndSession(name, "")),
                    name);
        }
        assertTrue(rig.domains.domain("example.test").isPresent());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void addsManyAndNamesWhatWouldGo(Way way) throws IOException {
        EditableDirectory directory = way.directory;
        String domain = "many-" + way.name + ".test";
        assertEquals(DONE, directory.apply(new Edit.AddDomain(domain, PASSWORD)));
        List<Edit.AddMailbox> wanted = Stream.of("a", "b", "a", "x y")
                .map(local -> new Edit.AddMailbox(local + "@" + domain, PASSWORD))
                .toList();
        assertEquals(
                List.of(
                        DONE,
                        DONE,
                        Change.refuse(Refusal.Key.MAILBOX_EXISTS, "a@" + domain),
                        Change.refuse(Refusal.Key.MAILBOX_NAME, "x y")),
                directory.addMailboxes(wanted));
        directory.apply(new Edit.AddAlias(new EditableDirectory.Alias("a@" + domain, "far@example.org")));
        assertEquals(List.of(Loss.of(Loss.Key.COPIES, "far@example.org")), directory.losses("a@" + domain));
        directory.apply(new Edit.AddAliasDomain(domain, "as." + domain));
        assertEquals(List.of(Loss.of(Loss.Key.ALIAS_DOMAIN, "as." + domain)), directory.losses(domain));
        assertEquals(rig.domains.staff().administrators(), directory.staff().administrators());
        assertEquals(DONE, directory.apply(new Edit.AddAdministrator(way.name, PASSWORD)));
        assertEquals(DONE, directory.apply(new Edit.SetAdministratorPassword(way.name, PASSWORD, true)));
        assertEquals(DONE, directory.apply(new Edit.RemoveAdministrator(way.name)));
        assertEquals(rig.domains.tokens().all(), directory.staff().tokens());
        assertEquals(rig.domains.staff().sessions(), directory.staff().sessions());
        assertEquals(DONE, directory.apply(new Edit.DeleteDomain(domain)));
        assertEquals(Optional.empty(), directory.domain("as." + domain));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void changesListsAlike(Way way) throws IOException {
        EditableDirectory directory = way.directory;
        String domain = "lists-" + way.name + ".test";
        String list = "team@" + domain;
        assertEquals(DONE, directory.apply(new Edit.AddDomain(domain, PASSWORD)));
        ListSettings wanted = new ListSettings("ann@far.test", Set.of('g', 'k', 'm', 's', 'u'), "[team]", true);
        assertEquals(DONE, directory.apply(new Edit.SetList(list, wanted)));
        Path home = folder.resolve("maildirs/domains/" + domain + "/team");
        assertEquals(wanted, ListSettings.read(home));
        assertTrue(newest().startsWith("list " + list + ": made, owner postmaster@" + domain + " -> "), newest());
        List<String> many = IntStream.range(100, 500)
                .mapToObj(i -> "somebody.with.a.name." + i + "@far.test")
                .toList();
        for (ListSet set : ListSet.values()) {
            assertEquals(DONE, directory.apply(new Edit.AddToList(list, set, many)), set.word());
            assertEquals(many, Lists.withoutQueue().all(home, set.base()), set.word());
            assertEquals(DONE, directory.apply(new Edit.TakeFromList(list, set, many.subList(1, 400))));
            assertEquals(many.subList(0, 1), Lists.withoutQueue().all(home, set.base()), set.word());
        }
        assertEquals(Change.refuse(Refusal.Key.LIST_MISSING), directory.apply(new Edit.RemoveList("none@" + domain)));
        assertEquals(
                Change.refuse(Refusal.Key.LIST_TAKEN, "postmaster@" + domain),
                directory.apply(new Edit.SetList("postmaster@" + domain, wanted)));
        assertEquals(DONE, directory.apply(new Edit.RemoveList(list)));
        assertEquals("remove list " + list, newest());
        assertEquals(List.of(), directory.aliases(domain));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void changesControlFilesAlikeThoseTooThatNamePrograms(Way way) throws IOException {
        EditableDirectory directory = way.directory;
        for (Edit edit : List.of(
                new Edit.SetControl(ControlFile.BADMAILFROM, List.of("@bad.test")),
                new Edit.SetControl(ControlFile.DATABYTES, List.of("5000000")),
                new Edit.SetControl(ControlFile.TCP_SMTP, List.of("127.:allow,RELAYCLIENT=\"\"")))) {
            assertEquals(DONE, directory.apply(edit), edit.toString());
            assertTrue(newest().startsWith("set control file "), newest());
        }
        Path control = folder.resolve("control");
        assertEquals("@bad.test\n", Files.readString(control.resolve("badmailfrom")));
        assertTrue(Files.exists(control.resolve("tcp.smtp.cdb")));
        assertEquals(
                Change.refuse(Refusal.Key.CONTROL_ONE_VALUE, "databytes"),
                directory.apply(new Edit.SetControl(ControlFile.DATABYTES, List.of("1", "2"))));
        assertEquals(
                Change.refuse(Refusal.Key.CONTROL_STAYS, "me"),
                directory.apply(new Edit.RemoveControl(ControlFile.ME)));
        for (ControlFile file : List.of(ControlFile.BADMAILFROM, ControlFile.DATABYTES, ControlFile.TCP_SMTP)) {
            assertEquals(DONE, directory.apply(new Edit.RemoveControl(file)), file.file());
            assertTrue(newest().startsWith("remove control file " + file.file()), newest());
        }
    }

    @Test
    void saysOfAControlFileThatCannotTravelThatItIsTooLarge() throws IOException {
        List<String> many = IntStream.range(0, 5000)
                .mapToObj(i -> "domain-number-" + i + ".test")
                .toList();
        assertEquals(
                Change.refuse(Refusal.Key.CONTROL_LARGE, "morercpthosts"),
                remote.apply(new Edit.SetControl(ControlFile.MORERCPTHOSTS, many)));
    }

    private static String newest() throws IOException {
        return rig.domains.audit().newest(1).getFirst().what();
    }

    @Test
    void letsACommandGoByTheServiceThatHasTheDatabase() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Program.Stdio stdio = new Program.Stdio(
                Map.of("QRATE_STATE", folder.toString(), "QRATE_ADMIN_URL", rig.url()),
                InputStream.nullInputStream(),
                stream,
                stream);
        assertEquals(
                0,
                Commands.programs().get("vadduser").run(List.of("by.hand@example.test", "secret-word"), stdio),
                out::toString);
        assertTrue(rig.domains
                .accounts()
                .signIn("by.hand@example.test", "secret-word")
                .isPresent());
        assertEquals("command", rig.domains.audit().newest(1).getFirst().who());
    }
}
