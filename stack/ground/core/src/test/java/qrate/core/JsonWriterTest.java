package qrate.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// JSON as `--json` prints it.
class JsonWriterTest {
    @Test
    void writesEachKindOfValue() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("text", "a");
        all.put("number", 1L << 40);
        all.put("truth", true);
        all.put("list", List.of(1, List.of(), "b"));
        all.put("object", Map.of("x", Map.of()));
        assertEquals(
                "{\"text\":\"a\",\"number\":1099511627776,\"truth\":true,\"list\":[1,[],\"b\"],\"object\":{\"x\":{}}}",
                JsonWriter.write(all));
    }

    @Test
    void escapesWhatEndsATextOrDoesNotShow() {
        assertEquals(
                "\"a\\\"b\\\\c\\nd\\re\\tf\\u0000\\u001b\\u007f\\u009b\"",
                JsonWriter.write("a\"b\\c\nd\re\tf\0\u001b\u007f\u009b"));
        assertEquals("\"\\u2028\\u2029\\u202e\\ufeff\"", JsonWriter.write("\u2028\u2029\u202e\ufeff"));
        assertEquals("\"\\ud800x\"", JsonWriter.write("\ud800x"));
        assertEquals("{\"a\\\"\":1}", JsonWriter.write(Map.of("a\"", 1)));
    }

    @Test
    void leavesOtherLettersAsTheyAre() {
        assertEquals("\"陳 é 😀 </script>\"", JsonWriter.write("陳 é 😀 </script>"));
    }

    @Test
    void knowsNoOtherValues() {
        assertThrows(IllegalArgumentException.class, () -> JsonWriter.write(List.of('c')));
    }

    @Test
    void printsUtf8WhateverTheStreamIsFor() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.US_ASCII);
        JsonWriter.print(List.of("陳"), print);
        assertEquals("[\"陳\"]\n", out.toString(UTF_8));
    }

    @Test
    void printsLongListsAnItemALine() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        new JsonWriter.Items(print).end();
        JsonWriter.Items items = new JsonWriter.Items(print);
        items.add(1);
        items.add(Map.of("a", "b"));
        items.end();
        assertEquals("[]\n[\n1,\n{\"a\":\"b\"}\n]\n", out.toString(UTF_8));
    }
}
