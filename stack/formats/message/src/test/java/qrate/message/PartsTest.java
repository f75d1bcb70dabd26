package qrate.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.core.Body;
import qrate.testkit.Fuzz;

class PartsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a/b; boundary=x | x",
                "a/b; Boundary=\"x; y=\\\"z\" | x; y=\"z",
                "a/b; x=\"boundary=no\"; boundary = yes ; z=1 | yes",
                "a/b; xboundary=no | ``",
                "a/b; boundary | ``",
                "boundary=no | ``",
                "a/b; boundary=\"x | \"x",
                "; = ; =; | ``",
            })
    void parametersAreReadAsTheyAreWritten(String value, String boundary) {
        assertEquals(boundary, Parts.parameter(value, "boundary"));
    }

    @Test
    void whatWasCutInTheMiddleOfItsLettersIsDecodedAsFarAsItGoes() throws IOException {
        String head = "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n";
        String whole = "SGVsbG8gd29ybGQh"; // Hello world!
        for (int end = 4; end <= whole.length(); end++) {
            List<Parts.Leaf> parts = Parts.of((head + whole.substring(0, end)).getBytes(ISO_8859_1));
            String text = new String(parts.getFirst().content(), ISO_8859_1);
            assertTrue("Hello world!".startsWith(text) && text.length() >= end / 4 * 3, end + text);
        }
    }

    /// Entry points: {@link Parts#of}, {@link MessageText#of}.
    @Test
    void whateverComesIsReadWithinTheLimits() {
        Fuzz.Outcome outcome = Fuzz.run(
                "parts",
                Fuzz.corpus(
                        """
                        From: =?utf-8?B?6Zmz?= <a@b.test>
                        Subject: =?utf-8?Q?=3Cscript=3E?=
                        Content-Type: multipart/a; boundary=b

                        --b
                        Content-Type: multipart/b; boundary="c"

                        --c
                        Content-Type: text/plain; charset=big5
                        Content-Transfer-Encoding: base64

                        s6+m0g==
                        --c--
                        --b--
                        """,
                        "Content-Type: text/html; name=\"a\nContent-Transfer-Encoding: quoted-printable\n\n=3D=\n=\r\n=4"),
                bytes -> {
                    assertTrue(Parts.of(bytes).size() <= Parts.PARTS_MAX);
                    MessageText reading = MessageText.of(Body.of(bytes));
                    assertTrue(reading.text().length() <= MessageText.TEXT_CHARS_MAX);
                    String all = reading.from() + reading.subject() + reading.date() + reading.to();
                    assertEquals(0, all.chars().filter(Character::isISOControl).count());
                });
        assertTrue(outcome.runs() > 0);
    }
}
