package qrate.smoketests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class SmokeTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);

    private String shown() {
        return shown.toString(StandardCharsets.UTF_8);
    }

    @Test
    void failsEachCheckWhereNothingListens() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            closed = socket.getLocalPort();
        }
        // waiting for mail that cannot come would take long: only the doors are tried here
        Report report = new Report(out, InstantSource.system());
        Target target = new Target("127.0.0.1", new Target.Ports(closed, closed, closed, closed, closed), true);
        Target.Login login = new Target.Login("ann@example.test", "secret-word");
        new Doors(target, login, "id").run(report);
        new Strangers(target, login).run(report);
        new AdminDoor(URI.create("http://127.0.0.1:" + closed), target).run(report, true);
        report.end();
        assertTrue(report.failed() > 10, this::shown);
        assertTrue(shown().contains("FAIL "));
        assertTrue(shown().lines().toList().getLast().startsWith("0 passed, "), this::shown);
    }

    @Test
    void failsEachCheckAtAServerThatTakesEverything() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> takeEverything(socket));
            int port = socket.getLocalPort();
            Report report = new Report(out, InstantSource.system());
            Target target = new Target("127.0.0.1", new Target.Ports(port, port, port, port, port), true);
            Target.Login login = new Target.Login("ann@example.test", "secret-word");
            new Doors(target, login, "id").run(report);
            new Strangers(target, login).run(report);
        }
        List<String> passed = shown().lines()
                .filter(line -> line.startsWith("ok"))
                .map(line -> line.substring("ok   123456 ms  ".length()))
                .toList();
        assertEquals(
                List.of(
                        "SMTP greets",
                        "POP3 answers beside silent connections",
                        "SMTP answers beside silent connections",
                        "submission answers beside silent connections"),
                passed);
    }

    @Test
    void failsAnAdminThatShowsEverythingToEverybody() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            Report report = new Report(out, InstantSource.system());
            Target target = new Target("127.0.0.1", new Target.Ports(1, 1, 1, 1, 1), true);
            new AdminDoor(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), target).run(report, true);
        } finally {
            server.stop(0);
        }
        assertTrue(shown().contains("admin answers an odd unsubscription with an answer: it says 200"), this::shown);
        assertTrue(shown().contains("admin's pages want a sign-in: /domains says 200"), this::shown);
    }

    /// Says yes to every line, in the clear: no TLS, an open relay, every password right, every line end an end.
    private static void takeEverything(ServerSocket socket) {
        while (true) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> takeEverything(client));
            } catch (IOException _) {
                return; // the test is over
            }
        }
    }

    private static void takeEverything(Socket client) {
        try (client;
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1))) {
            OutputStream answer = client.getOutputStream();
            answer.write("220 yes\r\n".getBytes(StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String code = line.startsWith("DATA") ? "354" : line.startsWith("AUTH") ? "235" : "250";
                String reply = line.startsWith("STARTTLS") ? "220" : line.startsWith("QUIT") ? "221" : code;
                answer.write((reply + " yes\r\n").getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException _) {
            // the client has heard enough
        }
    }

    @Test
    void wantsALoginOrAToken() {
        assertEquals(2, Smoke.run(new String[] {"--host", "127.0.0.1"}, out));
        assertEquals(2, Smoke.run(new String[] {"--login", "ann", "--password", "x"}, out));
        assertEquals(2, Smoke.run(new String[] {"--nonsense"}, out));
    }

    @Test
    void showsALineACheckAndEscapesWhatServersSay() {
        Report report = new Report(out, InstantSource.fixed(java.time.Instant.EPOCH));
        report.check("good", () -> assertTrue(shown().isEmpty()));
        report.check("bad", () -> {
            throw new IOException("line\u001b[31m\none");
        });
        report.end();
        assertEquals(
                List.of("ok        0 ms  good", "FAIL      0 ms  bad: line\\x1b[31m\\x0aone", "1 passed, 1 failed"),
                shown().lines().toList());
    }

    @Test
    void makesAndRemovesAMailboxByTheRestApi() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> answer(exchange, asked));
        server.start();
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        try (Throwaway throwaway = new Throwaway(base, "token", "example.test", true)) {
            throwaway.make("smoke", "secret-word");
            throwaway.remove("smoke");
            assertThrows(IOException.class, () -> throwaway.remove("other"));
        } finally {
            server.stop(0);
        }
        assertEquals(
                List.of(
                        "POST /api/v1/domains/example.test/mailboxes Bearer token"
                                + " {\"address\":\"smoke@example.test\",\"password\":\"secret-word\"}",
                        "DELETE /api/v1/mailboxes/smoke%40example.test Bearer token ",
                        "DELETE /api/v1/mailboxes/other%40example.test Bearer token "),
                asked);
    }

    private static void answer(HttpExchange exchange, List<String> asked) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
        exchange.sendResponseHeaders(exchange.getRequestURI().getPath().contains("other") ? 404 : 204, -1);
        exchange.close();
    }
}
