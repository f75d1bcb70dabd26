package qrate.tcpserver;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Connection;
import qrate.core.Service;

class ListenerTest {
    @TempDir
    Path folder;

    private Door door;

    @BeforeEach
    void open() throws IOException {
        door = new Door(folder);
    }

    /// Says who the client is, then repeats one line.
    private static void echo(Connection connection) throws IOException {
        new TreeMap<>(connection.environment()).forEach((name, value) -> {
            if (!name.endsWith("PORT")) {
                write(connection, name + "=" + value + " ");
            }
        });
        write(connection, "\n");
        connection.out().flush();
        StringBuilder line = new StringBuilder();
        for (int b = connection.in().read(); b >= 0; b = connection.in().read()) {
            line.append((char) b);
            if (b == '\n') {
                write(connection, line.toString());
                return;
            }
        }
    }

    private static void write(Connection connection, String text) {
        try {
            connection.out().write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Listener listen(Listener.Settings settings) throws IOException {
        return Listener.start(settings, door.parts(), ListenerTest::echo);
    }

    @Test
    void handsOnTheConnectionWithItsEnvironment() throws IOException {
        try (Listener listener = listen(Door.settings());
                Socket client = Door.connect(listener, "127.0.0.9")) {
            Door.send(client, "hello\n");
            assertEquals("PROTO=TCP TCPLOCALIP=127.0.0.1 TCPREMOTEIP=127.0.0.9 \nhello\n", Door.all(client));
            await().until(() -> door.lines().endsWith("tcpserver: status: 0/1000\n"));
            assertEquals(
                    "tcpserver: status: 1/1000\n"
                            + "tcpserver: pid 1 from 127.0.0.9\n"
                            + "tcpserver: ok 1 :127.0.0.1:" + listener.port() + " :127.0.0.9::" + client.getLocalPort()
                            + "\n"
                            + "tcpserver: end 1 status 0\n"
                            + "tcpserver: status: 0/1000\n",
                    door.lines());
        }
    }

    @Test
    void keepsAHealthCheckOutOfTheLog() throws IOException {
        try (Listener listener = listen(Door.settings())) {
            Door.connect(listener).close();
            try (Socket client = Door.connect(listener)) {
                client.shutdownOutput();
                assertTrue(Door.all(client).startsWith("PROTO=TCP"));
            }
            await().until(() -> listener.connections() == 0);
            assertEquals("", door.lines());
        }
    }

    @Test
    void deniesByRule() throws IOException {
        Path file = folder.resolve("rules.cdb");
        TcprulesCompiler.compile("127.0.0.2:deny\n127.0.0.3:allow,COLOUR=\"red\"", file);
        door.rules = RulesFile.of(file, Set::of, InstantSource.system());
        try (Listener listener = listen(Door.settings());
                Socket bad = Door.connect(listener, "127.0.0.2");
                Socket red = Door.connect(listener, "127.0.0.3")) {
            assertEquals("", Door.all(bad));
            Door.send(red, "x\n");
            assertTrue(Door.all(red).startsWith("COLOUR=red PROTO=TCP"));
            assertTrue(door.lines().contains("tcpserver: deny "), door.lines());
        }
    }

    @Test
    void doesNotStartWithRulesThatLetAGatewayRelay() throws IOException {
        Path file = folder.resolve("rules.cdb");
        TcprulesCompiler.compile("10.:allow,RELAYCLIENT=\"\"", file);
        door.rules = RulesFile.of(file, () -> Set.of(Ip.parse("10.0.0.1").orElseThrow()), InstantSource.system());
        IOException e = assertThrows(IOException.class, () -> listen(Door.settings()));
        assertTrue(e.getMessage().startsWith("rules rules.cdb: rule '10.' sets RELAYCLIENT for 10.0.0.1"));
    }

    @Test
    void closesWhileRulesCannotBeRead() throws IOException {
        Path file = folder.resolve("rules.cdb");
        try (Listener listener = Listener.start(Door.settings(), withRules(file), ListenerTest::echo)) {
            Files.write(file, new byte[7]);
            await().until(() -> {
                try (Socket client = Door.connect(listener, "127.0.0.4")) {
                    client.shutdownOutput();
                    return !Door.all(client).startsWith("PROTO");
                }
            });
            assertTrue(door.lines().contains("damaged cdb"), door.lines());
        }
    }

    private Listener.Parts withRules(Path file) {
        door.rules = RulesFile.of(file, Set::of, InstantSource.system());
        return door.parts();
    }

    @Test
    void limitsConnectionsOfOneAddressAndNotOfOthers() throws IOException {
        Listener.Settings settings =
                Door.settings().withLimits(10, 2).withWords(new RefusalReplies("421 4.7.0 too many\r\n", ""));
        try (Listener listener = listen(settings);
                Socket one = Door.connect(listener, "127.0.0.5");
                Socket two = Door.connect(listener, "127.0.0.5")) {
            assertTrue(one.getInputStream().read() > 0 && two.getInputStream().read() > 0);
            try (Socket three = Door.connect(listener, "127.0.0.5");
                    Socket other = Door.connect(listener, "127.0.0.6")) {
                assertEquals("421 4.7.0 too many\r\n", Door.all(three));
                assertTrue(other.getInputStream().read() > 0);
            }
            one.shutdownOutput();
            await().until(() -> {
                try (Socket again = Door.connect(listener, "127.0.0.5")) {
                    return again.getInputStream().read() == 'P';
                }
            });
        }
    }

    @Test
    void countsAnIpv6SubscriberByItsNetwork() throws UnknownHostException {
        Crowd crowd = new Crowd(1);
        InetAddress one = InetAddress.getByName("2001:db8:0:1::1");
        assertTrue(crowd.enter(one));
        assertFalse(crowd.enter(InetAddress.getByName("2001:db8:0:1:ffff::2")));
        assertTrue(crowd.enter(InetAddress.getByName("2001:db8:0:2::1")));
        crowd.leave(one);
        assertTrue(crowd.enter(InetAddress.getByName("2001:db8:0:1:ffff::2")));
        assertEquals(2, crowd.size());
    }

    @Test
    void servesNoMoreAtOnceThanItsLimit() throws IOException {
        try (Listener listener = listen(Door.settings().withLimits(1, 0));
                Socket one = Door.connect(listener)) {
            assertEquals('P', one.getInputStream().read());
            try (Socket two = Door.connect(listener, "127.0.0.2")) {
                two.setSoTimeout(200);
                assertThrows(
                        java.net.SocketTimeoutException.class,
                        () -> two.getInputStream().read());
                one.shutdownOutput();
                two.setSoTimeout(30_000);
                assertEquals('P', two.getInputStream().read());
            }
        }
    }

    @Test
    void endsAReadThatTakesTooLongAndLetsTheServiceSaySo() throws IOException {
        Service waiting = connection -> {
            connection.readTimeout(Duration.ofMillis(100));
            try {
                connection.in().read();
            } catch (java.net.SocketTimeoutException _) {
                write(connection, "too late");
            }
        };
        try (Listener listener = Listener.start(Door.settings(), door.parts(), waiting);
                Socket client = Door.connect(listener)) {
            assertEquals("too late", Door.all(client));
        }
    }

    @Test
    void survivesAServiceWithABug() throws IOException {
        Service bug = _ -> {
            throw new IllegalStateException("bug");
        };
        try (Listener listener = Listener.start(Door.settings(), door.parts(), bug)) {
            for (int i = 0; i < 3; i++) {
                try (Socket client = Door.connect(listener, "127.0.0.7")) {
                    assertEquals("", Door.all(client));
                }
            }
            await().until(() -> listener.connections() == 0);
            assertTrue(door.lines().contains("tcpserver: bug 3 java.lang.IllegalStateException: bug"), door.lines());
        }
    }

    @Test
    void stopsWithinItsDeadlineAndEndsSilentClientsAtOnce() throws IOException {
        Listener listener = listen(Door.settings());
        try (Socket client = Door.connect(listener)) {
            assertEquals('P', client.getInputStream().read());
            long start = System.nanoTime();
            listener.stop(Duration.ofSeconds(8));
            assertTrue(System.nanoTime() - start < 6_000_000_000L);
            assertTrue(Door.all(client).startsWith("ROTO"));
            assertThrows(IOException.class, () -> Door.connect(listener).close());
        }
    }

    @Test
    void doesNotWaitForAServiceThatDoesNotStop() throws IOException {
        Service deaf = connection -> {
            while (connection.in().read() >= -1) {
                Thread.onSpinWait();
            }
        };
        try (Listener listener = Listener.start(Door.settings(), door.parts(), deaf);
                Socket client = Door.connect(listener)) {
            await().until(() -> listener.connections() == 1);
            listener.stop(Duration.ofMillis(100));
            await().until(() -> listener.connections() == 0);
            assertTrue(Door.all(client).length() < 10);
        }
    }

    @Test
    void letsNobodyInOnceItIsClosedAndAnotherHasThePortAtOnce() throws IOException {
        int port = 0;
        for (int i = 0; i < 200; i++) {
            Listener listener = listen(Listener.Settings.on("127.0.0.1", port));
            port = listener.port();
            Door.connect(listener).close();
            listener.close();
            InetSocketAddress closed = new InetSocketAddress("127.0.0.1", port);
            try (Socket late = new Socket()) {
                assertThrows(IOException.class, () -> late.connect(closed), "round " + i);
            }
        }
    }
}
