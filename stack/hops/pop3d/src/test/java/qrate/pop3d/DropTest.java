package qrate.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Budget;
import qrate.maildir.SentSize;
import qrate.testkit.Seeds;

class DropTest {
    @TempDir
    Path root;

    /// The box has no readable message at all: names are enough to open it.
    @Test
    void opensTenThousandMessagesByTheirNamesAlone() throws IOException {
        Box box = new Box(root);
        Path fresh = box.maildir("ann").resolve("new");
        Path nowhere = root.resolve("nowhere");
        for (int i = 0; i < 10_000; i++) {
            Files.createSymbolicLink(fresh.resolve((1000 + i) + ".Q" + i + "R0.host,S=1024,W=1040"), nowhere);
        }
        Drop drop = Drop.open(box.maildir("ann"), InstantSource.system(), Budget.ENDLESS);
        assertEquals(10_000, drop.count());
        drop.measure(() -> fail("a message was read"));
        assertEquals(10_400_000L, drop.octets());
        assertEquals("1000.Q0R0.host,S=1024,W=1040", drop.uid(1));
        assertEquals("10999.Q9999R0.host,S=1024,W=1040", drop.uid(10_000));
    }

    @Test
    void keepsUniqueIdsOverSessionsFlagsAndFolders() throws IOException {
        Box box = new Box(root);
        box.put("ann", "1000.Q1R0.host", "a\n\nb\n");
        String longName = "1001." + "x".repeat(100) + ",S=5";
        box.put("ann", longName, "a\n\nc\n");
        box.put("ann", "1002.caf\u00e9,S=5", "a\n\nd\n");
        Drop first = Drop.open(box.maildir("ann"), InstantSource.system(), Budget.ENDLESS);
        List<String> ids = List.of(first.uid(1), first.uid(2), first.uid(3));
        for (int n = 1; n <= 3; n++) {
            first.send(n, Long.MAX_VALUE, first.message(n), new ByteArrayOutputStream());
            assertTrue(first.uid(n).length() <= Uids.UID_CHARS_MAX);
            assertTrue(first.uid(n).chars().allMatch(c -> c > 0x20 && c < 0x7f));
        }
        first.update();
        assertEquals(List.of(), box.names("ann", "new"));
        Drop second = Drop.open(box.maildir("ann"), InstantSource.system(), Budget.ENDLESS);
        assertEquals(ids, List.of(second.uid(1), second.uid(2), second.uid(3)));
        assertEquals(3, new HashSet<>(ids).size());
    }

    @Test
    void sendsWhatAClientTurnsBackIntoTheMessage() {
        Seeds.forAll(500, random -> {
            byte[] message = message(random);
            byte[] wire = sent(message, Long.MAX_VALUE, 1 + random.nextInt(40));
            String received = unstuffed(wire);
            assertEquals(expected(message), received);
            try {
                assertEquals(received.length(), SentSize.of(new ByteArrayInputStream(message)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// Each line with CRLF, and in the header a CR that ends none as a blank.
    private static String expected(byte[] message) {
        StringBuilder expected = new StringBuilder();
        boolean header = true;
        String text = new String(message, StandardCharsets.ISO_8859_1);
        for (String line : (text.endsWith("\n") || text.isEmpty() ? text : text + "\n").split("(?<=\n)", -1)) {
            String content = line.replaceFirst("\r?\n$", "");
            expected.append(header ? content.replace('\r', ' ') : content).append(line.isEmpty() ? "" : "\r\n");
            header &= !content.isEmpty();
        }
        return expected.toString();
    }

    @Test
    void stopsAfterTheLinesAskedFor() {
        byte[] message = "H: 1\n\n1\n2\n.3\n".getBytes(StandardCharsets.US_ASCII);
        assertEquals("H: 1\r\n\r\n", unstuffed(sent(message, 0, 3)));
        assertEquals("H: 1\r\n\r\n1\r\n2\r\n", unstuffed(sent(message, 2, 3)));
        assertEquals("H: 1\r\n\r\n1\r\n2\r\n.3\r\n", unstuffed(sent(message, 9, 3)));
        byte[] crlf = "H: 1\r\n\r\n1\r\n2\r\n".getBytes(StandardCharsets.US_ASCII);
        assertEquals("H: 1\r\n\r\n1\r\n", unstuffed(sent(crlf, 1, 3)));
        byte[] headless = "\nbody\n".getBytes(StandardCharsets.US_ASCII);
        assertEquals("\r\n", unstuffed(sent(headless, 0, 3)));
    }

    private static byte[] message(Random random) {
        byte[] message = new byte[random.nextInt(300)];
        byte[] alphabet = "..\n\n\r\0ab\u00e4".getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < message.length; i++) {
            message[i] = alphabet[random.nextInt(alphabet.length)];
        }
        return message;
    }

    private static byte[] sent(byte[] message, long lines, int chunk) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            DotWriter dots = new DotWriter(out, lines, chunk);
            ByteArrayInputStream in = new ByteArrayInputStream(message);
            byte[] part = new byte[chunk];
            boolean more = true;
            for (int n = in.read(part); n >= 0 && more; n = in.read(part)) {
                more = dots.write(part, n);
            }
            dots.end();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a client makes of a multi-line reply (RFC 1939 §3); fails unless the dot alone ends it exactly.
    private static String unstuffed(byte[] wire) {
        String text = new String(wire, StandardCharsets.ISO_8859_1);
        List<String> lines = new ArrayList<>(List.of(text.split("\r\n", -1)));
        assertEquals("", lines.removeLast());
        assertEquals(".", lines.removeLast());
        StringBuilder plain = new StringBuilder();
        for (String line : lines) {
            assertTrue(!line.equals("."), "an end in the middle");
            plain.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
        return plain.toString();
    }
}
