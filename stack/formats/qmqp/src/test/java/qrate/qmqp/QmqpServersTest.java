package qrate.qmqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Verdict;
import qrate.qmqp.QmqpClient.Outcome;
import qrate.testkit.LoopbackListener;

/// Which of several servers gets a message.
class QmqpServersTest extends QmqpOnLoopback {
    @Test
    void readsHostsAndPorts() {
        assertEquals(new QmqpClient.Server("send", 628), QmqpClient.Server.of("send"));
        assertEquals(new QmqpClient.Server("send", 1628), QmqpClient.Server.of("send:1628"));
        assertEquals(new QmqpClient.Server("::1", 1628), QmqpClient.Server.of("[::1]:1628"));
        assertEquals(new QmqpClient.Server("::1", 628), QmqpClient.Server.of("::1"));
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
}
