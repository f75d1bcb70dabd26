package qrate.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;
import qrate.posix.Posix;
import qrate.qmqp.QmailQmtpd;

/// QMTP asks what SMTP asks.
class QmtpRulesTest {
    @TempDir
    Path folder;

    private House house;
    private final Map<String, String> environment = new TreeMap<>(Map.of("TCPREMOTEIP", "192.0.2.7"));

    @BeforeEach
    void build() throws IOException {
        house = new House(folder);
    }

    private static String netstring(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length + ":" + text + ",";
    }

    private String send(String message, String sender, String recipient) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String bytes = netstring("\n" + message) + netstring(sender) + netstring(netstring(recipient));
        int code = new QmailQmtpd(house.parts().qmtp(Smtpd.Queues.programs(new Posix(), Map.of())))
                .run(
                        List.of(),
                        new Program.Stdio(
                                environment,
                                new ByteArrayInputStream(bytes.getBytes(StandardCharsets.UTF_8)),
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(out, true, StandardCharsets.UTF_8)));
        assertEquals(0, code);
        String answer = out.toString(StandardCharsets.UTF_8);
        return answer.substring(answer.indexOf(':') + 1, answer.length() - 1);
    }

    @Test
    void takesMailForOurBoxesAndListedHostsOnly() throws IOException {
        String ok = "Kok 1764000000 qp 17";
        assertEquals(ok, send("x", "a@b.test", "ann@example.test"));
        assertEquals("Dsorry, no mailbox here by that name (#5.1.1)", send("x", "a@b.test", "zoe@example.test"));
        String relay = "Dsorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)";
        assertEquals(relay, send("x", "a@b.test", "x@far.test"));
        assertEquals(relay, send("x", "", "x@far.test"));
        house.control("rcpthosts", "far.test\n.wide.test");
        assertEquals(ok, send("x", "a@b.test", "x@FAR.test"));
        assertEquals(ok, send("x", "a@b.test", "x@very.wide.test"));
        assertEquals("Dthat address needs a domain (#5.1.3)", send("x", "a@b.test", "ann"));
        assertEquals(3, house.accepted.size());
        assertTrue(house.accepted.getFirst().content().startsWith("Received: from unknown (192.0.2.7)\n  by mail."));
        assertTrue(house.accepted.getFirst().content().contains(" with QMTP; "));
    }

    @Test
    void relaysForWhomRelayclientSays() {
        environment.put("RELAYCLIENT", "");
        assertTrue(send("x", "a@b.test", "x@far.test").startsWith("K"));
        environment.put("RELAYCLIENT", ".suffix");
        assertTrue(send("x", "a@b.test", "x@far.test").startsWith("K"));
        assertEquals(
                "x@far.test.suffix",
                house.accepted.getLast().envelope().recipients().getFirst().address());
    }

    @Test
    void keepsTheListsAndLimits() throws IOException {
        house.control("badmailfrom", "spam@b.test");
        house.control("badrcptto", "bob@example.test");
        assertTrue(send("x", "spam@b.test", "ann@example.test").contains("badmailfrom list (#5.7.1)"));
        assertTrue(send("x", "a@b.test", "bob@example.test").contains("badrcptto list (#5.7.1)"));
        house.control("badrcptto", "b\u00fcro@example.test"); // one name, however it is composed
        assertTrue(send("x", "a@b.test", "BU\u0308RO@example.test").contains("badrcptto list (#5.7.1)"));
        environment.put("DATABYTES", "3");
        assertTrue(send("1234", "a@b.test", "ann@example.test").endsWith("databytes limit (#5.3.4)"));
        assertTrue(send("123", "a@b.test", "ann@example.test").startsWith("K"));
        environment.remove("DATABYTES");
        String hops = "Received: x\n".repeat(Hops.HOPS_MAX);
        assertTrue(send(hops + "\n", "a@b.test", "ann@example.test").startsWith("K"));
        assertEquals(
                "Dtoo many hops, this message is looping (#5.4.6)",
                send(hops + "Delivered-To: y\n\n", "a@b.test", "ann@example.test"));
    }

    @Test
    void defersWhatItCannotCheck() throws IOException {
        Files.write(house.control.resolve("rcpthosts"), new byte[] {(byte) 0xff});
        assertEquals("Zunable to check that now (#4.3.0)", send("x", "a@b.test", "x@far.test"));
        house.directoryBroken = true;
        assertEquals("Zunable to check that now (#4.3.0)", send("x", "a@b.test", "ann@example.test"));
        assertEquals(List.of(), house.accepted);
    }

    @Test
    void handsMessagesToTheProgramThatQmailqueueNames() throws IOException {
        Path filter = Files.writeString(
                folder.resolve("filter"),
                "#!/bin/sh\ncat >'" + folder + "/message'; cat <&1 >'" + folder + "/envelope'\n");
        assertTrue(filter.toFile().setExecutable(true));
        environment.put("QMAILQUEUE", filter.toString());
        environment.put("PATH", Posix.PATH_USUAL);
        String answer = send("Subject: hi\n\nx\n", "a@b.test", "ann@example.test");
        assertTrue(answer.matches("Kok [0-9]+ qp [0-9]+"), answer);
        assertTrue(Files.readString(folder.resolve("message")).endsWith("Subject: hi\n\nx\n"));
        assertEquals("Fa@b.test\0Tann@example.test\0\0", Files.readString(folder.resolve("envelope")));
        Files.writeString(filter, "#!/bin/sh\nexit 31\n");
        assertTrue(send("x", "a@b.test", "ann@example.test").startsWith("D"));
        assertEquals(0, house.accepted.size());
    }
}
