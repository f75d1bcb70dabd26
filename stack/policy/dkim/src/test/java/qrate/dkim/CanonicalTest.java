package qrate.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.testkit.Seeds;

class CanonicalTest {
    private static final List<BodyHash> BOTH =
            List.of(new BodyHash(false, BodyHash.WHOLE), new BodyHash(true, BodyHash.WHOLE));

    /// RFC 6376 §3.4.5.
    @Test
    void theExamplesOfTheRfcComeOutAsThere() {
        assertEquals("a:X\r\n", HeaderHash.canonical("A: X\n", true));
        assertEquals("b:Y Z\r\n", HeaderHash.canonical("B : Y\t\n\tZ  \n", true));
        assertEquals("A: X\r\n", HeaderHash.canonical("A: X\n", false));
        assertEquals("B : Y\t\r\n\tZ  \r\n", HeaderHash.canonical("B : Y\t\n\tZ  \n", false));
        assertBody(" C\r\nD E\r\n", true, " C \nD \t E\n\n\n");
        assertBody(" C \r\nD \t E\r\n", false, " C \nD \t E\n\n\n");
    }

    @Test
    void anEmptyBodyIsOneLineEndInTheSimpleFormAndNothingInTheRelaxedOne() {
        assertBody("\r\n", false, "");
        assertBody("", true, "");
        assertBody("\r\n", false, "\n\r\n\n");
        assertBody("", true, " \n\t\n");
    }

    @Test
    void aLineEndIsAddedWhereTheLastOneIsMissing() {
        assertBody("a\r\n", false, "a");
        assertBody("a\r\n", true, "a ");
        assertBody("a\r\n\r\n b\r\n", true, "a\n\n\t b\n \n");
    }

    @Test
    void aFieldWithoutAValueKeepsItsColon() {
        assertEquals("subject:\r\n", HeaderHash.canonical("Subject:\n", true));
        assertEquals("subject:\r\n", HeaderHash.canonical("Subject: \t\n \n", true));
    }

    @Test
    void aCarriageReturnAloneIsACharacterLikeOthers() {
        assertEquals("a:b\r\r\n", HeaderHash.canonical("A: b\r\n", true));
        assertEquals("A: b\r\r\n", HeaderHash.canonical("A: b\r\n", false));
        assertBody("a\r\r\n b\r\r\n", true, "a\r\r\n\tb\r");
    }

    @Test
    void bytesBeyondAsciiStayAsTheyAre() {
        assertEquals("a:\u00e4\u0085 \u00ff\r\n", HeaderHash.canonical("A: \u00e4\u0085  \u00ff \n", true));
        assertBody("\u00a0 \u0085\r\n", true, "\u00a0 \u0085 \n");
    }

    private static void assertBody(String canonical, boolean relaxed, String body) {
        Content content = content("A: b\n\n" + body, Content.Form.RECEIVED, Integer.MAX_VALUE);
        assertArrayEquals(
                Algorithm.sha256().digest(canonical.getBytes(ISO_8859_1)),
                content.hash(new BodyHash(relaxed, BodyHash.WHOLE)).orElseThrow());
        assertEquals(canonical.length(), content.bodyBytes(relaxed));
    }

    private static Content content(String message, Content.Form form, int piece) {
        byte[] bytes = message.getBytes(ISO_8859_1);
        Content.Reader reader = new Content.Reader(form, Limits.USUAL, List.of(_ -> BOTH));
        for (int at = 0; at < bytes.length; at += Math.min(piece, bytes.length - at)) {
            reader.write(bytes, at, at + Math.min(piece, bytes.length - at));
        }
        return reader.end();
    }

    @Test
    void inPiecesOfAnyLengthAMessageIsTheSame() {
        Seeds.forAll(2_000, random -> {
            String message = message(random);
            for (Content.Form form : Content.Form.values()) {
                Content whole = content(message, form, Integer.MAX_VALUE);
                Content pieces = content(message, form, 1 + random.nextInt(9));
                assertEquals(whole.header(), pieces.header());
                for (BodyHash hash : BOTH) {
                    assertArrayEquals(
                            whole.hash(hash).orElseThrow(), pieces.hash(hash).orElseThrow());
                    assertEquals(whole.bodyBytes(hash.relaxed()), pieces.bodyBytes(hash.relaxed()));
                }
            }
        });
    }

    @Test
    void writtenLineByLineABodyIsWhatItIsAsAWhole() {
        Seeds.forAll(2_000, random -> {
            String body = text(random, "ab \t\n\r.", 40).replace("\r", random.nextBoolean() ? "" : "\r");
            assertBody(plain(body, false), false, body);
            assertBody(plain(body, true), true, body);
        });
    }

    /// The text of RFC 6376 §3.4.3 and §3.4.4, step by step, over the whole body.
    private static String plain(String body, boolean relaxed) {
        String lines = body.replace("\r\n", "\n");
        StringBuilder out = new StringBuilder();
        for (String line : (lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines).split("\n", -1)) {
            out.append(relaxed ? line.replaceAll("[ \t]+", " ").replaceAll(" \\z", "") : line)
                    .append("\n");
        }
        String text = out.toString();
        while (text.endsWith("\n")) {
            text = text.substring(0, text.length() - 1);
        }
        boolean empty = relaxed && text.isEmpty();
        return empty ? "" : text.replace("\n", "\r\n") + "\r\n";
    }

    /// What is read of a message as it leaves is what leaves.
    @Test
    void aMessageAsSentHasTheBytesThatLeaveBySmtp() {
        Seeds.forAll(2_000, random -> {
            String message = message(random);
            try {
                Content before = content(message, Content.Form.SENT, 1 + random.nextInt(9));
                byte[] wire = Post.sent(message.getBytes(ISO_8859_1));
                Content after = Content.of(Body.of(wire), Content.Form.RECEIVED, Limits.USUAL, List.of(_ -> BOTH));
                assertEquals(before.header().fields(), after.header().fields());
                for (BodyHash hash : BOTH) {
                    assertArrayEquals(
                            before.hash(hash).orElseThrow(), after.hash(hash).orElseThrow());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static String message(Random random) {
        StringBuilder message = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            message.append(random.nextInt(8) == 0 ? "" : "N: ").append(text(random, "ab \t\r\u00e4", 10));
            message.append(random.nextInt(4) == 0 ? "\r\n" : "\n").append(random.nextInt(3) == 0 ? " more\n" : "");
        }
        return message + (random.nextInt(5) == 0 ? "" : "\n") + text(random, "ab \t\n\r.\u00e4", 30);
    }

    private static String text(Random random, String of, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i > 0; i--) {
            text.append(of.charAt(random.nextInt(of.length())));
        }
        return text.toString();
    }
}
