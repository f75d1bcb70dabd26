package qrate.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.awaitility.Awaitility;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;
import qrate.core.Log;

/// What a server of somebody else's sees.
class WebhooksTest {
    private static final String SECRET = "a secret that both know";
    private static final Instant LONG_AGO = Instant.parse("2026-06-01T12:00:00Z");
    private static final Notice DISK =
            new Notice(new Notice.About(Notice.Event.PROBLEM, "disk"), LONG_AGO, "almost \"full\": <b>");
    private static final Notice ANN =
            new Notice(new Notice.About(Notice.Event.MAILBOX, "ann@example.test"), LONG_AGO, "full");

    /// What came.
    private record Heard(String path, String body, String time, String signature) {}

    @TempDir
    Path folder;

    private HttpServer server;
    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private volatile int status = 204;
    private volatile List<Notice> standing = List.of(DISK);
    private Webhooks webhooks;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Instant now = Instant.parse("2026-06-01T13:00:00Z");

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        Files.writeString(folder.resolve("me"), "mail.example.test\n");
        Path secret = Files.writeString(folder.resolve("webhooksecret"), SECRET + "\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        places(url(server.getAddress(), "/hook?key=1"));
        webhooks = new Webhooks(
                new Control(folder, () -> now),
                () -> standing,
                WebhookPost.byHttp(),
                () -> now,
                new Log(new PrintStream(log, true, UTF_8), Log.Stamp.NONE, InstantSource.system()));
    }

    @AfterEach
    void close() {
        webhooks.close();
        server.stop(0);
    }

    private static String url(InetSocketAddress at, String path) {
        return "http://127.0.0.1:" + at.getPort() + path;
    }

    private void places(String... lines) throws IOException {
        Files.writeString(folder.resolve("webhooks"), String.join("\n", lines) + "\n");
    }

    private void answer(HttpExchange exchange) throws IOException {
        heard.add(new Heard(
                exchange.getRequestURI().toString(),
                new String(exchange.getRequestBody().readAllBytes(), UTF_8),
                exchange.getRequestHeaders().getFirst("Qrate-Timestamp"),
                exchange.getRequestHeaders().getFirst("Qrate-Signature")));
        exchange.getResponseHeaders().add("Location", "/elsewhere");
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private String logged() {
        return log.toString(UTF_8);
    }

    @Test
    void aPlaceHearsWhatBeginsAndWhatEndsSignedByTheSecret() throws Exception {
        webhooks.round();
        webhooks.round();
        standing = List.of();
        webhooks.round();
        assertEquals(2, heard.size(), heard::toString);
        Heard first = heard.getFirst();
        assertEquals("/hook?key=1", first.path());
        assertEquals(
                "{\"id\":\"" + DISK.id() + "\",\"event\":\"problem\",\"state\":\"begins\",\"subject\":\"disk\","
                        + "\"text\":\"almost \\\"full\\\": <b>\",\"since\":\"2026-06-01T12:00:00Z\","
                        + "\"at\":\"2026-06-01T13:00:00Z\",\"host\":\"mail.example.test\"}",
                first.body());
        assertEquals("1780318800", first.time());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        String expected = HexFormat.of().formatHex(mac.doFinal((first.time() + "." + first.body()).getBytes(UTF_8)));
        assertEquals("sha256=" + expected, first.signature());
        assertTrue(heard.getLast().body().contains("\"state\":\"ends\""), heard::toString);
        assertEquals(Optional.empty(), webhooks.problem());
        assertFalse(logged().contains("key=1"), logged());
        assertFalse(logged().contains(SECRET), logged());
    }

    @Test
    void aPlaceHearsOnlyWhatItWants() throws Exception {
        places(url(server.getAddress(), "/a") + " mailbox", url(server.getAddress(), "/b") + " sender");
        standing = List.of(DISK, ANN);
        webhooks.round();
        assertEquals(1, heard.size(), heard::toString);
        assertEquals("/a", heard.getFirst().path());
        assertTrue(heard.getFirst().body().contains("ann@example.test"), heard::toString);
    }

    @Test
    void whoDoesNotTakeItIsAskedAgainLater() throws Exception {
        for (int refusal : List.of(500, 302, 404)) {
            status = refusal;
            webhooks.round();
            webhooks.round();
            assertEquals(Optional.of("127.0.0.1 is not told: it answers " + refusal), webhooks.problem());
            now = now.plus(Duration.ofHours(1));
        }
        assertEquals(3, heard.size(), "once each time, and no redirect is followed: " + heard);
        status = 200;
        webhooks.round();
        assertEquals(4, heard.size());
        assertEquals(Optional.empty(), webhooks.problem());
    }

    @Test
    void aPlaceThatIsAwayKeepsNoOtherFromHearing() throws Exception {
        HttpServer gone = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        InetSocketAddress nowhere = gone.getAddress();
        gone.stop(0);
        places(url(nowhere, "/"), url(server.getAddress(), "/b"));
        webhooks.round();
        assertEquals(1, heard.size());
        assertTrue(webhooks.problem().orElse("").startsWith("127.0.0.1 is not told: "), webhooks.problem()::toString);
    }

    @Test
    void nothingIsSaidWithoutPlacesOrWithoutASecret() throws Exception {
        Files.delete(folder.resolve("webhooksecret"));
        webhooks.round();
        assertEquals(Optional.of("control/webhooksecret: missing: what messages are signed with"), webhooks.problem());
        Files.delete(folder.resolve("webhooks"));
        now = now.plusSeconds(2); // control files are looked at again after a second
        webhooks.round();
        assertEquals(Optional.empty(), webhooks.problem());
        assertEquals(List.of(), heard);
    }

    @Test
    void aCertificateThatNobodyVouchesForIsNotBelieved() throws Exception {
        HttpsServer secured = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secured.setHttpsConfigurator(new HttpsConfigurator(strange()));
        secured.createContext("/", this::answer);
        secured.start();
        try {
            places("https://localhost:" + secured.getAddress().getPort() + "/");
            webhooks.round();
            assertEquals(List.of(), heard);
            assertTrue(
                    webhooks.problem().orElse("").startsWith("localhost is not told: "), webhooks.problem()::toString);
        } finally {
            secured.stop(0);
        }
    }

    private static SSLContext strange() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        X500Principal name = new X500Principal("CN=localhost");
        Instant today = Instant.now();
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(today.minus(Duration.ofDays(1))),
                                Date.from(today.plus(Duration.ofDays(1))),
                                name,
                                pair.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("a", pair.getPrivate(), new char[0], new X509Certificate[] {certificate});
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void itGoesOnByItself() {
        try (Webhooks running = Webhooks.start(
                new Control(folder, InstantSource.system()), () -> standing, InstantSource.system(), Log.silent())) {
            Awaitility.await().until(() -> heard.size() == 1);
            assertEquals(Optional.empty(), running.problem());
        }
    }
}
