package qrate.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.testkit.Seeds;

class FromHeaderTest {
    private static FromHeader read(String message) {
        FromHeader header = new FromHeader();
        for (String line : message.split("\n", -1)) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            int half = bytes.length / 2;
            header.text(bytes, 0, half);
            header.text(bytes, half, bytes.length - half);
            header.newline();
        }
        return header;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ann@a.test|ann@a.test",
                "Ann <ann@a.test>|ann@a.test",
                "Ann B. Example <ann@a.test>|ann@a.test",
                "\"Ann, <bob@b.test>\" <ann@a.test>|ann@a.test",
                "ann@a.test (bob@b.test (nested))|ann@a.test",
                "(x) ann (y) @ (z) a . test|ann@a.test",
                "\"ann b\"@a.test|ann b@a.test",
                "ann@[192.0.2.1]|ann@[192.0.2.1]",
                "<@relay.test,@other.test:ann@a.test>|ann@a.test",
                "ann@a.test, Bob <bob@b.test>|ann@a.test bob@b.test",
                "Us: ann@a.test, bob@b.test;|ann@a.test bob@b.test",
                "Us: ann@a.test; , bob@b.test|ann@a.test bob@b.test",
                "äöü <ännä@a.test>|ännä@a.test"
            })
    void findsEachAddress(String field, String addresses) {
        assertEquals(addresses, String.join(" ", FromHeader.parse(field).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ann",
                "<>",
                "<ann@a.test",
                "ann@a.test>",
                "ann@",
                "@a.test",
                "ann@@a.test",
                "ann@a.test bob@b.test",
                "ann@a.test <bob@b.test>",
                "<ann@a.test> <bob@b.test>",
                "<ann@a.test> x",
                "(ann@a.test",
                "\"ann@a.test",
                "Us: ann@a.test",
                "Us:;",
                "a b@a.test",
                "ann..b@a.test",
                "ann@a..test",
                "ann@[1.2.3.4",
                "ann\\@a.test",
                "ann@a.test;",
                "Us: Them: ann@a.test;;",
                "ann\u0001@a.test"
            })
    void cannotTellWhoElseIsMeant(String field) {
        assertEquals(Optional.empty(), FromHeader.parse(field));
    }

    @Test
    void findsTheFieldAndNoOther() {
        assertEquals(
                Optional.of(List.of("a@b")),
                read("To: x@y\nfrom: a@b\nFromage: c@d\n\nFrom: e@f").addresses());
        assertEquals(
                Optional.of(List.of("a@b")),
                read("From \t:\n a\n\t@b\nX-From: c@d\n\n").addresses());
        assertEquals(
                Optional.of(List.of()),
                read("Subject: x\n From: a@b\n\nFrom: c@d").addresses());
        assertEquals(Optional.of(List.of()), read("").addresses());
        assertEquals(Optional.empty(), read("From: a@b\nFROM: a@b\n").addresses());
        assertEquals(
                Optional.empty(),
                read("From: a@b (" + "x".repeat(FromHeader.FIELD_BYTES_MAX) + ")")
                        .addresses());
    }

    @Test
    void readsAnythingToAnEnd() {
        Seeds.forAll(20_000, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append("ab@.<>,:;()[]\"\\ \t\u00e4\0".charAt(random.nextInt(19)));
            }
            FromHeader.parse(text.toString())
                    .ifPresent(all -> assertFalse(all.isEmpty() || all.stream().anyMatch(a -> a.indexOf('@') < 0)));
            read("From:" + text).addresses();
        });
    }
}
