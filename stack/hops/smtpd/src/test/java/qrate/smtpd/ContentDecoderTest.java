package qrate.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.testkit.Seeds;

class ContentDecoderTest {
    private static final class Kept implements ContentDecoder.Sink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void text(byte[] from, int offset, int length) {
            bytes.write(from, offset, length);
        }

        @Override
        public void newline() {
            bytes.write('\n');
        }
    }

    private record Outcome(String content, int used, boolean ended, boolean bare) {}

    /// The rules of RFC 5321 §4.5.2 in their plainest form, on the whole input at once.
    private static Outcome reference(String input) {
        StringBuilder content = new StringBuilder();
        int at = 0;
        while (true) {
            int end = at;
            while (end < input.length() && input.charAt(end) != '\r' && input.charAt(end) != '\n') {
                end++;
            }
            if (end == input.length() || (input.charAt(end) == '\r' && end + 1 == input.length())) {
                String rest = input.substring(at, end);
                content.append(rest.startsWith(".") ? rest.substring(1) : rest);
                return new Outcome(content.toString(), input.length(), false, false);
            }
            if (!input.startsWith("\r\n", end)) {
                String rest = input.substring(at, end);
                content.append(rest.startsWith(".") ? rest.substring(1) : rest);
                return new Outcome(content.toString(), end + (input.charAt(end) == '\n' ? 1 : 2), false, true);
            }
            String line = input.substring(at, end);
            at = end + 2;
            if (line.equals(".")) {
                return new Outcome(content.toString(), at, true, false);
            }
            content.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
        }
    }

    @Test
    void agreesWithTheReferenceHoweverTheBytesAreSplit() {
        String alphabet = "\r\n..a\0\u00e9";
        Seeds.forAll(20_000, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(random.nextInt(3) == 0 ? "\r\n" : alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String input = text.toString();
            byte[] bytes = input.getBytes(StandardCharsets.ISO_8859_1);
            Kept kept = new Kept();
            ContentDecoder decoder = new ContentDecoder(true, false, kept);
            int used = 0;
            try {
                while (used < bytes.length && !decoder.ended() && !decoder.bare()) {
                    used = decoder.feed(bytes, used, Math.min(bytes.length, used + 1 + random.nextInt(5)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Outcome outcome = new Outcome(
                    kept.bytes.toString(StandardCharsets.ISO_8859_1), used, decoder.ended(), decoder.bare());
            assertEquals(reference(input), outcome, () -> escaped(input));
        });
    }

    private static String escaped(String input) {
        return input.replace("\r", "<CR>").replace("\n", "<LF>");
    }

    /// The sequences by which CVE-2023-51764, -51765 and -51766 and their family end a message early.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n.\n",
                "a\n.\r\n",
                "a\r\n.\n",
                "a\r.\r",
                "a\r.\r\n",
                "a\r\n.\r",
                "a\r\n.\r\r\n",
                "a\r\n\n.\r\n",
                "a\r\r\n.\r\n",
                "a\r\n.\rb",
                "a\n\r\n.\r\n",
                "\n.\r\n",
                "\r.\r\n"
            })
    void endsAtNothingThatOnlyLooksLikeTheEnd(String smuggled) throws IOException {
        byte[] bytes = (smuggled + "MAIL FROM:<evil@example.test>\r\n").getBytes(StandardCharsets.ISO_8859_1);
        for (int step = 1; step <= bytes.length; step++) {
            ContentDecoder decoder = new ContentDecoder(true, false, new Kept());
            for (int i = 0; i < bytes.length && !decoder.bare() && !decoder.ended(); i += step) {
                decoder.feed(bytes, i, Math.min(bytes.length, i + step));
            }
            assertTrue(decoder.bare() && !decoder.ended(), escaped(smuggled) + " in steps of " + step);
        }
    }

    @Test
    void knowsLongLinesAndNulWithoutStopping() throws IOException {
        byte[] good = ("x".repeat(ContentDecoder.LINE_BYTES_MAX) + "\r\n.\r\n").getBytes(StandardCharsets.US_ASCII);
        ContentDecoder decoder = new ContentDecoder(true, false, new Kept());
        assertEquals(good.length, decoder.feed(good, 0, good.length));
        assertTrue(decoder.ended() && !decoder.longLine() && !decoder.nul());
        byte[] bad =
                ("x".repeat(ContentDecoder.LINE_BYTES_MAX + 1) + "\r\n\0\r\n.\r\n").getBytes(StandardCharsets.US_ASCII);
        decoder = new ContentDecoder(true, false, new Kept());
        assertEquals(bad.length, decoder.feed(bad, 0, bad.length));
        assertTrue(decoder.ended() && decoder.longLine() && decoder.nul());
    }

    @Test
    void takesDotsInChunksAsTheyAreAndFinishesTheLastLine() throws IOException {
        Kept kept = new Kept();
        ContentDecoder decoder = new ContentDecoder(false, false, kept);
        byte[] bytes = "..a\r\n.\r\nb".getBytes(StandardCharsets.US_ASCII);
        assertEquals(bytes.length, decoder.feed(bytes, 0, bytes.length));
        decoder.finish();
        assertEquals("..a\n.\nb\n", kept.bytes.toString(StandardCharsets.US_ASCII));
        assertFalse(decoder.ended() || decoder.bare());
        decoder = new ContentDecoder(false, false, new Kept());
        decoder.feed(new byte[] {'a', '\r'}, 0, 2);
        decoder.finish();
        assertTrue(decoder.bare());
    }

    /// What mending makes of an input: every bare CR or LF a line's end, CRs before a CRLF a part of that, and dots
    /// taken away only behind CRLF.
    private static Outcome mended(String input) {
        int end = input.startsWith(".\r\n") ? 3 : input.indexOf("\r\n.\r\n") + 5;
        String whole = end < 3 || (end == 4 && !input.startsWith(".\r\n")) ? input : input.substring(0, end);
        boolean ended = !whole.equals(input) || input.equals(".\r\n") || input.endsWith("\r\n.\r\n");
        String content = ended ? whole.substring(0, whole.length() - 3) : whole;
        StringBuilder lines = new StringBuilder();
        boolean begin = true;
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '.' && begin) {
                begin = false;
                continue;
            }
            begin = false;
            int crs = i;
            while (crs < content.length() && content.charAt(crs) == '\r') {
                crs++;
            }
            if (crs > i && crs < content.length() && content.charAt(crs) == '\n') {
                lines.append('\n');
                i = crs;
                begin = true;
            } else if (crs > i && crs == content.length()) {
                break; // nobody knows yet
            } else {
                lines.append(c == '\r' ? '\n' : c);
            }
        }
        return new Outcome(lines.toString(), whole.length(), ended, false);
    }

    @Test
    void mendsBareEndingsWhichNeverEndAnythingHoweverTheBytesAreSplit() {
        String alphabet = "\r\n..a\u00e9";
        Seeds.forAll(20_000, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(random.nextInt(3) == 0 ? "\r\n" : alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String input = text.toString();
            byte[] bytes = input.getBytes(StandardCharsets.ISO_8859_1);
            Kept kept = new Kept();
            ContentDecoder decoder = new ContentDecoder(true, true, kept);
            int used = 0;
            try {
                while (used < bytes.length && !decoder.ended()) {
                    used = decoder.feed(bytes, used, Math.min(bytes.length, used + 1 + random.nextInt(5)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Outcome outcome = new Outcome(
                    kept.bytes.toString(StandardCharsets.ISO_8859_1), used, decoder.ended(), decoder.bare());
            assertEquals(mended(input), outcome, () -> escaped(input));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a\\n.\\nb|a\\n.\\nb",
                "a\\n.\\r\\nb|a\\n.\\nb",
                "a\\r\\n.\\nb|a\\n\\nb",
                "a\\r.\\r\\nb|a\\n.\\nb",
                "a\\r\\r\\nb|a\\nb",
                "a\\r\\rb|a\\n\\nb",
                "a\\n\\r\\nb|a\\n\\nb",
                "a\\r\\n.\\rb|a\\n\\nb",
                "a\\r\\n..\\nb|a\\n.\\nb"
            })
    void mendsEachKindOfBareEnding(String input, String content) throws IOException {
        Kept kept = new Kept();
        ContentDecoder decoder = new ContentDecoder(true, true, kept);
        byte[] bytes = (plain(input) + "\r\n.\r\n").getBytes(StandardCharsets.US_ASCII);
        assertEquals(bytes.length, decoder.feed(bytes, 0, bytes.length));
        assertTrue(decoder.ended());
        assertEquals(plain(content) + "\n", kept.bytes.toString(StandardCharsets.US_ASCII));
    }

    private static String plain(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n");
    }
}
