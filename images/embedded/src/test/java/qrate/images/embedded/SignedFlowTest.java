package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.SOON;
import static qrate.images.embedded.Installation.done;
import static qrate.images.embedded.Installation.letter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.dkim.Content;
import qrate.dkim.DkimResult;
import qrate.dkim.Inquiry;
import qrate.dkim.Limits;
import qrate.dkim.Verifier;
import qrate.dns.DnsClient;
import qrate.dns.Questions;
import qrate.testkit.DnsServer;

/// What reaches another host is signed, by keys whose records are in DNS, and verifies there.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignedFlowTest {
    private Sink sink;
    private DnsServer dns;
    private Installation qrate;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        sink = new Sink();
        dns = DnsServer.start();
        qrate = Installation.prepare(folder, Map.of("QRATE_DNS", dns.hostAndPort()));
        Files.writeString(qrate.state().control().resolve("smtproutes"), ":127.0.0.1:" + sink.port() + "\n");
        qrate.start();
        qrate.people(5);
        qrate.publishKeys(dns);
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

    private String received() {
        Awaitility.await().atMost(SOON).until(() -> sink.messages().size() == 1);
        return sink.messages().getFirst();
    }

    private List<String> verified(String message) throws IOException {
        Questions questions = Questions.of(
                DnsClient.forgetful(Map.of("QRATE_DNS", dns.hostAndPort())),
                new Questions.Limits(20, 20, Duration.ofSeconds(20)),
                InstantSource.system());
        Content content = Content.of(
                Body.of(message.getBytes(UTF_8)),
                Content.Form.RECEIVED,
                Limits.USUAL,
                List.of(header -> Verifier.wanted(header, Limits.USUAL)));
        Inquiry inquiry = Inquiry.of(questions, Limits.USUAL, InstantSource.system());
        return Verifier.verify(content, inquiry).stream().map(DkimResult::word).toList();
    }

    @Test
    void whatAUserSubmitsVerifiesElsewhere() throws IOException {
        String user = qrate.someone();
        try (Talk talk = qrate.submission(user)) {
            assertTrue(talk.message(user, List.of("zoe@far.test"), letter(user, "signed"))
                    .startsWith("250 "));
        }
        assertEquals(List.of("pass", "pass"), verified(received()));
    }

    @Test
    void aStrangersLetterInOurNameIsSentOnUnsigned() throws Exception {
        try (EditableDirectory directory = qrate.directory()) {
            done(directory.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", "zoe@far.test"))));
        }
        Installation.settle();
        try (Talk talk = qrate.smtp()) {
            String forged = letter("boss@example.test", "forged");
            assertTrue(talk.message("x@elsewhere.test", List.of("sales@example.test"), forged)
                    .startsWith("250 "));
        }
        assertFalse(received().contains("DKIM-Signature"), received());
    }
}
