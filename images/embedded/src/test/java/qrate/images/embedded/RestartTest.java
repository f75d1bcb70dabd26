package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.ANN;
import static qrate.images.embedded.Installation.BOB;
import static qrate.images.embedded.Installation.letter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was accepted is there after an end and a start, once.
class RestartTest {
    private static final int CLIENTS = 6;
    private static final int EACH = 50;

    @TempDir
    private Path folder;

    /// The marks in a box, in order of arrival.
    private static List<String> marks(List<String> box) {
        return box.stream()
                .map(text -> text.substring(text.indexOf("\r\nSubject: ") + 11))
                .map(text -> text.substring(0, text.indexOf('\r')))
                .toList();
    }

    @Test
    void whatWaitedForDeliveryIsDeliveredOnceAfterARestart() throws IOException {
        try (Installation qrate = Installation.prepare(folder, Map.of())) {
            Path hold = qrate.state().control().resolve("concurrencylocal");
            Files.writeString(hold, "0\n");
            qrate.start();
            Set<String> sent = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                assertTrue(qrate.send("held" + i, ANN, BOB).startsWith("250 "));
                sent.add("held" + i);
            }
            assertEquals(0, qrate.box(ANN).size(), "held");
            assertEquals(20, qrate.running().send().stat().messages());
            qrate.stop();
            Files.delete(hold);
            qrate.start();
            for (String user : List.of(ANN, BOB)) {
                qrate.box(user, 20);
            }
            qrate.drained();
            for (String user : List.of(ANN, BOB)) {
                List<String> got = marks(qrate.box(user));
                assertEquals(20, got.size());
                assertEquals(sent, new HashSet<>(got));
            }
            qrate.stop();
            qrate.start();
            assertEquals(0, qrate.running().send().stat().messages());
            assertEquals(20, qrate.box(ANN).size(), "nothing comes twice");
        }
    }

    @Test
    void anEndSaysGoodByeToWhoeverIsConnected() throws IOException {
        try (Installation qrate = Installation.start(folder);
                Talk smtp = Talk.smtp(qrate.running().smtp().smtp().port());
                Talk submission = Talk.smtp(qrate.running().smtp().submission().port())) {
            qrate.stop();
            assertEquals("421 4.3.2 going down", smtp.hear());
            assertEquals("421 4.3.2 going down", submission.hear());
        }
    }

    @Test
    void anEndInTheMiddleOfTheRushLosesAndDoublesNothing() throws Exception {
        try (Installation qrate = Installation.start(folder)) {
            Set<String> accepted = ConcurrentHashMap.newKeySet();
            List<Thread> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                String name = "c" + client + "-";
                int port = qrate.running().smtp().smtp().port();
                clients.add(Thread.ofVirtual().start(() -> rush(port, name, accepted)));
            }
            Awaitility.await()
                    .atMost(Installation.SOON)
                    .pollDelay(java.time.Duration.ZERO)
                    .until(() -> accepted.size() >= CLIENTS * EACH / 3);
            qrate.stop();
            for (Thread client : clients) {
                client.join();
            }
            qrate.start();
            rush(qrate.running().smtp().smtp().port(), "after-", accepted);
            qrate.box(ANN, accepted.size());
            qrate.drained();
            List<String> got = marks(qrate.box(ANN));
            Set<String> once = new HashSet<>(got);
            assertEquals(got.size(), once.size(), "nothing came twice");
            Set<String> lost = new HashSet<>(accepted);
            lost.removeAll(once);
            assertEquals(Set.of(), lost, "nothing that was answered 250 is lost");
        }
    }

    /// Sends until the server is gone.
    private static void rush(int port, String name, Set<String> accepted) {
        try (Talk talk = Talk.smtp(port)) {
            for (int i = 0; i < EACH; i++) {
                String mark = name + i;
                if (talk.message("someone@elsewhere.test", List.of(ANN), letter(mark))
                        .startsWith("250 ")) {
                    accepted.add(mark);
                }
            }
        } catch (IOException _) {
            // the server went down, as this test wants
        }
    }
}
