package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import qrate.arc.ArcVerifier;
import qrate.arc.Chain;
import qrate.core.Body;
import qrate.core.Program;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.dkim.Content;
import qrate.dkim.Inquiry;
import qrate.dkim.Limits;
import qrate.dns.DnsClient;
import qrate.dns.Questions;
import qrate.images.admin.Main;
import qrate.testkit.DnsServer;

/// What an alias or a list sends on tells the next host, under a seal, what the gate here found; and a list writes in
/// its own name where the author's domain forbids others to write in its.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SealedFlowTest {
    private static final String ZOE = "zoe@far.test";

    private Sink sink;
    private DnsServer dns;
    private Installation qrate;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        sink = new Sink();
        dns = DnsServer.start().ttl(0);
        for (String domain : List.of("elsewhere.test", "strict.test")) {
            dns.put(domain, "TXT", "\"v=spf1 ip4:127.0.0.1 -all\"");
        }
        dns.put("_dmarc.strict.test", "TXT", "\"v=DMARC1; p=reject\"");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        qrate = Installation.prepare(
                folder, Map.of("QRATE_DNS", dns.hostAndPort(), "QRATE_GATE", "inet:" + port + "@127.0.0.1"));
        Files.writeString(qrate.state().control().resolve("smtproutes"), ":127.0.0.1:" + sink.port() + "\n");
        qrate.start();
        qrate.publishKeys(dns);
        try (EditableDirectory directory = qrate.directory()) {
            done(directory.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", ZOE))));
        }
        command("ezmlm-make", "-f", "team@example.test");
        command("ezmlm-sub", "team@example.test", ZOE);
        Installation.settle();
    }

    private void command(String... words) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        Map<String, String> environment = new TreeMap<>(qrate.environment());
        environment.put(
                "QRATE_ADMIN_URL",
                "http://127.0.0.1:"
                        + qrate.running().admin().door().orElseThrow().address().getPort());
        Program.Stdio stdio = new Program.Stdio(environment, InputStream.nullInputStream(), print, print);
        int code = Main.commands().get(words[0]).run(List.of(words).subList(1, words.length), stdio);
        assertEquals(0, code, () -> out.toString(UTF_8));
    }

    @BeforeEach
    void forget() {
        sink.forget();
    }

    @AfterAll
    void stop() throws IOException {
        qrate.close();
        dns.close();
        sink.close();
    }

    private String sentOn(String from, String to, String message) throws IOException {
        try (Talk talk = qrate.smtp()) {
            String reply = talk.message(from, List.of(to), message);
            assertTrue(reply.startsWith("250 "), reply);
        }
        Awaitility.await().atMost(SOON).until(() -> sink.messages().size() == 1);
        return sink.messages().getFirst();
    }

    private Chain chain(String message) throws IOException {
        Questions questions = Questions.of(
                DnsClient.forgetful(Map.of("QRATE_DNS", dns.hostAndPort())),
                new Questions.Limits(20, 20, Duration.ofSeconds(20)),
                InstantSource.system());
        Content content = Content.of(
                Body.of(message.getBytes(ISO_8859_1)),
                Content.Form.RECEIVED,
                Limits.USUAL,
                List.of(ArcVerifier::wanted));
        return ArcVerifier.verify(content, Inquiry.of(questions, Limits.USUAL, InstantSource.system()));
    }

    private void assertSealed(String message, String found) throws IOException {
        Chain.Pass pass = assertInstanceOf(Chain.Pass.class, chain(message), message);
        Chain.Link link = pass.links().getLast();
        assertEquals("example.test", link.domain());
        assertTrue(
                link.results().startsWith("mail.example.test;")
                        && link.results().contains(found),
                link.results());
    }

    @Test
    void theNextHostOfAForwardIsToldWhatTheGateFound() throws Exception {
        String forged = "Authentication-Results: mail.example.test; dmarc=pass\r\n";
        String from = "eve@elsewhere.test";
        String message = sentOn(from, "sales@example.test", forged + letter(from, "onward"));
        assertSealed(message, "spf=pass smtp.mailfrom=eve@elsewhere.test");
        assertTrue(sink.senders().getFirst().startsWith("SRS0="), sink.senders().toString());
        assertFalse(message.contains("\r\nDKIM-Signature:"), message);
    }

    @Test
    void aListWritesInItsOwnNameForAnAuthorWhoseDomainIsStrict() throws Exception {
        String from = "bob@strict.test";
        String message = sentOn(from, "team@example.test", letter(from, "strict"));
        assertTrue(message.contains("\r\nFrom: bob via team <team@example.test>\r\n"), message);
        assertTrue(message.contains("\r\nReply-To: <bob@strict.test>\r\n"), message);
        assertTrue(message.contains("\r\nX-Original-From: <bob@strict.test>\r\n"), message);
        assertTrue(message.contains("\r\nSubject: [team] strict\r\n"), message);
        assertTrue(message.contains("\r\nDKIM-Signature: v=1; a=rsa-sha256;"), message);
        assertSealed(message, "dmarc=pass header.from=strict.test policy.dmarc=reject");
        assertEquals("team-return-", sink.senders().getFirst().substring(0, 12));
    }

    @Test
    void otherAuthorsStayInFrom() throws Exception {
        String from = "eve@elsewhere.test";
        String message = sentOn(from, "team@example.test", letter(from, "easy"));
        assertTrue(message.contains("\r\nFrom: <eve@elsewhere.test>\r\n"), message);
        assertSealed(message, "spf=pass");
    }

    @Test
    void whatOurOwnUsersSendIsSignedAndNotSealed() throws Exception {
        try (Talk talk = qrate.submission(Installation.ANN)) {
            assertTrue(talk.message(Installation.ANN, List.of("sales@example.test"), letter(Installation.ANN, "own"))
                    .startsWith("250 "));
        }
        Awaitility.await().atMost(SOON).until(() -> sink.messages().size() == 1);
        String message = sink.messages().getFirst();
        assertTrue(message.startsWith("DKIM-Signature:"), message);
        assertFalse(message.contains("ARC-"), message);
    }
}
