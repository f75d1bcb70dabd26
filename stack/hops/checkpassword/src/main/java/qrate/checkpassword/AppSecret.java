package qrate.checkpassword;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import qrate.snapshots.AppPassword;

/// An app password itself: 24 letters of 32, which are 120 bits, made here and by nobody else.
///
/// It is kept as HMAC-SHA256 under a salt of its own, and not as bcrypt. A slow hash makes up for passwords that people
/// choose: there are so few of these that they can be tried in turn. Of 2¹²⁰ none can, however fast the hash is. And a
/// mailbox may have many, each of which a login is compared with: with bcrypt, one wrong password would cost the work
/// of all of them, for anybody who knows the address.
public final class AppSecret {
    /// Letters in it.
    static final int CHARS = 24;

    /// Letters and digits that cannot be mistaken for each other, in small letters as phones write them.
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

    /// Most bytes that are looked at: groups may be written with more than one blank between them.
    private static final int TYPED_BYTES_MAX = 3 * CHARS;

    private static final int GROUP = 4;
    private static final int SALT_BYTES = 16;

    private final byte[] letters;

    private AppSecret(byte[] letters) {
        this.letters = letters;
    }

    /// A new one.
    public static AppSecret make(SecureRandom random) {
        byte[] letters = new byte[CHARS];
        for (int i = 0; i < CHARS; i++) {
            letters[i] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        }
        return new AppSecret(letters);
    }

    /// A salt for {@link #digest}.
    public static String salt(SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return HexFormat.of().formatHex(salt);
    }

    /// The one that somebody typed, in small letters or not, with blanks and hyphens or not.
    ///
    /// @return empty for what cannot be one, as an ordinary password mostly cannot
    static Optional<AppSecret> typed(byte[] password) {
        if (password.length > TYPED_BYTES_MAX) {
            return Optional.empty();
        }
        byte[] letters = new byte[CHARS];
        int count = 0;
        for (byte typed : password) {
            int letter = typed >= 'A' && typed <= 'Z' ? typed - 'A' + 'a' : typed;
            if (letter == ' ' || letter == '-') {
                continue;
            }
            if (count == CHARS || ALPHABET.indexOf(letter) < 0) {
                return Optional.empty();
            }
            letters[count++] = (byte) letter;
        }
        return count == CHARS ? Optional.of(new AppSecret(letters)) : Optional.empty();
    }

    /// As it is shown, once: in groups of four.
    public String text() {
        String all = new String(letters, US_ASCII);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < CHARS; i += GROUP) {
            text.append(i == 0 ? "" : "-").append(all, i, i + GROUP);
        }
        return text.toString();
    }

    /// What is kept of it.
    public String digest(String salt) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(salt.getBytes(US_ASCII), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(letters));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException("every JDK has HmacSHA256, and no salt is empty", e);
        }
    }

    /// Whether it is what is kept there; takes as long whether it is or not.
    boolean is(AppPassword kept) {
        return !kept.salt().isEmpty()
                && MessageDigest.isEqual(
                        digest(kept.salt()).getBytes(US_ASCII), kept.digest().getBytes(US_ASCII));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AppSecret secret && Arrays.equals(letters, secret.letters);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(letters);
    }

    @Override
    public String toString() {
        return "AppSecret[not shown]";
    }
}
