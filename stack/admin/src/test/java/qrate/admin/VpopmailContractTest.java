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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import qrate.core.Program;
import qrate.vpopmail.Change;
import qrate.vpopmail.Commands;
import qrate.vpopmail.Password;
import qrate.vpopmail.Quota;
import qrate.vpopmail.RemoteVpopmail;
import qrate.vpopmail.Vpopmail;

/// The database itself and the way by the REST API must not differ.
class VpopmailContractTest {
    private static final Change DONE = new Change.Done();
    private static final Password PASSWORD = new Password.Clear("correct horse");

    @TempDir
    static Path folder;

    private static Rig rig;
    private static RemoteVpopmail remote;

    @BeforeAll
    static void start() throws IOException {
        rig = new Rig(folder);
        remote = new RemoteVpopmail(rig.url(), Files.readString(rig.state.db().resolve("local-token")));
    }

    @AfterAll
    static void stop() throws IOException {
        remote.close();
        rig.close();
    }

    record Way(String name, Vpopmail directory) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Way> ways() {
        return Stream.of(new Way("database", rig.domains), new Way("rest", remote));
    }

    private static void refused(Change.Reason reason, String why, Change change) {
        assertEquals(new Change.Refused(reason, why), assertInstanceOf(Change.Refused.class, change));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void changesAndShowsTheSame(Way way) throws IOException {
        Vpopmail directory = way.directory;
        String domain = way.name + ".test";
        assertEquals(DONE, directory.addDomain(domain, PASSWORD));
        refused(Change.Reason.EXISTS, "Domain already exists", directory.addDomain(domain, PASSWORD));
        refused(Change.Reason.INVALID, "Invalid domain name", directory.addDomain("../x", PASSWORD));
        assertEquals(DONE, directory.addAliasDomain(new Vpopmail.AliasDomain(domain, "as-" + domain)));
        assertEquals(DONE, directory.setLimits(domain, new Vpopmail.Limits(3, 2, 4096)));
        assertEquals(DONE, directory.setCatchAll(domain, "x+y@" + domain));
        assertEquals(
                Optional.of(new Vpopmail.Domain(domain, "", "x+y@" + domain, 1, new Vpopmail.Limits(3, 2, 4096))),
                directory.domain(domain));
        assertTrue(directory.domains().stream().anyMatch(d -> d.aliasOf().equals(domain)));
        assertEquals(DONE, directory.addMailbox("X+Y@" + domain, PASSWORD));
        refused(Change.Reason.EXISTS, "Username exists", directory.addMailbox("x+y@" + domain, PASSWORD));
        Vpopmail.Mailbox changed = new Vpopmail.Mailbox("x+y@" + domain, new Quota(9, 8), false, false, true, false);
        assertEquals(DONE, directory.modify(changed));
        assertEquals(Optional.of(changed), directory.mailbox("x+y@" + domain));
        assertEquals(2, directory.mailboxes(domain).size());
        assertEquals(DONE, directory.setPassword("x+y@" + domain, new Password.Hashed(PASSWORD.hash(4))));
        assertEquals(DONE, directory.addAlias(new Vpopmail.Alias("all@" + domain, "x+y@" + domain)));
        assertEquals(List.of(new Vpopmail.Alias("all@" + domain, "x+y@" + domain)), directory.aliases(domain));
        assertEquals(DONE, directory.deleteAlias(new Vpopmail.Alias("all@" + domain, "x+y@" + domain)));
        assertEquals(DONE, directory.deleteMailbox("x+y@" + domain));
        assertEquals(DONE, directory.deleteDomain(domain));
        assertEquals(Optional.empty(), directory.domain(domain));
        assertEquals(List.of(), directory.mailboxes(domain));
        assertEquals(Optional.empty(), directory.mailbox("x+y@" + domain));
        refused(Change.Reason.MISSING, "Domain does not exist", directory.deleteDomain(domain));
        refused(Change.Reason.MISSING, "Domain does not exist", directory.addMailbox("a@" + domain, PASSWORD));
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
            assertEquals(rig.domains.deleteDomain(name), remote.deleteDomain(name), name);
            assertEquals(
                    rig.domains.addDomain(name, PASSWORD) instanceof Change.Refused,
                    remote.addDomain(name, PASSWORD) instanceof Change.Refused,
                    name);
            assertEquals(rig.domains.setCatchAll(name, ""), remote.setCatchAll(name, ""), name);
            assertEquals(
                    rig.domains.setLimits(name, Vpopmail.Limits.NONE),
                    remote.setLimits(name, Vpopmail.Limits.NONE),
                    name);
            assertEquals(rig.domains.deleteMailbox(name), remote.deleteMailbox(name), name);
            assertEquals(rig.domains.addMailbox(name, PASSWORD), remote.addMailbox(name, PASSWORD), name);
            assertEquals(rig.domains.setPassword(name, PASSWORD), remote.setPassword(name, PASSWORD), name);
            Vpopmail.Alias alias = new Vpopmail.Alias(name, "far@example.org");
            assertEquals(rig.domains.deleteAlias(alias), remote.deleteAlias(alias), name);
            assertEquals(rig.domains.addAlias(alias), remote.addAlias(alias), name);
            assertEquals(rig.domains.domain(name), remote.domain(name), name);
            assertEquals(rig.domains.mailbox(name), remote.mailbox(name), name);
            assertEquals(rig.domains.aliases(name), remote.aliases(name), name);
            assertEquals(rig.domains.losses(name), remote.losses(name), name);
            assertEquals(
                    rig.domains.staff().removeAdministrator(name),
                    remote.staff().removeAdministrator(name),
                    name);
            assertEquals(rig.domains.staff().endToken(name), remote.staff().endToken(name), name);
            assertEquals(rig.domains.staff().endSession(name), remote.staff().endSession(name), name);
        }
        assertTrue(rig.domains.domain("example.test").isPresent());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void addsManyAndNamesWhatWouldGo(Way way) throws IOException {
        Vpopmail directory = way.directory;
        String domain = "many-" + way.name + ".test";
        assertEquals(DONE, directory.addDomain(domain, PASSWORD));
        List<Vpopmail.NewMailbox> wanted = Stream.of("a", "b", "a", "x y")
                .map(local -> new Vpopmail.NewMailbox(local + "@" + domain, PASSWORD))
                .toList();
        assertEquals(
                List.of(
                        DONE,
                        DONE,
                        new Change.Refused(Change.Reason.EXISTS, "Username exists"),
                        new Change.Refused(Change.Reason.INVALID, "Illegal username")),
                directory.addMailboxes(wanted));
        directory.addAlias(new Vpopmail.Alias("a@" + domain, "far@example.org"));
        assertEquals(List.of("its copies to far@example.org"), directory.losses("a@" + domain));
        directory.addAliasDomain(new Vpopmail.AliasDomain(domain, "as." + domain));
        assertEquals(List.of("the alias domain as." + domain), directory.losses(domain));
        assertEquals(rig.domains.staff().administrators(), directory.staff().administrators());
        assertEquals(DONE, directory.staff().addAdministrator(way.name, PASSWORD));
        assertEquals(DONE, directory.staff().setAdministratorPassword(way.name, PASSWORD, true));
        assertEquals(DONE, directory.staff().removeAdministrator(way.name));
        assertEquals(rig.domains.tokens().all(), directory.staff().tokens());
        assertEquals(rig.domains.staff().sessions(), directory.staff().sessions());
        assertEquals(DONE, directory.deleteDomain(domain));
        assertEquals(Optional.empty(), directory.domain("as." + domain));
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
