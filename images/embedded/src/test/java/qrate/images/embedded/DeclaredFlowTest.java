package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.ANN;
import static qrate.images.embedded.Installation.PASSWORD;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;

/// A file is applied while everything runs: what it names takes mail and logins, and an export of it changes nothing.
class DeclaredFlowTest {
    private static final String FILE = """
        control: {badmailfrom: ['@elsewhere.test']}
        domains:
          new.test:
            mailboxes: {dora: {password: PASSWORD}}
            aliases: {sales: [dora@new.test]}
            lists: {team: {subscribers: [dora@new.test]}}
          example.test:
            mailboxes: {cid: {quota: 1MB}}
        """.replace("PASSWORD", PASSWORD);

    @TempDir
    private Path folder;

    private record Ran(int code, String out, String err) {}

    private static Ran run(Installation system, String in, String name, String... arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int port = system.running().admin().door().orElseThrow().address().getPort();
        Program.Stdio stdio = new Program.Stdio(
                Map.of(
                        "QRATE_STATE",
                        system.state().root().toString(),
                        "QRATE_ADMIN_URL",
                        "http://127.0.0.1:" + port,
                        "QRATE_BCRYPT_COST",
                        "4"),
                new ByteArrayInputStream(in.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
        int code = qrate.images.admin.Main.commands().get(name).run(List.of(arguments), stdio);
        return new Ran(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    @Test
    void whatIsNamedWorksAtOnceInARunningSystem() throws Exception {
        try (Installation system = Installation.start(folder)) {
            assertEquals(2, run(system, FILE, "apply", "--dry-run", "-").code());
            Ran first = run(system, FILE, "apply", "-");
            assertEquals(0, first.code(), first.err());
            assertEquals("nothing to do\n", run(system, FILE, "apply", "-").out());
            Awaitility.await().atMost(Installation.SOON).until(() -> {
                try (Talk talk = system.smtp()) {
                    return talk.message("someone@elsewhere.test", List.of(ANN), "x")
                            .startsWith("553 ");
                }
            });
            Ran open = run(system, "control: {badmailfrom: []}", "apply", "-");
            assertEquals(0, open.code(), open.err());
            Awaitility.await()
                    .atMost(Installation.SOON)
                    .until(() -> system.send("sold", "sales@new.test").startsWith("250 "));
            assertTrue(system.send("all", "team@new.test").startsWith("250 "));
            List<String> got = system.box("dora@new.test", 2);
            assertTrue(got.stream().anyMatch(text -> text.contains("sold")), got.toString());
            assertTrue(got.stream().anyMatch(text -> text.contains("List-Id:")), got.toString());

            Ran secret = run(system, "", "export", "--secrets");
            assertEquals(0, secret.code(), secret.err());
            assertTrue(secret.out().contains("  new.test:\n"), secret.out());
            Ran again = run(system, secret.out(), "apply", "--prune", "--dry-run", "-");
            assertEquals(0, again.code(), again.out() + again.err());
            Ran gone = run(system, "domains: {example.test: {}}", "apply", "--prune", "--yes", "-");
            assertEquals(0, gone.code(), gone.err());
            assertTrue(gone.out().contains("remove domain new.test"), gone.out());
            Ran host = run(system, "domains: {other.test: {}}", "apply", "--prune", "--yes", "-");
            assertEquals(100, host.code(), "the host's own postmaster lives there");
            assertTrue(system.login(ANN).startsWith("+OK"));
        }
    }
}
