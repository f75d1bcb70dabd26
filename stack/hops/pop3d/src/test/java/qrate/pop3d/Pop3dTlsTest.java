package qrate.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;
import qrate.core.Log;
import qrate.tcpserver.Listener;
import qrate.tcpserver.RulesFile;
import qrate.testkit.WireScript;

class Pop3dTlsTest {
    private static final char[] STORE_PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path keys;

    private static SSLContext context;

    @TempDir
    Path root;

    /// A self-signed certificate by the JDK's own keytool, and a context that shows and trusts it.
    @BeforeAll
    static void makeCertificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = keys.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "pop3d",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(STORE_PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, STORE_PASSWORD);
        }
        KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        shown.init(loaded, STORE_PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(loaded);
        context = SSLContext.getInstance("TLS");
        context.init(shown.getKeyManagers(), trusted.getTrustManagers(), null);
    }

    private Listener listen(boolean implicit) throws IOException {
        Box box = new Box(root);
        box.control("pop3plaintext", "no");
        box.put("ann", "1000.Q1R0.host", "Subject: one\n\nhello\n");
        Control control = new Control(root.resolve("control"), InstantSource.system());
        Listener.Settings settings = Listener.Settings.on("127.0.0.1", 0);
        return Listener.start(
                implicit ? settings.withImplicitTls() : settings,
                new Listener.Parts(control, RulesFile.none(), () -> Optional.of(context), Log.silent()),
                box.service());
    }

    private record Secured(SSLSocket socket, BufferedReader in) {
        static Secured over(Socket plain, int port) throws IOException {
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true);
            tls.startHandshake();
            return new Secured(
                    tls, new BufferedReader(new InputStreamReader(tls.getInputStream(), StandardCharsets.US_ASCII)));
        }

        String ask(String command) throws IOException {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return in.readLine();
        }

        boolean offers(String capability) throws IOException {
            boolean found = false;
            for (String line = ask("CAPA"); !line.equals("."); line = in.readLine()) {
                found |= line.equals(capability);
            }
            return found;
        }
    }

    @Test
    void takesALoginUnderStlsThatItRefusesInTheClear() throws IOException {
        try (Listener listener = listen(false);
                Client client = new Client(listener.port())) {
            assertEquals("-ERR [AUTH] TLS first (STLS, or port 995)", client.ask("USER ann"));
            assertEquals("+OK capabilities follow", client.ask("CAPA"));
            assertTrue(client.skipToDot().containsAll(List.of("STLS", "UIDL")));
            assertEquals("+OK begin TLS", client.ask("STLS"));
            Secured secured = Secured.over(client.socket(), listener.port());
            assertFalse(secured.offers("STLS"));
            assertTrue(secured.offers("SASL PLAIN"));
            assertEquals("+OK", secured.ask("USER ann"));
            assertEquals("+OK 1 messages", secured.ask("PASS secret"));
            assertEquals("+OK goodbye", secured.ask("QUIT"));
        }
    }

    @Test
    void speaksTlsFromTheFirstByteOn995() throws IOException {
        try (Listener listener = listen(true);
                Socket plain = new Socket("127.0.0.1", listener.port())) {
            Secured secured = Secured.over(plain, listener.port());
            assertEquals("+OK mail.example.test POP3 ready", secured.in.readLine());
            assertTrue(secured.ask("STLS").startsWith("-ERR"));
            assertEquals("+OK 1 messages", secured.ask("AUTH PLAIN AGFubgBzZWNyZXQ="));
            assertEquals("+OK 23 octets", secured.ask("RETR 1"));
        }
    }

    @Test
    void endsASessionWithPlaintextBehindStls() throws IOException {
        try (Listener listener = listen(false)) {
            WireScript.play(
                    List.of(
                            "S~ .*",
                            "C+ STLS\\r\\nUSER ann\\r\\n",
                            "S: -ERR nothing may follow STLS before the handshake",
                            "S!"),
                    listener.port());
        }
    }
}
