package qrate.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import qrate.core.Body;
import qrate.testkit.Seeds;

class HeaderReaderTest {
    private static final Wanted WHO = Wanted.some("from", "sender");

    /// Fed as smtpd does it: pieces of lines, and their ends apart.
    private static Header read(String message, Wanted wanted) {
        HeaderReader reader = new HeaderReader(wanted);
        String[] lines = message.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            byte[] bytes = lines[i].getBytes(UTF_8);
            int half = bytes.length / 2;
            reader.text(bytes, 0, half);
            reader.text(bytes, half, bytes.length - half);
            if (i < lines.length - 1) {
                reader.newline();
            }
        }
        return reader.header();
    }

    private static List<String> values(String message) {
        return read(message, WHO).fields().stream()
                .map(f -> f.place() + " " + f.name() + "=" + f.text())
                .toList();
    }

    @Test
    void keepsTheFieldsThatAreAskedForAndNoOther() {
        assertEquals(List.of("1 from=a@b"), values("To: x@y\nfrom: a@b\nFromage: c@d\n\nFrom: e@f"));
        assertEquals(List.of("0 from=a\t@b"), values("From \t: a\n\t@b\nX-From: c@d\n\n"));
        assertEquals(List.of(), values("Subject: x\n From: a@b\n\nFrom: c@d"));
        assertEquals(List.of(), values(""));
        assertEquals(List.of(), values("\nFrom: a@b\n"));
        assertEquals(List.of("0 from=a", "1 from=b", "2 sender=c"), values("From:a\nFROM:b\nSender:c"));
        assertEquals(List.of("0 from=a", "1 from=b"), values("From:a\nno field\nFrom:b\n"));
        assertEquals(List.of("0 from=a", "1 from=b"), values("From:a\nno field\n From:x\nFrom:b\n"));
        assertEquals(List.of("0 from=a From:b"), values("From:a\n From:b\n"));
        assertEquals(List.of("1 from=a \tx"), values("X: y\nFrom:a\n \tx\n\n"));
        assertEquals(List.of("0 from=ä\0"), values("From: ä\0\r\n\r\nFrom: b\r\n"));
    }

    @Test
    void knowsAMessageWithoutHeader() {
        assertTrue(read("Hello world\nFrom: a@b\n", WHO).headless());
        assertTrue(read("Hello\n", WHO).headless());
        assertTrue(read("from a@b on\n", WHO).headless());
        assertTrue(read(" From: a@b\n\nx", WHO).headless());
        assertTrue(read("ä: b\n", WHO).headless());
        assertTrue(read(": b\n", WHO).headless());
        assertEquals(List.of(), values("Hello world\nFrom: a@b\n"));
        assertFalse(read("\nHello\n", WHO).headless());
        assertFalse(read("X: y\nHello\n", WHO).headless());
        assertFalse(read("From ann@a.test Mon\nX: y\n", WHO).headless());
        assertEquals(List.of("0 from=a"), values(">From ann@a.test Mon\nFrom:a\n"));
    }

    @Test
    void keepsOnlySoMuch() {
        int most = Wanted.Limits.USUAL.fieldBytes();
        Field field = read("From: " + "x".repeat(most) + "\n", WHO).fields().getFirst();
        assertFalse(field.whole());
        assertEquals(most, field.raw().length());
        assertTrue(read("From: x\n".repeat(Wanted.Limits.USUAL.fields() + 1), WHO)
                .cut());
        assertTrue(read("x: y\n".repeat(Wanted.Limits.USUAL.lines() + 1), WHO).cut());
        String large = "From: " + "x".repeat(8000) + "\n";
        Header many = read(large.repeat(9), WHO);
        assertFalse(many.fields().getLast().whole());
        Header whole = read("A: b\nC: d\n\nbody", Wanted.all(10));
        assertFalse(whole.cut());
        Header cut = read("A: b\nC: de\n\nbody", Wanted.all(10));
        assertTrue(cut.cut());
        assertEquals(5, cut.bytes());
        assertTrue(read("x".repeat(100), Wanted.all(10)).cut());
    }

    @Test
    void givesEachFieldAsItStandsAndWhereTheBodyBegins() throws IOException {
        String text = "Received: x\r\n\tby y\r\nSubject : \u00fc\0\r \nX:\n \n\r\nFrom: z\r\n";
        Body message = Body.of(text.getBytes(ISO_8859_1));
        Header header = Header.of(message, Wanted.all(1000));
        assertEquals(
                List.of("Received: x\r\n\tby y\r\n", "Subject : \u00fc\0\r \n", "X:\n \n"),
                header.fields().stream().map(Field::raw).toList());
        assertEquals(
                List.of("received", "subject", "x"),
                header.fields().stream().map(Field::name).toList());
        assertEquals("Subject", header.fields().get(1).written());
        assertEquals("Subject: \u00fc\0  \n", header.fields().get(1).tidy().raw());
        assertEquals("x\tby y", header.value("received").orElseThrow());
        assertEquals("Received: x", header.fields().getFirst().line());
        assertEquals(text.indexOf("\r\nFrom"), header.bytes());
        assertEquals(2, header.separator());
        assertEquals("From: z\r\n", body(text, Wanted.all(1000)));
        assertEquals("Hello\n\nyou", body("Hello\n\nyou", Wanted.all(1000)));
        assertEquals("no field\nZ: z", body("X: y\nno field\nZ: z", Wanted.all(1000)));
        assertEquals("", body("X: y\nno field\nZ: z", Wanted.some("x")));
        assertEquals("", body("X: y", Wanted.all(1000)));
        assertEquals("", body("X: y\n" + "z".repeat(9000), Wanted.some("x")));
    }

    private static String body(String text, Wanted wanted) throws IOException {
        InputStream in = new ByteArrayInputStream(text.getBytes(ISO_8859_1));
        return new String(Header.split(in, wanted).body().readAllBytes(), ISO_8859_1);
    }

    private static byte[] message(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append(new String[] {"From", ":", " ", "\t", "\n", "x", "ä", "\0", "\r", "Sender:", "\r\n", "From "}
                    [random.nextInt(12)]);
        }
        if (random.nextInt(20) == 0) {
            text.insert(random.nextInt(text.length() + 1), "y".repeat(8180 + random.nextInt(20)));
        }
        return text.toString().getBytes(UTF_8);
    }

    /// In whatever pieces it comes, it is the same header, and header, empty line and body are the message.
    @Test
    void readsAnythingToAnEndAndLosesNoByte() {
        Seeds.forAll(5_000, random -> {
            byte[] message = message(random);
            Wanted wanted = random.nextBoolean() ? WHO : Wanted.all(100_000);
            HeaderReader pieces = new HeaderReader(wanted);
            for (int at = 0; at < message.length; ) {
                int to = Math.min(message.length, at + 1 + random.nextInt(9));
                pieces.lines(message, at, to);
                at = to;
            }
            try {
                Header.Split split = Header.split(new Dribble(message, random), wanted);
                assertEquals(split.header(), pieces.header());
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                int start = (int) split.header().bytes();
                all.write(message, 0, start + split.header().separator());
                all.write(split.body().readAllBytes());
                assertArrayEquals(message, all.toByteArray());
                if (!new String(message, ISO_8859_1).contains("From ") && wanted.strict()) {
                    StringBuilder raw = new StringBuilder();
                    split.header().fields().forEach(field -> raw.append(field.raw()));
                    assertEquals(new String(message, 0, start, ISO_8859_1), raw.toString());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            read(new String(message, UTF_8), WHO)
                    .fields()
                    .forEach(f -> assertFalse(f.value().contains("\n")));
        });
    }

    /// Eight megabytes of whatever costs most.
    @Test
    @Timeout(60)
    void takesTimeThatGrowsWithTheLengthAlone() throws IOException {
        for (String piece :
                new String[] {"a", ":", " ", "a:", "a:\n", "a: b\n c\n", "a \n", "\r", "a:\n\r", "From \n", "\n "}) {
            byte[] bytes = ("x: y\n" + piece.repeat((8 << 20) / piece.length())).getBytes(ISO_8859_1);
            Header all = Header.of(Body.of(bytes), Wanted.all(bytes.length));
            all.fields()
                    .forEach(field ->
                            assertTrue(field.value().length() < field.raw().length()));
            assertTrue(Header.of(Body.of(bytes), WHO).fields().isEmpty());
        }
    }

    /// Gives a few bytes at a time, as a socket may.
    private static final class Dribble extends ByteArrayInputStream {
        private final Random random;

        Dribble(byte[] bytes, Random random) {
            super(bytes);
            this.random = random;
        }

        @Override
        public synchronized int read(byte[] into, int offset, int length) {
            return super.read(into, offset, Math.min(length, 1 + random.nextInt(300)));
        }
    }
}
