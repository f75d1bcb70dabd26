package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.SOON;
import static qrate.images.embedded.Installation.done;
import static qrate.images.embedded.Installation.letter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.images.admin.Main;
import qrate.signer.SignerClient;
import qrate.testkit.DnsServer;

/// Two Qrates that write to each other, straight, through a forward and through a list, while keys change; and somebody
/// at another address of this machine who writes in the name of one of them. Both domains have mail refused that is not
/// theirs (DMARC), and one of them obeys.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoQratesFlowTest {
    private static final String ANN = "ann@example.test";
    private static final String CID = "cid@example.test";
    private static final String FORGER = "127.0.0.2";
    private static final String OURS = "\"v=spf1 ip4:127.0.0.1 -all\"";

    private DnsServer dns;
    private Installation one;
    private Installation other;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        dns = DnsServer.start().ttl(0);
        for (String domain : List.of("example.test", "other.test")) {
            dns.put(domain, "TXT", OURS).put("_dmarc." + domain, "TXT", "\"v=DMARC1; p=reject\"");
        }
        dns.put("forger.test", "TXT", "\"v=spf1 ip4:" + FORGER + " -all\"");
        one = prepared(folder.resolve("one"), "example.test");
        other = prepared(folder.resolve("other"), "other.test");
        one.start();
        other.start();
        Files.writeString(one.state().control().resolve("smtproutes"), route("other.test", other));
        Files.writeString(other.state().control().resolve("smtproutes"), route("example.test", one));
        one.publishKeys(dns);
        other.publishKeys(dns);
        try (EditableDirectory directory = other.directory()) {
            done(directory.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@other.test", CID))));
        }
        atOther("ezmlm-make", "-f", "team@other.test");
        atOther("ezmlm-sub", "team@other.test", CID);
        Installation.settle();
    }

    private Installation prepared(Path folder, String domain) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        return Installation.prepare(
                Files.createDirectories(folder),
                Map.of(
                        "QRATE_DOMAIN",
                        domain,
                        "QRATE_DNS",
                        dns.hostAndPort(),
                        "QRATE_GATE",
                        "inet:" + port + "@127.0.0.1"));
    }

    private static String route(String domain, Installation to) {
        return domain + ":127.0.0.1:" + to.running().smtp().smtp().port() + "\n";
    }

    private void atOther(String... words) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        Map<String, String> environment = new TreeMap<>(other.environment());
        environment.put(
                "QRATE_ADMIN_URL",
                "http://127.0.0.1:"
                        + other.running().admin().door().orElseThrow().address().getPort());
        Program.Stdio stdio = new Program.Stdio(environment, InputStream.nullInputStream(), print, print);
        int code = Main.commands().get(words[0]).run(List.of(words).subList(1, words.length), stdio);
        assertEquals(0, code, () -> out.toString(UTF_8));
    }

    @AfterAll
    void stop() throws IOException {
        one.close();
        other.close();
        dns.close();
    }

    private void annWrites(String to, String mark) throws IOException {
        try (Talk talk = one.submission(ANN)) {
            String reply = talk.message(ANN, List.of(to), letter(ANN, mark));
            assertTrue(reply.startsWith("250 "), reply);
        }
    }

    private String forged(String sender, String to, String mark) throws IOException {
        try (Talk talk = Talk.smtpFrom(FORGER, other.running().smtp().smtp().port())) {
            return talk.message(sender, List.of(to), letter(ANN, mark));
        }
    }

    /// The message with a mark in a box, its folded lines made whole.
    private static String arrived(Installation at, String user, String mark) {
        Awaitility.await(mark)
                .atMost(SOON)
                .until(() -> at.box(user).stream().anyMatch(message -> message.contains("This is " + mark)));
        return at.box(user).stream()
                .filter(message -> message.contains("This is " + mark))
                .findFirst()
                .orElseThrow()
                .replaceAll("\r\n[ \t]+", " ");
    }

    private static void assertFound(String message, String host, String... found) {
        String results = message.lines()
                .filter(line -> line.startsWith("Authentication-Results: " + host + ";"))
                .findFirst()
                .orElse("");
        for (String each : found) {
            assertTrue(results.contains(each), each + " in " + message);
        }
    }

    @Test
    void mailIsKnownAsItsDomainsAlsoWhileKeysChange() throws Exception {
        annWrites("bob@other.test", "straight");
        assertFound(
                arrived(other, "bob@other.test", "straight"),
                "mail.other.test",
                "spf=pass",
                "dkim=pass",
                "dmarc=pass header.from=example.test");
        SignerClient.named(one.environment()).orElseThrow().rotate("example.test");
        annWrites("bob@other.test", "between");
        one.publishKeys(dns);
        annWrites("bob@other.test", "after");
        for (String mark : List.of("between", "after")) {
            assertFound(
                    arrived(other, "bob@other.test", mark),
                    "mail.other.test",
                    "dkim=pass",
                    "dmarc=pass header.from=example.test");
        }
    }

    @Test
    void aForwardKeepsTheSignatureAndGivesItsOwnSender() throws Exception {
        annWrites("sales@other.test", "onward");
        String message = arrived(one, CID, "onward");
        assertTrue(message.startsWith("Return-Path: <SRS0="), message);
        assertFound(
                message,
                "mail.example.test",
                "spf=pass smtp.mailfrom=\"SRS0=",
                "dkim=pass",
                "dmarc=pass header.from=example.test");
        assertTrue(message.contains("\r\nARC-Seal: i=1;"), message);
    }

    @Test
    void aListWritesInItsOwnNameSinceTheAuthorsDomainIsStrict() throws Exception {
        annWrites("team@other.test", "listed");
        String message = arrived(one, CID, "listed");
        assertTrue(message.contains("\r\nFrom: ann via team <team@other.test>\r\n"), message);
        assertFound(message, "mail.example.test", "spf=pass", "dkim=pass", "dmarc=pass header.from=other.test");
    }

    @Test
    void aForgeryIsMarkedOnItsWayUntilItIsRefusedAtTheDoor() throws Exception {
        String unaligned = forged("eve@forger.test", "bob@other.test", "unaligned");
        assertTrue(unaligned.startsWith("250 "), unaligned);
        assertFound(
                arrived(other, "bob@other.test", "unaligned"),
                "mail.other.test",
                "spf=pass smtp.mailfrom=eve@forger.test",
                "dmarc=fail",
                " header.from=example.test");
        assertTrue(forged(ANN, "sales@other.test", "forwarded").startsWith("250 "));
        String forwarded = arrived(one, CID, "forwarded");
        assertFound(forwarded, "mail.example.test", "dmarc=fail", " header.from=example.test");
        other.control("dmarc", "refuse\n");
        for (String sender : List.of(ANN, "eve@forger.test")) {
            String reply = forged(sender, "bob@other.test", "refused");
            assertTrue(reply.startsWith("550") && reply.contains("5.7.26"), reply);
        }
        annWrites("bob@other.test", "still");
        assertFound(arrived(other, "bob@other.test", "still"), "mail.other.test", "dmarc=pass");
        other.control("dmarc", "mark\n");
    }
}
