package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.checkpassword.AppSecret;
import qrate.core.Address;
import qrate.core.Slice;
import qrate.core.State;
import qrate.snapshots.Directory.Route;
import qrate.snapshots.SnapshotDirectory;

class DomainsTest {
    private static final Change DONE = new Change.Done();
    private static final Password PASSWORD = new Password.Clear("correct horse");

    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong(1_764_000_000_000L);
    private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
    private State state;
    private Domains domains;
    private SnapshotDirectory directory;

    @BeforeEach
    void start() throws IOException {
        state = new State(folder);
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        domains = open();
        directory = new SnapshotDirectory(state, clock);
    }

    /// Names the database.
    Map<String, String> environment() throws IOException {
        return Map.of("QRATE_BCRYPT_COST", "4");
    }

    private Domains open() throws IOException {
        return Domains.open(state, Settings.of(environment(), state), clock);
    }

    @AfterEach
    void stop() {
        domains.close();
    }

    private void refused(Change.Reason reason, Change change) {
        assertEquals(reason, assertInstanceOf(Change.Refused.class, change).reason());
    }

    private Route route(String address) throws IOException {
        now.addAndGet(1000);
        return directory.route(Address.of(address));
    }

    private Path maildir(String path) {
        return state.maildirs().resolve("domains").resolve(path);
    }

    private List<String> control(String name) throws IOException {
        return Files.readAllLines(state.control().resolve(name));
    }

    @Test
    void makesADomainThatMailCanGoToAtOnce() throws IOException {
        Files.writeString(state.control().resolve("rcpthosts"), "# by hand\nother.test\n");
        assertEquals(DONE, domains.apply(new Edit.AddDomain("Example.TEST", PASSWORD)));
        assertInstanceOf(Route.Mailbox.class, route("postmaster@example.test"));
        assertEquals(new Route.NoSuchUser(), route("ann@example.test"));
        assertTrue(directory
                .account("postmaster@example.test")
                .orElseThrow()
                .hash()
                .startsWith("$2b$04$"));
        for (String part : List.of("new", "cur", "tmp")) {
            assertTrue(Files.isDirectory(maildir("example.test/postmaster/Maildir/" + part)), part);
        }
        assertEquals(02770, (int) Files.getAttribute(maildir("example.test/postmaster/Maildir"), "unix:mode") & 07777);
        assertEquals(List.of("# by hand", "other.test", "example.test"), control("rcpthosts"));
        assertEquals(List.of("example.test:example.test"), control("virtualdomains"));
        assertTrue(Files.readString(state.users().resolve("assign")).startsWith("+example.test-:example.test:7789:"));
        refused(Change.Reason.EXISTS, domains.apply(new Edit.AddDomain("example.test", PASSWORD)));
    }

    /// send reads locals first: mail for its mailboxes would go to alias.
    @Test
    void aDomainThatBecomesVirtualIsLocalNoLonger() throws IOException {
        Path locals = state.control().resolve("locals");
        Files.writeString(state.control().resolve("me"), "example.test\n");
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        assertEquals(List.of(), control("locals"), "without the file, me is local");
        domains.apply(new Edit.DeleteDomain("example.test"));
        assertEquals(List.of("example.test"), control("locals"));
        Files.writeString(locals, "localhost\nOther.test\n# third.test\n");
        domains.apply(new Edit.AddDomain("other.test", PASSWORD));
        assertEquals(List.of("localhost", "# third.test"), control("locals"));
        Files.writeString(locals, "other.test\n");
        domains.apply(new Edit.AddDomain("third.test", PASSWORD));
        assertEquals(List.of("other.test"), control("locals"), "what an administrator wrote since stays");
    }

    @Test
    void aMailboxIsNotMadeInAFolderThatIsNone() throws IOException {
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        Files.createDirectories(maildir("example.test/team/subscribers"));
        refused(Change.Reason.EXISTS, domains.apply(new Edit.AddMailbox("team@example.test", PASSWORD)));
        assertFalse(Files.exists(maildir("example.test/team/Maildir")));
    }

    @Test
    void takesADomainOutOfLocalsWhichWouldComeFirst() throws IOException {
        Files.writeString(
                state.control().resolve("locals"), "# by hand\nlocalhost\nExample.TEST\nmail.example.test \n");
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        assertEquals(List.of("# by hand", "localhost", "mail.example.test "), control("locals"));
        domains.apply(new Edit.AddAliasDomain("example.test", "mail.example.test"));
        assertEquals(List.of("# by hand", "localhost"), control("locals"));
    }

    @Test
    void removesADomainWithItsAliasesMailAndLines() throws IOException {
        Files.writeString(state.control().resolve("rcpthosts"), "other.test\n");
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        domains.apply(new Edit.AddAliasDomain("example.test", "example.net"));
        assertInstanceOf(Route.Mailbox.class, route("postmaster@example.net"));
        Path outside = Files.writeString(folder.resolve("precious"), "x");
        Files.createSymbolicLink(maildir("example.test/postmaster/Maildir/cur/link"), outside);
        Files.createSymbolicLink(maildir("example.test/away"), folder.resolve("control"));
        assertEquals(DONE, domains.apply(new Edit.DeleteDomain("example.test")));
        assertEquals(new Route.NotOurs(), route("postmaster@example.test"));
        assertEquals(new Route.NotOurs(), route("postmaster@example.net"));
        assertFalse(Files.exists(maildir("example.test")));
        assertTrue(Files.exists(outside));
        assertEquals(List.of("other.test"), control("rcpthosts"));
        assertEquals(List.of(), control("virtualdomains"));
        assertEquals(".\n", Files.readString(state.users().resolve("assign")));
        refused(Change.Reason.MISSING, domains.apply(new Edit.DeleteDomain("example.test")));
    }

    @Test
    void keepsMailboxesAliasesAndTheCatchAll() throws IOException {
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        assertEquals(DONE, domains.apply(new Edit.AddMailbox("Ann.Lee@example.test", PASSWORD)));
        refused(Change.Reason.EXISTS, domains.apply(new Edit.AddMailbox("ann.lee@EXAMPLE.test", PASSWORD)));
        assertEquals(
                DONE,
                domains.apply(
                        new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", "ann.lee@example.test"))));
        assertEquals(
                DONE,
                domains.apply(
                        new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", "&bob@example.org"))));
        assertEquals(
                new Route.Forward(List.of("ann.lee@example.test", "bob@example.org")), route("sales@example.test"));
        domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("ann.lee@example.test", "ann@example.org")));
        EditableDirectory.Mailbox ann = domains.mailbox("ann.lee@example.test").orElseThrow();
        Files.writeString(maildir("example.test/ann.lee/Maildir/maildirsize"), "x");
        domains.apply(new Edit.Modify(
                ann.address(),
                EditableDirectory.Mailbox.of(
                                ann.address(), new Quota(5000, 7), Set.of(Property.SMTP, Property.POSTMASTER))
                        .values()));
        assertEquals(
                new Route.Mailbox(
                        "ann.lee@example.test",
                        "domains/example.test/ann.lee",
                        5000,
                        7,
                        List.of("ann@example.org"),
                        false),
                route("ann.lee@example.test"));
        assertFalse(Files.exists(maildir("example.test/ann.lee/Maildir/maildirsize")));
        assertFalse(directory.account("ann.lee@example.test").orElseThrow().pop());
        domains.apply(new Edit.SetCatchAll("example.test", "sales@example.test"));
        assertInstanceOf(Route.Forward.class, route("who@example.test"));
        domains.apply(new Edit.SetCatchAll("example.test", ""));
        assertEquals(new Route.NoSuchUser(), route("who@example.test"));
        assertEquals(
                DONE,
                domains.apply(
                        new Edit.DeleteAlias(new EditableDirectory.Alias("sales@example.test", "bob@example.org"))));
        refused(
                Change.Reason.MISSING,
                domains.apply(
                        new Edit.DeleteAlias(new EditableDirectory.Alias("sales@example.test", "bob@example.org"))));
        assertEquals(DONE, domains.apply(new Edit.DeleteMailbox("ann.lee@example.test")));
        assertEquals(new Route.NoSuchUser(), route("ann.lee@example.test"));
        assertFalse(Files.exists(maildir("example.test/ann.lee")));
        refused(Change.Reason.INVALID, domains.apply(new Edit.DeleteMailbox("postmaster@example.test")));
        assertEquals(1, domains.domain("example.test").orElseThrow().mailboxes());
    }

    @Test
    void refusesNamesThatWouldBeSomethingElse() throws IOException {
        for (String bad :
                List.of("", "..", "a/b.test", "a\n.test", "a\0.test", "-a.test", "test", "a..test", "x y.test")) {
            refused(Change.Reason.INVALID, domains.apply(new Edit.AddDomain(bad, PASSWORD)));
        }
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        for (String bad :
                List.of("", ".", "..", "a/b", "../x", "a\r\nb", "a\0", "|x", "\"a b\"", "a".repeat(65), "-f")) {
            refused(Change.Reason.INVALID, domains.apply(new Edit.AddMailbox(bad + "@example.test", PASSWORD)));
            refused(
                    Change.Reason.INVALID,
                    domains.apply(new Edit.AddAlias(new EditableDirectory.Alias(bad + "@example.test", "a@b.test"))));
        }
        for (String bad : List.of("", "|rm@x.test", "a", "a b@c.test", "a@b\nc", "./Maildir/@x.test\n", "a@-b.test")) {
            refused(
                    Change.Reason.INVALID,
                    domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("a@example.test", bad))));
        }
        for (String bad : List.of("", "a\n", "seven77", "x".repeat(73))) {
            refused(
                    Change.Reason.INVALID,
                    domains.apply(new Edit.AddMailbox("ann@example.test", new Password.Clear(bad))));
        }
        refused(
                Change.Reason.INVALID,
                domains.apply(new Edit.AddMailbox("ann@example.test", new Password.Hashed("plain"))));
        refused(Change.Reason.MISSING, domains.apply(new Edit.AddMailbox("ann@nowhere.test", PASSWORD)));
        assertEquals(DONE, domains.apply(new Edit.AddDomain("bücher.test", PASSWORD)));
        assertEquals("xn--bcher-kva.test", domains.domains().get(1).name());
        assertInstanceOf(Route.Mailbox.class, route("postmaster@bücher.test"));
    }

    @Test
    void keepsToTheLimitsOfADomain() throws IOException {
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        domains.apply(new Edit.SetLimits("example.test", new EditableDirectory.Limits(2, 1, 9000)));
        assertEquals(DONE, domains.apply(new Edit.AddMailbox("ann@example.test", PASSWORD)));
        refused(Change.Reason.LIMIT, domains.apply(new Edit.AddMailbox("bob@example.test", PASSWORD)));
        assertEquals(
                new Quota(9000, 0),
                domains.mailbox("ann@example.test").orElseThrow().quota());
        assertEquals(
                DONE,
                domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("x@example.test", "ann@example.test"))));
        refused(
                Change.Reason.LIMIT,
                domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("y@example.test", "ann@example.test"))));
    }

    @Test
    void healsFilesThatACrashLeftBehindTheDatabase() throws IOException {
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        domains.apply(new Edit.AddMailbox("ann@example.test", PASSWORD));
        Path file = state.users().resolve("domains/example.test.cdb");
        byte[] newer = Files.readAllBytes(file);
        domains.apply(new Edit.AddMailbox("bob@example.test", PASSWORD));
        domains.close();
        // what a crash between commit and snapshot leaves: an older file, no Maildir, no line
        Files.write(file, newer);
        Files.delete(state.passwords().resolve("example.test.cdb"));
        Files.delete(state.control().resolve("rcpthosts"));
        Files.delete(state.users().resolve("cdb"));
        Files.write(state.users().resolve("domains/stray.test.cdb"), newer);
        domains = open();
        assertInstanceOf(Route.Mailbox.class, route("bob@example.test"));
        assertTrue(directory.account("bob@example.test").isPresent());
        assertEquals(List.of("example.test"), control("rcpthosts"));
        assertTrue(Files.exists(state.users().resolve("cdb")));
        assertEquals(new Route.NotOurs(), route("ann@stray.test"));
    }

    @Test
    void finishesARemovalThatCouldNotTouchTheFiles() throws IOException {
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        domains.apply(new Edit.AddMailbox("ann@example.test", PASSWORD));
        // a folder stands where the snapshot should go: the disk's answer to a full or broken volume
        Path blocked = state.control().resolve("rcpthosts");
        Files.delete(blocked);
        Files.createDirectories(blocked.resolve("in the way"));
        Trouble trouble = assertThrows(Trouble.class, () -> domains.apply(new Edit.DeleteDomain("example.test")));
        assertEquals(Trouble.Saved.ALL, trouble.saved());
        assertTrue(trouble.getMessage().endsWith("the change is saved and is not to be made again"));
        // a name whose last holder's files are about is not given again
        trouble = assertThrows(Trouble.class, () -> domains.apply(new Edit.AddDomain("example.test", PASSWORD)));
        assertEquals(Trouble.Saved.NOTHING, trouble.saved());
        Files.delete(blocked.resolve("in the way"));
        Files.delete(blocked);
        domains.close();
        domains = open();
        assertFalse(Files.exists(maildir("example.test")));
        assertEquals(new Route.NotOurs(), route("ann@example.test"));
        assertEquals(List.of(), control("virtualdomains"));
        assertEquals(DONE, domains.apply(new Edit.AddDomain("example.test", PASSWORD)));
        assertEquals(new Route.NoSuchUser(), route("ann@example.test"));
    }

    @Test
    void signsInWhoeverKnowsThePassword() throws IOException {
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        domains.apply(new Edit.AddMailbox("ann@example.test", PASSWORD));
        Accounts accounts = domains.accounts();
        assertFalse(accounts.hasAdministrator());
        assertEquals(DONE, domains.apply(new Edit.AddAdministrator("admin", PASSWORD)));
        assertEquals(Optional.of(new Principal.Administrator("admin")), accounts.signIn("admin", "correct horse"));
        assertEquals(
                Optional.of(new Principal.Postmaster("postmaster@example.test", "example.test")),
                accounts.signIn("Postmaster@Example.test", "correct horse"));
        assertEquals(
                Optional.of(new Principal.Owner("ann@example.test")),
                accounts.signIn("ann@example.test", "correct horse"));
        for (String login : List.of("admin", "ann@example.test", "nobody@example.test", "nobody", "", "@", "a@b@c")) {
            assertEquals(Optional.empty(), accounts.signIn(login, "wrong"), login);
            assertEquals(Optional.empty(), accounts.signIn(login, ""), login);
            assertEquals(Optional.empty(), accounts.signIn(login, "x".repeat(100)), login);
        }
        String before = accounts.fingerprint("ann@example.test");
        domains.apply(new Edit.SetPassword("ann@example.test", new Password.Clear("other horse")));
        assertFalse(before.equals(accounts.fingerprint("ann@example.test")));
    }

    @Test
    void aTokenEndsByItselfByHandAndWithThePassword() throws IOException {
        Accounts accounts = domains.accounts();
        domains.apply(new Edit.AddAdministrator("admin", PASSWORD));
        Principal admin = new Principal.Administrator("admin");
        Tokens tokens = domains.as("admin").tokens();
        String token = tokens.create(admin, new Tokens.Wish("test", Tokens.Scope.READ, Duration.ofDays(1)))
                .orElseThrow();
        assertEquals(Optional.of(new Accounts.Bearer(admin, Tokens.Scope.READ)), accounts.byToken(token));
        assertEquals(Optional.empty(), accounts.byToken(token.replace(token.charAt(10), '!')));
        assertEquals(now.get(), tokens.of("admin").getFirst().used().toEpochMilli());
        String id = tokens.of("admin").getFirst().id();
        refused(Change.Reason.MISSING, domains.apply(new Edit.EndToken(id, "somebody@example.test")));
        assertEquals(DONE, domains.apply(new Edit.EndToken(id, "admin")));
        assertEquals(Optional.empty(), accounts.byToken(token));
        assertEquals(
                "make token test (read, 1 days)",
                domains.audit().newest(10).get(1).what());
        String brief = tokens.create(admin, new Tokens.Wish("brief", Tokens.Scope.ROLE, Duration.ofDays(1)))
                .orElseThrow();
        now.addAndGet(Duration.ofDays(1).toMillis());
        assertEquals(Optional.empty(), accounts.byToken(brief));
        String kept = tokens.create(admin, Tokens.Wish.usual("kept")).orElseThrow();
        assertEquals(DONE, domains.apply(new Edit.SetAdministratorPassword("admin", PASSWORD, true)));
        assertTrue(accounts.byToken(kept).isPresent());
        assertEquals(DONE, domains.apply(new Edit.SetAdministratorPassword("admin", PASSWORD, false)));
        assertEquals(Optional.empty(), accounts.byToken(kept));
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        Principal owner = accounts.principal("postmaster@example.test").orElseThrow();
        String owned = tokens.create(owner, Tokens.Wish.usual("mine")).orElseThrow();
        domains.apply(new Edit.SetPassword("postmaster@example.test", PASSWORD));
        assertEquals(Optional.empty(), accounts.byToken(owned));
    }

    @Test
    void anAliasDomainIsManagedByItsOwnName() throws IOException {
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        assertEquals(DONE, domains.apply(new Edit.AddMailbox("ann@alias.test", PASSWORD)));
        refused(Change.Reason.EXISTS, domains.apply(new Edit.AddMailbox("ann@example.test", PASSWORD)));
        EditableDirectory.Mailbox ann = domains.mailbox("ann@alias.test").orElseThrow();
        assertEquals("ann@example.test", ann.address());
        assertEquals(DONE, domains.apply(new Edit.SetPassword("ann@alias.test", new Password.Clear("better horse"))));
        assertEquals(
                Optional.of(new Principal.Owner("ann@example.test")),
                domains.accounts().signIn("ann@alias.test", "better horse"));
        assertEquals(
                DONE,
                domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("x@alias.test", "ann@example.test"))));
        assertEquals(1, domains.aliases("alias.test").size());
        assertEquals(DONE, domains.apply(new Edit.SetCatchAll("alias.test", "ann@example.test")));
        assertEquals(DONE, domains.apply(new Edit.SetLimits("alias.test", new EditableDirectory.Limits(9, 9, 9))));
        assertEquals(9, domains.domain("example.test").orElseThrow().limits().aliases());
        assertEquals(
                DONE,
                domains.apply(new Edit.Modify(
                        "ann@alias.test",
                        EditableDirectory.Mailbox.of("ann@alias.test", Quota.NONE, Set.of(Property.SMTP, Property.KEEP))
                                .values())));
        assertFalse(directory.account("ann@example.test").orElseThrow().pop());
        assertEquals(2, domains.mailboxes("alias.test").size());
        assertEquals(
                DONE,
                domains.apply(new Edit.DeleteAlias(new EditableDirectory.Alias("x@alias.test", "ann@example.test"))));
        assertEquals(DONE, domains.apply(new Edit.DeleteMailbox("ann@alias.test")));
        assertFalse(Files.exists(maildir("example.test/ann")));
    }

    @Test
    void readsQuotasAsVpopmailWritesThem() {
        assertEquals(Optional.of(Quota.NONE), Quota.parse("NOQUOTA"));
        assertEquals(Optional.of(new Quota(50L << 20, 0)), Quota.parse("50MB"));
        assertEquals(Optional.of(new Quota(52428800, 1000)), Quota.parse("52428800S,1000C"));
        assertEquals("52428800S,1000C", new Quota(52428800, 1000).toString());
        for (String bad : List.of("", "x", "-1", "5T", "10MC", "999999999999999G", "1,,2")) {
            assertEquals(Optional.empty(), Quota.parse(bad), bad);
        }
    }

    @Test
    void quietChangesAreDurableAndSeenAfterHealing() throws IOException {
        Domains quiet = domains.quiet("import");
        assertEquals(DONE, quiet.apply(new Edit.AddDomain("quiet.test", PASSWORD)));
        assertEquals(DONE, quiet.apply(new Edit.AddMailbox("ann@quiet.test", PASSWORD)));
        assertInstanceOf(Route.NotOurs.class, directory.route(Address.of("ann@quiet.test")));
        domains.heal();
        assertInstanceOf(Route.Mailbox.class, directory.route(Address.of("ann@quiet.test")));
        assertEquals(DONE, quiet.apply(new Edit.AddMailbox("bob@quiet.test", PASSWORD)));
        domains.close();
        domains = open();
        now.addAndGet(2000);
        assertInstanceOf(Route.Mailbox.class, directory.route(Address.of("bob@quiet.test")));
    }

    @Test
    void longListsAreReadAPartAtATimeAndSearched() throws IOException {
        domains.apply(new Edit.AddDomain("long.test", PASSWORD));
        List<Edit.AddMailbox> many = IntStream.range(100, 130)
                .mapToObj(i -> new Edit.AddMailbox("b" + i + "_x@long.test", PASSWORD))
                .toList();
        domains.addMailboxes(many);
        Slice.Part<EditableDirectory.Mailbox> first = domains.mailboxes("long.test", Slice.first(10));
        assertEquals(31, first.all());
        assertEquals(
                domains.mailboxes("long.test").subList(0, 10), first.rows(), "the order is that of the whole list");
        assertTrue(first.later() && !first.earlier());
        Slice.Part<EditableDirectory.Mailbox> last = domains.mailboxes("LONG.test", new Slice("", "b127_x", "", 10));
        assertEquals(List.of("b128_x", "b129_x", "postmaster"), locals(last));
        assertTrue(last.earlier() && !last.later());
        assertEquals(
                List.of("b126_x", "b127_x"), locals(domains.mailboxes("long.test", new Slice("", "", "b128_x", 2))));
        assertEquals(List.of("b120_x"), locals(domains.mailboxes("long.test", new Slice("20_x", "", "", 10))));
        assertEquals(List.of(), locals(domains.mailboxes("long.test", new Slice("%", "", "", 10))));
        assertEquals(
                30, domains.mailboxes("long.test", new Slice("_", "", "", 5)).all());
        for (String target : List.of("a@far.test", "b@far.test", "c@far.test")) {
            domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("all@long.test", target)));
        }
        domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("zoe@long.test", "a@far.test")));
        Slice.Part<EditableDirectory.Alias> lines = domains.aliases("long.test", Slice.first(2));
        assertEquals(4, lines.all());
        Slice.Part<EditableDirectory.Alias> rest = domains.aliases(
                "long.test", new Slice("", Domains.key(lines.rows().getLast()), "", 5));
        assertEquals(domains.aliases("long.test").subList(2, 4), rest.rows());
        assertTrue(rest.earlier() && !rest.later());
        assertEquals(
                1, domains.aliases("long.test", new Slice("l b@", "", "", 5)).all());
        domains.apply(new Edit.AddAliasDomain("long.test", "longer.test"));
        Slice.Part<EditableDirectory.Domain> names = domains.domains(new Slice("long", "", "", 10));
        assertEquals(
                List.of("long.test", "longer.test"),
                names.rows().stream().map(EditableDirectory.Domain::name).toList());
        assertEquals(31, names.rows().getFirst().mailboxes());
        assertEquals(List.of("longer.test"), domains.otherNames("long.test"));
        List<Audit.Numbered> audit =
                domains.audit().older(0, "add alias zoe", 5).lines();
        assertEquals(1, audit.size());
        assertEquals(
                List.of(),
                domains.audit()
                        .older(audit.getFirst().number(), "add alias zoe", 5)
                        .lines());
        assertEquals(3, domains.audit().older(0, "", 3).lines().size());
    }

    private static List<String> locals(Slice.Part<EditableDirectory.Mailbox> part) {
        return part.rows().stream().map(EditableDirectory.Mailbox::local).toList();
    }

    @Test
    void manyMailboxesAreAddedAllOrNone() throws IOException {
        domains.apply(new Edit.AddDomain("all.test", PASSWORD));
        List<NewMailbox> good = List.of(
                new NewMailbox(new Edit.AddMailbox("a@all.test", PASSWORD), Map.of(Property.QUOTA, new Quota(5, 0))),
                new NewMailbox(new Edit.AddMailbox("b@all.test", PASSWORD), Map.of(Property.POP, false)));
        List<NewMailbox> bad = new ArrayList<>(good);
        bad.add(new NewMailbox(new Edit.AddMailbox("postmaster@all.test", PASSWORD), Map.of()));
        for (boolean look : new boolean[] {true, false}) {
            List<Change> outcomes = domains.addAll(bad, look);
            assertTrue(outcomes.get(2) instanceof Change.Refused && outcomes.get(1) instanceof Change.Done);
            assertEquals(1, domains.mailboxes("all.test").size());
        }
        domains.addAll(good, true);
        assertEquals(1, domains.mailboxes("all.test").size(), "a look does nothing");
        domains.addAll(good, false);
        assertEquals(5, domains.mailbox("a@all.test").orElseThrow().quota().bytes());
        assertFalse(domains.mailbox("b@all.test").orElseThrow().is(Property.POP));
    }

    @Test
    void keepsWhatOwnersSetOverARestartAndForgetsItWithThem() throws IOException {
        String ann = "ann@owners.test";
        Totp totp = Totp.make(new SecureRandom());
        RecoveryCodes codes = RecoveryCodes.make(new SecureRandom());
        Forwarding forward = new Forwarding(List.of("far@far.test"), false);
        for (Edit edit : List.of(
                new Edit.AddDomain("owners.test", PASSWORD),
                new Edit.AddMailbox(ann, PASSWORD),
                new Edit.SetForward(ann, forward),
                new Edit.AddAppPassword(
                        ann, new AppPasswords.Wish("phone", true, false), AppSecret.make(new SecureRandom())),
                new Edit.Modify(ann, Map.of(Property.APP_ONLY, true)),
                new Edit.SetSecondFactor(ann, totp, 0, codes))) {
            assertEquals(DONE, domains.apply(edit), edit.toString());
        }
        String id = domains.appPasswords(ann).getFirst().id();
        domains.logins()
                .note(List.of(
                        new Logins.Login(ann, Logins.Door.POP3, "192.0.2.1", id, clock.instant()),
                        new Logins.Login(ann, Logins.Door.POP3, "192.0.2.1", id, clock.instant())));
        domains.close();
        domains = open();
        assertEquals(forward, domains.forward(ann));
        assertEquals(clock.instant(), domains.appPasswords(ann).getFirst().used());
        assertEquals(id, domains.logins().of(ann).getFirst().app());
        assertEquals(true, directory.account(ann).orElseThrow().appOnly());
        assertEquals(SecondFactors.Tried.RIGHT, domains.secondFactors().attempt(ann, totp.code(clock.instant())));
        assertEquals(SecondFactors.Tried.WRONG, domains.secondFactors().attempt(ann, totp.code(clock.instant())));
        assertEquals(
                SecondFactors.Tried.RIGHT,
                domains.secondFactors().attempt(ann, codes.texts().getFirst()));
        assertEquals(
                RecoveryCodes.COUNT - 1,
                domains.secondFactors().of(ann).orElseThrow().codes());
        assertEquals(DONE, domains.apply(new Edit.EndAppPassword(ann, id)));
        assertEquals(DONE, domains.apply(new Edit.DeleteDomain("owners.test")));
        assertEquals(Optional.empty(), domains.secondFactors().of(ann));
        assertEquals(List.of(), domains.logins().of(ann));
        assertEquals(List.of(), domains.appPasswords(ann));
    }

    @Test
    void passkeysNamesAndNewPlacesAreKept() throws IOException {
        String ann = "ann@example.test";
        Passkey.Credential credential = new Passkey.Credential("mail.example.test", "AQID", "BAUG");
        RecoveryCodes codes = RecoveryCodes.make(new SecureRandom());
        for (Edit edit : List.of(
                new Edit.AddDomain("example.test", PASSWORD),
                new Edit.AddMailbox(ann, PASSWORD),
                new Edit.Modify(ann, Map.of(Property.NAME, "陳小安", Property.MUST_CHANGE, true)),
                new Edit.AddPasskey(ann, new Passkey("phone", credential, "", 0), codes))) {
            assertEquals(DONE, domains.apply(edit));
        }
        refused(Change.Reason.INVALID, domains.apply(new Edit.Modify(ann, Map.of(Property.NAME, "a\nb"))));
        domains.logins()
                .note(List.of(
                        new Logins.Login(
                                ann,
                                Logins.Door.POP3,
                                "192.0.2.1",
                                "",
                                clock.instant().minusSeconds(90_000)),
                        new Logins.Login(ann, Logins.Door.PAGES, "198.51.100.1", "", clock.instant())));
        domains.close();
        domains = open();
        assertEquals("陳小安", domains.mailbox(ann).orElseThrow().name());
        assertTrue(domains.accounts().mustChange(new Principal.Owner(ann)));
        assertEquals("phone", domains.passkeys().of(ann).getFirst().label());
        assertEquals(List.of("AQID"), domains.passkeys().ids(ann, Passkeys.Site.of("mail.example.test")));
        assertEquals("BAUG", domains.passkeys().handle(ann, new SecureRandom()));
        for (String whose : List.of("", ann)) {
            assertEquals(
                    List.of("198.51.100.1"),
                    domains.logins().fresh(Duration.ofHours(1), whose).stream()
                            .map(Logins.Login::from)
                            .toList());
        }
        assertEquals(DONE, domains.as(ann).apply(new Edit.SetPassword(ann, PASSWORD)));
        assertTrue(!domains.accounts().mustChange(new Principal.Owner(ann)));
        String id = domains.passkeys().of(ann).getFirst().id();
        assertEquals(DONE, domains.apply(new Edit.RemovePasskey(ann, id)));
        assertEquals(Optional.empty(), domains.secondFactors().of(ann));
    }
}
