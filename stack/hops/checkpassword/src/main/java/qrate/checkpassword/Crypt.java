package qrate.checkpassword;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// The hashes of crypt(3) before bcrypt, as crypt(5) describes them: DES, `$1$` (MD5), `$5$` and `$6$` (SHA-crypt).
/// They
/// come with imported accounts only.
final class Crypt {
    /// Most rounds of SHA-crypt that are computed.
    static final int ROUNDS_MAX = 500_000;

    /// Rounds from above which a hash is costly: about what bcrypt takes at its usual cost.
    static final int ROUNDS_USUAL_MAX = 100_000;

    private static final int ROUNDS_DEFAULT = 5000;
    private static final int ROUNDS_MIN = 1000;
    private static final int DES_SALT_CHARS = 2;
    private static final Pattern DES = Pattern.compile("[./0-9A-Za-z]{13}");
    private static final int MD5_ROUNDS = 1000;
    private static final int MD5_SALT_CHARS_MAX = 8;
    private static final int SHA_SALT_CHARS_MAX = 16;
    /// Digits of 64, as all of these hashes write them.
    static final String ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private Crypt() {}

    /// The hash of a password with the kind, rounds and salt of a setting (a whole hash is one too); empty when the
    /// setting is none of these kinds or asks for too many rounds.
    static Optional<String> hash(byte[] password, String setting) {
        if (setting.startsWith("$1$")) {
            return Optional.of(md5(password, salt(setting.substring(3), MD5_SALT_CHARS_MAX)));
        }
        if (setting.startsWith("$5$") || setting.startsWith("$6$")) {
            return sha(password, setting);
        }
        return DES.matcher(setting).matches()
                ? Optional.of(DesCrypt.hash(password, setting.substring(0, DES_SALT_CHARS)))
                : Optional.empty();
    }

    /// The rounds that a hash of SHA-crypt names; 0 for every other.
    static int rounds(String setting) {
        boolean named = setting.startsWith("$5$rounds=") || setting.startsWith("$6$rounds=");
        int end = named ? setting.indexOf('$', 3) : -1;
        return end < 0 ? 0 : number(setting.substring(10, end)).orElse(0);
    }

    private static String salt(String rest, int charsMax) {
        int end = rest.indexOf('$');
        String whole = end < 0 ? rest : rest.substring(0, end);
        return whole.substring(0, Math.min(charsMax, whole.length()));
    }

    private static Optional<String> sha(byte[] password, String setting) {
        String rest = setting.substring(3);
        String shown = "";
        int rounds = ROUNDS_DEFAULT;
        if (rest.startsWith("rounds=")) {
            int end = rest.indexOf('$');
            OptionalInt asked = end < 0 ? OptionalInt.empty() : number(rest.substring(7, end));
            if (asked.isEmpty() || asked.getAsInt() > ROUNDS_MAX) {
                return Optional.empty();
            }
            rounds = Math.max(ROUNDS_MIN, asked.getAsInt());
            shown = "rounds=" + rounds + "$";
            rest = rest.substring(end + 1);
        }
        String salt = salt(rest, SHA_SALT_CHARS_MAX);
        boolean wide = setting.charAt(1) == '6';
        byte[] digest = shaRounds(digest(wide ? "SHA-512" : "SHA-256"), password, ascii(salt), rounds);
        return Optional.of(
                setting.substring(0, 3) + shown + salt + "$" + (wide ? encode512(digest) : encode256(digest)));
    }

    private static OptionalInt number(String digits) {
        boolean plain =
                !digits.isEmpty() && digits.length() <= 9 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return plain ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }

    /// The steps of the published specification of SHA-crypt, in its order.
    private static byte[] shaRounds(MessageDigest digest, byte[] password, byte[] salt, int rounds) {
        digest.update(password);
        digest.update(salt);
        digest.update(password);
        byte[] alternate = digest.digest();
        digest.update(password);
        digest.update(salt);
        digest.update(repeated(alternate, password.length));
        for (int length = password.length; length > 0; length >>= 1) {
            digest.update((length & 1) != 0 ? alternate : password);
        }
        byte[] result = digest.digest();
        for (int i = 0; i < password.length; i++) {
            digest.update(password);
        }
        byte[] p = repeated(digest.digest(), password.length);
        for (int i = 0; i < 16 + (result[0] & 0xff); i++) {
            digest.update(salt);
        }
        byte[] s = repeated(digest.digest(), salt.length);
        for (int i = 0; i < rounds; i++) {
            result = round(digest, i, new Mixed(p, s, result));
        }
        return result;
    }

    /// What a round of either kind mixes.
    private static final class Mixed {
        private final byte[] password;
        private final byte[] salt;
        private final byte[] result;

        Mixed(byte[] password, byte[] salt, byte[] result) {
            this.password = password;
            this.salt = salt;
            this.result = result;
        }
    }

    private static byte[] round(MessageDigest digest, int i, Mixed mixed) {
        boolean odd = (i & 1) != 0;
        digest.update(odd ? mixed.password : mixed.result);
        if (i % 3 != 0) {
            digest.update(mixed.salt);
        }
        if (i % 7 != 0) {
            digest.update(mixed.password);
        }
        digest.update(odd ? mixed.result : mixed.password);
        return digest.digest();
    }

    private static String md5(byte[] password, String saltText) {
        byte[] salt = ascii(saltText);
        MessageDigest digest = digest("MD5");
        digest.update(password);
        digest.update(salt);
        digest.update(password);
        byte[] alternate = digest.digest();
        digest.update(password);
        digest.update(ascii("$1$"));
        digest.update(salt);
        digest.update(repeated(alternate, password.length));
        for (int length = password.length; length > 0; length >>= 1) {
            digest.update((length & 1) != 0 ? 0 : password[0]);
        }
        byte[] result = digest.digest();
        for (int i = 0; i < MD5_ROUNDS; i++) {
            result = round(digest, i, new Mixed(password, salt, result));
        }
        StringBuilder text = new StringBuilder("$1$").append(saltText).append('$');
        for (int i = 0; i < 5; i++) {
            encode(text, bits(result[i], result[i + 6], i == 4 ? result[5] : result[i + 12]), 4);
        }
        encode(text, bits((byte) 0, (byte) 0, result[11]), 2);
        return text.toString();
    }

    private static String encode512(byte[] digest) {
        StringBuilder text = new StringBuilder(86);
        int a = 0;
        int b = 21;
        int c = 42;
        for (int i = 0; i < 21; i++) {
            encode(text, bits(digest[a], digest[b], digest[c]), 4);
            int first = a;
            a = b + 1;
            b = c + 1;
            c = first + 1;
        }
        encode(text, bits((byte) 0, (byte) 0, digest[63]), 2);
        return text.toString();
    }

    private static String encode256(byte[] digest) {
        StringBuilder text = new StringBuilder(43);
        int a = 0;
        int b = 10;
        int c = 20;
        for (int i = 0; i < 10; i++) {
            encode(text, bits(digest[a], digest[b], digest[c]), 4);
            int last = c;
            c = b + 1;
            b = a + 1;
            a = last + 1;
        }
        encode(text, bits((byte) 0, digest[31], digest[30]), 3);
        return text.toString();
    }

    private static int bits(byte high, byte middle, byte low) {
        return (high & 0xff) << 16 | (middle & 0xff) << 8 | (low & 0xff);
    }

    private static void encode(StringBuilder text, int bits, int chars) {
        for (int i = 0; i < chars; i++) {
            text.append(ALPHABET.charAt(bits >> (6 * i) & 0x3f));
        }
    }

    private static byte[] repeated(byte[] pattern, int length) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = pattern[i % pattern.length];
        }
        return out;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
