package qrate.mtasts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// RFC 8461 §3.2, §4.1 and appendix A.
class StsPolicyTest {
    private static final String EXAMPLE = """
            version: STSv1
            mode: enforce
            mx: mail.example.com
            mx: *.example.net
            mx: backupmx.example.com
            max_age: 604800
            """;

    @Test
    void readsTheStandardsExampleWithEitherLineEnd() {
        StsPolicy expected = new StsPolicy(
                StsMode.ENFORCE,
                Duration.ofDays(7),
                List.of("mail.example.com", "*.example.net", "backupmx.example.com"));
        assertEquals(expected, good(EXAMPLE));
        assertEquals(expected, good(EXAMPLE.replace("\n", "\r\n")));
        assertEquals(expected, good(EXAMPLE.strip()));
    }

    @Test
    void letsAStarStandForOneLabelAlone() {
        StsPolicy policy = good(EXAMPLE);
        assertTrue(policy.names("mx1.example.net"));
        assertTrue(policy.names("MX1.Example.NET"));
        assertFalse(policy.names("example.net"));
        assertFalse(policy.names(".example.net"));
        assertFalse(policy.names("a.mx1.example.net"));
        assertFalse(policy.names("mail.example.com.evil.test"));
        assertFalse(policy.names(""));
    }

    @Test
    void comparesNamesInUnicodeAndInAsciiAlike() {
        StsPolicy unicode = good("version: STSv1\nmode: enforce\nmx: *.bücher.example\nmax_age: 1\n");
        assertTrue(unicode.names("mx.xn--bcher-kva.example"));
        StsPolicy ascii = good("version: STSv1\nmode: enforce\nmx: mx.xn--bcher-kva.example.\nmax_age: 1\n");
        assertTrue(ascii.names("mx.bücher.example"));
    }

    @Test
    void takesTheFirstOfFieldsThatStandTwiceAndPassesOverUnknownOnes() {
        StsPolicy policy = good(
                "version: STSv1\nversion: STSv2\nnew_field: a:b\nmode: testing\nmode: enforce\nmx: a.test\nmax_age: 5\n");
        assertEquals(StsMode.TESTING, policy.mode());
    }

    @Test
    void needsNoHostWhereItsModeIsNone() {
        assertEquals(
                new StsPolicy(StsMode.NONE, Duration.ofDays(1), List.of()),
                good("version: STSv1\nmode: none\nmax_age: 86400\n"));
    }

    @Test
    void isKeptForAYearAtMost() {
        assertEquals(
                31_557_600,
                good(EXAMPLE.replace("604800", "9999999999")).maxAge().toSeconds());
    }

    @Test
    void isBadInWordsWhereAnythingIsMissingOrWrong() {
        assertBad("its version is not STSv1", EXAMPLE.replace("STSv1", "STSv2"));
        assertBad("its mode is none of enforce, testing, none", EXAMPLE.replace("enforce", "Enforce"));
        assertBad("it names no mx", "version: STSv1\nmode: enforce\nmax_age: 86400\n");
        assertBad("its max_age is no number of seconds", EXAMPLE.replace("604800", "-1"));
        assertBad("its max_age is no number of seconds", EXAMPLE.replace("604800", "99999999999"));
        assertBad("its max_age is no number of seconds", EXAMPLE.replace("max_age", "age"));
        assertBad("a line in it is no field", EXAMPLE + "hello\n");
        assertBad("a line in it is no field", "<!DOCTYPE html>\n<title>404</title>");
        for (String name : List.of("", ".", "*", "*.", "a..b", "a b", "*.*.test", "a/b", "x".repeat(254))) {
            assertBad("an mx in it is no host's name", EXAMPLE + "mx: " + name + "\n");
        }
    }

    @Test
    void hasABoundOfBytesAndOfHosts() {
        assertBad("it has more than 65536 bytes", EXAMPLE + "x: " + "y".repeat(StsPolicy.BYTES_MAX));
        assertBad("it names more than 64 hosts", EXAMPLE + "mx: a.test\n".repeat(StsPolicy.EXCHANGERS_MAX));
    }

    private static StsPolicy good(String text) {
        return assertInstanceOf(StsPolicy.Read.Good.class, StsPolicy.read(text.getBytes(UTF_8)), text)
                .policy();
    }

    private static void assertBad(String why, String text) {
        assertEquals(new StsPolicy.Read.Bad(why), StsPolicy.read(text.getBytes(UTF_8)), text);
    }
}
