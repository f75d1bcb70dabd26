package qrate.checkpassword;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// What a `main` asks of any checker before it opens its doors.
public final class PasswordCheckers {
    private PasswordCheckers() {}

    /// Tries a login that cannot exist; a checker that accepts it (`/bin/true` in checkpassword's place) would let
    /// everyone in.
    ///
    /// @throws IOException when the checker must not be used; the message says why
    public static void probe(PasswordChecker checker, RandomGenerator random) throws IOException {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String word = HexFormat.of().formatHex(bytes);
        for (PasswordChecker.Asker asker : PasswordChecker.Asker.values()) {
            PasswordChecker.Answer answer = checker.check(
                    "probe-" + word + "@" + word + ".invalid",
                    word.getBytes(StandardCharsets.US_ASCII),
                    asker,
                    "127.0.0.1");
            if (answer instanceof PasswordChecker.Answer.Accepted) {
                throw new IOException("the password checker accepts a login that does not exist: not starting");
            }
        }
    }
}
