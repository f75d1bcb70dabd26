package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Launcher;
import qrate.core.Program;
import qrate.core.State;

/// What an administrator types while the system runs.
class CommandsByHandTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void qmailInjectHandsMailToTheRunningQueueAndQstatCountsIt() throws IOException {
        Map<String, String> more = Map.of("QRATE_SEND", "127.0.0.1:" + Beside.freePort());
        try (Installation here = Installation.start(folder, more)) {
            Map<String, String> environment = new TreeMap<>(more);
            environment.put("QRATE_STATE", here.state().root().toString());
            int code =
                    run(environment, "To: " + Installation.ANN + "\nSubject: by hand\n\nIt works.\n", "qmail-inject");
            assertEquals(0, code, said.toString(UTF_8));
            Awaitility.await().atMost(Installation.SOON).untilAsserted(() -> {
                said.reset();
                assertEquals(0, run(environment, "", "qmail-qstat"));
                assertTrue(said.toString(UTF_8).startsWith("messages in queue: 0\n"), said.toString(UTF_8));
                assertTrue(here.log().contains("to local example.test-" + Installation.ANN), here.log());
                assertTrue(here.log().contains("success: did_1+0+0/"), here.log());
            });
        }
    }

    @Test
    void sendmailSpeaksSmtpAndListsTheQueueUntilItIsDelivered() throws Exception {
        String send = "127.0.0.1:" + Beside.freePort();
        Installation here = Installation.prepare(folder, Map.of("QRATE_SEND", send));
        Path held = Files.writeString(here.state().control().resolve("concurrencylocal"), "0\n");
        try (Beside beside = new Beside(folder, here.state(), send)) {
            String sendmail = beside.bin().resolve("sendmail").toString(); // not another one on PATH
            here.start();
            try (here) {
                String session = "EHLO here.test\r\nMAIL FROM:<bob@example.test>\r\nRCPT TO:<ann@example.test>\r\n"
                        + "DATA\r\n" + Installation.letter(Installation.BOB, "over a pipe") + ".\r\nQUIT\r\n";
                assertEquals(0, beside.run(session, sendmail, "-bs"), beside.said());
                List<String> replies = beside.said().lines().toList();
                assertTrue(replies.getFirst().startsWith("220 "), beside.said());
                assertTrue(replies.get(replies.size() - 2).startsWith("250 2.0.0 ok "), beside.said());
                assertEquals("221 2.0.0 good bye", replies.getLast());

                assertEquals(0, beside.run("", sendmail, "-bp"), beside.said());
                assertTrue(
                        beside.said().contains("  <bob@example.test> \n\tlocal\texample.test-ann@example.test\n"),
                        beside.said());

                here.stop();
                Files.delete(held);
                here.start();
                String message = here.box(Installation.ANN, 1).getFirst();
                assertTrue(message.contains("(sendmail-bs@127.0.0.1)"), message);
                assertTrue(message.contains("This is over a pipe"), message);
                here.drained();
                assertEquals(0, beside.run("", sendmail, "-bp"), beside.said());
                assertEquals("Mail queue is empty\n", beside.said());
            }
            assertEquals(111, beside.run("", sendmail, "-bp"));
            assertTrue(beside.said().startsWith("mailq: fatal: "), beside.said());
        }
    }

    /// What the programs of other mail systems find when ours stand among them.
    @Test
    void qmailLocalKeepsMailPrivateAndLeavesReceivedToQmailqueue() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Beside beside = new Beside(folder, new State(folder.resolve("state")), "127.0.0.1:1")) {
            Path queue = beside.script("queue", "cat >'" + folder + "/message' && cat <&1 >/dev/null");
            beside.environment().put("QMAILQUEUE", queue.toString());
            String local = beside.bin().resolve("qmail-local").toString();
            String instructions = "./Mailbox\n|umask > ./umask\n&bob@example.org\n";
            String[] command = {local, "joe", home.toString(), "joe", "", "", "example.test", "", instructions};
            assertEquals(0, beside.run("Subject: x\n\n", command), beside.said());
            assertEquals("rw-------", mode(home.resolve("Mailbox")));
            assertEquals("0077\n", Files.readString(home.resolve("umask")));
            assertEquals("Delivered-To: joe@example.test\nSubject: x\n\n", Files.readString(folder.resolve("message")));
            beside.environment().putAll(Map.of("SENDER", "", "DTLINE", "Delivered-To: x@example.test\n"));
            String forward = beside.bin().resolve("forward").toString();
            assertEquals(0, beside.run("Subject: y\n\n", forward, "bob@example.org"), beside.said());
            assertEquals("Delivered-To: x@example.test\nSubject: y\n\n", Files.readString(folder.resolve("message")));
        }
    }

    /// Callers bounce what a qmail-local that exits 1 had, and take a vchkpw's 1 for a wrong password; and so exits a
    /// JVM
    /// without memory. The containers' launcher, as they have it, but for where its files lie.
    @Test
    void inContainersTooAJvmThatCannotStartIsTemporary() throws Exception {
        try (Beside beside = new Beside(folder, new State(folder.resolve("state")), "127.0.0.1:1")) {
            Path base = Path.of("../base").toRealPath();
            Path launcher = Files.writeString(
                    folder.resolve("launcher"),
                    Files.readString(base.resolve("launcher")).replace("/opt/qrate", base.toString()));
            Map<String, Integer> later = Map.of("qmail-local", 111, "vchkpw", 111, "qmail-queue", 71, "sendmail", 75);
            for (Map.Entry<String, Integer> program : later.entrySet()) {
                String link = Files.createSymbolicLink(folder.resolve(program.getKey()), launcher)
                        .toString();
                for (int code : new int[] {1, 3, 134, 137, 143}) { // no start, no memory, died, killed, told to end
                    beside.script("java", "exit " + code);
                    assertEquals(program.getValue(), beside.run("", "/bin/sh", link, "joe"), link + " " + code);
                }
                for (int code : new int[] {0, 2, 100, 111}) {
                    beside.script("java", "exit " + code);
                    assertEquals(code, beside.run("", "/bin/sh", link, "joe"), link);
                }
            }
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aQueueThatIsNowhereIsOneLineAndExit111() throws IOException {
        Files.createDirectories(folder.resolve("control"));
        Files.writeString(folder.resolve("control/me"), "mail.example.test\n");
        Map<String, String> environment = Map.of("QRATE_STATE", folder.toString(), "QRATE_SEND", "send:port");
        assertEquals(111, run(environment, "To: ann@example.test\n\n", "qmail-inject"));
        assertEquals(
                "qmail-inject: fatal: qmqp: QRATE_SEND: not a host and port: send:port (#4.3.5)\n",
                said.toString(UTF_8));
        assertEquals(100, run(environment, "", "maildirmake"), "what needs no queue");
    }

    private int run(Map<String, String> environment, String in, String... arguments) {
        PrintStream out = new PrintStream(said, true, UTF_8);
        return Launcher.run(
                qrate.images.queue.Main.commands(environment),
                arguments,
                new Program.Stdio(environment, new ByteArrayInputStream(in.getBytes(UTF_8)), out, out));
    }
}
