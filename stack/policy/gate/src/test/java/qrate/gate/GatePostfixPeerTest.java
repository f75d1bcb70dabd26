package qrate.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;
import qrate.milter.MilterAddress;
import qrate.testkit.AskingPostfix;

/// Postfix asks the gate, as an SMTP server of others.
@Tag("peer")
@Timeout(60)
class GatePostfixPeerTest {
    @TempDir
    Path home;

    private GateFixture fixture;
    private Gate gate;
    private AskingPostfix postfix;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "Postfix is started by root");
        fixture = new GateFixture(Files.createDirectories(home.resolve("gate")));
        fixture.control("dmarc", "quarantine").control("spfbehavior", "3");
        fixture.publish("author.test", "v=spf1 ip4:127.0.0.1 -all");
        fixture.publish("forbids.test", "v=spf1 -all");
        gate = Gate.open(
                new MilterAddress.Inet("127.0.0.1", 0, false), fixture.judge(), fixture.greylist(), Log.silent());
        String milter = gate.address().replaceAll("inet:(\\d+)@(.*)", "inet:$2:$1");
        postfix = new AskingPostfix(home, milter, "bob");
    }

    @AfterEach
    void stop() throws Exception {
        if (postfix != null) {
            postfix.close();
        }
        if (fixture != null) {
            gate.close();
            fixture.close();
        }
    }

    /// Says something, and gives the last line of what comes back.
    private static String say(Socket socket, BufferedReader in, String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(ISO_8859_1));
        return reply(in);
    }

    private static String reply(BufferedReader in) throws IOException {
        String line;
        do {
            line = in.readLine();
        } while (line != null && line.length() > 3 && line.charAt(3) == '-');
        return String.valueOf(line);
    }

    /// Sends a message as a client does.
    ///
    /// @return the reply that ended it
    private String sent(String sender, String message) throws IOException {
        try (Socket socket = postfix.connect();
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1))) {
            reply(in);
            say(socket, in, "EHLO client.test");
            say(socket, in, "MAIL FROM:<" + sender + ">");
            say(socket, in, "RCPT TO:<bob@here.test>");
            String data = say(socket, in, "DATA");
            return data.startsWith("354 ") ? say(socket, in, message.replace("\n", "\r\n") + ".") : data;
        }
    }

    private List<Path> files(String folder) throws IOException {
        Path all = home.resolve(folder);
        if (Files.notExists(all)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(all)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void ourFieldStandsOnTopAndForgedOnesAreGone() throws Exception {
        String forged = "Authentication-Results: mx.here.test; dmarc=pass\n";
        String other = "Authentication-Results: other.test; dmarc=fail\n";
        String message = GateFixture.signed(GateFixture.MESSAGE, "author.test");
        String reply = sent("ann@author.test", forged + other + forged + message + "\n");
        assertTrue(reply.startsWith("250 "), reply);
        Awaitility.await().until(() -> files("mail/bob/new").size() == 1);
        String mail = Files.readString(files("mail/bob/new").getFirst(), ISO_8859_1);
        int ours = mail.indexOf("\nAuthentication-Results: mx.here.test;\n\tspf=pass smtp.mailfrom=ann@author.test;");
        assertTrue(ours > 0 && ours < mail.indexOf("\nReceived:"), mail);
        assertTrue(mail.contains("\n\tdkim=pass header.d=author.test"), mail);
        assertTrue(mail.contains("\n\tdmarc=pass header.from=author.test policy.dmarc=reject\n"), mail);
        assertTrue(mail.contains("\n" + other), mail);
        assertFalse(mail.contains(forged), mail);
    }

    @Test
    void whatIsForbiddenIsRefusedAndWhatIsSuspiciousHeld() throws Exception {
        String refused = sent("ann@forbids.test", GateFixture.MESSAGE);
        assertTrue(refused.startsWith("550 5.7.23 "), refused);
        fixture.publish("stranger.test", "v=spf1 ip4:127.0.0.1 -all");
        String reply = sent("ann@stranger.test", GateFixture.MESSAGE);
        assertTrue(reply.startsWith("250 "), reply);
        Awaitility.await().until(() -> files("queue/hold").size() == 1);
        assertEquals(List.of(), files("mail"));
    }
}
