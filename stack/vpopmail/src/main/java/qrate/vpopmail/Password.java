package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.security.SecureRandom;
import java.util.regex.Pattern;

/// A new password, in clear or already hashed.
public sealed interface Password {
    /// Longest password in bytes of UTF-8: bcrypt looks at no more.
    int BYTES_MAX = 72;

    /// What a decoder puts where bytes were no text: no password, or any such bytes would open what it keeps.
    char UNDECODED = '\uFFFD';

    /// Letters and digits that cannot be mistaken for each other.
    String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// Letters of a random password: 16 of 56 are 92 bits.
    int RANDOM_CHARS = 16;

    /// Whether it can be a password.
    boolean valid();

    /// As crypt(3) writes it.
    String hash(int cost);

    /// In clear.
    record Clear(String text) implements Password {
        @Override
        public boolean valid() {
            return !text.isEmpty()
                    && text.getBytes(UTF_8).length <= BYTES_MAX
                    && text.chars().noneMatch(Character::isISOControl)
                    && text.indexOf(UNDECODED) < 0
                    && UTF_8.newEncoder().canEncode(text);
        }

        @Override
        public String hash(int cost) {
            return BCrypt.with(BCrypt.Version.VERSION_2B).hashToString(cost, text.toCharArray());
        }

        @Override
        public String toString() {
            return "Clear[not shown]";
        }
    }

    /// Hashed elsewhere, as crypt(3) writes it.
    record Hashed(String text) implements Password {
        private static final Pattern KNOWN = Pattern.compile(
                "\\$2[aby]\\$(0[4-9]|[12][0-9]|3[01])\\$[./A-Za-z0-9]{53}|\\$[156]\\$[./A-Za-z0-9$=]{8,200}"
                        + "|[./A-Za-z0-9]{13}");

        @Override
        public boolean valid() {
            return KNOWN.matcher(text).matches();
        }

        @Override
        public String hash(int cost) {
            return text;
        }

        @Override
        public String toString() {
            return "Hashed[not shown]";
        }
    }

    /// A random password.
    static Clear random(SecureRandom random, int chars) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < chars; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new Clear(text.toString());
    }
}
