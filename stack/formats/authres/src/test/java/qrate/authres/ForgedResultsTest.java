package qrate.authres;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.message.Field;
import qrate.message.HeaderWords;

/// RFC 8601 §5: what bears our name and was written by a stranger goes.
class ForgedResultsTest {
    private static final List<String> OURS = List.of("mx.example.test", "bücher.example");

    private static boolean goes(String raw) {
        return AuthenticationResults.mustGo(new Field(HeaderWords.bytes(raw), 0, true), OURS);
    }

    @Test
    void aFieldWithOneOfOurNamesGoes() {
        assertTrue(goes("Authentication-Results: mx.example.test; spf=pass\n"));
        assertTrue(goes("AUTHENTICATION-results : MX.Example.TEST ; spf=pass\n"));
        assertTrue(goes("Authentication-Results:\r\n\t\"mx.example.test\" 1; none\r\n"));
        assertTrue(goes("Authentication-Results: (x) mx.example.test (y); none\n"));
        assertTrue(goes("Authentication-Results: mx.example.test.; none\n"));
        assertTrue(goes("Authentication-Results: mx.example.test; and then nonsense\n"));
        assertTrue(goes("Authentication-Results: mx.example.test\n"));
    }

    @Test
    void ourNameIsTheSameInUnicodeAndInAscii() {
        assertTrue(goes("Authentication-Results: xn--bcher-kva.example; none\n"));
        assertTrue(goes("Authentication-Results: BÜCHER.example; none\n"));
        assertTrue(goes("Authentication-Results: \"bücher.example\"; none\n"));
    }

    @Test
    void anothersNameStays() {
        assertFalse(goes("Authentication-Results: mx.example.org; spf=pass\n"));
        assertFalse(goes("Authentication-Results: evil.mx.example.test; spf=pass\n"));
        assertFalse(goes("Authentication-Results: mx.example.test.evil.example; spf=pass\n"));
    }

    @Test
    void anotherFieldStays() {
        assertFalse(goes("ARC-Authentication-Results: i=1; mx.example.test; spf=pass\n"));
        assertFalse(goes("X-Authentication-Results: mx.example.test; spf=pass\n"));
    }

    @Test
    void anUnknownVersionGoesWhosesoeverItIs() {
        assertTrue(goes("Authentication-Results: mx.example.org 2; spf=pass\n"));
        assertFalse(goes("Authentication-Results: mx.example.org 1; spf=pass\n"));
    }

    @Test
    void whatNobodyCanTellGoes() {
        assertTrue(goes("Authentication-Results: mx.(x)example.test; spf=pass\n"));
        assertTrue(goes("Authentication-Results: (open mx.example.org; spf=pass\n"));
        assertTrue(goes("Authentication-Results: \"mx.example.test; spf=pass\n"));
        assertTrue(goes("Authentication-Results: \n"));
        assertTrue(goes("Authentication-Results: ; spf=pass\n"));
        assertTrue(goes("Authentication-Results: mx.example.org mx.example.test; spf=pass\n"));
        assertTrue(AuthenticationResults.mustGo(
                new Field("Authentication-Results: mx.example.org; spf=pass\n", 0, false), OURS));
    }
}
