package qrate.checkpassword;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import qrate.core.Lru;

/// Remembers for a while which logins succeeded, so that a client that polls each minute does not cost a bcrypt each
/// time. Holds a keyed digest of login, password and stored hash, never a password; another hash is another login.
final class Successes {
    /// Accounts remembered at once.
    static final int ENTRIES_MAX = 10_000;

    /// How long a login is remembered after its last use.
    static final Duration KEEP = Duration.ofMinutes(20);

    private record Seen(ByteBuffer digest, Instant used) {}

    private final InstantSource clock;
    private final SecretKeySpec key;
    private final Map<String, Seen> seen = new Lru<>(ENTRIES_MAX);

    /// @param key at least 32 random bytes, new for each process
    Successes(InstantSource clock, byte[] key) {
        this.clock = clock;
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    /// Whether exactly this login succeeded lately.
    boolean remembers(String account, byte[] password, String hash) {
        byte[] digest = digest(account, password, hash);
        synchronized (seen) {
            Seen last = seen.get(account);
            Instant now = clock.instant();
            if (last == null
                    || now.isAfter(last.used.plus(KEEP))
                    || !MessageDigest.isEqual(last.digest.array(), digest)) {
                return false;
            }
            seen.put(account, new Seen(ByteBuffer.wrap(digest), now));
            return true;
        }
    }

    /// Remembers a login.
    void add(String account, byte[] password, String hash) {
        Seen now = new Seen(ByteBuffer.wrap(digest(account, password, hash)), clock.instant());
        synchronized (seen) {
            seen.put(account, now);
        }
    }

    private byte[] digest(String account, byte[] password, String hash) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(account.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            mac.update(hash.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(password);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
