package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import qrate.testkit.Fuzz;

class CsvTest {
    private static List<List<String>> fields(String text) {
        return Csv.parse(text) instanceof Csv.Parsed.Good(List<Csv.Line> lines)
                ? lines.stream().map(Csv.Line::fields).toList()
                : List.of(List.of("bad"));
    }

    private static Csv.Parsed bad(int line, Csv.Trouble trouble) {
        return new Csv.Parsed.Bad(line, trouble);
    }

    @Test
    void linesAreReadWhateverTheirEnds() {
        assertEquals(List.of(List.of("a", "b"), List.of("c", "")), fields("a,b\r\nc,\r\n"));
        assertEquals(List.of(List.of("a", "b"), List.of("c")), fields("a , b\n\n  \nc"));
        assertEquals(List.of(), fields(""));
        assertEquals(List.of(List.of("", "")), fields(","));
    }

    @Test
    void quotesHoldCommasQuotesAndLines() {
        assertEquals(List.of(List.of("a,b", "c\"d", " e\nf ", "")), fields("\"a,b\",\"c\"\"d\",\" e\nf \",\"\"\n"));
        assertEquals(
                new Csv.Parsed.Good(List.of(new Csv.Line(1, List.of("a\nb")), new Csv.Line(4, List.of("c")))),
                Csv.parse("\"a\nb\"\n\nc\n"));
    }

    @Test
    void whatIsWrongIsNamedByItsLine() {
        assertEquals(bad(2, Csv.Trouble.QUOTE), Csv.parse("a\nb\"c\n"));
        assertEquals(bad(2, Csv.Trouble.QUOTE), Csv.parse("a\n\"b\" c\n"));
        assertEquals(bad(1, Csv.Trouble.QUOTE), Csv.parse("\"a"));
        assertEquals(bad(1, Csv.Trouble.FIELDS), Csv.parse(",".repeat(Csv.FIELDS_MAX)));
        assertEquals(bad(1, Csv.Trouble.FIELD), Csv.parse("x".repeat(Csv.FIELD_CHARS_MAX + 1)));
        assertEquals(bad(303, Csv.Trouble.LINES), Csv.parse("x\n".repeat(Csv.LINES_MAX + 5)));
    }

    @Test
    void noSpreadsheetRunsWhatIsWritten() {
        assertEquals("'=1+1@example.test,\"a,b\"\r\n", Csv.line(List.of("=1+1@example.test", "a,b")));
        assertEquals(List.of(List.of("=1+1@example.test")), fields("'=1+1@example.test"));
        assertEquals(List.of(List.of("'x")), fields("'x"));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Random random = new Random(20261130);
        String letters = "a',\"\n\r =+x\u9673";
        for (int i = 0; i < 2000; i++) {
            List<String> line = new ArrayList<>();
            for (int field = random.nextInt(4); field >= 0; field--) {
                StringBuilder text = new StringBuilder();
                for (int length = random.nextInt(6); length > 0; length--) {
                    text.append(letters.charAt(random.nextInt(letters.length())));
                }
                line.add(text.toString());
            }
            String written = Csv.line(line);
            assertEquals(line.equals(List.of("")) ? List.of() : List.of(line), fields(written), written);
        }
    }

    @Test
    void whateverComesIsReadWithinTheLimits() {
        Fuzz.Outcome outcome = Fuzz.run("csv", Fuzz.corpus("a,b\r\n\"c\"\"d\",e\n", "\"x\n", ",,,\n\n"), bytes -> {
            if (Csv.parse(new String(bytes, UTF_8)) instanceof Csv.Parsed.Good(List<Csv.Line> lines)) {
                assertTrue(lines.size() <= Csv.LINES_MAX);
                lines.forEach(line -> assertTrue(line.fields().size() <= Csv.FIELDS_MAX));
            }
        });
        assertTrue(outcome.runs() > 0);
    }
}
