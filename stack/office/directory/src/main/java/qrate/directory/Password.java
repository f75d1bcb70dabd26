package qrate.directory;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.security.crypto.bcrypt.BCrypt;
import qrate.checkpassword.HashRule;
import qrate.checkpassword.PasswordRule;

/// A new password, in clear or already hashed.
public sealed interface Password {
    /// Letters and digits that cannot be mistaken for each other.
    String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// Letters of a random password: 16 of 56 are 92 bits.
    int RANDOM_CHARS = 16;

    /// Why it cannot be a password; empty when it can.
    ///
    /// @param cost of new hashes here
    Optional<Refusal> problem(int cost);

    /// As crypt(3) writes it.
    String hash(int cost);

    /// In clear.
    record Clear(String text) implements Password {
        @Override
        public Optional<Refusal> problem(int cost) {
            return PasswordRule.problem(text).map(Refusal::of);
        }

        @Override
        public String hash(int cost) {
            return BCrypt.hashpw(PasswordRule.normal(text), BCrypt.gensalt("$2b", cost));
        }

        @Override
        public String toString() {
            return "Clear[not shown]";
        }
    }

    /// Hashed elsewhere, as crypt(3) writes it.
    ///
    /// @param text also with the name of its scheme in front, as Dovecot writes it: `{BLF-CRYPT}$2y$…`
    record Hashed(String text) implements Password {
        /// Schemes of Dovecot's whose hashes are crypt(3)'s.
        private static final Pattern SCHEME =
                Pattern.compile("(?i)^\\{(?:BLF-CRYPT|SHA512-CRYPT|SHA256-CRYPT|MD5-CRYPT|CRYPT)\\}(?=\\$)");

        private static final Pattern ANY_SCHEME = Pattern.compile("\\{[A-Z0-9][A-Z0-9.-]{1,30}\\}");

        /// Whether the name of a scheme stands in front of a text, one that is taken or one that is refused.
        public static boolean hasScheme(String text) {
            return ANY_SCHEME.matcher(text).lookingAt();
        }

        public Hashed {
            text = SCHEME.matcher(text).replaceFirst("");
        }

        @Override
        public Optional<Refusal> problem(int cost) {
            return HashRule.problem(text, cost).map(Refusal::of);
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
