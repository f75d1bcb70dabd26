package qrate.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import qrate.testkit.Seeds;

class HeaderEndTest {
    @Test
    void isBehindTheFirstEmptyLine() {
        assertEquals("A: 1\r\n\n", header("A: 1\r\n\n\nbody\n"));
        assertEquals("A: 1\n\r\n", header("A: 1\n\r\nbody\n\n"));
        assertEquals("\n", header("\nbody\n"));
        assertEquals("\r\n", header("\r\n\r\n"));
    }

    @Test
    void isNoLineThatHoldsAnythingAndNoCrAlone() {
        for (String message : new String[] {"A: 1\n \n\tb\n", "A: 1\n\r\r\nb: c\r\r\n", "A: 1\n\r", "A: 1", ""}) {
            assertEquals(message, header(message));
        }
    }

    @Test
    void isTheSameInWhateverPiecesAMessageComes() {
        Seeds.forAll(400, random -> {
            byte[] message = message(random);
            HeaderEnd end = new HeaderEnd();
            int header = 0;
            int next;
            for (int at = 0; at < message.length; at = next) {
                next = Math.min(message.length, at + 1 + random.nextInt(5));
                header += end.in(message, at, next) - at;
            }
            assertEquals(new HeaderEnd().in(message, 0, message.length), header);
        });
    }

    @Test
    void isWhereTheReaderOfHeadersEndsOne() {
        Seeds.forAll(400, random -> {
            byte[] message = message(random);
            HeaderReader reader = new HeaderReader(Wanted.end());
            reader.lines(message, 0, message.length);
            Header header = reader.header();
            assertEquals(
                    header.bytes() + header.separator(),
                    new HeaderEnd().in(message, 0, message.length),
                    () -> new String(message, StandardCharsets.ISO_8859_1));
        });
    }

    private static byte[] message(Random random) {
        StringBuilder text = new StringBuilder("A: 1\n");
        for (int n = random.nextInt(40); n > 0; n--) {
            text.append("\r\n\n: ab".charAt(random.nextInt(7)));
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String header(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        return message.substring(0, new HeaderEnd().in(bytes, 0, bytes.length));
    }
}
