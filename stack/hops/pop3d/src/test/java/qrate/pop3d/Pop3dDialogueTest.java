package qrate.pop3d;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.checkpassword.PasswordChecker;
import qrate.checkpassword.PasswordChecker.Answer;
import qrate.testkit.LoopbackListener;
import qrate.testkit.WireScript;

class Pop3dDialogueTest {
    private static final Path WIRE = Path.of("src/test/wire");
    private static final List<String> LOGIN =
            List.of("S~ .*ready", "C: USER ann", "S: +OK", "C: PASS secret", "S~ \\+OK .*");

    @TempDir
    Path root;

    private Box box;

    @BeforeEach
    void fill() throws IOException {
        box = new Box(root);
        box.put("ann", "1000.Q1R0.host", "Subject: one\n\nfirst line\n.\n..two\nlast without end");
        box.put("ann", "1001.Q2R0.host", "Subject: two\n\nhello\n");
        box.put("ann", "999.Q9R0.host,S=11:2,R", "Oldest: 1\n\n");
    }

    private void play(String script) throws IOException {
        try (LoopbackListener server = new LoopbackListener(box.service())) {
            WireScript.play(WIRE.resolve(script), server.port());
        }
    }

    private static void loggedIn(LoopbackListener server, String... lines) throws IOException {
        List<String> script = new ArrayList<>(LOGIN);
        script.addAll(List.of(lines));
        WireScript.play(script, server.port());
    }

    @Test
    void readsMarksAndDeletesOnQuit() throws IOException {
        Files.writeString(box.maildir("ann").resolve("maildirsize"), "1000S\n80 3\n");
        play("session.wire");
        assertEquals(List.of("1001.Q2R0.host,S=20"), box.names("ann", "new"));
        assertEquals(List.of("1000.Q1R0.host,S=49:2,S"), box.names("ann", "cur"));
        assertEquals(
                "1000S\n80 3\n-11 -1\n", Files.readString(box.maildir("ann").resolve("maildirsize")));
    }

    @Test
    void offersNoBoxBeforeALogin() throws IOException {
        play("before-login.wire");
    }

    @Test
    void takesSaslPlain() throws IOException {
        play("auth.wire");
        play("at-once.wire");
    }

    @Test
    void refusesUnknownAndWrongInTheSameWordsAndThenCloses() throws IOException {
        play("refused.wire");
    }

    @Test
    void answersPipelinedCommandsInOrder() throws IOException {
        play("pipelined.wire");
        assertEquals(List.of("999.Q9R0.host,S=11:2,RS"), box.names("ann", "cur"));
    }

    @Test
    void forbidsPlaintextLoginsUnlessControlSaysSo() throws IOException {
        Path setting = box.control("pop3plaintext", "no");
        play("plaintext-forbidden.wire");
        Files.writeString(setting, "1\n");
        play("plaintext-forbidden.wire");
        Files.delete(setting);
        play("plaintext-forbidden.wire");
    }

    @Test
    void leavesTheBoxAloneWhenTheClientJustGoes() throws IOException {
        List<String> before = box.names("ann", "new");
        try (LoopbackListener server = new LoopbackListener(box.service())) {
            loggedIn(server, "C: RETR 2", "S~ \\+OK.*", "C: DELE 1", "S~ .*", "C+ QUI");
            // the lock goes with the session, so a second login shows that the first has ended
            await().untilAsserted(() -> loggedIn(server, "C: STAT", "S: +OK 3 92"));
        }
        assertEquals(before, box.names("ann", "new"));
        assertEquals(List.of("999.Q9R0.host,S=11:2,R"), box.names("ann", "cur"));
    }

    @Test
    void givesABoxToOneSessionAtATime() throws IOException {
        try (LoopbackListener server = new LoopbackListener(box.service());
                Client first = new Client(server.port())) {
            first.login("ann");
            WireScript.play(
                    List.of(
                            "S~ .*",
                            "C: USER ann",
                            "S: +OK",
                            "C: PASS secret",
                            "S: -ERR [IN-USE] another session has this box open",
                            "C: USER bob",
                            "S: +OK",
                            "C: PASS secret",
                            "S: +OK 0 messages"),
                    server.port());
        }
    }

    @Test
    void findsAMessageThatMovedAndSaysWhenOneIsGone() throws IOException {
        try (LoopbackListener server = new LoopbackListener(box.service());
                Client client = new Client(server.port())) {
            client.login("ann");
            Path maildir = box.maildir("ann");
            Files.move(maildir.resolve("new/1000.Q1R0.host,S=49"), maildir.resolve("cur/1000.Q1R0.host,S=49:2,F"));
            Files.delete(maildir.resolve("new/1001.Q2R0.host,S=20"));
            assertEquals("+OK 56 octets", client.ask("RETR 2"));
            client.skipToDot();
            assertEquals("-ERR message 3 is gone", client.ask("RETR 3"));
            assertEquals("+OK marked", client.ask("DELE 2"));
            assertEquals("+OK marked", client.ask("DELE 3"));
            assertEquals("+OK goodbye", client.ask("QUIT"));
        }
        assertEquals(List.of(), box.names("ann", "new"));
        assertEquals(List.of("999.Q9R0.host,S=11:2,R"), box.names("ann", "cur"));
    }

    @Test
    void closesAfterTooManyWrongCommandsTooLongLinesAndNuls() throws IOException {
        List<String> script = new ArrayList<>(List.of("S~ .*"));
        for (int i = 0; i < Session.WRONG_MAX; i++) {
            script.add("C: XYZZY");
            script.add("S: -ERR unknown command");
        }
        script.add("S!");
        try (LoopbackListener server = new LoopbackListener(box.service())) {
            WireScript.play(script, server.port());
            WireScript.play(
                    List.of(
                            "S~ .*",
                            "C: " + "x".repeat(Session.COMMAND_LINE_BYTES_MAX),
                            "S: -ERR line refused: too long",
                            "S!"),
                    server.port());
            WireScript.play(List.of("S~ .*", "C: USER a\\0b", "S: -ERR line refused: NUL in it", "S!"), server.port());
        }
    }

    @Test
    void saysThatItIsTemporaryWhenTheCheckerOrAControlFileCannotBeRead() throws IOException {
        String later = "S: -ERR [SYS/TEMP] cannot be done now, try later";
        try (LoopbackListener server =
                new LoopbackListener(box.service((login, password, asker, remote) -> new Answer.Unavailable("torn")))) {
            WireScript.play(List.of("S~ .*", "C: USER ann", "S: +OK", "C: PASS secret", later), server.port());
        }
        Files.delete(root.resolve("control/pop3plaintext"));
        Files.createDirectory(root.resolve("control/pop3plaintext"));
        try (LoopbackListener server = new LoopbackListener(box.service())) {
            WireScript.play(List.of("S~ .*", "C: USER ann", later, "C: CAPA", later), server.port());
        }
    }

    @Test
    void slowsGuessesDownInWordsOfTheirOwn() throws IOException {
        try (LoopbackListener server =
                new LoopbackListener(box.service((login, password, asker, remote) -> new Answer.Throttled()))) {
            WireScript.play(
                    List.of(
                            "S~ .*",
                            "C: USER ann",
                            "S: +OK",
                            "C: PASS secret",
                            "S: -ERR [SYS/TEMP] too many tries, wait a while"),
                    server.port());
        }
    }

    @Test
    void saysWhenNotEverythingCouldBeDeleted() throws IOException {
        Path cur = box.maildir("ann").resolve("cur");
        try (LoopbackListener server = new LoopbackListener(box.service());
                Client client = new Client(server.port())) {
            client.login("ann");
            assertEquals("+OK marked", client.ask("DELE 1"));
            // a folder in the file's place cannot be unlinked, whoever runs this test
            Files.move(cur.resolve("999.Q9R0.host,S=11:2,R"), cur.resolve("kept"));
            Files.createDirectories(cur.resolve("999.Q9R0.host,S=11:2,R/full"));
            assertEquals("-ERR [SYS/TEMP] some deleted messages are still there", client.ask("QUIT"));
        }
    }

    @Test
    void offersApopOnlyWhereTheCheckerCanCheckItAndControlSaysSo() throws IOException {
        PasswordChecker able = new PasswordChecker() {
            @Override
            public Answer check(String login, byte[] password, Asker service, String remote) {
                return new Answer.Refused();
            }

            @Override
            public boolean apop() {
                return true;
            }

            @Override
            public Answer apop(String login, Apop response, Asker service, String remote) {
                // RFC 1939 §7: MD5 of the timestamp and the secret; here the test's own stand-in for it
                boolean right = response.digest().equals("digest-of-" + response.timestamp());
                return right ? box.check(login, "secret".getBytes(UTF_8), service, remote) : new Answer.Refused();
            }
        };
        List<String> refused =
                List.of("S: +OK mail.example.test POP3 ready", "C: APOP ann x", "S: -ERR APOP is not offered");
        try (LoopbackListener server = new LoopbackListener(box.service(able))) {
            WireScript.play(refused, server.port());
        }
        box.control("pop3apop", "yes");
        try (LoopbackListener server = new LoopbackListener(box.service())) {
            WireScript.play(refused, server.port());
        }
        Pop3d pop3d = box.service(able);
        try (LoopbackListener server = new LoopbackListener(pop3d);
                Client client = new Client(server.port())) {
            String greeting = client.greeting();
            assertTrue(
                    greeting.matches("\\+OK mail.example.test POP3 ready <\\d+\\.1\\.\\d+@mail.example.test>"),
                    greeting);
            assertEquals("-ERR [AUTH] wrong user or password", client.ask("APOP ann wrong"));
            assertEquals(
                    "+OK 3 messages", client.ask("APOP ann digest-of-" + greeting.substring(greeting.indexOf('<'))));
            assertEquals("-ERR logged in already", client.ask("APOP ann x"));
            try (Client other = new Client(server.port())) {
                assertTrue(other.greeting().contains(".2."), other.greeting());
            }
        }
    }

    @Test
    void readsALinkWithinTheMailboxAndDeletesAnyOther() throws IOException {
        Path maildir = box.maildir("eve");
        Path secret = Files.writeString(root.resolve("secret"), "not yours\n");
        Files.writeString(maildir.resolve("kept"), "Subject: kept\n\n");
        Files.createSymbolicLink(maildir.resolve("new/1.in"), Path.of("../kept"));
        Files.createSymbolicLink(maildir.resolve("cur/2.out:2,S"), secret);
        try (LoopbackListener server = new LoopbackListener(box.service());
                Client client = new Client(server.port())) {
            client.login("eve");
            assertEquals("+OK 17 octets", client.ask("RETR 1"));
            assertEquals(List.of("Subject: kept", ""), client.skipToDot());
            assertEquals("-ERR [SYS/PERM] message 2 cannot be read, it can be deleted", client.ask("RETR 2"));
            assertEquals("+OK marked", client.ask("DELE 1"));
            assertEquals("+OK marked", client.ask("DELE 2"));
            assertEquals("+OK goodbye", client.ask("QUIT"));
        }
        assertEquals(List.of(), box.names("eve", "new"));
        assertEquals(List.of(), box.names("eve", "cur"));
        assertEquals("not yours\n", Files.readString(secret));
    }
}
