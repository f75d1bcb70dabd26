package qrate.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;
import qrate.tcpserver.Listener;
import qrate.testkit.BrokenInput;
import qrate.testkit.WireScript;

class SmtpdSessionTest {
    @TempDir
    Path folder;

    @Test
    void takesAMessageInAPlainSession() throws IOException {
        House house = new House(folder);
        try (Listener listener = house.listen(Kind.MX)) {
            WireScript.play(Path.of("src/test/wire/plain.wire"), listener.port());
        }
        House.Message message = house.accepted.getFirst();
        assertEquals("sender@client.example", message.envelope().sender());
        assertEquals("BODY=8BITMIME", message.envelope().parameters());
        assertEquals(2, message.envelope().recipients().size());
        assertEquals("NOTIFY=NEVER", message.envelope().recipients().getFirst().parameters());
        assertEquals(
                "postmaster@mail.example.test",
                message.envelope().recipients().getLast().address());
        assertTrue(
                message.content()
                        .startsWith("Received: from unknown (HELO client.example) (127.0.0.1)\n"
                                + "  by mail.example.test with ESMTP; "),
                message.content());
        assertTrue(message.content().endsWith("\nSubject: hello\n\n.dot\ncaf\u00c3\u00a9\n"), message.content());
        assertEquals(1, house.accepted.size());
    }

    @Test
    void speaksOnDescriptorsByHand() throws IOException {
        House house = new House(folder);
        String said = "HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<ann@example.test>\r\nDATA\r\nhi\r\n.\r\nSTARTTLS\r\nQUIT\r\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.US_ASCII);
        int code = new QmailSmtpd(house.parts())
                .run(
                        List.of(),
                        new Program.Stdio(
                                Map.of("TCPREMOTEIP", "192.0.2.9"),
                                new ByteArrayInputStream(said.getBytes(StandardCharsets.US_ASCII)),
                                print,
                                print));
        assertEquals(0, code);
        assertTrue(out.toString(StandardCharsets.US_ASCII)
                .endsWith("250 2.0.0 ok 1764000000 qp 17\r\n454 4.7.0 TLS is not available\r\n221 2.0.0 good bye\r\n"));
        assertTrue(house.accepted.getFirst().content().startsWith("Received: from unknown (HELO x) (192.0.2.9)\n"));
    }

    @Test
    void exitsWith1WhenTheClientIsLostAnd100ForAWrongCall() throws IOException {
        House house = new House(folder);
        InputStream lost = new SequenceInputStream(
                new ByteArrayInputStream("HELO x\r\n".getBytes(StandardCharsets.US_ASCII)), new BrokenInput("reset"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.US_ASCII);
        Program.Stdio stdio = new Program.Stdio(Map.of("TCPREMOTEIP", "192.0.2.9"), lost, print, print);
        QmailSmtpd program = new QmailSmtpd(house.parts());
        assertEquals(1, program.run(List.of(), stdio));
        assertTrue(house.logged.toString(StandardCharsets.UTF_8).contains("qmail-smtpd: connection lost: reset"));
        out.reset();
        assertEquals(100, program.run(List.of("checkprogram"), stdio));
        assertTrue(out.toString(StandardCharsets.US_ASCII).startsWith("qmail-smtpd: usage: qmail-smtpd "));
    }

    @Test
    void takesMailFromUsersOnlyOnThePortsOfSubmission() throws IOException {
        House house = new House(folder);
        Map<String, String> expected = Map.of(
                "25", "250 2.1.0 ok",
                "465", "530 5.7.0 STARTTLS first",
                "587", "530 5.7.0 STARTTLS first");
        for (Map.Entry<String, String> one : expected.entrySet()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            PrintStream print = new PrintStream(out, true, StandardCharsets.US_ASCII);
            ByteArrayInputStream in = new ByteArrayInputStream(
                    "HELO x\r\nMAIL FROM:<sender@client.example>\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            Map<String, String> environment = Map.of("TCPREMOTEIP", "192.0.2.9", "TCPLOCALPORT", one.getKey());
            assertEquals(
                    0, new QmailSmtpd(house.parts()).run(List.of(), new Program.Stdio(environment, in, print, print)));
            List<String> replies =
                    out.toString(StandardCharsets.US_ASCII).lines().toList();
            assertEquals(one.getValue(), replies.get(2), one.getKey());
        }
    }

    @Test
    void answersForABugAndEnds() throws IOException {
        House house = new House(folder);
        house.bug = true;
        try (Listener listener = house.listen(Kind.MX)) {
            WireScript.play(
                    List.of(
                            "S: 220 mail.example.test ESMTP",
                            "C+ HELO x\\r\\nMAIL FROM:<>\\r\\nRCPT TO:<ann@example.test>\\r\\n",
                            "S: 250 mail.example.test",
                            "S: 250 2.1.0 ok",
                            "S: 421 4.3.0 sorry, something is wrong here",
                            "S!"),
                    listener.port());
        }
        assertTrue(house.logged.toString(StandardCharsets.UTF_8).contains("qmail-smtpd: bug remote=127.0.0.1 "));
    }
}
