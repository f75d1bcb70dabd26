package qrate.authres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.message.Field;
import qrate.message.HeaderWords;
import qrate.testkit.Fuzz;

class AuthresFuzzTest {
    /// Entry points: {@link AuthenticationResults#parse}, {@link AuthenticationResults#mustGo}.
    @Test
    void fields() {
        Fuzz.Outcome outcome = Fuzz.run(
                "authres",
                Fuzz.corpus(
                        "mx.example.test (a (b)) 1; spf=pass reason=\"x y\" smtp.mailfrom=a@b; dkim/1=fail header.i=@c",
                        "\"mx.example.test\"; none",
                        "mx.example.test;\r\n\tdmarc=pass (p=none dis=none) header.from=example.org;"),
                bytes -> {
                    String text = new String(bytes, UTF_8);
                    Field field = Field.of(AuthenticationResults.NAME, HeaderWords.bytes(text));
                    boolean goes = AuthenticationResults.mustGo(field, List.of("mx.example.test"));
                    if (AuthenticationResults.parse(field.text())
                            instanceof AuthenticationResults.Found.Good(var results)) {
                        boolean ours = results.server().equalsIgnoreCase("mx.example.test");
                        assertTrue(goes || !ours, "ours, and it stays");
                        Field again = results.field();
                        AuthenticationResults.parse(again.text());
                        assertEquals(
                                0,
                                again.raw()
                                        .lines()
                                        .skip(1)
                                        .filter(line -> !line.startsWith("\t"))
                                        .count());
                    }
                });
        assertTrue(outcome.runs() > 0);
    }
}
