package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.checkpassword.Upgrades;
import qrate.core.Log;
import qrate.core.State;
import qrate.snapshots.SnapshotDirectory;

class UpgraderTest extends OpenDirectory {
    /// SHA-512 crypt of "U*U", as `mkpasswd -m sha-512 -S saltstring` makes it.
    static final String OLD =
            "$6$saltstring$hitX40AsX91LfrgfyWiA7hqXb.iu7KxcYOMpo2DsJPdpzpQkHPzdjo.YBVr9cxVFSBHMa8eKgPyXSLuNyUPZo1";

    private static final String ANN = "ann@example.test";

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Log log = new Log(new PrintStream(said, true, UTF_8), Log.Stamp.NONE, InstantSource.system());
    private Path socket;
    private Upgrader upgrader;
    private SnapshotDirectory directory;

    @BeforeEach
    void start() throws IOException {
        State state = new State(folder);
        domains.apply(new Edit.AddDomain("example.test", new Password.Clear("correct horse")));
        assertInstanceOf(Change.Done.class, domains.apply(new Edit.AddMailbox(ANN, new Password.Hashed(OLD))));
        socket = state.passwords().resolve(Upgrades.SOCKET);
        upgrader = Upgrader.start(domains, socket, log);
        directory = new SnapshotDirectory(state, InstantSource.system());
    }

    @AfterEach
    void stop() {
        upgrader.close();
        assertFalse(Files.exists(socket));
    }

    private String hash(String account) throws IOException {
        return directory.account(account).orElseThrow().hash();
    }

    private void send(byte[] bytes) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(bytes));
        }
    }

    @Test
    void hashesAnOfferedPasswordAnewAndSaysSoWithoutShowingIt() {
        Upgrades.at(socket, log).offer(ANN, "U*U".getBytes(UTF_8));
        Awaitility.await().untilAsserted(() -> assertTrue(hash(ANN).startsWith("$2b$04$"), hash(ANN)));
        Awaitility.await()
                .untilAsserted(
                        () -> assertEquals("admin: password hash upgraded: " + ANN + "\n", said.toString(UTF_8)));
    }

    @Test
    void changesNothingForAWrongPasswordAnUnknownAccountOrNonsense() throws IOException {
        String postmaster = hash("postmaster@example.test");
        for (String bad : List.of(
                "",
                "\0",
                "\0\0",
                ANN,
                ANN + "\0U*U",
                ANN + "\0U*U\0x\0",
                ANN + "\0wrong\0",
                "nobody@example.test\0U*U\0",
                "postmaster@example.test\0correct horse\0",
                "x".repeat(100_000))) {
            try {
                send(bad.getBytes(UTF_8));
            } catch (IOException _) {
                // too much was sent: the other side has hung up
            }
        }
        send(new byte[] {'a', (byte) 0xff, 0, 'b', 0});
        try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            // offers are taken in turn: once this one is, all before it were; the silent one does not hold it up
            send((ANN + "\0U*U\0").getBytes(UTF_8));
            assertTrue(silent.isConnected());
            Awaitility.await()
                    .untilAsserted(
                            () -> assertEquals("admin: password hash upgraded: " + ANN + "\n", said.toString(UTF_8)));
        }
        assertEquals(postmaster, hash("postmaster@example.test"));
    }

    @Test
    void losesNothingWhenNobodyListens() throws IOException {
        upgrader.close();
        Upgrades.at(socket, log).offer("a\n@example.test", "U*U".getBytes(UTF_8));
        String line = said.toString(UTF_8);
        assertTrue(line.startsWith("vchkpw: hash not upgraded: a\\"), line);
        assertEquals(1, line.lines().count());
        assertEquals(OLD, hash(ANN));
    }

    @Test
    void signingInUpgradesAsWell() throws IOException {
        assertTrue(domains.signIn(ANN, "wrong").isEmpty());
        assertEquals(OLD, hash(ANN));
        assertEquals(new Principal.Owner(ANN), domains.signIn(ANN, "U*U").orElseThrow());
        Awaitility.await().untilAsserted(() -> assertTrue(hash(ANN).startsWith("$2b$04$"), hash(ANN)));
        assertTrue(domains.signIn(ANN, "U*U").isPresent());
        assertEquals(
                1,
                domains.audit().newest(100).stream()
                        .filter(e -> e.what().startsWith("upgrade"))
                        .count());
    }
}
