package qrate.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.testkit.Fuzz;

class MessageFuzzTest {
    private static final List<byte[]> MESSAGES = Fuzz.corpus(
            "Received: from x (HELO y) (192.0.2.1)\n  by z; 1 Jan 2026 00:00:00 -0000\nFrom: a@b\nSubject: x\n\ty\n\nbody\n",
            "From ann Mon Jan  1\nFrom : \"a b\" <@r:a@b>\r\nResent-To: k\r\n\r\nbody",
            "Delivered-To: a@b\nno field\n\n",
            "Content-Type: multipart/mixed; boundary=\"=_qrate_1_0_=\"\n\n--=_qrate_1_0_=--\n");

    /// Entry points: {@link HeaderReader}, {@link Header#split}.
    @Test
    void fields() {
        Fuzz.Outcome outcome = Fuzz.run("fields", MESSAGES, bytes -> {
            Wanted wanted = bytes.length % 2 == 0 ? Wanted.all(32 << 10) : Wanted.some("from", "received", "subject");
            Header.Split split = Header.split(new ByteArrayInputStream(bytes), wanted);
            Header header = split.header();
            HeaderReader pieces = new HeaderReader(wanted);
            for (int at = 0; at < bytes.length; at += 7) {
                pieces.lines(bytes, at, Math.min(bytes.length, at + 7));
            }
            assertEquals(header, pieces.header());
            if (!header.cut()) {
                int body = (int) header.bytes() + header.separator();
                assertArrayEquals(
                        Arrays.copyOfRange(bytes, body, bytes.length),
                        split.body().readAllBytes());
            }
            for (Field field : header.fields()) {
                assertEquals(field.name(), field.tidy().name());
                Authors.of(field.text());
            }
        });
        assertTrue(outcome.runs() > 0);
    }

    /// Entry points: {@link AddressList#parse}, {@link AddressList#strict}, {@link Authors#of}.
    @Test
    void mailboxes() {
        Fuzz.Outcome outcome = Fuzz.run(
                "mailboxes",
                Fuzz.corpus(
                        "a@b, \"c d\" <@r.test:e@f> (x (y)), g: h@[192.0.2.1], j;, k",
                        "=?utf-8?Q?a=40b?= <c@d>, list-@a.test-@[]",
                        "[x] a <b@c.> d . e @ f . g \\h"),
                bytes -> {
                    String text = new String(bytes, ISO_8859_1);
                    AddressList.strict(text);
                    if (AddressList.parse(text) instanceof AddressList.Parsed.Good(var list)) {
                        AddressList.parse(list.text(0));
                    }
                    Authors.of(text);
                });
        assertTrue(outcome.runs() > 0);
    }

    /// Entry point: {@link Mime#multipart}, whose boundary no part may have.
    @Test
    void boundaries() {
        Fuzz.Outcome outcome = Fuzz.run("boundaries", MESSAGES, bytes -> {
            Body message = Mime.multipart("", "mixed", "1", List.of(new Mime.Part("", Body.of(bytes))));
            String text = new String(message.open().readAllBytes(), ISO_8859_1);
            String boundary = text.substring(text.indexOf('"') + 1, text.indexOf("\"\n"));
            assertEquals(4, text.split(java.util.regex.Pattern.quote(boundary), -1).length);
        });
        assertTrue(outcome.runs() > 0);
    }
}
