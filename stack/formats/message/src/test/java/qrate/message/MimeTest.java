package qrate.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.testkit.Seeds;

class MimeTest {
    private static String text(Body body) throws IOException {
        try (InputStream in = body.open()) {
            String text = new String(in.readAllBytes(), ISO_8859_1);
            assertEquals(body.size(), text.length());
            return text;
        }
    }

    private static Body body(String text) {
        return Body.of(text.getBytes(ISO_8859_1));
    }

    @Test
    void writesATextAndParts() throws IOException {
        String type = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n";
        assertEquals("Subject: x\nMIME-Version: 1.0\n" + type + "hi\n", text(Mime.text("Subject: x\n", "hi\n")));
        Body message = Mime.multipart(
                "Subject: x\n",
                "mixed",
                "7",
                List.of(
                        Mime.Part.text("hi"),
                        new Mime.Part("Content-Type: message/rfc822\n", body("A: b\n\n=_qrate_7_0_"))));
        assertEquals(
                "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed;\n\tboundary=\"=_qrate_7_1_=\"\n\n"
                        + "--=_qrate_7_1_=\n" + type + "hi\n--=_qrate_7_1_=\nContent-Type: message/rfc822\n\n"
                        + "A: b\n\n=_qrate_7_0_\n--=_qrate_7_1_=--\n",
                text(message));
    }

    /// What is written can be taken apart into what it was made of, whatever its parts say of boundaries.
    @Test
    void readsBackThePartsOfAnyMessage() {
        Seeds.forAll(500, random -> {
            List<String> contents = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                contents.add(content(random));
            }
            try {
                String message = text(Mime.multipart(
                        "",
                        "mixed",
                        "7",
                        contents.stream()
                                .map(one -> new Mime.Part("X: y\n", body(one)))
                                .toList()));
                Header.Split split = Header.split(body(message).open(), Wanted.some("content-type"));
                String type = split.header().value("content-type").orElseThrow();
                String boundary = type.substring(type.indexOf('"') + 1, type.length() - 1);
                assertTrue(boundary.length() <= 70, boundary);
                String rest = "\n" + new String(split.body().readAllBytes(), ISO_8859_1);
                String[] parts = rest.split("\n--" + boundary, -1);
                assertEquals(contents.size() + 2, parts.length, message);
                for (int i = 0; i < contents.size(); i++) {
                    assertEquals("\nX: y\n\n" + contents.get(i), parts[i + 1]);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static String content(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            text.append(new String[] {
                        "=", "=_", "=_qrate_7_", "0", "1", "2", "_=", "\n", "--", "--=_qrate_7_0_=", "9".repeat(12)
                    }
                    [random.nextInt(11)]);
        }
        return text.toString();
    }

    @Test
    void writesEncodedWordsThatAreReadBackForAnyText() {
        assertEquals("[team]", EncodedWords.encoded("[team]"));
        assertEquals("=?utf-8?B?w7w=?=", EncodedWords.encoded("\u00fc"));
        Seeds.forAll(500, random -> {
            StringBuilder text = new StringBuilder("\u00fc");
            for (int i = random.nextInt(200); i > 0; i--) {
                text.append(new String[] {"a", " ", "\u00fc", "\u20ac", "\ud83d\ude00", "?="}[random.nextInt(6)]);
            }
            String words = EncodedWords.encoded(text.toString());
            assertEquals(Optional.of(text.toString()), EncodedWords.decoded(words));
            for (String word : words.split(" ", -1)) {
                assertTrue(word.length() <= 75 && word.length() == word.getBytes(UTF_8).length, word);
            }
        });
    }
}
