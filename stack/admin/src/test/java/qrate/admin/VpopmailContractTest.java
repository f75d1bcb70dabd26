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
        assertEquals("command", rig.domains.accounts().audit(1).getFirst().who());
    }
}
