package qrate.checkpassword;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.Optional;

/// What may be a new password, whichever door it comes in by, and the one form in which a password is hashed.
public final class PasswordRule {
    /// Shortest new password, in characters (NIST SP 800-63B §3.1.1.2).
    public static final int CHARS_MIN = 8;

    /// Longest password, in bytes of UTF-8: bcrypt looks at no more, and would take anything behind them.
    public static final int BYTES_MAX = 72;

    /// The rule in a sentence, for whoever types one.
    public static final String WORDS = "At least " + CHARS_MIN + " characters, not one again and again; at most "
            + BYTES_MAX + " bytes (ä takes two of them, 陳 three).";

    /// What a decoder puts where bytes were no text: no password, or any such bytes would open what it keeps.
    private static final char UNDECODED = '\uFFFD';

    private PasswordRule() {}

    /// The form that is hashed: composed (NFC), each space a plain one (RFC 8265 §4.2.1), so that a password typed
    /// on another keyboard is the same.
    public static String normal(String password) {
        StringBuilder text = new StringBuilder(Normalizer.normalize(password, Normalizer.Form.NFC));
        for (int i = 0; i < text.length(); i++) {
            if (Character.getType(text.charAt(i)) == Character.SPACE_SEPARATOR) {
                text.setCharAt(i, ' ');
            }
        }
        return text.toString();
    }

    /// Why a text can be nobody's new password; empty for one that can.
    public static Optional<Unfit> problem(String password) {
        String text = normal(password);
        int bytes = text.getBytes(UTF_8).length;
        if (text.chars().anyMatch(Character::isISOControl)
                || text.indexOf(UNDECODED) >= 0
                || !UTF_8.newEncoder().canEncode(text)) {
            return Unfit.because(Unfit.Why.PASSWORD_NO_TEXT);
        }
        if (text.codePointCount(0, text.length()) < CHARS_MIN) {
            return Unfit.because(Unfit.Why.PASSWORD_SHORT, CHARS_MIN);
        }
        if (text.codePoints().distinct().count() == 1) {
            return Unfit.because(Unfit.Why.PASSWORD_SIMPLE);
        }
        return bytes > BYTES_MAX ? Unfit.because(Unfit.Why.PASSWORD_LONG, bytes, BYTES_MAX) : Optional.empty();
    }
}
