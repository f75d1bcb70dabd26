package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What an authenticator program shares with us, and the codes that it shows (RFC 6238 on RFC 4226): six digits of
/// HMAC-SHA-1 that change every 30 seconds, which every such program knows.
public final class Totp {
    /// Bytes of a secret (RFC 4226 §4: 160 bits are recommended).
    static final int SECRET_BYTES = 20;

    /// Seconds that a code is shown for.
    static final int STEP_SECONDS = 30;

    /// Digits of a code.
    static final int DIGITS = 6;

    /// Steps before and after the present one whose code is taken: clocks differ, and typing takes a while
    /// (RFC 6238 §5.2).
    static final int STEPS_AROUND = 1;

    private static final int OFFSET_MASK = 0xf;
    private static final String ISSUER = "Qrate";

    private final byte[] secret;

    Totp(byte[] secret) {
        this.secret = secret.clone();
    }

    /// A new one.
    public static Totp make(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new Totp(secret);
    }

    /// The one in a text that {@link #text} made.
    public static Optional<Totp> of(String text) {
        return Base32.decode(text).filter(bytes -> bytes.length == SECRET_BYTES).map(Totp::new);
    }

    /// As people type it into a program that takes no picture.
    public String text() {
        return Base32.encode(secret);
    }

    /// As programs take it from a picture.
    ///
    /// @param holder whose it is
    public String link(String holder) {
        String name = URLEncoder.encode(holder, UTF_8).replace("+", "%20");
        return "otpauth://totp/" + ISSUER + ":" + name + "?secret=" + text() + "&issuer=" + ISSUER;
    }

    /// HOTP (RFC 4226 §5.3).
    static String hotp(byte[] secret, long counter) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            byte[] hash =
                    mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(counter).array());
            int offset = hash[hash.length - 1] & OFFSET_MASK;
            int number = ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE;
            int modulus = (int) Math.pow(10, DIGITS);
            return String.format("%0" + DIGITS + "d", number % modulus);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA1", e);
        }
    }

    /// The step that a moment is in.
    static long step(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), STEP_SECONDS);
    }

    /// The code of a moment.
    public String code(Instant time) {
        return hotp(secret, step(time));
    }

    /// The step around a moment whose code was typed, blanks or not; empty where none is. It takes as long for each.
    public OptionalLong step(String typed, Instant now) {
        byte[] given = typed.replace(" ", "").getBytes(UTF_8);
        OptionalLong found = OptionalLong.empty();
        for (long step = step(now) - STEPS_AROUND; step <= step(now) + STEPS_AROUND; step++) {
            if (MessageDigest.isEqual(hotp(secret, step).getBytes(UTF_8), given)) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Totp totp && Arrays.equals(secret, totp.secret);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(secret);
    }

    @Override
    public String toString() {
        return "Totp[not shown]";
    }
}
