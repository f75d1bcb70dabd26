package qrate.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import qrate.testkit.Seeds;

class DataWriterTest {
    @Test
    void endsAnEmptyMessageWithTheDotAlone() {
        assertEquals(".\r\n", sent(""));
    }

    @Test
    void doublesDotsAtTheStartOfLinesOnly() {
        assertEquals("..\r\na.b\r\n...\r\n.\r\n", sent(".\na.b\n..\n"));
    }

    @Test
    void endsTheLastLineItself() {
        assertEquals("a\r\nb\r\n.\r\n", sent("a\nb"));
    }

    @Test
    void makesALineEndingOfABareCr() {
        assertEquals("h\r\n\r\na\r\nb\r\n\r\nc\r\n.\r\n", sent("h\n\na\rb\r\r\nc\r\n"));
    }

    @Test
    void makesNoSecondFieldOfOneThatHoldsABareCr() {
        assertEquals("A: 1 B: 2 \r\n C: 3\r\n\r\n.\r\n", sent("A: 1\rB: 2\r\r\n\rC: 3\n\n"));
        assertEquals("A: 1\r\n.\r\n", sent("A: 1\r"));
    }

    @Test
    void neverLetsASmuggledEndThrough() {
        for (String end : new String[] {"\n.\n", "\r.\r", "\r\n.\r\n", "\n.\r\n", "\r.\n", "\r.\r\n"}) {
            String wire = sent("body" + end + "MAIL FROM:<x>\n");
            assertEquals(wire.length() - 5, wire.indexOf("\r\n.\r\n"), "only at the end: " + end);
        }
    }

    @Test
    void bringsBackWhatWentInForAnyBytesInAnyPieces() {
        Seeds.forAll(400, random -> {
            String message = random(random);
            String wire = sent(message, random);
            assertFalse(wire.replace("\r\n", "").contains("\r"), "bare CR");
            assertFalse(wire.replace("\r\n", "").contains("\n"), "bare LF");
            String lines = lines(message.replace("\r\n", "\n"));
            assertEquals(lines.isEmpty() || lines.endsWith("\n") ? lines : lines + "\n", received(wire));
        });
    }

    private static String lines(String text) {
        int blank = text.startsWith("\n") ? 0 : text.indexOf("\n\n");
        int body = blank < 0 ? text.length() : blank;
        String header = text.substring(0, body).replaceAll("\r\\z", "\n").replace('\r', ' ');
        return (body < text.length() ? text.substring(0, body).replace('\r', ' ') : header)
                + text.substring(body).replace('\r', '\n');
    }

    /// The receiver of RFC 5321 §4.5.2, as plainly as it can be written.
    private static String received(String wire) {
        StringBuilder message = new StringBuilder();
        int at = 0;
        while (true) {
            int end = wire.indexOf("\r\n", at);
            assertTrue(end >= 0, "no final dot");
            String line = wire.substring(at, end);
            at = end + 2;
            if (line.equals(".")) {
                assertEquals(wire.length(), at, "something behind the final dot");
                return message.toString();
            }
            message.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
        }
    }

    private static String random(Random random) {
        int length = random.nextInt(10) == 0 ? 40_000 : random.nextInt(60);
        String often = "\r\n..\r\na";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(
                    random.nextInt(3) == 0 ? (char) random.nextInt(256) : often.charAt(random.nextInt(often.length())));
        }
        return text.toString();
    }

    private static String sent(String message) {
        return sent(message, new Random(1));
    }

    private static String sent(String message, Random pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DataWriter writer = new DataWriter(out);
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        try {
            int at = 0;
            while (at < bytes.length) {
                int piece = Math.min(bytes.length - at, 1 + pieces.nextInt(bytes.length));
                writer.write(bytes, at, piece);
                at += piece;
            }
            writer.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
