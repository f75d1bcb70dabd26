package qrate.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import qrate.testkit.Seeds;

class ReplyReaderTest {
    @Test
    void readsOneLine() throws IOException {
        ReplyReader.Reply reply = reader("250 2.0.0 ok\r\n").read();
        assertEquals(250, reply.code());
        assertEquals("250 2.0.0 ok", reply.text());
        assertTrue(reply.positive());
        assertFalse(reply.permanent());
    }

    @Test
    void readsManyLinesAndThenTheNextReply() throws IOException {
        ReplyReader replies = reader("250-mx.test\r\n250-SIZE 10\r\n250 HELP\r\n550\r\n");
        assertEquals("250-mx.test\n250-SIZE 10\n250 HELP", replies.read().text());
        assertTrue(replies.read().permanent());
    }

    @Test
    void replacesControlCharacters() throws IOException {
        assertEquals("250 a?b c", reader("250 a\u001bb\tc\r\n").read().text());
    }

    @Test
    void tellsTheEndFromGarbage() {
        assertThrows(EOFException.class, () -> reader("").read());
        assertThrows(EOFException.class, () -> reader("250-half\r\n").read());
        for (String garbage :
                new String[] {"hello\r\n", "25\r\n", "999 x\r\n", "250-a\r\n550 b\r\n", "250x\r\n", "\r\n"}) {
            assertThrows(IOException.class, () -> reader(garbage).read(), garbage);
        }
    }

    @Test
    void refusesALineOverTheLimit() {
        assertThrows(
                IOException.class,
                () -> reader("250 " + "a".repeat(ReplyReader.LINE_BYTES_MAX)).read());
    }

    @Test
    void stopsReadingAnEndlessReplyAtTheLimit() {
        long[] given = {0};
        byte[] line = "250-more and more\r\n".getBytes(StandardCharsets.US_ASCII);
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return line[(int) (given[0]++ % line.length)];
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                bytes[offset] = (byte) read();
                return 1;
            }
        };
        assertThrows(IOException.class, () -> new ReplyReader(endless).read());
        assertTrue(given[0] <= ReplyReader.REPLY_BYTES_MAX + ReplyReader.LINE_BYTES_MAX);
    }

    @Test
    void neverThrowsAnythingButIOExceptionForAnyBytes() {
        Seeds.forAll(500, random -> {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            for (int i = 0; i + 5 < noise.length && random.nextBoolean(); i += 6) {
                System.arraycopy("250-\r\n".getBytes(StandardCharsets.US_ASCII), 0, noise, i, 6);
            }
            ReplyReader replies = new ReplyReader(new ByteArrayInputStream(noise));
            try {
                while (true) {
                    int code = replies.read().code();
                    assertTrue(code >= 200 && code < 600);
                }
            } catch (IOException e) {
                assertFalse(e.getClass().getName().isEmpty()); // the expected end
            }
        });
    }

    private static ReplyReader reader(String text) {
        return new ReplyReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
