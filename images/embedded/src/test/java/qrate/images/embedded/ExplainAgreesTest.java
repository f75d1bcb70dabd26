package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.SOON;
import static qrate.images.embedded.Installation.letter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.address.Published;
import qrate.address.Shelf;
import qrate.core.Launcher;
import qrate.core.Program;
import qrate.core.Steps;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.images.queue.Main;
import qrate.snapshots.QmailNewu;
import qrate.testkit.DnsServer;

/// What `explain` says of an address is what becomes of a message to it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainAgreesTest {
    private Sink sink;
    private DnsServer dns;
    private Installation qrate;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        sink = new Sink();
        dns = DnsServer.start();
        dns.put("null.test", "MX", "0 .")
                .put("here.test", "A", "127.0.0.1")
                .put("sick.test", "MX", "0 .")
                .fault("sick.test", DnsServer.Fault.SERVFAIL);
        qrate = Installation.prepare(folder, Map.of("QRATE_DNS", dns.hostAndPort()));
        append("smtproutes", "far.test:127.0.0.1:" + sink.port());
        append("locals", "local.test");
        append("virtualdomains", "virt.test:alias-virt");
        append("rcpthosts", "virt.test");
        append("badrcptto", "bad@local.test");
        put(".qmail-list", "&" + Installation.ANN + "\n&zoe@far.test\n");
        put(".qmail-prog", "|exit 0\n");
        put(".qmail-back", "&nobody@example.test\n");
        put(".qmail-loop", "&loop@local.test\n");
        put(".qmail-virt-default", "./virtbox\n");
        put(".qmail-bad", "./badbox\n");
        put(".qmail-blank", "\n./box\n");
        assignJoe();
        qrate.start();
        try (EditableDirectory directory = qrate.directory()) {
            Installation.done(directory.apply(
                    new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", Installation.BOB))));
            Installation.done(directory.apply(
                    new Edit.AddAlias(new EditableDirectory.Alias("away@example.test", "zoe@null.test"))));
            Installation.done(
                    directory.apply(new Edit.AddDomain("all.test", new Password.Clear(Installation.PASSWORD))));
            Installation.done(directory.apply(new Edit.SetCatchAll("all.test", Installation.CID)));
        }
        // what somebody puts into a domain's folder by hand, and an alias that leads to nobody
        Path domain = qrate.state().maildirs().resolve("domains/example.test");
        Files.writeString(domain.resolve(".qmail-hand"), "&" + Installation.ANN + "\n");
        Files.writeString(domain.resolve(".qmail-hand-made"), "&gone@example.test\n");
        try (EditableDirectory directory = qrate.directory()) {
            Installation.done(directory.apply(
                    new Edit.AddAlias(new EditableDirectory.Alias("team@example.test", "gone@example.test"))));
        }
        Published published = new Published(qrate.state().users(), InstantSource.system());
        Awaitility.await("published")
                .atMost(SOON)
                .until(() -> published.look("domains/example.test") instanceof Shelf.Look.Open(Shelf.Home home)
                        && home.read(".qmail-hand-made", Optional.empty(), Steps.none())
                                .isPresent());
        qrate.people(25);
    }

    /// A user of the system, who gets local.test's mail for joe and joe-EXT.
    private void assignJoe() throws IOException {
        Path home = qrate.state().maildirs().resolve("joe");
        for (String folder : List.of("new", "cur", "tmp")) {
            Files.createDirectories(home.resolve("Maildir").resolve(folder));
        }
        Files.writeString(home.resolve(".qmail"), "./Maildir/\n");
        Files.writeString(home.resolve(".qmail-far"), "zoe@far.test\n");
        Path assign = qrate.state().users().resolve("assign");
        String uid = Files.getAttribute(home, "unix:uid").toString();
        List<String> lines = new ArrayList<>(Files.readAllLines(assign));
        lines.addFirst("=joe:joe:" + uid + ":1:joe:::");
        lines.addFirst("+joe-:joe:" + uid + ":1:joe:-::");
        Files.write(assign, lines);
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        Map<String, String> environment =
                Map.of("QRATE_STATE", qrate.state().root().toString());
        int code =
                new QmailNewu().run(List.of(), new Program.Stdio(environment, InputStream.nullInputStream(), out, out));
        assertEquals(0, code);
    }

    private void append(String control, String line) throws IOException {
        Files.writeString(
                qrate.state().control().resolve(control),
                line + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private void put(String file, String content) throws IOException {
        Path alias = Files.createDirectories(qrate.state().maildirs().resolve("alias"));
        Files.writeString(alias.resolve(file), content);
    }

    @AfterAll
    void stop() throws IOException {
        qrate.close();
        dns.close();
        sink.close();
    }

    private int explain(String address, ByteArrayOutputStream said) {
        Map<String, String> environment =
                Map.of("QRATE_STATE", qrate.state().root().toString(), "QRATE_DNS", dns.hostAndPort());
        PrintStream out = new PrintStream(said, true, UTF_8);
        return Launcher.run(
                Main.commands(environment),
                new String[] {"explain", address},
                new Program.Stdio(environment, InputStream.nullInputStream(), out, out));
    }

    /// Whoever sends has an empty box, so that a bounce is seen.
    @ParameterizedTest
    @CsvSource({
        "ann@example.test, 0",
        "ann-news@example.test, 0",
        "hand@example.test, 0",
        "hand-made@example.test, 100",
        "team@example.test, 100",
        "nobody@example.test, 100",
        "sales@example.test, 0",
        "away@example.test, 100",
        "whoever@all.test, 0",
        "joe@local.test, 0",
        "joe-far@local.test, 0",
        "list@local.test, 0",
        "prog@local.test, 0",
        "back@local.test, 100",
        "loop@local.test, 100",
        "none@local.test, 100",
        "bad@local.test, 100",
        "anybody@virt.test, 0",
        "zoe@far.test, 0",
        "zoe@null.test, 100",
        "zoe@here.test, 100",
        "zoe@nowhere.test, 100",
        "zoe@sick.test, 111",
        "blank@local.test, 111",
    })
    void whatIsExplainedHappens(String address, int code) throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        assertEquals(code, explain(address, said), () -> said.toString(UTF_8));
        long owed = qrate.running().send().stat().messages();
        String from = qrate.someone();
        qrate.forgetLog();
        String reply;
        try (Talk talk = qrate.submission(from)) {
            reply = talk.message(from, List.of(address), letter(from, "explained"));
        }
        boolean refused = said.toString(UTF_8).contains("would be refused: ");
        assertEquals(refused, reply.startsWith("5"), reply + " after " + said.toString(UTF_8));
        if (refused) {
            return;
        }
        switch (code) {
            case 0 -> {
                qrate.logged(": success: ");
                awaitOwed(owed);
                assertEquals(List.of(), qrate.box(from), "no bounce");
            }
            case 100 -> {
                String bounce = qrate.box(from, 1).getFirst();
                assertTrue(bounce.contains("multipart/report"), bounce);
                String why = said.toString(UTF_8).lines().toList().getLast().replace("would bounce: ", "");
                assertTrue(bounce.contains(why.substring(0, 20)), why + " in " + bounce);
                awaitOwed(owed); // who got the bounce saw it before the queue did, and the next one counts
            }
            default -> {
                qrate.logged(": deferral: ");
                assertEquals(owed + 1, qrate.running().send().stat().messages());
            }
        }
    }

    private void awaitOwed(long count) {
        Awaitility.await(count + " messages owed")
                .atMost(SOON)
                .until(() -> qrate.running().send().stat().messages() == count);
    }
}
