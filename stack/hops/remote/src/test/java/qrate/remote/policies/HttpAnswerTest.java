package qrate.remote.policies;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import qrate.testkit.Fuzz;

/// What a web server may answer (RFC 8461 §3.3, RFC 9112).
class HttpAnswerTest {
    private static final int MAX = 100;
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\n";

    @Test
    void isReadByItsLengthByItsChunksOrToItsEnd() throws Exception {
        assertEquals("hello", read(OK + "Content-Length: 5\r\n\r\nhello and more"));
        assertEquals("hello", read(OK + "\r\nhello"));
        assertEquals("hello", read(OK + "Transfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n003\r\nllo\r\n0\r\n\r\n"));
        assertEquals("", read("HTTP/1.0 200\nContent-Type:TEXT/PLAIN\n\n"));
    }

    @Test
    void isRefusedInWordsWhereItIsNotTwoHundredAndPlainText() {
        assertRefused("the web server does not answer 200", "HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n");
        assertRefused("the web server does not answer 200", "HTTP/1.1 2000 OK\r\n\r\n");
        assertRefused("the web server speaks no HTTP/1.1", "SSH-2.0-OpenSSH\r\n\r\n");
        assertRefused("the web server's answer is no text/plain", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
        assertRefused("the web server's answer is no text/plain", "HTTP/1.1 200 OK\r\n\r\nversion: STSv1");
        assertRefused("the web server's answer is encoded", OK + "Content-Encoding: gzip\r\n\r\n");
        assertRefused("the web server's answer is encoded", OK + "Transfer-Encoding: gzip, chunked\r\n\r\n");
        assertRefused("the web server's answer has a broken header", OK + "what is this\r\n\r\n");
    }

    @Test
    void isBoundedHoweverItIsFramed() {
        String long101 = "x".repeat(MAX + 1);
        String tooLong = "the web server's answer has more than 100 bytes";
        assertRefused(tooLong, OK + "\r\n" + long101);
        assertRefused(tooLong, OK + "Content-Length: 101\r\n\r\n" + long101);
        assertRefused(tooLong, OK + "Transfer-Encoding: chunked\r\n\r\n65\r\n" + long101 + "\r\n0\r\n\r\n");
        assertRefused(
                tooLong, OK + "Transfer-Encoding: chunked\r\n\r\n64\r\n" + "x".repeat(MAX) + "\r\n1\r\nx\r\n0\r\n\r\n");
        assertRefused("the web server's answer has too long a header", OK + "x: y\r\n".repeat(10_000));
        assertRefused("the web server's answer has too long a header", "HTTP/1.1 200 " + "x".repeat(1 << 20));
    }

    @Test
    void isRefusedWhereItBreaksOffOrItsLengthIsNone() {
        assertRefused("the web server's answer breaks off", "HTTP/1.1 200 OK\r\n");
        assertRefused("the web server's answer breaks off", OK + "Content-Length: 5\r\n\r\nhell");
        assertRefused("the web server's answer breaks off", OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        for (String length : new String[] {"-1", "", "99999999999999999999", "5, 5", "\u0661"}) {
            assertRefused(
                    "the web server's answer has a length that is none", OK + "Content-Length: " + length + "\r\n\r\n");
        }
        assertRefused(
                "the web server's answer has a length that is none", OK + "Transfer-Encoding: chunked\r\n\r\n-1\r\n");
    }

    /// Entry point: {@link HttpAnswer#read}.
    @Test
    void endsInATextOrAnExceptionForAnyBytes() {
        Fuzz.Outcome outcome = Fuzz.run(
                "http answers",
                Fuzz.corpus(
                        OK + "Content-Length: 5\r\n\r\nhello",
                        OK + "Transfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
                        "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.test/\r\n\r\n"),
                bytes -> assertTrue(HttpAnswer.read(new ByteArrayInputStream(bytes), MAX).length <= MAX));
        assertTrue(outcome.runs() > 0);
    }

    private static String read(String answer) throws IOException {
        return new String(HttpAnswer.read(new ByteArrayInputStream(answer.getBytes(ISO_8859_1)), MAX), ISO_8859_1);
    }

    private static void assertRefused(String why, String answer) {
        assertEquals(why, assertThrows(IOException.class, () -> read(answer)).getMessage(), answer);
    }
}
