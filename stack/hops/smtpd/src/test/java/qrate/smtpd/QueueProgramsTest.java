package qrate.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.posix.Posix;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.Listener;
import qrate.testkit.WireScript;

/// `QMAILQUEUE`, as rules set it for a connection of the daemon and as a parent sets it for the command.
class QueueProgramsTest {
    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws IOException {
        house = new House(folder);
    }

    private String filter(String script) throws IOException {
        Path file = Files.writeString(folder.resolve("filter"), "#!/bin/sh\n" + script + "\n");
        file.toFile().setExecutable(true);
        return file.toString();
    }

    private void send(Map<String, String> environment, String reply) throws IOException {
        try (Listener listener = house.listen(Kind.MX, Certificates.none(), environment)) {
            WireScript.play(
                    List.of(
                            "S: 220 mail.example.test ESMTP",
                            "C: HELO x",
                            "S: 250 mail.example.test",
                            "C: MAIL FROM:<sender@client.example>",
                            "S: 250 2.1.0 ok",
                            "C: RCPT TO:<ann@example.test>",
                            "S: 250 2.1.5 ok",
                            "C: DATA",
                            "S: 354 go ahead",
                            "C+ Subject: hi\\r\\n\\r\\nhello\\r\\n.\\r\\n",
                            "S~ " + reply,
                            "C: QUIT",
                            "S: 221 2.0.0 good bye"),
                    listener.port());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "exit 11,554 5.1.3 an address is too long for the queue",
        "exit 31,554 5.3.0 the mail server refuses this message for good",
        "exit 33,554 5.3.0 the queue refuses this message",
        "exit 51,451 4.3.0 the queue is out of memory",
        "exit 53,'451 4.3.0 the queue cannot write, its disk may be full'",
        "exit 71,451 4.3.0 the mail server refuses this message for now",
        "exit 72,451 4.4.1 the connection to the mail server timed out",
        "exit 81,451 4.3.0 the queue has met a bug",
        "printf 'Dno cats (#5.7.1)' >&6; exit 82,554 5.7.1 no cats",
        "printf 'Znot at night' >&6; exit 82,451 4.3.0 not at night",
        "exit 99,451 4.3.0 the queue is in trouble",
        "kill -9 $$,451 4.3.0 the queue's program crashed",
        "kill -11 $$,451 4.3.0 the queue's program crashed"
    })
    void answersEachEndOfAProgramInTheQueuesPlace(String script, String reply) throws IOException {
        send(Map.of("QMAILQUEUE", filter(script)), reply);
        assertEquals(List.of(), house.accepted);
    }

    @Test
    void givesAFilterTheMessageItsEnvelopeAndTheConnectionsEnvironment() throws IOException {
        String filter =
                filter("cd '" + folder + "' && cat >message && cat <&1 >envelope && echo $TCPREMOTEIP $WHO >who");
        send(
                Map.of("QMAILQUEUE", filter, "WHO", "a rule", "PATH", Posix.PATH_USUAL),
                "250 2.0.0 ok [0-9]{10} qp [0-9]+");
        String message = Files.readString(folder.resolve("message"));
        assertEquals("Subject: hi\n\nhello\n", message.substring(message.indexOf("Subject")));
        assertEquals("Fsender@client.example\0Tann@example.test\0\0", Files.readString(folder.resolve("envelope")));
        assertEquals("127.0.0.1 a rule\n", Files.readString(folder.resolve("who")));
        assertEquals(List.of(), house.accepted);
    }

    @Test
    void defersWhenTheProgramIsNotThere() throws IOException {
        send(Map.of("QMAILQUEUE", "/no/such/filter"), "451 4.3.0 unable to run the queue's program");
        send(Map.of("QMAILQUEUE", ""), "250 2.0.0 ok 1764000000 qp 17");
    }
}
