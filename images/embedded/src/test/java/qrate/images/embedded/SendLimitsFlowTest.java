package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.ANN;
import static qrate.images.embedded.Installation.BOB;
import static qrate.images.embedded.Installation.CID;
import static qrate.images.embedded.Installation.SOON;
import static qrate.images.embedded.Installation.done;
import static qrate.images.embedded.Installation.letter;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Launcher;
import qrate.core.Program;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.testkit.DnsServer;

/// What users send beyond `control/sendlimits` waits, and nothing of it is lost.
class SendLimitsFlowTest {
    private static final String MASTER = "postmaster@example.test";

    @TempDir
    Path folder;

    private Installation home;

    private String run(int code, String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, UTF_8);
        Map<String, String> environment =
                Map.of("QRATE_STATE", home.state().root().toString());
        Program.Stdio stdio = new Program.Stdio(environment, new ByteArrayInputStream(new byte[0]), out, out);
        int exit = Launcher.run(qrate.images.queue.Main.commands(environment), arguments, stdio);
        assertEquals(code, exit, said.toString(UTF_8));
        return said.toString(UTF_8);
    }

    /// Its password is made by init, and said to nobody here.
    private void readTheMaster() throws IOException, InterruptedException {
        try (EditableDirectory directory = home.directory()) {
            done(directory.apply(new Edit.SetPassword(MASTER, new Password.Clear(Installation.PASSWORD))));
        }
        Installation.settle();
    }

    private void submit(String user, String mark, String... to) throws IOException {
        try (Talk talk = home.submission(user)) {
            String reply = talk.message(user, List.of(to), letter(user, mark));
            assertTrue(reply.startsWith("250 "), reply);
        }
    }

    private static long count(List<String> box, String part) {
        return box.stream().filter(message -> message.contains(part)).count();
    }

    @Test
    void whatIsBeyondTheLimitIsTakenHeldToldOfAndDeliveredWhenItIsLetGo() throws Exception {
        home = Installation.prepare(folder, Map.of());
        Files.writeString(home.state().control().resolve("sendlimits"), "* messages 2\n");
        home.start();
        try (Installation _ = home) {
            readTheMaster();
            try (EditableDirectory directory = home.directory()) {
                done(directory.apply(new Edit.AddAlias(new EditableDirectory.Alias("all@example.test", CID))));
            }
            Installation.settle();
            submit(ANN, "first", "all@example.test");
            submit(ANN, "second", BOB);
            submit(ANN, "third", BOB);
            submit(ANN, "fourth", BOB);
            submit(BOB, "from bob", CID);
            // one as the domain's postmaster and one as the system's, whose mail goes to the same box
            List<String> notice = home.box(MASTER, 2);
            assertEquals(2, count(notice, "Subject: ann@example.test: mail is held\r\n"), notice.toString());
            assertEquals(1, count(home.box(CID, 2), "first"), "what is sent on does not count for ann");
            String held = run(0, "queue", "list", "--held", "--login", ANN);
            assertEquals(2, held.lines().count(), held);
            assertTrue(held.contains("  held: more than 2 messages in an hour\n"), held);
            assertTrue(run(0, "sendlimits").startsWith("ann@example.test  limited  2 of 2 messages, "));
            assertEquals(1, home.box(BOB).size());
            assertEquals("release: 2 messages\n", run(0, "queue", "release", "--held", "--login", ANN));
            List<String> box = home.box(BOB, 3);
            assertEquals(1, count(box, "third"), box.toString());
            home.drained();
            assertEquals(2, home.box(MASTER).size(), "one notice an hour for each");
        }
    }

    @Test
    void anAccountThatSendsToManyWhoAreNotThereIsStoppedAlsoOverARestartUntilItIsReleased() throws Exception {
        try (DnsServer dns = DnsServer.start();
                Sink sink = new Sink()) {
            home = Installation.prepare(folder, Map.of("QRATE_DNS", dns.hostAndPort()));
            Files.writeString(home.state().control().resolve("smtproutes"), ":127.0.0.1:" + sink.port() + "\n");
            Files.writeString(home.state().control().resolve("sendlimits"), "* bounces 3\n");
            home.start();
            try (Installation _ = home) {
                readTheMaster();
                sink.answer("550 5.1.1 nobody of that name");
                submit(ANN, "spam", "a@far.test", "b@far.test", "c@far.test", "d@far.test");
                Awaitility.await()
                        .atMost(SOON)
                        .until(() -> run(0, "sendlimits").contains("ann@example.test  stopped  "));
                assertEquals(2, count(home.box(MASTER, 2), "ann@example.test: stopped for sending"));
                sink.answer("250 ok");
                home.stop();
                home.start();
                submit(ANN, "more spam", "zoe@far.test");
                String held = run(0, "queue", "list", "--login", ANN);
                assertTrue(held.contains("  held: more than 3 recipients that failed in an hour\n"), held);
                assertEquals(List.of(), sink.messages());
                assertFalse(home.box(ANN).isEmpty(), "reading goes on; the bounce is there");
                assertEquals("delete: 1 message\n", run(0, "queue", "delete", "--held", "--login", ANN));
                assertTrue(run(0, "sendlimits", "--release", ANN).startsWith("ann@example.test may send again"));
                submit(ANN, "her own", "zoe@far.test");
                Awaitility.await().atMost(SOON).until(() -> sink.messages().size() == 1);
                assertTrue(sink.messages().getFirst().contains("her own"));
            }
        }
    }
}
