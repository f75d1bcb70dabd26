package qrate.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class LogTest {
    @Test
    void keepsRemoteTextOnOneLine() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Log(new PrintStream(out, true, UTF_8), Log.Stamp.NONE, InstantSource.system())
                .line("from <a\r\nend msg 1\u2028\u202e\u0085\0>");
        assertEquals("from <a\\x0d\\x0aend msg 1\\u2028\\u202e\\u0085\\x00>\n", out.toString(UTF_8));
    }

    @Test
    void cutsAnEndlessLine() {
        String line = Log.escape("x".repeat(1_000_000));
        assertTrue(line.length() < Log.LINE_CHARS_MAX + 20 && line.endsWith("[cut]"), line);
    }

    @Test
    void stampsAsTai64nlocalReads() {
        // daemontools adds 2^62 and ten seconds: 922892400 + 10 is 0x3702387a
        assertEquals("@400000003702387a00000001", Log.tai64n(Instant.ofEpochSecond(922_892_400, 1)));
    }

    @Test
    void stampsIso() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Log(new PrintStream(out, true, UTF_8), Log.Stamp.ISO, () -> Instant.EPOCH).line("status");
        assertEquals("1970-01-01T00:00:00Z status\n", out.toString(UTF_8));
    }
}
