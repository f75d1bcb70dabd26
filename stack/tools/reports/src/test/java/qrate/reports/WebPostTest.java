package qrate.reports;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebPostTest {
    private static final byte[] PACKED = {0x1f, (byte) 0x8b, 1, 2, 3};

    private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
    private final List<String> types = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private int status = 201;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            bodies.add(exchange.getRequestBody().readAllBytes());
            types.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type"));
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI place() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    @Test
    void postsAReportOnce() throws IOException {
        WebPost.byHttps().post(place(), PACKED);
        assertEquals(List.of("POST application/tlsrpt+gzip"), types);
        assertArrayEquals(PACKED, bodies.getFirst());
    }

    @Test
    void saysWhenItIsNotTakenAndFollowsNobodyElsewhere() {
        for (int refused : new int[] {302, 404, 500}) {
            status = refused;
            IOException e =
                    assertThrows(IOException.class, () -> WebPost.byHttps().post(place(), PACKED));
            assertEquals("it answers " + refused, e.getMessage());
        }
        assertEquals(3, bodies.size());
        stop();
        assertThrows(IOException.class, () -> WebPost.byHttps().post(place(), PACKED));
    }
}
