package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import qrate.core.DurableFile;
import qrate.directory.Passkeys;

/// Cookies of sessions, signed so that nobody makes one. Whether a session goes on, the directory says
/// ({@link qrate.directory.SignIns}), which knows it by its nonce.
final class Sessions {
    /// How long a session lasts.
    static final Duration LASTS = Duration.ofHours(8);

    /// Longest cookie taken, in characters.
    static final int COOKIE_CHARS_MAX = 1000;

    private static final int KEY_BYTES = 32;

    /// Of HMAC-SHA-256.
    private static final int MAC_BYTES = 32;

    private final byte[] key;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    Sessions(byte[] key, InstantSource clock) {
        this.key = key.clone();
        this.clock = clock;
    }

    /// One browser's session.
    ///
    /// @param name who has signed in, or empty
    /// @param fingerprint of the password it was opened with ({@link qrate.directory.Accounts#fingerprint})
    /// @param expires in milliseconds since 1970
    /// @param nonce the session's secret
    record Session(String name, String fingerprint, long expires, String nonce) {}

    /// The key in a file, which is made if it is missing.
    static byte[] key(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] key = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(key);
            DurableFile.write(file, key, "rw-------");
        }
        byte[] key = Files.readAllBytes(file);
        if (key.length != KEY_BYTES) {
            throw new IOException(file + ": not a key; remove it, and everybody must sign in again");
        }
        return key;
    }

    Session open(String name, String fingerprint) {
        byte[] nonce = new byte[16];
        random.nextBytes(nonce);
        return new Session(name, fingerprint, clock.millis() + LASTS.toMillis(), encode(nonce));
    }

    String cookie(Session session) {
        String text =
                String.join("|", session.name, session.fingerprint, Long.toString(session.expires), session.nonce);
        return encode(text.getBytes(UTF_8)) + "." + encode(mac("session", text));
    }

    /// The session in a cookie; empty when it is not one of ours or over.
    Optional<Session> read(String cookie) {
        int dot = cookie.indexOf('.');
        if (dot < 0 || cookie.length() > COOKIE_CHARS_MAX) {
            return Optional.empty();
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cookie.substring(0, dot)), UTF_8);
            String[] parts = text.split("\\|", -1);
            if (parts.length != 4) {
                return Optional.empty();
            }
            Session session = new Session(parts[0], parts[1], Long.parseLong(parts[2]), parts[3]);
            // one session has one spelling, so the whole cookie is compared
            boolean ours = same(cookie, cookie(session));
            return ours && session.expires > clock.millis() ? Optional.of(session) : Optional.empty();
        } catch (IllegalArgumentException _) {
            // no Base64, no number: not one of ours
            return Optional.empty();
        }
    }

    /// The token that the forms of one answer carry. It is hidden behind random bytes, others in each answer: pages
    /// are compressed, and how long they are would tell a token that stays the same, letter for letter, to whoever
    /// makes the browser ask for a page with guesses in its query and counts bytes on the way (BREACH).
    String csrf(Session session) {
        byte[] pad = new byte[MAC_BYTES];
        random.nextBytes(pad);
        byte[] both = Arrays.copyOf(pad, 2 * MAC_BYTES);
        System.arraycopy(mixed(pad, token(session)), 0, both, MAC_BYTES, MAC_BYTES);
        return encode(both);
    }

    /// Whether it is a token that {@link #csrf} gave to this session, in whichever answer.
    boolean matches(Session session, String csrf) {
        byte[] both;
        try {
            both = Base64.getUrlDecoder().decode(csrf);
        } catch (IllegalArgumentException _) {
            return false;
        }
        return both.length == 2 * MAC_BYTES
                && MessageDigest.isEqual(
                        token(session),
                        mixed(Arrays.copyOf(both, MAC_BYTES), Arrays.copyOfRange(both, MAC_BYTES, both.length)));
    }

    private byte[] token(Session session) {
        return mac("csrf", session.name + "|" + session.nonce);
    }

    private static byte[] mixed(byte[] one, byte[] other) {
        byte[] mixed = one.clone();
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] ^= other[i];
        }
        return mixed;
    }

    /// A text that only this session's pages can have had for that one.
    String seal(Session session, String text) {
        return encode(mac("seal", session.name + "|" + session.nonce + "|" + text));
    }

    /// What an authenticator is to sign for this session's pages.
    ///
    /// @param purpose what it is for: it counts for nothing else
    Passkeys.Challenge challenge(Session session, String purpose) {
        return challenge(session, purpose, clock.millis());
    }

    /// The same of an earlier moment.
    Passkeys.Challenge challenge(Session session, String purpose, long issued) {
        return new Passkeys.Challenge(
                seal(session, "passkey\n" + purpose + "\n" + issued), Instant.ofEpochMilli(issued));
    }

    /// Whether two seals are the same; takes as long whether they are or not.
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
    }

    private byte[] mac(String purpose, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal((purpose + "|" + text).getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
