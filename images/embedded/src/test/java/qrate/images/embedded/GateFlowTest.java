package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.letter;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import qrate.testkit.DnsServer;

/// Strangers' mail with the gate in the way.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GateFlowTest {
    private DnsServer dns;
    private Installation qrate;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        dns = DnsServer.start().ttl(0);
        dns.put("elsewhere.test", "TXT", "\"v=spf1 ip4:127.0.0.1 -all\"");
        dns.put("strict.test", "TXT", "\"v=spf1 -all\"");
        dns.put("_dmarc.strict.test", "TXT", "\"v=DMARC1; p=reject\"");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        qrate = Installation.start(
                folder, Map.of("QRATE_DNS", dns.hostAndPort(), "QRATE_GATE", "inet:" + port + "@127.0.0.1"));
        qrate.people(5);
    }

    @AfterAll
    void stop() throws IOException {
        qrate.close();
        dns.close();
    }

    @Test
    void strangersMailSaysWhomItComesFrom() throws Exception {
        String user = qrate.someone();
        try (Talk talk = qrate.smtp()) {
            String forged = "Authentication-Results: mail.example.test; dmarc=pass\r\n" + letter("forged");
            assertTrue(talk.message("someone@elsewhere.test", List.of(user), forged)
                    .startsWith("250 "));
        }
        String got = qrate.box(user, 1).getFirst();
        assertEquals(2, got.split("\r\nAuthentication-Results: ", -1).length, got);
        assertTrue(got.contains("spf=pass"), got);
        assertFalse(got.contains("mail.example.test; dmarc=pass"), got);
    }

    @Test
    void whatADomainWantsRefusedIsRefusedWhereThatIsAskedFor() throws Exception {
        String user = qrate.someone();
        String reply;
        try (Talk talk = qrate.smtp()) {
            reply = talk.message("boss@strict.test", List.of(user), letter("boss@strict.test", "marked"));
        }
        assertTrue(reply.startsWith("250 "), reply);
        qrate.control("dmarc", "refuse\n");
        try (Talk talk = qrate.smtp()) {
            reply = talk.message("boss@strict.test", List.of(user), letter("boss@strict.test", "refused"));
        }
        assertTrue(reply.startsWith("550") && reply.contains("5.7.26"), reply);
        qrate.drained();
        assertEquals(1, qrate.box(user).size());
    }

    @Test
    void spamGoesIntoAFolderOfItsOwnOrIsRefusedAsItsDomainWants() throws Exception {
        String user = qrate.someone();
        qrate.control("policydomains", user.substring(user.indexOf('@') + 1) + " dmarc=junk\n");
        qrate.control("spam", ":junk\n");
        try (Talk talk = qrate.smtp()) {
            assertTrue(talk.message("boss@strict.test", List.of(user), letter("boss@strict.test", "junk"))
                    .startsWith("250 "));
        }
        qrate.drained();
        assertEquals(0, qrate.box(user).size());
        try (Stream<Path> files = Files.list(qrate.maildir(user).resolve(".Junk/new"))) {
            String got = Files.readString(files.findFirst().orElseThrow());
            assertTrue(got.contains("\nX-Spam-Status: Yes, neither SPF nor DKIM vouches for strict.test"), got);
        }
        qrate.control("spam", ":refuse\n");
        try (Talk talk = qrate.smtp()) {
            String reply = talk.message("boss@strict.test", List.of(user), letter("boss@strict.test", "junk"));
            assertTrue(reply.startsWith("550") && reply.contains("5.7.1 "), reply);
        }
        qrate.control("spam", "");
        qrate.control("policydomains", "");
    }

    @Test
    void ourOwnUsersAreNotChecked() throws Exception {
        String user = qrate.someone();
        String friend = qrate.someone();
        try (Talk talk = qrate.submission(user)) {
            assertTrue(talk.message(user, List.of(friend), letter(user, "own")).startsWith("250 "));
        }
        assertFalse(qrate.box(friend, 1).getFirst().contains("Authentication-Results"));
    }
}
