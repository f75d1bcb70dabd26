package qrate.qmqp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Recipient;
import qrate.core.Service;
import qrate.core.Verdict;
import qrate.qmqp.QmqpClient.Outcome;
import qrate.testkit.LoopbackListener;
import qrate.testkit.Seeds;

class QmqpTest {
    private static final QmqpClient.Settings IMPATIENT =
            new QmqpClient.Settings(Duration.ofSeconds(2), Duration.ofMillis(200), 4, true);

    private record Received(Envelope envelope, String body) {}

    @TempDir
    Path spool;

    private final List<Received> received = Collections.synchronizedList(new ArrayList<>());
    private final Intake keeper = (envelope, body) -> {
        try (InputStream in = body.open()) {
            received.add(new Received(envelope, new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)));
            return new Verdict.Delivered("ok 1764000000 qp " + received.size());
        } catch (IOException e) {
            return new Verdict.Later(e.toString());
        }
    };

    private Service server(Intake intake) {
        return new QmqpServer(_ -> intake, spool, Log.silent());
    }

    private static QmqpClient.Server at(LoopbackListener listener) {
        return new QmqpClient.Server("127.0.0.1", listener.port());
    }

    private static String say(int port, String bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Body body(String text) {
        return Body.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void answersAClassicClientByteForByte() throws IOException {
        try (LoopbackListener listener = new LoopbackListener(server(keeper))) {
            String answer = say(listener.port(), "31:6:hello\n,7:ann@a.b,3:x@y,3:z@y,,");
            assertEquals("19:Kok 1764000000 qp 1,", answer);
            assertEquals(
                    Envelope.of("ann@a.b", "x@y", "z@y"), received.getFirst().envelope());
            assertEquals("hello\n", received.getFirst().body());
        }
    }

    @Test
    void answersEachOfManyMessagesDownOneConnection() throws IOException {
        try (LoopbackListener listener = new LoopbackListener(server(keeper))) {
            String one = "14:2:h\n,0:,3:x@y,,";
            assertEquals("19:Kok 1764000000 qp 1,19:Kok 1764000000 qp 2,", say(listener.port(), one + one));
        }
    }

    @Test
    void refusesABadEnvelopeAfterItsLastByteAndGoesOn() throws IOException {
        try (LoopbackListener listener = new LoopbackListener(server(keeper))) {
            String noRecipient = "8:2:h\n,0:,,";
            String lineEnd = "14:2:h\n,0:,3:x\ny,,";
            String refused = "22:Dbad envelope (#5.5.2),";
            assertEquals(
                    refused + refused + "19:Kok 1764000000 qp 1,",
                    say(listener.port(), noRecipient + lineEnd + "14:2:h\n,0:,3:x@y,,"));
        }
    }

    @Test
    void throwsAwayWhatEndsEarlyOrIsNoNetstring() throws IOException {
        try (LoopbackListener listener = new LoopbackListener(server(keeper))) {
            for (String bytes : List.of(
                    "14:2:h\n,0:,3:x@y,",
                    "14:2:h\n,0:,3:x@y,;",
                    "014:2:h\n,0:,3:x@y,,",
                    ":,",
                    "EHLO there\r\n",
                    "99999999999:",
                    "9999999999:",
                    "14:200:h\n,0:,3:x@y,,",
                    "14:2:h\n,0:,4:x@y,,",
                    "14:2:h\n;0:,3:x@y,,",
                    "-1:")) {
                assertEquals("", say(listener.port(), bytes), bytes);
            }
        }
        assertEquals(List.of(), received);
    }

    @Test
    void neverAnswersOrThrowsOnRandomBytes() {
        byte[] good = "14:2:h\n,0:,3:x@y,,".getBytes(StandardCharsets.US_ASCII);
        Seeds.forAll(3000, random -> {
            byte[] bytes = mutate(good, random);
            try (InputStream in = new java.io.ByteArrayInputStream(bytes)) {
                Parcel.Read read = Parcel.read(in.read(), in, spool);
                if (read instanceof Parcel.Read.Message message) {
                    message.spool().close();
                }
            } catch (IOException _) {
                // documented: no QMQP, or the end of the stream
            }
        });
    }

    private static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = java.util.Arrays.copyOf(good, 1 + random.nextInt(good.length + 4));
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) "0123456789:,\0x\n\u00ff".charAt(random.nextInt(16));
        }
        return bytes;
    }

    @Test
    void carriesParametersAndEightBitAddressesBetweenOurOwnParts() throws IOException {
        Envelope envelope = new Envelope(
                "ann@a.b", "RET=HDRS ENVID=q", List.of(new Recipient("jürgen@x", "NOTIFY=NEVER"), Recipient.of("b@y")));
        try (LoopbackListener listener = new LoopbackListener(server(keeper));
                QmqpClient client = new QmqpClient(List.of(at(listener)), QmqpClient.Settings.OWN)) {
            assertEquals(new Verdict.Delivered("ok 1764000000 qp 1"), client.accept(envelope, body("hi\n")));
            assertEquals(envelope, received.getFirst().envelope());
        }
    }

    @Test
    void spoolsALargeMessageAndLeavesNothingBehind() throws IOException {
        byte[] large = new byte[3 << 20];
        new Random(1).nextBytes(large);
        try (LoopbackListener listener = new LoopbackListener(server(keeper));
                QmqpClient client = new QmqpClient(List.of(at(listener)), QmqpClient.Settings.OWN)) {
            assertInstanceOf(Verdict.Delivered.class, client.accept(Envelope.of("a@b", "c@d"), Body.of(large)));
            assertArrayEquals(large, received.getFirst().body().getBytes(StandardCharsets.ISO_8859_1));
            say(listener.port(), "3000000:2999000:" + "x".repeat(500_000));
            assertInstanceOf(Verdict.Delivered.class, client.accept(Envelope.of("a@b", "c@d"), body("small")));
        }
        Awaitility.await().until(() -> {
            try (Stream<Path> left = Files.list(spool)) {
                return left.findAny().isEmpty();
            }
        });
    }

    @Test
    void keepsAFewConnectionsForManyCallers() throws Exception {
        try (LoopbackListener listener = new LoopbackListener(server(keeper));
                QmqpClient client = new QmqpClient(
                        List.of(at(listener)),
                        new QmqpClient.Settings(Duration.ofSeconds(5), Duration.ofSeconds(5), 4, true));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> answers = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                answers.add(callers.submit(() -> client.accept(Envelope.of("a@b", "c@d"), body("hello\n"))));
            }
            for (Future<Verdict> answer : answers) {
                assertInstanceOf(Verdict.Delivered.class, answer.get());
            }
            assertEquals(400, received.size());
            assertTrue(listener.connections() <= 4, "connections: " + listener.connections());
        }
    }

    @Test
    void noticesThatAnIdleConnectionWasClosed() throws IOException {
        try (LoopbackListener listener = new LoopbackListener(server(keeper));
                QmqpClient client = new QmqpClient(List.of(at(listener)), QmqpClient.Settings.OWN)) {
            assertInstanceOf(Verdict.Delivered.class, client.accept(Envelope.of("a@b", "c@d"), body("1\n")));
            listener.drop();
            assertInstanceOf(Verdict.Delivered.class, client.accept(Envelope.of("a@b", "c@d"), body("2\n")));
            assertEquals(2, listener.connections());
        }
    }

    @Test
    void givesBackTheServersOwnRefusals() throws IOException {
        for (Verdict verdict : List.of(new Verdict.Later("full (#4.3.1)"), new Verdict.Never("no (#5.7.1)"))) {
            try (LoopbackListener listener = new LoopbackListener(server((_, _) -> verdict));
                    QmqpClient client = new QmqpClient(List.of(at(listener)), QmqpClient.Settings.OWN)) {
                assertEquals(verdict, client.accept(Envelope.of("a@b", "c@d"), body("1\n")));
            }
        }
    }

    @Test
    void takesABugInTheIntakeForATemporaryFailure() throws IOException {
        Intake broken = (_, _) -> {
            throw new IllegalStateException("a bug");
        };
        try (LoopbackListener listener = new LoopbackListener(server(broken));
                QmqpClient client = new QmqpClient(List.of(at(listener)), QmqpClient.Settings.OWN)) {
            assertInstanceOf(Verdict.Later.class, client.accept(Envelope.of("a@b", "c@d"), body("1\n")));
        }
    }

    @Test
    void triesTheServersInOrderAndOnlyUntilOneConnects() throws IOException {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0)) {
            nobody = closed.getLocalPort();
        }
        try (LoopbackListener first = new LoopbackListener(server((_, _) -> new Verdict.Never("mine")));
                LoopbackListener second = new LoopbackListener(server(keeper));
                QmqpClient client = new QmqpClient(
                        List.of(new QmqpClient.Server("127.0.0.1", nobody), at(first), at(second)),
                        QmqpClient.Settings.CLASSIC)) {
            assertEquals(new Verdict.Never("mine"), client.accept(Envelope.of("a@b", "c@d"), body("1\n")));
            assertEquals(0, second.connections());
        }
        try (QmqpClient client =
                new QmqpClient(List.of(new QmqpClient.Server("127.0.0.1", nobody)), QmqpClient.Settings.OWN)) {
            assertInstanceOf(Outcome.Rejected.class, client.send(Envelope.of("a@b", "c@d"), body("1\n")));
            assertInstanceOf(Verdict.Later.class, client.accept(Envelope.of("a@b", "c@d"), body("1\n")));
        }
    }

    @Test
    void goesToTheNextServerWhenOneStopsAndBackWhenItIsThereAgain() throws IOException {
        Instant[] now = {Instant.parse("2026-11-24T06:30:00Z")};
        try (LoopbackListener second = new LoopbackListener(server((_, _) -> new Verdict.Delivered("second")))) {
            LoopbackListener first = new LoopbackListener(server((_, _) -> new Verdict.Delivered("first")));
            int port = first.port();
            List<QmqpClient.Server> both = List.of(at(first), at(second));
            try (QmqpClient client = new QmqpClient(QmqpServers.of(both), QmqpClient.Settings.OWN, () -> now[0])) {
                assertEquals(
                        "first",
                        client.accept(Envelope.of("a@b", "c@d"), body("1\n")).text());
                first.close();
                for (int i = 0; i < 3; i++) {
                    assertEquals(
                            "second",
                            client.accept(Envelope.of("a@b", "c@d"), body("2\n"))
                                    .text());
                }
                try (LoopbackListener again =
                        new LoopbackListener(server((_, _) -> new Verdict.Delivered("first again")), port)) {
                    assertEquals(
                            "second",
                            client.accept(Envelope.of("a@b", "c@d"), body("3\n"))
                                    .text());
                    assertEquals(0, again.connections());
                    now[0] = now[0].plus(QmqpClient.ABSENCE);
                    assertEquals(
                            "first again",
                            client.accept(Envelope.of("a@b", "c@d"), body("4\n"))
                                    .text());
                }
            }
        }
    }

    @Test
    void readsItsServersFromTheControlFileEachTime() throws IOException {
        Instant[] now = {Instant.parse("2026-11-24T06:30:00Z")};
        Control control = new Control(spool, () -> now[0]);
        try (LoopbackListener one = new LoopbackListener(server((_, _) -> new Verdict.Delivered("one")));
                LoopbackListener two = new LoopbackListener(server((_, _) -> new Verdict.Delivered("two")));
                QmqpClient client = new QmqpClient(
                        QmqpServers.in(control, "127.0.0.1:" + one.port()), QmqpClient.Settings.OWN, () -> now[0])) {
            Path file = spool.resolve("qmqpservers");
            assertEquals(
                    "one", client.accept(Envelope.of("a@b", "c@d"), body("1\n")).text());
            Files.writeString(file, "# nodes\n127.0.0.1:" + two.port() + "\n");
            now[0] = now[0].plusSeconds(2);
            assertEquals(
                    "two", client.accept(Envelope.of("a@b", "c@d"), body("2\n")).text());
            Files.writeString(file, "127.0.0.1:port\n");
            now[0] = now[0].plusSeconds(2);
            assertInstanceOf(Outcome.Unconfigured.class, client.send(Envelope.of("a@b", "c@d"), body("3\n")));
            Files.delete(file);
            now[0] = now[0].plusSeconds(2);
            assertEquals(
                    "one", client.accept(Envelope.of("a@b", "c@d"), body("4\n")).text());
        }
    }

    @Test
    void qmailQmqpdServesDescriptorsUnderItsOwnReceivedLine() throws IOException {
        Files.writeString(spool.resolve("me"), "mail.test\n");
        QmailQmqpd program = new QmailQmqpd(
                keeper,
                new Control(spool, InstantSource.system()),
                InstantSource.fixed(Instant.parse("2026-11-24T06:30:00Z")),
                spool);
        assertEquals("0 19:Kok 1764000000 qp 1,", run(program, "14:2:h\n,0:,3:x@y,,"));
        assertEquals(
                "Received: from unknown (192.0.2.7)\n  by mail.test with QMQP; 24 Nov 2026 06:30:00 -0000\nh\n",
                received.getFirst().body());
        assertEquals("0 ", run(program, "14:2:h\n,0:,3:x@"));
        assertEquals("100 ", run(program, "", "x"));
    }

    private static String run(QmailQmqpd program, String in, String... arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(java.io.OutputStream.nullOutputStream());
        int code = program.run(
                List.of(arguments),
                new Program.Stdio(
                        Map.of("TCPREMOTEIP", "192.0.2.7"),
                        new java.io.ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        err));
        return code + " " + out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void neverSendsAgainWhatAServerMayHaveAccepted() throws IOException {
        List<Service> bad = List.of(
                connection -> connection.in().skipNBytes(10), // closes in the middle
                connection -> {
                    connection.in().skipNBytes(20);
                    connection.out().write("5:Xwhat,".getBytes(StandardCharsets.US_ASCII));
                    connection.out().flush();
                },
                connection -> {
                    connection.in().skipNBytes(20);
                    connection.out().write("250 ok\r\n".getBytes(StandardCharsets.US_ASCII));
                    connection.out().flush();
                },
                connection -> {
                    connection.in().skipNBytes(20);
                    connection.out().write("99:Kok".getBytes(StandardCharsets.US_ASCII));
                    connection.out().flush();
                },
                connection -> connection.in().transferTo(java.io.OutputStream.nullOutputStream())); // never answers
        for (Service service : bad) {
            try (LoopbackListener listener = new LoopbackListener(service);
                    QmqpClient client = new QmqpClient(List.of(at(listener), at(listener)), IMPATIENT)) {
                assertInstanceOf(Outcome.Broken.class, client.send(Envelope.of("a@b", "c@d"), body("hello there\n")));
                assertEquals(1, listener.connections());
            }
        }
    }

    @Test
    void abandonsAMessageThatIsNotAsLongAsItSaid() throws IOException {
        Body shorter = new Body() {
            @Override
            public long size() {
                return 100;
            }

            @Override
            public InputStream open() {
                return InputStream.nullInputStream();
            }
        };
        try (LoopbackListener listener = new LoopbackListener(server(keeper));
                QmqpClient client = new QmqpClient(List.of(at(listener)), QmqpClient.Settings.OWN)) {
            assertInstanceOf(Outcome.Unreadable.class, client.send(Envelope.of("a@b", "c@d"), shorter));
            assertInstanceOf(Verdict.Delivered.class, client.accept(Envelope.of("a@b", "c@d"), body("1\n")));
            assertEquals(1, received.size());
        }
    }

    @Test
    void readsHostsAndPorts() {
        assertEquals(new QmqpClient.Server("send", 628), QmqpClient.Server.of("send"));
        assertEquals(new QmqpClient.Server("send", 1628), QmqpClient.Server.of("send:1628"));
        assertEquals(new QmqpClient.Server("::1", 1628), QmqpClient.Server.of("[::1]:1628"));
        assertEquals(new QmqpClient.Server("::1", 628), QmqpClient.Server.of("::1"));
    }
}
