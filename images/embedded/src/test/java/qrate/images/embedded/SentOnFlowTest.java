package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.SOON;
import static qrate.images.embedded.Installation.done;
import static qrate.images.embedded.Installation.letter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;

/// What an alias sends on to another host has a sender of ours there, and what that host sends back goes to who
/// wrote.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SentOnFlowTest {
    private static final String ZOE = "zoe@far.test";

    private Sink sink;
    private Installation qrate;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        sink = new Sink();
        qrate = Installation.prepare(folder, Map.of());
        Files.writeString(qrate.state().control().resolve("smtproutes"), ":127.0.0.1:" + sink.port() + "\n");
        qrate.start();
        try (EditableDirectory directory = qrate.directory()) {
            done(directory.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", ZOE))));
        }
        Installation.settle();
    }

    @BeforeEach
    void forget() {
        sink.forget();
    }

    @AfterAll
    void stop() throws IOException {
        qrate.close();
        sink.close();
    }

    private void send(String from, String to, String mark) throws IOException {
        try (Talk talk = qrate.smtp()) {
            String reply = talk.message(from, List.of(to), letter(from, mark));
            assertTrue(reply.startsWith("250 "), reply);
        }
    }

    private String sender() {
        Awaitility.await().atMost(SOON).until(() -> sink.messages().size() == 1);
        return sink.senders().getFirst();
    }

    @Test
    void theNextHostHearsOurNameAndItsBounceReachesWhoWrote() throws Exception {
        send("eve@elsewhere.test", "sales@example.test", "onward");
        String ours = sender();
        assertTrue(ours.matches("SRS0=....=..=elsewhere.test=eve@example.test"), ours);

        sink.forget();
        send("", ours, "bounce");
        assertEquals("", sender());
        String message = sink.messages().getFirst();
        assertTrue(message.contains("\r\nThis is bounce\r\n"), message);
        qrate.drained();
        assertTrue(qrate.log().contains("to remote eve@elsewhere.test"), qrate.log());
    }

    @Test
    void whoMadeTheAddressUpIsTold() throws Exception {
        send("eve@elsewhere.test", "sales@example.test", "again");
        String forged = sender().replace("=eve@", "=mallory@");
        try (Talk talk = qrate.smtp()) {
            String reply = talk.message("", List.of(forged), letter("bounce"));
            assertTrue(reply.startsWith("550 5.1.1 sorry, no mail comes back by that address: its hash"), reply);
        }
    }

    /// send knows who wrote: its own bounce needs no address that leads back.
    @Test
    void whenTheNextHostRefusesAtOnceWhoWroteHearsOfIt() throws Exception {
        sink.answer("550 5.1.1 nobody here");
        send("eve@elsewhere.test", "sales@example.test", "refused");
        Awaitility.await().atMost(SOON).until(() -> sink.senders().size() >= 2);
        assertTrue(sink.senders().getFirst().startsWith("SRS0="), sink.senders().toString());
        assertEquals("", sink.senders().get(1));
        qrate.drained();
    }

    @Test
    void whatAUserOfOursSendsToAnAliasKeepsTheSender() throws Exception {
        try (Talk talk = qrate.submission(Installation.ANN)) {
            assertTrue(talk.message(Installation.ANN, List.of("sales@example.test"), letter(Installation.ANN, "own"))
                    .startsWith("250 "));
        }
        assertEquals(Installation.ANN, sender());
    }
}
