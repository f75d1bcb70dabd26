package qrate.checkpassword;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// The hashes of crypt(3) before bcrypt, as crypt(5) describes them: DES, `$1$` (MD5), `$5$` and `$6$` (SHA-crypt).
/// They come with imported accounts only; Commons Codec computes them.
final class Crypt {
    /// Most rounds of SHA-crypt that are computed.
    static final int ROUNDS_MAX = 500_000;

    /// Rounds from above which a hash is costly: about what bcrypt takes at its usual cost.
    static final int ROUNDS_USUAL_MAX = 100_000;

    private static final String ROUNDS = "rounds=";
    private static final int PREFIX_CHARS = 3;
    private static final Pattern DES = Pattern.compile("[./0-9A-Za-z]{13}");

    private Crypt() {}

    /// The hash of a password with the kind, rounds and salt of a setting (a whole hash is one too); empty when the
    /// setting is none of these kinds or asks for too many rounds.
    static Optional<String> hash(byte[] password, String setting) {
        boolean sha = setting.startsWith("$5$") || setting.startsWith("$6$");
        boolean named = sha && setting.startsWith(ROUNDS, PREFIX_CHARS);
        boolean known = sha || setting.startsWith("$1$") || DES.matcher(setting).matches();
        if (!known || (named && asked(setting).stream().noneMatch(rounds -> rounds <= ROUNDS_MAX))) {
            return Optional.empty();
        }
        try {
            // it empties the array that it is given
            return Optional.of(org.apache.commons.codec.digest.Crypt.crypt(password.clone(), setting));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // no salt, or one of other characters
        }
    }

    /// The rounds that a hash of SHA-crypt names; 0 for every other.
    static int rounds(String setting) {
        boolean sha = setting.startsWith("$5$") || setting.startsWith("$6$");
        return sha ? asked(setting).orElse(0) : 0;
    }

    private static OptionalInt asked(String setting) {
        int start = PREFIX_CHARS + ROUNDS.length();
        int end = setting.startsWith(ROUNDS, PREFIX_CHARS) ? setting.indexOf('$', start) : -1;
        String digits = end < 0 ? "" : setting.substring(start, end);
        boolean plain =
                !digits.isEmpty() && digits.length() <= 9 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return plain ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }
}
