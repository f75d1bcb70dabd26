package qrate.httpd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.core.Log;

class HttpListenerTest {
    private static final Limits SMALL = new Limits(40, 10, 4 << 20, 1 << 20, 8, 4);
    private static final String GREEDY = "127.0.0.9";
    private static final String OTHER = "127.0.0.1";

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final CountDownLatch never = new CountDownLatch(1);
    private HttpListener door;
    private Wires wires;

    @BeforeEach
    void open() throws IOException {
        door = HttpListener.open(
                new InetSocketAddress("127.0.0.1", 0),
                new HttpListener.Parts(
                        new Echo(),
                        peer -> peer.equals(InetAddress.ofLiteral("127.0.0.77")),
                        new Log(new PrintStream(log, true, UTF_8), Log.Stamp.NONE, InstantSource.system())),
                SMALL);
        wires = new Wires(door);
    }

    @AfterEach
    void close() throws IOException {
        never.countDown();
        wires.close();
        door.close();
    }

    /// Says what it heard; fails in each way that there is.
    private final class Echo implements RequestHandler {
        private int fail(int depth) {
            return depth < 0 ? depth : fail(depth + 1) + 1;
        }

        @Override
        public Answer answer(Asked asked) throws IOException {
            switch (asked.path()) {
                case "/stack" -> assertEquals(0, fail(0));
                case "/error" -> throw new AssertionError("x".repeat(100_000));
                case "/bug" -> throw new IllegalStateException("a bug");
                case "/io" -> throw new IOException("no database");
                case "/large" -> {
                    return new Answer(200, Map.of(), new byte[16 << 20]);
                }
                case "/slow" -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                default -> {
                    // answered below
                }
            }
            return Answer.plain(
                    200,
                    asked.method() + " " + asked.path() + " " + asked.query() + " " + asked.body().length + " "
                            + asked.client() + " " + asked.cookie("b").orElse("-"));
        }

        @Override
        public Answer refusal(Asked asked, int status) {
            return Answer.plain(status, "refused " + asked.path());
        }

        @Override
        public void answered(int status) {
            // nobody counts here
        }
    }

    private static void isAnswer(String text, int status) {
        assertTrue(text.startsWith("HTTP/1.1 " + status + " "), text);
        assertTrue(text.contains("Content-Security-Policy: default-src 'none'"), text);
        assertTrue(text.contains("X-Content-Type-Options: nosniff"), text);
    }

    private void othersAreServed() throws IOException {
        isAnswer(wires.get(OTHER, "/healthz"), 200);
        isAnswer(wires.get("127.0.0.2", "/"), 200);
    }

    @Test
    void readsCookiesAsBrowsersSendThemAndNeverTooMany() throws IOException {
        String request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: %s\r\n\r\n";
        for (String cookies : List.of(
                "b=a-Z_0.9==",
                "a=1;b=a-Z_0.9==;c",
                "b=a-Z_0.9==; b=2",
                "x; =; ;b=a-Z_0.9==",
                "c=;".repeat(3000) + "b=a-Z_0.9==")) {
            String text = wires.ask(OTHER, request.formatted(cookies));
            isAnswer(text, 200);
            assertTrue(text.strip().endsWith(" a-Z_0.9=="), text);
        }
        for (String cookies : List.of("ab=1", "B=1", "a=b=1", "b", "$Version=1; a=\"b=1\"")) {
            String text = wires.ask(OTHER, request.formatted(cookies));
            isAnswer(text, 200);
            assertTrue(text.strip().endsWith(" -"), cookies + text);
        }
    }

    @Test
    void answersWhatItHeard() throws IOException {
        String text = wires.ask(
                OTHER,
                String.join(
                        "\r\n",
                        "POST /a%20b?x=1&x=2 HTTP/1.1",
                        "Host: x",
                        "Cookie: a=1; b=2; b=3",
                        "Transfer-Encoding: chunked",
                        "Connection: close",
                        "",
                        "3",
                        "abc",
                        "0",
                        "",
                        ""));
        isAnswer(text, 200);
        assertTrue(text.contains("POST /a b {x=[1, 2]} 3 Client[address=127.0.0.1, secure=false] 2"), text);
        assertTrue(wires.get(OTHER, "/").contains("GET / {} 0 "));
        String head = wires.ask(OTHER, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        isAnswer(head, 200);
        assertTrue(head.endsWith("\r\n\r\n"), head);
    }

    @Test
    void aClientThatWaitsToBeToldToGoOnIsTold() throws IOException {
        Socket socket = wires.from(OTHER);
        Wires.say(
                socket,
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
        byte[] first = socket.getInputStream().readNBytes(12);
        assertEquals("HTTP/1.1 100", new String(first, UTF_8));
        Wires.say(socket, "abc");
        assertTrue(Wires.all(socket).contains("POST / {} 3 "));
    }

    @Test
    void oneConnectionCarriesManyRequests() throws IOException {
        Socket socket = wires.from(OTHER);
        String one = "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n";
        Wires.say(socket, one + one + "GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        String text = Wires.all(socket);
        assertEquals(3, text.split("HTTP/1.1 200").length - 1, text);
    }

    @Test
    void halfHeadersOfOneAddressAreSoManyAndNoMore() throws IOException {
        String half = "GET / HTTP/1.1\r\nHost: x\r\nX-A: " + "a".repeat(15_000);
        List<Socket> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Socket socket = wires.from(GREEDY);
            all.add(socket);
            try {
                Wires.say(socket, half);
            } catch (IOException _) {
                // refused already
            }
        }
        Awaitility.await().until(() -> door.connections() <= SMALL.connectionsEach());
        List<Socket> ended = new ArrayList<>();
        for (Socket socket : all) {
            if (socket.getInputStream().available() > 0) {
                ended.add(socket);
            }
        }
        isAnswer(Wires.all(ended.getFirst()), 503);
        othersAreServed();
    }

    @Test
    void aClientGetsInBesideItsOwnHalfRequests() throws IOException {
        for (int i = 0; i < SMALL.connectionsEach(); i++) {
            Wires.say(wires.from(GREEDY), "GET / HTTP/1.1\r\nHost: x\r\nX-A: ");
        }
        Awaitility.await().until(() -> wires.get(GREEDY, "/").startsWith("HTTP/1.1 200"));
    }

    @Test
    void manyAddressesThatHoldAllMakeRoom() throws IOException {
        for (int i = 0; i < 60; i++) {
            Wires.say(
                    wires.from("127.0.1." + (i % 6 + 1)),
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\na");
            if (i % 10 == 0) {
                othersAreServed();
            }
        }
        assertTrue(door.connections() <= SMALL.connections());
        othersAreServed();
    }

    @Test
    void bodiesThatDripHoldNoTurn() throws IOException {
        for (int i = 0; i < SMALL.connectionsEach(); i++) {
            Wires.say(wires.from(GREEDY), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na");
            Wires.say(
                    wires.from("127.0.0.10"), "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na");
        }
        othersAreServed();
    }

    @Test
    void bodiesOfOneAddressAreSoManyBytesAndNoMore() throws IOException {
        List<Socket> all = new ArrayList<>();
        for (int i = 0; i < SMALL.connectionsEach(); i++) {
            Socket socket = wires.from(GREEDY);
            all.add(socket);
            Wires.say(
                    socket,
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60001\r\nConnection: close\r\n\r\n"
                            + "a".repeat(60_000));
        }
        othersAreServed();
        int refused = 0;
        for (Socket socket : all) {
            Wires.say(socket, "a");
            refused += Wires.all(socket).startsWith("HTTP/1.1 503") ? 1 : 0;
        }
        assertTrue(refused > 0 && refused < all.size(), () -> "some are too many, and some are not");
        othersAreServed();
    }

    @Test
    void answersThatNobodyReadsKeepNobodyWaiting() throws IOException {
        for (int i = 0; i < SMALL.connectionsEach(); i++) {
            Wires.say(wires.from(GREEDY), "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
            Wires.say(wires.from("127.0.0.11"), "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        othersAreServed();
    }

    @Test
    void workOfOneAddressLeavesTurnsToOthers() throws IOException {
        for (int i = 0; i < SMALL.connectionsEach(); i++) {
            Wires.say(wires.from(GREEDY), "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        othersAreServed();
        never.countDown();
        othersAreServed();
    }

    @Test
    void whateverGoesWrongIsAnAnswerAndOneLine() throws IOException {
        isAnswer(wires.get(OTHER, "/stack"), 500);
        isAnswer(wires.get(OTHER, "/error"), 500);
        isAnswer(wires.get(OTHER, "/bug"), 500);
        isAnswer(wires.get(OTHER, "/io"), 503);
        List<String> lines = log.toString(UTF_8).lines().toList();
        assertEquals(4, lines.size(), lines::toString);
        assertTrue(lines.stream().allMatch(line -> line.length() < 400), lines::toString);
        assertTrue(lines.getFirst().contains("/stack: java.lang.StackOverflowError"), lines::toString);
        othersAreServed();
    }

    @Test
    void refusesWhatCanBeReadInTwoWays() throws IOException {
        for (String fields : List.of(
                "Host: x\r\nContent-Length: 3\r\nContent-Length: 4",
                "Host: x\r\nContent-Length: 3\r\nContent-Length: 3",
                "Host: x\r\nContent-Length: 3, 3",
                "Host: x\r\nContent-Length: +3",
                "Host: x\r\nContent-Length: -3",
                "Host: x\r\nContent-Length: 99999999999999999999",
                "Host: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked",
                "Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Host: x\r\nTransfer-Encoding: gzip, chunked",
                "Host: x\r\nTransfer-Encoding: identity",
                "Host: x\r\nTransfer-Encoding: xchunked",
                "Host: x\r\nHost: y",
                "Host: a b",
                "Host:",
                "X-A: b")) {
            String text = wires.ask(
                    OTHER, "POST / HTTP/1.1\r\n" + fields + "\r\n\r\nabcGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
            assertTrue(text.isEmpty() || text.startsWith("HTTP/1.1 400 "), fields + "\n" + text);
            assertFalse(text.contains("smuggled"), fields + "\n" + text);
            assertEquals(text.isEmpty() ? 0 : 1, text.split("HTTP/1.1 [0-9]").length - 1, text);
        }
        othersAreServed();
    }

    @Test
    void nonsenseIsAnsweredOrCutOff() throws IOException {
        String long1 = "a".repeat(20_000);
        for (String nonsense : List.of(
                "\0\0\0\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX: " + long1 + "\r\n\r\n",
                "GET /" + long1 + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(1000) + "\r\n",
                "GET /?" + "a=b&".repeat(3000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /%zz%%%" + "%41".repeat(3000) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 70000\r\n\r\n" + "a".repeat(70_000),
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "CONNECT evil:1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) {
            try (Socket socket = wires.from(GREEDY)) {
                try {
                    Wires.say(socket, nonsense);
                    socket.shutdownOutput();
                } catch (IOException _) {
                    // cut off in the middle
                }
                String text = Wires.all(socket);
                assertTrue(text.isEmpty() || text.startsWith("HTTP/"), text);
                assertFalse(text.contains("at io.undertow"), text);
            }
        }
        othersAreServed();
    }

    @Test
    void tooLargeABodyIsSaidSo() throws IOException {
        isAnswer(
                wires.ask(
                        OTHER,
                        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\nConnection: close\r\n\r\n"
                                + "a".repeat(70_000)),
                413);
        String chunk = "1000\r\n" + "a".repeat(4096) + "\r\n";
        isAnswer(
                wires.ask(
                        OTHER,
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                                + chunk.repeat(20) + "0\r\n\r\n"),
                413);
        isAnswer(wires.ask(OTHER, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 7000000000\r\n\r\n"), 413);
    }

    @Test
    void whatAProxySaysCountsFromProxiesAlone() throws IOException {
        String request =
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Proto: https\r\n\r\n";
        assertTrue(wires.ask(OTHER, request).contains("Client[address=127.0.0.1, secure=false]"));
        assertTrue(wires.ask("127.0.0.77", request).contains("Client[address=198.51.100.7, secure=true]"));
        isAnswer(wires.ask("127.0.0.77", request.replace("\r\n\r\n", "\r\nForwarded: for=203.0.113.1\r\n\r\n")), 400);
    }
}
