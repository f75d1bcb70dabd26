package qrate.qmqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Spool;
import qrate.core.Verdict;
import qrate.testkit.LoopbackListener;

/// Postfix's own QMQP client and server at the other end (package postfix).
@Tag("peer")
@Timeout(120)
class PostfixPeersTest {
    @TempDir
    Path folder;

    @Test
    void qmqpSourceIsServed() throws Exception {
        List<Envelope> envelopes = new CopyOnWriteArrayList<>();
        List<Long> sizes = new CopyOnWriteArrayList<>();
        QmqpServer server = new QmqpServer(
                _ -> (envelope, body) -> {
                    envelopes.add(envelope);
                    sizes.add(body.size());
                    return new Verdict.Delivered("ok 1764000000 qp " + envelopes.size());
                },
                new Spool(folder),
                Log.silent());
        try (LoopbackListener listener = new LoopbackListener(server)) {
            String said = run(
                    "/usr/sbin/qmqp-source",
                    "-c",
                    "-m",
                    "20",
                    "-s",
                    "4",
                    "-r",
                    "3",
                    "-l",
                    "5000",
                    "-f",
                    "from@client.test",
                    "-t",
                    "to@here.test",
                    "inet:127.0.0.1:" + listener.port());
            assertTrue(said.strip().endsWith("20"), said);
        }
        assertEquals(20, envelopes.size());
        assertEquals(
                Envelope.of("from@client.test", "0to@here.test", "1to@here.test", "2to@here.test"),
                envelopes.getFirst());
        sizes.forEach(size -> assertTrue(size >= 5000, size.toString()));
    }

    @Test
    void qmqpSinkTakesWhatTheClientSends() throws Exception {
        int port = freePort();
        Process sink = start("/usr/sbin/qmqp-sink", "-c", "inet:127.0.0.1:" + port, "10");
        try {
            Awaitility.await().until(() -> listens(port));
            QmqpClient.Server at = new QmqpClient.Server("127.0.0.1", port);
            for (QmqpClient.Settings settings : List.of(QmqpClient.Settings.CLASSIC, QmqpClient.Settings.OWN)) {
                try (QmqpClient client = new QmqpClient(List.of(at), settings)) {
                    for (int size : new int[] {0, 1, 5000, 700_000}) {
                        Verdict verdict = client.accept(Envelope.of("a@b.test", "c@d.test"), Body.of(new byte[size]));
                        assertInstanceOf(Verdict.Delivered.class, verdict, size + ": " + verdict);
                    }
                }
            }
        } finally {
            sink.destroyForcibly();
        }
    }

    private static Process start(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String run(String... command) throws Exception {
        Process process = start(command);
        String said;
        try (InputStream in = process.getInputStream()) {
            said = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), Arrays.toString(command));
        assertEquals(0, process.exitValue(), said);
        return said;
    }

    private static boolean listens(int port) {
        try (Socket _ = new Socket("127.0.0.1", port)) {
            return true;
        } catch (IOException _) {
            return false; // not yet
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
