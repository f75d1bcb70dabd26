package qrate.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.core.Log;

/// The port at which a CA looks.
class HttpDoorTest {
    private HttpDoor door;

    @BeforeEach
    void open() throws IOException {
        door = HttpDoor.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Log.silent());
        door.present(new Answering.Answer("a.test", "tok", "tok.thumb"));
    }

    @AfterEach
    void close() throws IOException {
        door.close();
    }

    private String ask(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void aCaFindsItsAnswerAndNobodyAnythingElse() throws IOException {
        String answer = ask("GET /.well-known/acme-challenge/tok HTTP/1.1\r\nHost: a.test\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("\r\n\r\ntok.thumb"), answer);
        for (String other : List.of(
                "GET / HTTP/1.1\r\n\r\n",
                "GET /.well-known/acme-challenge/ HTTP/1.1\r\n\r\n",
                "GET /.well-known/acme-challenge/../../etc/passwd HTTP/1.1\r\n\r\n",
                "POST /.well-known/acme-challenge/tok HTTP/1.1\r\n\r\n",
                "nonsense\r\n\r\n",
                "\n\n")) {
            assertTrue(ask(other).startsWith("HTTP/1.1 404 "), other);
        }
        door.remove(new Answering.Answer("a.test", "tok", ""));
        assertTrue(ask("GET /.well-known/acme-challenge/tok HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 404 "));
    }

    @Test
    void requestsHaveAnEnd() throws IOException {
        String answer;
        try {
            answer = ask("GET /" + "x".repeat(HttpDoor.REQUEST_BYTES_MAX));
        } catch (IOException _) {
            answer = ""; // a reset ends it as well
        }
        assertEquals("", answer);
    }

    @Test
    void whoSaysNothingKeepsNobodyOut() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < HttpDoor.CONNECTIONS_MAX + 10; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), door.port()));
            }
            String answer = ask("GET /.well-known/acme-challenge/tok HTTP/1.1\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        } finally {
            for (Socket one : silent) {
                one.close();
            }
        }
    }

    @Test
    void aPortThatIsTakenIsNamedWithWhatHelps() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String why = assertThrows(
                            IOException.class,
                            () -> HttpDoor.open(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort()),
                                    Log.silent()))
                    .getMessage();
            assertTrue(why.contains("port " + taken.getLocalPort()) && why.contains("QRATE_ACME_PORT"), why);
        }
    }
}
