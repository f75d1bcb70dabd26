package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.images.smtpd.SmtpDoors;

/// Each door at the worst that strangers can send, in a process with the flags and the heap that it has in service:
/// it lives, the greedy are refused, and others are served meanwhile.
class DoorHeapTest {
    private static final int ADDRESSES = 8;
    private static final int CONNECTIONS_EACH = 50;
    private static final int RECIPIENTS_EACH = 1000;
    private static final int BATCH = 20;
    private static final int MILLIS_MAX = 60_000;

    @TempDir
    Path folder;

    private final Map<String, String> environment = new TreeMap<>();
    private final List<Client> clients = new ArrayList<>();
    private Process process;

    /// A client of SMTP with an address of its own on loopback.
    private static final class Client implements AutoCloseable {
        private final Socket socket = new Socket();
        private final BufferedReader in;

        Client(String from, int port) throws IOException {
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port), MILLIS_MAX);
            socket.setSoTimeout(MILLIS_MAX);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1), 512);
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        }

        /// The last line of one reply; `""` at the end.
        String reply() throws IOException {
            String line = in.readLine();
            while (line != null && line.length() > 3 && line.charAt(3) == '-') {
                line = in.readLine();
            }
            return line == null ? "" : line;
        }

        String ask(String command) throws IOException {
            send(command + "\r\n");
            return reply();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @AfterEach
    void end() throws IOException {
        for (Client client : clients) {
            client.close();
        }
        process.destroyForcibly();
    }

    private int port(String door) {
        return Integer.parseInt(environment.get("QRATE_" + door + "_PORT"));
    }

    /// Starts a `main` as its container does.
    private void start(String main, String program, String heap) throws Exception {
        for (String door : List.of("SMTP", "SUBMISSION", "SMTPS", "POP3", "POP3S", "ADMIN", "QMTP")) {
            environment.put("QRATE_" + door + "_PORT", Integer.toString(Beside.freePort()));
        }
        environment.put("QRATE_BIND", "127.0.0.1");
        environment.put("QRATE_SEND", "127.0.0.1:" + Beside.freePort());
        Installation here = Installation.prepare(folder, environment);
        environment.put("QRATE_STATE", here.state().root().toString());
        environment.put("QRATE_SPOOL", folder.resolve("spool").toString());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("../base/flags").toAbsolutePath(),
                heap,
                "-cp",
                System.getProperty("java.class.path"),
                main,
                program));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().putAll(environment);
        process = builder.start();
        Awaitility.await().atMost(Installation.SOON).ignoreExceptions().until(() -> {
            try (Client client = new Client("127.0.0.2", port("SMTP"))) {
                return client.reply().startsWith("220 ");
            }
        });
    }

    /// Recipients with as much beside them as the protocol lets a client say.
    private int fillWithRecipients() throws IOException {
        String recipient = "RCPT TO:<postmaster@example.test> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;"
                + "a".repeat(480) + "\r\n";
        int refused = 0;
        for (int i = 0; i < ADDRESSES * CONNECTIONS_EACH; i++) {
            String reply;
            try {
                Client client = new Client("127.0.0." + (10 + i % ADDRESSES), port("SMTP"));
                clients.add(client);
                client.reply();
                client.ask("EHLO greedy");
                reply = client.ask("MAIL FROM:<a@b.example>");
                for (int sent = 0; sent < RECIPIENTS_EACH && reply.startsWith("250"); sent += BATCH) {
                    client.send(recipient.repeat(BATCH));
                    for (int n = 0; n < BATCH; n++) {
                        reply = client.reply();
                    }
                }
            } catch (IOException _) {
                reply = "";
            }
            refused += reply.startsWith("250") ? 0 : 1;
        }
        return refused;
    }

    private void fillWithEnvelopes() throws IOException {
        String address = "17:postmaster@x.test,";
        String all = address.repeat(2_600_000 / address.length());
        for (int i = 0; i < 48; i++) {
            Client client = new Client("127.0.0.30", port("QMTP"));
            clients.add(client);
            try {
                client.send("2:\nx,0:," + (all.length() + address.length()) + ":" + all);
            } catch (IOException _) {
                // shown the door, which is an answer too
            }
        }
    }

    /// Handshakes and then silence, from as many addresses and as often as the door lets them.
    ///
    /// @return how many were let in
    private int fillWithTls(String door) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new TrustEverybody()}, null);
        int in = 0;
        for (int i = 0; i < ADDRESSES * CONNECTIONS_EACH; i++) {
            Client client = new Client("127.0.0." + (10 + i % ADDRESSES), port(door));
            clients.add(client);
            try {
                SSLSocket tls = (SSLSocket)
                        trusting.getSocketFactory().createSocket(client.socket, "127.0.0.1", port(door), true);
                tls.startHandshake();
                in += tls.getInputStream().read() < 0 ? 0 : 1;
            } catch (IOException _) {
                // shown the door
            }
        }
        return in;
    }

    private static final class TrustEverybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private String mailFrom(String address) throws IOException {
        try (Client client = new Client(address, port("SMTP"))) {
            assertTrue(client.reply().startsWith("220 "));
            client.ask("EHLO modest");
            client.ask("MAIL FROM:<a@b.example>");
            assertEquals("250 2.1.5 ok", client.ask("RCPT TO:<ann@example.test>"));
            client.ask("DATA");
            return client.ask("Subject: x\r\n\r\nx\r\n.");
        }
    }

    private void survives() throws Exception {
        int refused = fillWithRecipients();
        assertTrue(refused > ADDRESSES * CONNECTIONS_EACH / 2, "refused: " + refused);
        fillWithEnvelopes();
        String reply = mailFrom("127.0.0.99");
        assertTrue(reply.startsWith("250 ") || reply.startsWith("451 "), reply); // 451 where there is no queue
        assertTrue(mailFrom("127.0.0.98").length() > 3);
        assertTrue(process.isAlive() && !process.waitFor(1, TimeUnit.SECONDS), () -> {
            try {
                return Files.readString(folder.resolve("log"));
            } catch (IOException e) {
                return e.toString();
            }
        });
    }

    @Test
    void oneProcessOutlivesGreedyClients() throws Exception {
        start(Up.class.getName(), "up", "-Xmx256m");
        survives();
        try (Client client = new Client("127.0.0.99", port("POP3"))) {
            assertTrue(client.reply().startsWith("+OK"));
        }
    }

    @Test
    void oneProcessOutlivesSilentClientsInTls() throws Exception {
        start(Up.class.getName(), "up", "-Xmx256m");
        for (String door : List.of("SMTPS", "POP3S")) {
            int in = fillWithTls(door);
            assertTrue(in >= CONNECTIONS_EACH, door + ": so many at once are no attack: " + in);
        }
        assertTrue(mailFrom("127.0.0.99").startsWith("250 "));
        for (String door : List.of("POP3", "POP3S")) {
            clients.addFirst(new Client("127.0.0.99", port(door)));
        }
        assertTrue(clients.get(1).reply().startsWith("+OK"));
        assertTrue(process.isAlive());
    }

    @Test
    void smtpdAloneOutlivesGreedyClients() throws Exception {
        String heap = Files.readAllLines(Path.of("../smtpd/src/main/jib/app/jvm/smtpd"))
                .getFirst();
        start(SmtpDoors.class.getPackageName() + ".Main", "smtpd", heap);
        survives();
    }
}
