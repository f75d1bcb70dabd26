package qrate.tcpserver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Figure;
import qrate.core.Service;

class DoorsTest {
    @TempDir
    private Path folder;

    @Test
    void letEachClientHearTheLastWordBeforeTheyAreClosed() throws IOException {
        AtomicInteger served = new AtomicInteger();
        Service polite = connection -> {
            served.incrementAndGet();
            int said = connection.in().read();
            assertTrue(said < 0 && connection.stopping());
            connection.out().write("421 going down".getBytes(US_ASCII));
        };
        Door door = new Door(folder);
        Listener one = Listener.start(Door.settings(), door.parts(), polite);
        Listener other = Listener.start(Door.settings(), door.parts(), polite);
        try (Socket first = Door.connect(one);
                Socket second = Door.connect(other)) {
            await().until(() -> served.get() == 2); // one that is only connected hears nothing
            try (Doors doors = new Doors(Doors.CLOSE_MAX)) {
                doors.add("one", one);
                doors.add("other", other);
                assertEquals(
                        List.of(
                                Figure.CONNECTIONS_OPEN.of(1, "one"),
                                Figure.CONNECTIONS.of(1, "one"),
                                Figure.CONNECTIONS_REFUSED.of(0, "one")),
                        doors.samples().subList(0, 3));
            }
            assertEquals("421 going down", Door.all(first));
            assertEquals("421 going down", Door.all(second));
            assertThrows(IOException.class, () -> Door.connect(other).close());
        }
    }

    @Test
    void whoComesWhileTheyCloseIsToldToComeBack() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Service slow = connection -> {
            try {
                connection.in().read();
                ended.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        };
        Door door = new Door(folder);
        Listener listener = Listener.start(
                Door.settings().withWords(new RefusalReplies("", "421 come back\r\n")), door.parts(), slow);
        try (Socket busy = Door.connect(listener)) {
            busy.getOutputStream().write('x');
            await().until(() -> listener.connections() == 1);
            Thread closing = Thread.ofVirtual().start(() -> listener.stop(Doors.CLOSE_MAX));
            await().until(() -> {
                try (Socket late = Door.connect(listener)) {
                    late.shutdownOutput();
                    return Door.all(late).equals("421 come back\r\n");
                }
            });
            ended.countDown();
            closing.join();
            assertThrows(IOException.class, () -> Door.connect(listener).close());
        }
    }

    @Test
    void withASuccessorReadyTheyStayUntilTheyAreKilled() throws Exception {
        Path hold = Files.createFile(folder.resolve("hold"));
        Door door = new Door(folder);
        Listener.Settings settings = Door.settings().withWords(new RefusalReplies("", "421 come back\r\n"));
        Doors doors = Doors.of(Map.of("QRATE_HOLD", hold.toString()));
        Listener listener = doors.add("smtp", Listener.start(settings, door.parts(), _ -> {}));
        Thread closing = Thread.ofVirtual().start(doors::close);
        await().until(() -> !Files.exists(hold));
        try (Socket late = Door.connect(listener)) {
            assertEquals("421 come back\r\n", Door.all(late));
        }
        closing.interrupt(); // as good as killed
        await().until(() -> {
            try (Socket _ = Door.connect(listener)) {
                return false;
            } catch (IOException _) {
                return true;
            }
        });
    }

    @Test
    void whoIsRefusedIsCounted() throws IOException {
        Door door = new Door(folder);
        Service polite = connection -> {
            connection.out().write('x');
            connection.out().flush();
            assertTrue(connection.in().read() < 0);
        };
        try (Doors doors = new Doors(Duration.ZERO)) {
            Listener listener =
                    doors.add("smtp", Listener.start(Door.settings().withLimits(10, 1), door.parts(), polite));
            try (Socket first = Door.connect(listener)) {
                assertEquals('x', first.getInputStream().read()); // or else the second may be served in its place
                try (Socket second = Door.connect(listener)) {
                    assertEquals("", Door.all(second));
                }
                await().until(() -> doors.samples()
                        .equals(List.of(
                                Figure.CONNECTIONS_OPEN.of(1, "smtp"),
                                Figure.CONNECTIONS.of(2, "smtp"),
                                Figure.CONNECTIONS_REFUSED.of(1, "smtp"))));
            }
        }
    }

    @Test
    void waitForTheDeadlineOnceHoweverManyThereAre() throws IOException {
        CountDownLatch ended = new CountDownLatch(1);
        Service deaf = _ -> {
            try {
                ended.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        };
        Duration deadline = Duration.ofSeconds(2);
        long begun;
        Door door = new Door(folder);
        try (Doors doors = new Doors(deadline)) {
            for (int i = 0; i < 4; i++) {
                Listener listener = doors.add("deaf", Listener.start(Door.settings(), door.parts(), deaf));
                Door.connect(listener).getOutputStream().write('x');
                await().until(() -> listener.connections() == 1);
            }
            begun = System.nanoTime();
        }
        long took = System.nanoTime() - begun;
        ended.countDown();
        assertTrue(took >= deadline.toNanos() && took < 3 * deadline.toNanos(), () -> "nanoseconds: " + took);
    }
}
