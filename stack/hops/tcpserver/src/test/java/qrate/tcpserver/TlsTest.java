package qrate.tcpserver;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.Budget;
import qrate.core.Service;

class TlsTest {
    @TempDir
    Path folder;

    private Door door;

    /// `S` starts TLS, anything else is answered with the cipher.
    private static final Service SERVICE = connection -> {
        while (true) {
            int b = connection.in().read();
            if (b < 0) {
                return;
            }
            if (b == 'S') {
                connection.out().write('G');
                connection.startTls();
            } else {
                connection.out().write(("cipher=" + connection.cipher()).getBytes(StandardCharsets.US_ASCII));
                connection.out().flush();
                return;
            }
        }
    };

    @BeforeEach
    void open() throws IOException {
        door = new Door(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void speaksTlsFromTheFirstByte(String algorithm) throws Exception {
        Door.certify(folder.resolve("tls"), algorithm);
        door.certificates = Certificates.in(folder.resolve("tls"), InstantSource.system(), door.log());
        try (Listener listener = Listener.start(Door.settings().withImplicitTls(), door.parts(), SERVICE);
                Socket client = Door.tls(Door.connect(listener))) {
            Door.send(client, "x");
            assertTrue(Door.all(client).startsWith("cipher=TLSv1.3 TLS_"));
        }
    }

    @Test
    void startsTlsOnDemandAndRefusesOldVersions() throws Exception {
        Door.certify(folder.resolve("tls"), "EC");
        door.certificates = Certificates.in(folder.resolve("tls"), InstantSource.system(), door.log());
        try (Listener listener = Listener.start(Door.settings(), door.parts(), SERVICE)) {
            try (Socket plain = Door.connect(listener)) {
                Door.send(plain, "S");
                assertEquals('G', plain.getInputStream().read());
                try (Socket client = Door.tls(plain, "TLSv1.2")) {
                    Door.send(client, "x");
                    assertTrue(Door.all(client).startsWith("cipher=TLSv1.2 TLS_"));
                }
            }
            try (Socket plain = Door.connect(listener)) {
                Door.send(plain, "S");
                assertEquals('G', plain.getInputStream().read());
                assertThrows(IOException.class, () -> Door.tls(plain, "TLSv1.1"));
            }
        }
    }

    @Test
    void dropsAConnectionWithPlaintextAheadOfTheHandshake() throws Exception {
        Door.certify(folder.resolve("tls"), "EC");
        door.certificates = Certificates.in(folder.resolve("tls"), InstantSource.system(), door.log());
        try (Listener listener = Listener.start(Door.settings(), door.parts(), SERVICE)) {
            try (Socket together = Door.connect(listener)) {
                Door.send(together, "Sx");
                assertFalse(Door.all(together).contains("cipher="));
            }
            try (Socket split = Door.connect(listener)) {
                Door.send(split, "S");
                assertEquals('G', split.getInputStream().read());
                Door.send(split, "xxxxx");
                split.shutdownOutput();
                assertFalse(Door.all(split).contains("cipher="));
            }
        }
        assertTrue(door.lines().contains("plaintext waits behind STARTTLS"), door.lines());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void letsTheServiceSayGoodByeToASilentClient(boolean tls) throws Exception {
        Door.certify(folder.resolve("tls"), "EC");
        door.certificates = Certificates.in(folder.resolve("tls"), InstantSource.system(), door.log());
        Service service = connection -> {
            connection.readTimeout(Duration.ofMillis(100));
            try {
                connection.in().read();
            } catch (SocketTimeoutException _) {
                connection.out().write("421 timeout".getBytes(StandardCharsets.US_ASCII));
            }
        };
        Listener.Settings settings = tls ? Door.settings().withImplicitTls() : Door.settings();
        try (Listener listener = Listener.start(settings, door.parts(), service);
                Socket plain = Door.connect(listener)) {
            assertEquals("421 timeout", Door.all(tls ? Door.tls(plain) : plain));
        }
    }

    /// A client that sends one byte every few seconds never lets a single read time out.
    @Test
    void endsAHandshakeThatTakesTooLongAsAWhole() throws Exception {
        Door.certify(folder.resolve("tls"), "EC");
        door.certificates = Certificates.in(folder.resolve("tls"), InstantSource.system(), door.log());
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            SocketConnection connection = new SocketConnection(
                    accepted,
                    new Input(accepted.getInputStream(), () -> {}),
                    new SocketConnection.Owner("127.0.0.1", Budget.ENDLESS),
                    door.certificates,
                    Map.of());
            CompletableFuture<Void> handshake = CompletableFuture.runAsync(() -> {
                try {
                    connection.handshake();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            client.getOutputStream().write(0x16); // the first byte of a ClientHello
            connection.expire(System.nanoTime());
            assertFalse(handshake.isDone());
            await().until(() -> {
                // counted from now: the handshake may begin late
                connection.expire(
                        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SocketConnection.HANDSHAKE_MILLIS + 1000));
                return handshake.isCompletedExceptionally();
            });
            assertTrue(accepted.isClosed());
        }
    }

    @Test
    void loadsNewFilesAndKeepsTheOldPairWhileTheNewOneIsUseless() throws Exception {
        AtomicLong now = new AtomicLong(1_000_000);
        Path tls = folder.resolve("tls");
        Certificates certificates = Certificates.in(
                tls, () -> Instant.ofEpochMilli(now.addAndGet(CertificateFiles.RECHECK_MILLIS)), door.log());
        assertFalse(certificates.available());
        Door.certify(tls, "EC");
        SSLContext first = certificates.context().orElseThrow();
        assertSame(first, certificates.context().orElseThrow());
        byte[] key = Files.readAllBytes(tls.resolve("key.pem"));
        Door.certify(tls, "RSA");
        Files.write(tls.resolve("key.pem"), key); // half a renewal
        later(tls, 10);
        assertSame(first, certificates.context().orElseThrow());
        assertTrue(door.lines().contains("key.pem: does not belong"), door.lines());
        Files.writeString(tls.resolve("cert.pem"), "nonsense");
        later(tls, 20);
        assertSame(first, certificates.context().orElseThrow());
        Files.delete(tls.resolve("cert.pem"));
        assertSame(first, certificates.context().orElseThrow());
        Door.certify(tls, "EC");
        later(tls, 30);
        assertNotSame(first, certificates.context().orElseThrow());
    }

    /// A renewal puts the new key beside the old one first: whoever looks between the two sees a pair that
    /// fits.
    @Test
    void findsTheKeyAmongSeveralAndInEitherFile() throws Exception {
        Path tls = folder.resolve("tls");
        Door.certify(tls, "EC");
        String oldKey = Files.readString(tls.resolve("key.pem"));
        String oldCertificate = Files.readString(tls.resolve("cert.pem"));
        Door.certify(tls, "EC");
        String both = Files.readString(tls.resolve("key.pem")) + oldKey;
        String newCertificate = Files.readString(tls.resolve("cert.pem"));
        for (String key : List.of(
                both, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAAA\n-----END ENCRYPTED PRIVATE KEY-----\n" + both)) {
            Files.writeString(tls.resolve("key.pem"), key);
            for (String certificate : List.of(oldCertificate, newCertificate)) {
                Files.writeString(tls.resolve("cert.pem"), certificate);
                Certificates certificates = Certificates.in(tls, InstantSource.system(), door.log());
                assertEquals(Optional.empty(), certificates.problem());
            }
        }
        Files.writeString(tls.resolve("key.pem"), oldKey);
        Files.writeString(tls.resolve("cert.pem"), newCertificate + both);
        assertEquals(
                Optional.empty(),
                Certificates.in(tls, InstantSource.system(), door.log()).problem());
    }

    @Test
    void eachClientGetsTheKindOfCertificateThatItKnows() throws Exception {
        Path tls = folder.resolve("tls");
        Door.certify(tls, "RSA");
        String key = Files.readString(tls.resolve("key.pem"));
        String certificate = Files.readString(tls.resolve("cert.pem"));
        Door.certify(tls, "EC");
        Files.writeString(tls.resolve("key.pem"), Files.readString(tls.resolve("key.pem")) + key);
        Files.writeString(tls.resolve("cert.pem"), Files.readString(tls.resolve("cert.pem")) + certificate);
        door.certificates = Certificates.in(tls, InstantSource.system(), door.log());
        try (Listener listener = Listener.start(Door.settings().withImplicitTls(), door.parts(), ECHO)) {
            for (String kind : List.of("RSA", "ECDSA")) {
                String suite = "TLS_ECDHE_" + kind + "_WITH_AES_128_GCM_SHA256";
                try (SSLSocket client = Door.tlsWith(Door.connect(listener), suite)) {
                    assertEquals(1, client.getSession().getPeerCertificates().length);
                    assertEquals(
                            kind.replace("DSA", ""),
                            client.getSession()
                                    .getPeerCertificates()[0]
                                    .getPublicKey()
                                    .getAlgorithm());
                }
            }
            try (SSLSocket client = Door.tls(Door.connect(listener))) {
                assertEquals("TLSv1.3", client.getSession().getProtocol());
            }
        }
    }

    private static void later(Path tls, int seconds) throws IOException {
        for (String name : new String[] {"cert.pem", "key.pem"}) {
            Files.setLastModifiedTime(
                    tls.resolve(name),
                    java.nio.file.attribute.FileTime.from(Instant.now().plusSeconds(seconds)));
        }
    }

    /// Answers each line, so that a client may try things between two.
    private static final Service ECHO = connection -> {
        for (int b = connection.in().read(); b >= 0; b = connection.in().read()) {
            connection.out().write(b);
            connection.out().flush();
        }
    };

    @Test
    void refusesASecondHandshake() throws Exception {
        Door.certify(folder.resolve("tls"), "RSA");
        door.certificates = Certificates.in(folder.resolve("tls"), InstantSource.system(), door.log());
        try (Listener listener = Listener.start(Door.settings().withImplicitTls(), door.parts(), ECHO);
                SSLSocket client = Door.tls(Door.connect(listener), "TLSv1.2")) {
            Door.send(client, "x");
            assertEquals('x', client.getInputStream().read());
            assertThrows(IOException.class, () -> {
                client.startHandshake();
                client.getInputStream().read();
            });
            await().until(() -> listener.connections() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void speaksNoSuiteThatDoesNotSealAndNoneWithoutAKeyOfItsOwn(String algorithm) throws Exception {
        Door.certify(folder.resolve("tls"), algorithm);
        door.certificates = Certificates.in(folder.resolve("tls"), InstantSource.system(), door.log());
        List<String> spoken = new ArrayList<>();
        try (Listener listener = Listener.start(Door.settings().withImplicitTls(), door.parts(), ECHO)) {
            for (String suite :
                    SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites()) {
                try (SSLSocket client = Door.tlsWith(Door.connect(listener), suite)) {
                    spoken.add(client.getSession().getCipherSuite());
                } catch (IOException | IllegalArgumentException _) {
                    // refused, as most are
                }
            }
        }
        assertTrue(spoken.size() >= 5, spoken::toString);
        assertTrue(
                spoken.stream()
                        .allMatch(suite -> suite.matches("TLS_(ECDHE_.*_)?(AES_(128|256)_GCM|CHACHA20_POLY1305)_.*")),
                spoken::toString);
    }
}
