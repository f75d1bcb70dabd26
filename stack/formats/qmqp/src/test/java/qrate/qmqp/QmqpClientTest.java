package qrate.qmqp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.core.Service;
import qrate.core.Verdict;
import qrate.qmqp.QmqpClient.Outcome;
import qrate.testkit.LoopbackListener;

/// What our client makes of a server, and keeps of its connections.
class QmqpClientTest extends QmqpOnLoopback {
    private static final QmqpClient.Settings IMPATIENT =
            new QmqpClient.Settings(Duration.ofSeconds(2), Duration.ofMillis(200), 4, true);

    @Test
    void tellsOnlyAServerOfOursWhoTheClientWas() throws Exception {
        Client client = new Client("192.0.2.7", "", "far.example", "ESMTP", "", "", "smtp");
        Envelope envelope = new Envelope("bob@far.example", "", client, List.of(Recipient.of("ann@here.example")));
        try (LoopbackListener listener = new LoopbackListener(server(keeper))) {
            for (QmqpClient.Server server : List.of(at(listener), at(listener).asOurs())) {
                try (QmqpClient queue = new QmqpClient(List.of(server), QmqpClient.Settings.OWN)) {
                    assertInstanceOf(Verdict.Delivered.class, queue.accept(envelope, body("x\n")));
                }
            }
        }
        assertEquals(
                List.of(Client.UNKNOWN, client),
                received.stream().map(one -> one.envelope().client()).toList());
    }

    @Test
    void handsAMessageToHoldToAServerOfOursOnly() throws Exception {
        Envelope envelope = Envelope.of("bob@far.example", "ann@here.example").toHold();
        try (LoopbackListener listener = new LoopbackListener(server(keeper))) {
            try (QmqpClient queue = new QmqpClient(List.of(at(listener)), QmqpClient.Settings.OWN)) {
                assertInstanceOf(Verdict.Later.class, queue.accept(envelope, body("x\n")));
            }
            assertEquals(List.of(), received);
            try (QmqpClient queue = new QmqpClient(List.of(at(listener).asOurs()), QmqpClient.Settings.OWN)) {
                assertInstanceOf(Verdict.Delivered.class, queue.accept(envelope, body("x\n")));
            }
        }
        assertTrue(received.getFirst().envelope().held());
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
                // the server may have seen it only after the client gave up
                Awaitility.await().until(() -> listener.connections() > 0);
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
}
