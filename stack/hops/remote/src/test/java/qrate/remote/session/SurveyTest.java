package qrate.remote.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.smtp.DataWriter;
import qrate.testkit.Seeds;

class SurveyTest {
    @Test
    void tellsEightBitsInTheHeaderFromThoseBehindIt() throws IOException {
        assertFalse(survey("A: 1\n\nb\n").eightBit());
        assertTrue(survey("A: 1\n\n\u00e9\n").eightBit());
        assertFalse(survey("A: 1\n\n\u00e9\n").headerEightBit());
        assertTrue(survey("A: \u00e9\n\nb\n").headerEightBit());
        assertTrue(survey("A: \u00e9\n\nb\n").eightBit());
    }

    /// With dots that are doubled left out (RFC 1870 §3), and the final one.
    @Test
    void countsTheBytesThatDataWriterSends() {
        Seeds.forAll(400, random -> {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(60); n > 0; n--) {
                text.append("\r\n\nA: b".charAt(random.nextInt(7)));
            }
            String message = text.append('\n').toString();
            try {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                DataWriter writer = new DataWriter(out);
                byte[] bytes = bytes(message);
                writer.write(bytes, 0, bytes.length);
                writer.finish();
                assertEquals(out.size() - ".\r\n".length(), survey(message).wireBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Survey survey(String message) throws IOException {
        return Survey.of(Body.of(bytes(message)));
    }

    private static byte[] bytes(String message) {
        return message.getBytes(StandardCharsets.ISO_8859_1);
    }
}
