package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import qrate.core.Program;
import qrate.testkit.BrokenInput;

/// The report format of qmail-remote(8).
class QmailRemoteTest extends RemoteOnRig {
    @Test
    void reportsEachRecipientAndThenTheMessage() throws Exception {
        Polite talk = Polite.server().on("RCPT TO:<h", "550 no").on("RCPT TO:<s", "450 wait");
        try (FakeSmtp server = new FakeSmtp(talk)) {
            rig.there(server);
            String report = run("A: b\n\nc\n", "There.Test", "me@client.test", "r@x.test", "h@x.test", "s@x.test");
            assertEquals(
                    List.of(
                            "r",
                            "h192.0.2.1 does not like recipient.|Remote host said: 550 no|Giving up on 192.0.2.1.|",
                            "s192.0.2.1 does not like recipient.|Remote host said: 450 wait|Giving up on 192.0.2.1.|",
                            "K192.0.2.1 accepted message.|TLS: starttls-not-supported at mx.there.test 192.0.2.1, opportunistic.|Remote host said: 250 2.0.0 ok queued|",
                            ""),
                    List.of(report.replace('\n', '|').split("\0", -1)));
            assertEquals(List.of("A: b\r\n\r\nc\r\n"), server.messages());
        }
    }

    @Test
    void reportsOnTheMessageAloneWhenItNeverCameToRecipients() throws Exception {
        assertEquals(
                "DSorry, I couldn't find any host named nowhere.test. (#5.1.2)\n\0",
                run("\n", "nowhere.test", "", "a@nowhere.test"));
        assertTrue(run("\n", "nowhere.test").startsWith("D"));
        String bad = run("\n", "nowhere.test", "", "a\nb");
        assertTrue(bad.startsWith("DNo such address: ") && bad.endsWith(". (#5.1.3)\n\0"), bad);
    }

    @Test
    void givesUpOnAllRecipientsInOneWord() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server().on("RCPT", "550 no"))) {
            rig.there(server);
            assertTrue(run("\n", "there.test", "", "a@x.test").endsWith("\0DGiving up on 192.0.2.1.\n\0"));
        }
    }

    @Test
    void sendsLargeMessagesFromAFile() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            String large = "A: b\n\n" + "0123456789abcdef\n".repeat(100_000);
            assertTrue(run(large, "there.test", "", "a@x.test").contains("\0K192.0.2.1 accepted message."));
            assertEquals(large.replace("\n", "\r\n"), server.messages().getFirst());
        }
    }

    @Test
    void reportsAMessageThatItCannotReadAndExits111WhenNobodyHears() throws Exception {
        InputStream broken = new BrokenInput("disk");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> arguments = List.of("there.test", "", "a@there.test");
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        QmailRemote program = new QmailRemote(rig.surroundings);
        assertEquals(0, program.run(arguments, new Program.Stdio(Map.of(), broken, print, print)));
        assertEquals("ZUnable to read message. (#4.3.0)\n\0", out.toString(StandardCharsets.UTF_8));
        PrintStream gone = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        });
        assertEquals(111, program.run(arguments, new Program.Stdio(Map.of(), broken, gone, gone)));
    }

    private String run(String message, String... arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Program.Stdio stdio = new Program.Stdio(
                Map.of(),
                new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        assertEquals(0, new QmailRemote(rig.surroundings).run(List.of(arguments), stdio));
        return out.toString(StandardCharsets.UTF_8);
    }
}
