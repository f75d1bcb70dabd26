package qrate.core;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import qrate.core.LineReader.BadLine;
import qrate.core.LineReader.Ending;

class LineReaderTest {
    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(ISO_8859_1));
    }

    private static String read(LineReader reader, InputStream in) throws IOException {
        return new String(reader.read(in).orElseThrow(), ISO_8859_1);
    }

    @Test
    void readsLinesOneByOne() throws IOException {
        LineReader reader = new LineReader(100, Ending.CRLF);
        InputStream in = stream("NOOP\r\n\r\nQUIT\r\n");
        assertEquals("NOOP", read(reader, in));
        assertEquals("", read(reader, in));
        assertEquals("QUIT", read(reader, in));
        assertTrue(reader.read(in).isEmpty());
    }

    @Test
    void dropsALastLineWithoutEnding() throws IOException {
        assertTrue(new LineReader(100, Ending.CRLF).read(stream("QUI")).isEmpty());
    }

    @Test
    void refusesBareCrAndBareLf() {
        for (String bad : new String[] {"NOOP\n", "NO\rOP\r\n", "\n"}) {
            BadLine refused =
                    assertThrows(BadLine.class, () -> new LineReader(100, Ending.CRLF).read(stream(bad)), bad);
            assertEquals(BadLine.Kind.BARE, refused.kind());
        }
    }

    @Test
    void takesBareLfWhereTheProtocolIsLenient() throws IOException {
        LineReader reader = new LineReader(100, Ending.LF);
        InputStream in = stream("a\nb\r\n");
        assertEquals("a", read(reader, in));
        assertEquals("b", read(reader, in));
    }

    @Test
    void refusesNul() {
        BadLine refused = assertThrows(BadLine.class, () -> new LineReader(100, Ending.LF).read(stream("a\0b\n")));
        assertEquals(BadLine.Kind.NUL, refused.kind());
    }

    @Test
    void countsTheEndingIntoTheLimit() throws IOException {
        assertEquals("abc", read(new LineReader(5, Ending.CRLF), stream("abc\r\n")));
        BadLine refused = assertThrows(BadLine.class, () -> new LineReader(4, Ending.CRLF).read(stream("abc\r\n")));
        assertEquals(BadLine.Kind.LONG, refused.kind());
    }

    @Test
    void growsPastItsFirstBuffer() throws IOException {
        String line = "x".repeat(5000);
        assertEquals(line, read(new LineReader(6000, Ending.CRLF), stream(line + "\r\n")));
    }
}
