package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Launcher;
import qrate.core.Program;
import qrate.core.State;
import qrate.tcpserver.TcprulesCompiler;

/// Programs of an administrator in the place of ours, in the running daemons.
class ProgramsInPlaceTest {
    @TempDir
    Path folder;

    @Test
    void aRuleNamesAFilterThatHandsOnToTheRealQueue() throws Exception {
        String send = "127.0.0.1:" + Beside.freePort();
        try (Installation here = Installation.start(folder, Map.of("QRATE_SEND", send));
                Beside beside = new Beside(folder, here.state(), send)) {
            Path filter = beside.script(
                    "filter",
                    "export PATH=" + beside.bin() + ":/usr/bin:/bin\n"
                            + "sed \"s/^Subject: /Subject: [$TCPREMOTEIP $SEEN] /\" | qmail-queue");
            rule(here, "QMAILQUEUE=\"" + filter + "\",SEEN=\"by a rule\"");
            String reply = here.send("filtered", Installation.ANN);
            assertTrue(reply.matches("250 2.0.0 ok [0-9]+ qp [0-9]+"), reply);
            String message = here.box(Installation.ANN, 1).getFirst();
            assertTrue(message.contains("Subject: [127.0.0.1 by a rule] filtered"), message);

            Path refusing = beside.script("refusing", "cat >/dev/null; exit 31");
            rule(here, "QMAILQUEUE=\"" + refusing + "\"");
            assertEquals(
                    "554 5.3.0 the mail server refuses this message for good", here.send("refused", Installation.ANN));
            Path crashing = beside.script("crashing", "kill -11 $$");
            rule(here, "QMAILQUEUE=\"" + crashing + "\"");
            assertEquals("451 4.3.0 the queue's program crashed", here.send("crashed", Installation.ANN));
        }
    }

    @Test
    void rulesAreCompiledWhereControlMayBeWritten() throws IOException {
        Path cdb = folder.resolve("tcp.smtp.cdb");
        String[] command = {"tcprules", cdb.toString(), cdb + ".tmp"};
        Program.Stdio stdio = new Program.Stdio(
                Map.of(),
                new ByteArrayInputStream("127.:deny\n".getBytes(StandardCharsets.UTF_8)),
                System.out,
                System.err);
        assertEquals(0, Launcher.run(qrate.images.admin.Main.commands(), command, stdio));
        assertTrue(Files.size(cdb) > 2048, "more than a cdb of nothing");
    }

    private static void rule(Installation here, String variables) throws Exception {
        TcprulesCompiler.compile(
                "127.:allow," + variables, here.state().control().resolve("tcp.smtp.cdb"));
        Installation.settle();
    }

    private Map<String, String> checker(String script) throws IOException {
        Beside.install(folder, Map.of("checker", script));
        return Map.of("QRATE_CHECKPASSWORD", folder.resolve("checker").toString());
    }

    @Test
    void aCheckerOfTheAdministratorsDecidesWhoLogsIn() throws Exception {
        Path home = folder.resolve("state/maildirs/domains/example.test/ann");
        String script = """
                #!/bin/sh
                case $(tr '\\0' ' ' <&3) in
                    'ann@example.test another secret '*)
                        HOME=%s USER=ann@example.test exec "$@" ;;
                esac
                exit 1
                """.formatted(home);
        try (Installation here = Installation.start(folder, checker(script))) {
            here.send("for ann", Installation.ANN);
            here.drained();
            assertEquals("-ERR [AUTH] wrong user or password", here.login(Installation.ANN));
            try (Talk talk = Talk.to(here.running().pop().pop3s().port())) {
                talk.secure();
                talk.hear();
                talk.say("USER ann@example.test");
                assertEquals("+OK 1 messages", talk.say("PASS another secret"));
            }
            try (Talk talk = Talk.submission(here.running().smtp().submission().port())) {
                assertEquals("535 5.7.8 wrong user or password", talk.auth(Installation.ANN, Installation.PASSWORD));
                assertEquals("235 2.7.0 ok, go ahead", talk.auth(Installation.ANN, "another secret"));
                assertTrue(talk.say("MAIL FROM:<ann@example.test>").startsWith("250 "));
            }
        }
    }

    @Test
    void nothingStartsWithACheckerThatLetsEveryoneIn() throws IOException {
        for (String script : new String[] {"#!/bin/sh\nexit 0\n", "#!/bin/sh\nHOME=/ exec \"$@\"\n"}) {
            Path fresh = Files.createDirectories(folder.resolve("of" + script.length()));
            IOException refused = assertThrows(IOException.class, () -> Installation.start(fresh, checker(script)));
            assertTrue(refused.getMessage().endsWith("accepts a login that does not exist: not starting"));
        }
    }

    @Test
    void ourOwnVchkpwServesAsSuchAChecker() throws Exception {
        String send = "127.0.0.1:" + Beside.freePort();
        try (Beside beside = new Beside(folder, new State(folder.resolve("state")), send)) {
            StringBuilder exports = new StringBuilder();
            beside.environment().forEach((name, value) -> exports.append("export " + name + "=" + value + "; "));
            Path vchkpw = beside.script("vchkpw-here", exports + "exec vchkpw \"$@\"");
            try (Installation here =
                    Installation.start(folder, Map.of("QRATE_CHECKPASSWORD", vchkpw.toString(), "QRATE_SEND", send))) {
                here.send("for ann", Installation.ANN);
                here.drained();
                assertEquals("+OK 1 messages", here.login(Installation.ANN));
            }
        }
    }

    @Test
    void commandsByHandHandTheirMailToSuchAFilterToo() throws IOException {
        Files.createDirectories(folder.resolve("control"));
        Files.writeString(folder.resolve("control/me"), "mail.example.test\n");
        assertEquals(0, inject("cat >'" + folder + "/message'; cat <&1 >'" + folder + "/envelope'"));
        assertTrue(Files.readString(folder.resolve("message")).contains("\nTo: ann@example.test\n"));
        assertEquals("Fbob@example.test\0Tann@example.test\0\0", Files.readString(folder.resolve("envelope")));
        assertEquals(100, inject("cat >/dev/null; exit 31"));
        assertEquals(111, inject("cat >/dev/null; exit 71"));
        assertEquals(111, inject("kill -9 $$"));
    }

    private int inject(String script) throws IOException {
        Beside.install(folder, Map.of("filter", "#!/bin/sh\n" + script + "\n"));
        Path filter = folder.resolve("filter");
        Map<String, String> environment =
                Map.of("QRATE_STATE", folder.toString(), "QMAILQUEUE", filter.toString(), "PATH", "/usr/bin:/bin");
        byte[] message = "To: ann@example.test\n\nhello\n".getBytes(StandardCharsets.US_ASCII);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return Launcher.run(
                qrate.images.queue.Main.commands(environment),
                new String[] {"qmail-inject", "-f", "bob@example.test"},
                new Program.Stdio(environment, new ByteArrayInputStream(message), nowhere, nowhere));
    }
}
