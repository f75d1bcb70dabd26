package qrate.checkpassword;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Compares a password with a hash as crypt(5) writes it.
public final class Hashes {
    /// Largest bcrypt cost that is computed, as a power of two of rounds; more would be an attack by the database.
    static final int BCRYPT_COST_MAX = 16;

    /// Cost of the dummy hash until a real one has been seen.
    public static final int BCRYPT_COST_DEFAULT = 10;

    /// What came of a comparison.
    public enum Match {
        /// The password belongs to the hash.
        SAME,
        /// It does not.
        OTHER,
        /// The hash is of no kind known here, or too costly.
        UNKNOWN
    }

    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

    /// Bytes of a password that bcrypt looks at.
    private static final int BCRYPT_BYTES = 72;

    private static final BCrypt.Verifyer VERIFIER =
            BCrypt.verifyer(BCrypt.Version.VERSION_2A, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A));

    private static final BCrypt.Verifyer VERIFIER_OF_LONG_ONES =
            BCrypt.verifyer(BCrypt.Version.VERSION_2Y_NO_NULL_TERMINATOR, LongPasswordStrategies.none());

    private final AtomicInteger lastCost;
    private final AtomicInteger computed = new AtomicInteger();

    /// @param cost of the dummy hash until a real one has been seen
    public Hashes(int cost) {
        lastCost = new AtomicInteger(cost);
    }

    /// Whether a hash is of a kind before bcrypt.
    public static boolean old(String hash) {
        return !BCRYPT.matcher(hash).matches();
    }

    /// Compares; takes as long for the wrong password as for the right one.
    public Match compare(byte[] password, String hash) {
        Matcher bcrypt = BCRYPT.matcher(hash);
        if (!bcrypt.matches()) {
            return older(password, hash);
        }
        int cost = Integer.parseInt(bcrypt.group(1));
        if (cost < BCrypt.MIN_COST || cost > BCRYPT_COST_MAX) {
            return Match.UNKNOWN;
        }
        lastCost.set(cost);
        return bcrypt(password, hash) ? Match.SAME : Match.OTHER;
    }

    private Match older(byte[] password, String hash) {
        Optional<String> own = Crypt.hash(password, hash);
        if (own.isEmpty()) {
            return Match.UNKNOWN;
        }
        boolean same = MessageDigest.isEqual(
                own.get().getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
        if (!same) {
            pretend(password); // an old hash is quick: a wrong password must not show that there is one
        }
        return same ? Match.SAME : Match.OTHER;
    }

    /// The work of one comparison, at the cost of the last real hash, for logins that have none.
    public void pretend(byte[] password) {
        bcrypt(password, dummy(lastCost.get()));
    }

    /// How many hashes have been computed so far, for tests of equal work.
    int computed() {
        return computed.get();
    }

    /// A well-formed hash that no known password has.
    static String dummy(int cost) {
        return String.format("$2b$%02d$%s%s", cost, "Qrate.NoSuchUser.Salt.", "x".repeat(31));
    }

    private boolean bcrypt(byte[] password, String hash) {
        computed.incrementAndGet();
        // `$2y$` and `$2b$` name the same function as `$2a$` for passwords under 255 bytes (crypt(5))
        if (password.length < BCRYPT_BYTES) {
            return VERIFIER.verify(password, as("$2a", hash)).verified;
        }
        // the NUL behind a password is part of what is hashed, and has no room behind one of full length
        return VERIFIER_OF_LONG_ONES.verify(Arrays.copyOf(password, BCRYPT_BYTES), as("$2y", hash)).verified;
    }

    private static byte[] as(String version, String hash) {
        return (version + hash.substring(3)).getBytes(StandardCharsets.US_ASCII);
    }
}
