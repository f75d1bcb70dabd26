package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Passwords that come in hashed.
class PasswordTest {
    private static final int COST = 10;
    private static final String BCRYPT = new Password.Clear("a good password").hash(4);
    private static final String SHA512 =
            "$6$abcdefgh$GpNu10m7u5gNqvmGPRLwLk7UR0IBb7PrWAOwGeu9wUGDuQQyl9pJ6Y5wRE.jRbqRvtB6bAGZItp51j/pfH6he1";

    @ParameterizedTest
    @ValueSource(strings = {"{BLF-CRYPT}", "{blf-crypt}", "{CRYPT}"})
    void aHashWithDovecotsSchemeInFrontIsTheHash(String scheme) {
        Password.Hashed hashed = new Password.Hashed(scheme + BCRYPT);
        assertEquals(Optional.empty(), hashed.problem(COST));
        assertEquals(BCRYPT, hashed.hash(COST));
        assertEquals(SHA512, new Password.Hashed("{SHA512-CRYPT}" + SHA512).hash(COST));
    }

    @Test
    void anotherSchemeIsRefused() {
        for (String bad : List.of(
                "{PLAIN}secret", "{SSHA}" + BCRYPT, "{CRYPT}", "{BLF-CRYPT}{BLF-CRYPT}" + BCRYPT, "{BLF-CRYPT}plain")) {
            assertTrue(new Password.Hashed(bad).problem(COST).isPresent(), bad);
        }
    }
}
