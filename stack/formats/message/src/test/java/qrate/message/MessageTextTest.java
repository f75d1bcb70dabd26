package qrate.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.core.Body;

class MessageTextTest {
    private static MessageText of(String message) throws IOException {
        return MessageText.of(Body.of(message.getBytes(UTF_8)));
    }

    @Test
    void aMessageInChineseIsReadInItsOwnLetters() throws IOException {
        MessageText reading = of("""
                From: =?big5?B?s6+m0g==?= <ann@example.test>
                To: team@example.test
                Date: Tue, 1 Dec 2026 08:00:00 +0800
                Subject: =?utf-8?B?6YGL5YuV5pyD?=
                Content-Type: multipart/alternative; boundary="b"

                --b
                Content-Type: text/plain; charset="big5"
                Content-Transfer-Encoding: base64

                s6+m0g==
                --b
                Content-Type: text/html

                <b>x</b>
                --b
                Content-Type: image/png; name="=?utf-8?B?6YGL?=.png"

                x
                --b--
                """);
        assertTrue(reading.from().startsWith("\u9673") && reading.from().endsWith("<ann@example.test>"));
        assertEquals("\u904b\u52d5\u6703", reading.subject());
        assertTrue(reading.text().startsWith("\u9673"), reading.text());
        assertEquals(List.of("text/html", "\u904b.png"), reading.others());
        assertFalse(reading.cut());
    }

    @Test
    void whatAScreenWouldObeyIsTakenOut() throws IOException {
        MessageText reading = of("Subject: a\u001b[31mb\u202ec\n\nx\u001b]0;y\u0007z\r\n\tw\n");
        assertEquals("a [31mb c", reading.subject());
        assertEquals("x\ufffd]0;y\ufffdz\n\tw", reading.text());
    }

    @Test
    void htmlAloneIsShownAsItStandsAndAFileIsNoText() throws IOException {
        assertEquals(
                "<script>x</script>",
                of("Content-Type: text/html\n\n<script>x</script>").text());
        MessageText file = of("Content-Type: application/pdf; name=a.pdf\n\n%PDF");
        assertEquals("", file.text());
        assertEquals(List.of("a.pdf"), file.others());
    }

    @Test
    void aLongMessageIsCut() throws IOException {
        MessageText reading =
                of("Subject: " + "s".repeat(5000) + "\n\n" + "\ud83d\ude00".repeat(MessageText.BYTES_MAX / 4));
        assertTrue(reading.cut());
        assertEquals(MessageText.VALUE_CHARS_MAX, reading.subject().length());
        assertEquals(MessageText.TEXT_CHARS_MAX, reading.text().length());
        assertFalse(reading.text().contains("\ufffd"));
    }

    @Test
    void theHeaderAloneHasNoText() throws IOException {
        MessageText reading = MessageText.header(Body.of("Subject: x\n\nbody".getBytes(UTF_8)));
        assertEquals("x", reading.subject());
        assertEquals("", reading.text());
    }
}
