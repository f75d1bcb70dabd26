package qrate.checkpassword;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import qrate.snapshots.AppPassword;
import qrate.testkit.Seeds;

class AppSecretTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static Optional<AppSecret> typed(String text) {
        return AppSecret.typed(text.getBytes(UTF_8));
    }

    private static AppPassword kept(AppSecret secret, String salt) {
        return new AppPassword("0123456789ab", true, true, salt, secret.digest(salt));
    }

    @Test
    void isKnownInWhateverWayItIsTyped() {
        AppSecret secret = AppSecret.make(RANDOM);
        AppPassword kept = kept(secret, AppSecret.salt(RANDOM));
        assertTrue(secret.text().matches("([a-kmnp-z2-9]{4}-){5}[a-kmnp-z2-9]{4}"), secret.text());
        for (String way : List.of(
                secret.text(),
                secret.text().replace("-", ""),
                secret.text().replace('-', ' '),
                secret.text().toUpperCase(Locale.ROOT),
                " " + secret.text() + " ")) {
            assertTrue(typed(way).orElseThrow().is(kept), "however it is typed");
        }
        assertFalse(secret.toString().contains(secret.text().substring(0, 4)));
    }

    @Test
    void whatCannotBeOneIsNotLookedUp() {
        String right = AppSecret.make(RANDOM).text();
        for (String wrong : List.of(
                "",
                " ",
                "correct horse",
                right.substring(1),
                right + "a",
                right.replace(right.charAt(0), 'l'),
                right.replace(right.charAt(0), 'é'),
                right + "\n",
                right + " ".repeat(100))) {
            assertEquals(Optional.empty(), typed(wrong), wrong);
        }
    }

    @Test
    void anotherOneOrAnotherSaltIsWrong() {
        AppSecret secret = AppSecret.make(RANDOM);
        String salt = AppSecret.salt(RANDOM);
        assertFalse(AppSecret.make(RANDOM).is(kept(secret, salt)));
        AppPassword right = kept(secret, salt);
        for (AppPassword wrong : List.of(
                new AppPassword("x", true, true, AppSecret.salt(RANDOM), right.digest()),
                new AppPassword("x", true, true, "", right.digest()),
                new AppPassword("x", true, true, salt, ""),
                new AppPassword("x", true, true, salt, right.digest().toUpperCase(Locale.ROOT) + "0"))) {
            assertFalse(secret.is(wrong), wrong.salt());
        }
        assertNotEquals(secret.digest(salt), secret.digest(AppSecret.salt(RANDOM)));
    }

    @Test
    void noTwoAreTheSame() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            assertTrue(seen.add(AppSecret.make(RANDOM).text()));
        }
    }

    @Test
    void anyBytesAreTakenWithoutHarm() {
        Seeds.forAll(2000, random -> {
            byte[] typed = new byte[random.nextInt(100)];
            random.nextBytes(typed);
            AppSecret.typed(typed)
                    .ifPresent(secret -> assertEquals(29, secret.text().length()));
        });
    }
}
