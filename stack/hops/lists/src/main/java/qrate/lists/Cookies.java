package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Numbers that only this list can make: `TIME.MAC`, an HMAC-SHA256 with the list's key over what it allows, the time
/// and the address.
// DEVIATION: ezmlm's own cookies are of another function; those it sent before a list moved here are not accepted
final class Cookies {
    /// How long one is good for: ezmlm's million seconds.
    static final Duration AGE_MAX = Duration.ofSeconds(1_000_000);

    /// Letters of a code.
    static final int MAC_CHARS = 20;

    private static final String LETTERS = "abcdefghijklmnop";
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,12})\\.([a-p]{" + MAC_CHARS + "})");

    private final byte[] key;

    Cookies(byte[] key) {
        this.key = key.clone();
    }

    /// A cookie that expires.
    String make(String action, String address, Instant now) {
        long time = now.getEpochSecond();
        return time + "." + mac(action + "|" + time + "|" + address);
    }

    /// Whether a cookie was made for this action and address, not too long ago.
    boolean valid(String cookie, String action, String address, Instant now) {
        Matcher matcher = SHAPE.matcher(cookie);
        if (!matcher.matches()) {
            return false;
        }
        long time = Long.parseLong(matcher.group(1));
        long age = now.getEpochSecond() - time;
        return age >= 0 && age <= AGE_MAX.toSeconds() && same(matcher.group(2), action + "|" + time + "|" + address);
    }

    /// A code for something that does not expire.
    String forever(String what) {
        return mac(what);
    }

    boolean isForever(String code, String what) {
        return same(code, what);
    }

    private boolean same(String given, String text) {
        return MessageDigest.isEqual(given.getBytes(UTF_8), mac(text).getBytes(UTF_8));
    }

    private String mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] digest = mac.doFinal(text.getBytes(UTF_8));
            StringBuilder letters = new StringBuilder(MAC_CHARS);
            for (int i = 0; i < MAC_CHARS; i++) {
                // half a byte a letter, since some systems change the case of local parts
                letters.append(LETTERS.charAt(digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xf));
            }
            return letters.toString();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
