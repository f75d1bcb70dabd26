package qrate.httpd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.core.Log;

/// Texts go back in gzip to whoever takes it, and the answer says so to caches.
class GzipTest {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String WORDS = "a page says the same words again and again. ".repeat(100);

    private HttpListener door;
    private Wires wires;

    /// Answers with the type, the length and the headers that the query names.
    private static final class Pages implements RequestHandler {
        @Override
        public Answer answer(Asked asked) {
            Map<String, String> headers = new HashMap<>();
            headers.put("Content-Type", one(asked, "type"));
            if (asked.query().containsKey("tag")) {
                headers.put("ETag", "\"x\"");
            }
            return new Answer(
                    200,
                    headers,
                    WORDS.substring(0, Integer.parseInt(one(asked, "length"))).getBytes(UTF_8));
        }

        private static String one(Asked asked, String name) {
            return asked.query().get(name).getFirst();
        }

        @Override
        public Answer refusal(Asked asked, int status) {
            return Answer.plain(status, "refused");
        }

        @Override
        public void answered(int status) {
            // counts nothing
        }
    }

    @BeforeEach
    void open() throws IOException {
        door = HttpListener.open(
                new InetSocketAddress("127.0.0.1", 0), new HttpListener.Parts(new Pages(), _ -> false, Log.silent()));
        wires = new Wires(door);
    }

    @AfterEach
    void close() throws IOException {
        wires.close();
        door.close();
    }

    private String ask(String method, String accepts, String query) throws IOException {
        String path = "/?" + query.replace(" ", "%20").replace(";", "%3B").replace("+", "%2B");
        return wires.ask(
                "127.0.0.1",
                method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        + (accepts.isEmpty() ? "" : "Accept-Encoding: " + accepts + "\r\n") + "\r\n");
    }

    private static String head(String answer) {
        return answer.substring(0, answer.indexOf("\r\n\r\n") + 2);
    }

    private static byte[] body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1);
    }

    private static boolean compressed(String answer) {
        return head(answer).contains("\r\nContent-Encoding: gzip\r\n");
    }

    private static boolean varies(String answer) {
        return head(answer).contains("\r\nVary: Accept-Encoding\r\n");
    }

    @Test
    void aPageGoesInGzipToWhoTakesItAndAsItIsToAllOthers() throws IOException {
        String answer = ask("GET", "gzip, deflate, br", "length=4000&type=" + HTML);
        assertTrue(compressed(answer) && varies(answer), head(answer));
        byte[] body = body(answer);
        assertTrue(head(answer).contains("\r\nContent-Length: " + body.length + "\r\n"), head(answer));
        assertTrue(body.length < 400, head(answer));
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            assertArrayEquals(WORDS.substring(0, 4000).getBytes(UTF_8), in.readAllBytes());
        }
        for (String other : List.of("", "br", "gzip;q=0")) {
            String plain = ask("GET", other, "length=4000&type=" + HTML);
            assertFalse(compressed(plain), other);
            assertTrue(varies(plain), other);
            assertEquals(4000, body(plain).length, other);
        }
    }

    @Test
    void theHeadIsWhatThePageHas() throws IOException {
        String page = ask("GET", "gzip", "length=4000&type=" + HTML);
        String head = ask("HEAD", "gzip", "length=4000&type=" + HTML);
        assertEquals(0, body(head).length);
        assertEquals(head(page).replaceAll("\r\nDate: [^\r]*", ""), head(head).replaceAll("\r\nDate: [^\r]*", ""));
    }

    @Test
    void onlyTextsThatArePagesOrDataAndLongEnoughAreCompressed() throws IOException {
        for (String type : List.of(
                "text/css; charset=utf-8",
                "text/javascript",
                "text/csv",
                "application/json",
                "application/problem+json")) {
            assertTrue(compressed(ask("GET", "gzip", "length=1024&type=" + type)), type);
        }
        for (String query : List.of(
                "length=1023&type=" + HTML,
                "length=0&type=" + HTML,
                "length=4000&type=image/png",
                "length=4000&type=application/octet-stream")) {
            String answer = ask("GET", "gzip", query);
            assertFalse(compressed(answer) || varies(answer), query);
        }
    }

    /// What is shown once stands in the answer to a form; a strong tag is one of bytes.
    @Test
    void theAnswerToAFormAndWhatHasATagStayAsTheyAre() throws IOException {
        assertFalse(compressed(ask("POST", "gzip", "length=4000&type=" + HTML)));
        String tagged = ask("GET", "gzip", "length=4000&tag=1&type=application/json");
        assertFalse(compressed(tagged) || varies(tagged), head(tagged));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "gzip|true",
                "GZIP|true",
                "x-gzip|true",
                "br, gzip;q=0.5|true",
                "gzip ; q=1.000|true",
                "*|true",
                "*;q=0, gzip|true",
                "''|false",
                "identity|false",
                "gzipped|false",
                "gzip;q=0|false",
                "gzip;q=0.000, *|false",
                "*;q=0|false",
                "gzip;q=|false",
                "gzip;q=much|false",
                "gzip;level=9|false",
                ",,,;;|false"
            })
    void aClientSaysWhatItTakes(String accepts, boolean taken) {
        assertEquals(taken, Gzip.isTaken(accepts));
    }
}
