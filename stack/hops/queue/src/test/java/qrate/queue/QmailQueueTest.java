package qrate.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Service;
import qrate.core.Spool;
import qrate.core.Verdict;
import qrate.qmqp.QmqpClient;
import qrate.qmqp.QmqpServer;
import qrate.testkit.BrokenInput;
import qrate.testkit.LoopbackListener;
import qrate.testkit.Seeds;

class QmailQueueTest {
    @TempDir
    private Path folder;

    private final List<Envelope> envelopes = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final Intake keeper = (envelope, body) -> {
        try {
            envelopes.add(envelope);
            bodies.add(JournalFixture.text(body));
            return new Verdict.Delivered("ok 1 qp 1");
        } catch (IOException e) {
            return new Verdict.Later(e.toString());
        }
    };

    private int run(InputStream message, String envelope, String send) {
        QmailQueue program = new QmailQueue(
                () -> new ByteArrayInputStream(envelope.getBytes(StandardCharsets.UTF_8)),
                QmailQueueTest::client,
                Optional.of(JournalFixture.CLOCK),
                folder);
        PrintStream nowhere = new PrintStream(java.io.OutputStream.nullOutputStream());
        return program.run(List.of(), new Program.Stdio(Map.of("QRATE_SEND", send), message, nowhere, nowhere));
    }

    private static QmqpClient client(Map<String, String> environment) {
        return client(environment, 60_000);
    }

    private static QmqpClient client(Map<String, String> environment, long connectMillis) {
        return new QmqpClient(
                List.of(QmqpClient.Server.of(environment.get("QRATE_SEND"))),
                new QmqpClient.Settings(Duration.ofMillis(connectMillis), Duration.ofSeconds(60), 1, true));
    }

    private int run(String message, String envelope, Service service) throws IOException {
        try (LoopbackListener listener = new LoopbackListener(service)) {
            return run(
                    new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)),
                    envelope,
                    "127.0.0.1:" + listener.port());
        }
    }

    private int run(String message, String envelope, Intake intake) throws IOException {
        return run(message, envelope, (Service) new QmqpServer(_ -> intake, new Spool(folder), Log.silent()));
    }

    @Test
    void handsTheMessageOverUnderItsOwnReceivedLine() throws IOException {
        assertEquals(0, run("Subject: hi\n\nhello\n", "Fann@a.b\0Tb@x\0Tc@y\0\0", keeper));
        assertEquals(List.of(Envelope.of("ann@a.b", "b@x", "c@y")), envelopes);
        Pattern lines = Pattern.compile(
                "Received: \\(qmail \\d+ invoked by uid \\d+\\); 24 Nov 2025 16:00:00 -0000\nSubject: hi\n\nhello\n");
        assertTrue(lines.matcher(bodies.getFirst()).matches(), bodies.getFirst());
    }

    @Test
    void exitsAsDocumented() throws IOException {
        String good = "F\0Tb@x\0\0";
        String tooLong = "b".repeat(1001);
        assertEquals(54, run("x", "F\0Tb@x\0", keeper)); // no extra NUL at the end
        assertEquals(54, run("x", "", keeper));
        assertEquals(54, run("x", "F\0Tb@x", keeper));
        assertEquals(91, run("x", "T\0Tb@x\0\0", keeper));
        assertEquals(91, run("x", "F\0Fb@x\0\0", keeper));
        assertEquals(91, run("x", "F\0\0", keeper));
        assertEquals(91, run("x", "F\0Tb\n@x\0\0", keeper));
        assertEquals(11, run("x", "F" + tooLong + "\0Tb@x\0\0", keeper));
        assertEquals(11, run("x", "F\0T" + tooLong + "\0\0", keeper));
        assertEquals(31, run("x", good, (Intake) (_, _) -> new Verdict.Never("no")));
        assertEquals(71, run("x", good, (Intake) (_, _) -> new Verdict.Later("not now")));
        assertEquals(74, run("x", good, (Service) connection -> connection.in().skipNBytes(3)));
        Map<String, String> bad = Map.of("QRATE_SEND", "send:port", "QRATE_STATE", folder.toString());
        assertEquals(55, run(_ -> QmailQueue.client(bad), InputStream.nullInputStream(), folder));
        assertEquals(List.of(), envelopes);
    }

    @Test
    void qmqpcHandsTheMessageAsItIsToTheFirstOfItsServersThatIsThere() throws IOException {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0)) {
            nobody = closed.getLocalPort();
        }
        Control control = new Control(folder, InstantSource.system());
        try (LoopbackListener listener =
                new LoopbackListener(new QmqpServer(_ -> keeper, new Spool(folder), Log.silent()))) {
            Files.writeString(
                    folder.resolve("qmqpservers"), "127.0.0.1:" + nobody + "\n127.0.0.1:" + listener.port() + "\n");
            assertEquals(0, qmqpc(control));
        }
        assertEquals(List.of("Subject: hi\n\n"), bodies);
        assertEquals(List.of(Envelope.of("a@b", "c@d")), envelopes);
        assertEquals(73, qmqpc(new Control(folder, InstantSource.system())));
        Files.delete(folder.resolve("qmqpservers"));
        assertEquals(55, qmqpc(new Control(folder, InstantSource.system())));
    }

    private int qmqpc(Control control) {
        QmailQueue program = new QmailQueue(
                () -> new ByteArrayInputStream("Fa@b\0Tc@d\0\0".getBytes(StandardCharsets.UTF_8)),
                _ -> QmailQueue.qmqpc(control, InstantSource.system()),
                Optional.empty(),
                folder);
        PrintStream nowhere = new PrintStream(java.io.OutputStream.nullOutputStream());
        InputStream message = new ByteArrayInputStream("Subject: hi\n\n".getBytes(StandardCharsets.UTF_8));
        return program.run(List.of(), new Program.Stdio(Map.of(), message, nowhere, nowhere));
    }

    @Test
    void exitsWith73WhenNobodyListens() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        assertEquals(73, run(InputStream.nullInputStream(), "F\0Tb@x\0\0", "127.0.0.1:" + port));
    }

    @Test
    void exitsWith54WhenTheMessageCannotBeRead() {
        InputStream broken = new BrokenInput("broken");
        assertEquals(54, run(broken, "F\0Tb@x\0\0", "127.0.0.1:1"));
    }

    @Test
    void exitsWith53WhenItHasNowhereToKeepALargeMessage() {
        InputStream large = new ByteArrayInputStream(new byte[Spool.MEMORY_BYTES_MAX + 1]);
        assertEquals(53, run(QmailQueueTest::client, large, folder.resolve("gone")));
    }

    @Test
    void exitsWith31ForAnEnvelopeThatIsTooLarge() throws IOException {
        String recipients = ("T" + "b".repeat(900) + "@x\0").repeat(Limits.ENVELOPE_BYTES_MAX / 900);
        assertEquals(31, run("x", "F\0" + recipients + "\0", keeper));
    }

    @Test
    void exitsWith51And81ForWhatIsWrongInHere() {
        InputStream none = InputStream.nullInputStream();
        assertEquals(
                51,
                run(
                        _ -> {
                            throw new OutOfMemoryError("no memory");
                        },
                        none,
                        folder));
        assertEquals(
                81,
                run(
                        _ -> {
                            throw new IllegalStateException("a bug");
                        },
                        none,
                        folder));
    }

    @Test
    void exitsWith72WhenThereIsNoConnectionInTime() throws IOException {
        List<Socket> before = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            try {
                while (before.size() < 10) { // until no more wait to be accepted
                    Socket one = new Socket();
                    before.add(one);
                    one.connect(full.getLocalSocketAddress(), 100);
                }
            } catch (SocketTimeoutException _) {
                String send = "127.0.0.1:" + full.getLocalPort();
                assertEquals(
                        72, run(_ -> client(Map.of("QRATE_SEND", send), 100), InputStream.nullInputStream(), folder));
                return;
            } finally {
                for (Socket one : before) {
                    one.close();
                }
            }
        }
        throw new AssertionError("everybody was let in");
    }

    private static int run(Function<Map<String, String>, QmqpClient> clients, InputStream message, Path temporary) {
        QmailQueue program = new QmailQueue(
                () -> new ByteArrayInputStream("F\0Tb@x\0\0".getBytes(StandardCharsets.UTF_8)),
                clients,
                Optional.of(JournalFixture.CLOCK),
                temporary);
        PrintStream nowhere = new PrintStream(java.io.OutputStream.nullOutputStream());
        return program.run(
                List.of(), new Program.Stdio(Map.of("QRATE_SEND", "127.0.0.1:1"), message, nowhere, nowhere));
    }

    @Test
    void readsAnyEnvelopeToADocumentedEnd() {
        Seeds.forAll(5000, random -> {
            StringBuilder bytes = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                bytes.append("FT\0a@\n\u00e4".charAt(random.nextInt(7)));
            }
            try (InputStream in = new ByteArrayInputStream(bytes.toString().getBytes(StandardCharsets.ISO_8859_1))) {
                assertTrue(!EnvelopeReader.read(in).recipients().isEmpty());
            } catch (IOException | EnvelopeReader.Refused _) {
                // documented
            }
        });
    }

    @Test
    void putsTheReceivedLineInFrontForAnyIntake() {
        Body body = JournalFixture.body("hello\n");
        QmailQueue.received(keeper, "from network", JournalFixture.CLOCK).accept(Envelope.of("", "b@x"), body);
        assertTrue(bodies.getFirst().matches("Received: \\(qmail \\d+ invoked from network\\); .* -0000\nhello\n"));
    }
}
