package qrate.checkpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordRuleTest {
    @Test
    void takesWhatBcryptSeesWhole() {
        for (String good : List.of("12345678", "correct horse", "fünf Bäume", "陳老師的密碼很長", "ab".repeat(36))) {
            assertEquals(Optional.empty(), PasswordRule.problem(good), good);
        }
    }

    @Test
    void saysWhyATextCanBeNoPassword() {
        for (String bad : List.of("", "x", "1234567", "aaaaaaaaaa", "ab".repeat(37), "é".repeat(20) + "x".repeat(40))) {
            assertTrue(PasswordRule.problem(bad).isPresent(), bad);
        }
        for (String bad : List.of("12345678\n", "12345678\0", "\u008512345678", "12345678\ud800", "1234567\ufffd8")) {
            assertEquals(Optional.of(new Unfit(Unfit.Why.PASSWORD_NO_TEXT, List.of())), PasswordRule.problem(bad), bad);
        }
        assertEquals(
                Optional.of(new Unfit(Unfit.Why.PASSWORD_LONG, List.of(75, 72))),
                PasswordRule.problem("ab" + "陳".repeat(24) + "c"));
    }

    /// Seven that a decomposed spelling makes look like eight are seven.
    @Test
    void knowsOneSpellingOnly() {
        assertEquals(PasswordRule.normal("Bäume\u00a0hier"), PasswordRule.normal("Ba\u0308ume\u3000hier"));
        assertTrue(PasswordRule.problem("Ba\u0308umex").isPresent());
    }
}
