package qrate.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import qrate.testkit.Seeds;

class HeaderReaderTest {
    private static HeaderReader read(String message) {
        HeaderReader reader = new HeaderReader(Set.of("from", "sender"));
        String[] lines = message.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            byte[] bytes = lines[i].getBytes(StandardCharsets.UTF_8);
            int half = bytes.length / 2;
            reader.text(bytes, 0, half);
            reader.text(bytes, half, bytes.length - half);
            if (i < lines.length - 1) {
                reader.newline();
            }
        }
        reader.finish();
        return reader;
    }

    private static List<String> values(String message) {
        return read(message).fields().stream()
                .map(f -> f.place() + " " + f.name() + "=" + f.value())
                .toList();
    }

    @Test
    void keepsTheFieldsThatAreAskedForAndNoOther() {
        assertEquals(List.of("1 from= a@b"), values("To: x@y\nfrom: a@b\nFromage: c@d\n\nFrom: e@f"));
        assertEquals(List.of("0 from= a\t@b"), values("From \t: a\n\t@b\nX-From: c@d\n\n"));
        assertEquals(List.of(), values("Subject: x\n From: a@b\n\nFrom: c@d"));
        assertEquals(List.of(), values(""));
        assertEquals(List.of(), values("\nFrom: a@b\n"));
        assertEquals(List.of("0 from=a", "1 from=b", "2 sender=c"), values("From:a\nFROM:b\nSender:c"));
        assertEquals(List.of("0 from=a", "1 from=b"), values("From:a\nno field\nFrom:b\n"));
        assertEquals(List.of("0 from=a From:b"), values("From:a\n From:b\n"));
        assertEquals(List.of("1 from=a \tx"), values("X: y\nFrom:a\n \tx\n\n"));
    }

    @Test
    void knowsAMessageWithoutHeader() {
        assertTrue(read("Hello world\nFrom: a@b\n").headless());
        assertTrue(read("Hello\n").headless());
        assertTrue(read(" From: a@b\n\nx").headless());
        assertTrue(read("ä: b\n").headless());
        assertTrue(read(": b\n").headless());
        assertEquals(List.of(), values("Hello world\nFrom: a@b\n"));
        assertFalse(read("\nHello\n").headless());
        assertFalse(read("X: y\nHello\n").headless());
        assertFalse(read("From ann@a.test Mon\nX: y\n").headless());
        assertEquals(List.of("0 from=a"), values(">From ann@a.test Mon\nFrom:a\n"));
    }

    @Test
    void keepsOnlySoMuch() {
        HeaderReader.Field field = read("From: " + "x".repeat(HeaderReader.VALUE_BYTES_MAX) + "\n")
                .fields()
                .getFirst();
        assertFalse(field.whole());
        assertEquals(HeaderReader.VALUE_BYTES_MAX, field.value().length());
        assertTrue(read("From: x\n".repeat(HeaderReader.KEPT_FIELDS_MAX + 1)).overfull());
        String large = "From: " + "x".repeat(8000) + "\n";
        assertFalse(read(large.repeat(9)).fields().getLast().whole());
    }

    @Test
    void readsAnythingToAnEnd() {
        Seeds.forAll(5_000, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(new String[] {"From", ":", " ", "\t", "\n", "x", "ä", "\0", "\r", "Sender:"}
                        [random.nextInt(10)]);
            }
            read(text.toString()).fields().forEach(f -> assertFalse(f.value().contains("\n")));
        });
    }
}
