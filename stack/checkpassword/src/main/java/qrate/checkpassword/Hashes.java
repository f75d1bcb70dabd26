package qrate.checkpassword;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Compares a password with a hash as crypt(5) writes it.
final class Hashes {
    /// Largest bcrypt cost that is computed, as a power of two of rounds; more would be an attack by the database.
    static final int BCRYPT_COST_MAX = 16;

    /// Cost of the dummy hash until a real one has been seen.
    static final int BCRYPT_COST_DEFAULT = 10;

    /// What came of a comparison.
    enum Match {
        /// The password belongs to the hash.
        SAME,
        /// It does not.
        OTHER,
        /// The hash is of no kind known here, or too costly.
        UNKNOWN
    }

    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

    private static final BCrypt.Verifyer VERIFIER =
            BCrypt.verifyer(BCrypt.Version.VERSION_2A, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A));

    private final AtomicInteger lastCost = new AtomicInteger(BCRYPT_COST_DEFAULT);
    private final AtomicInteger computed = new AtomicInteger();

    /// Compares; takes as long for the wrong password as for the right one.
    Match compare(byte[] password, String hash) {
        Matcher bcrypt = BCRYPT.matcher(hash);
        if (!bcrypt.matches()) {
            return Match.UNKNOWN;
        }
        int cost = Integer.parseInt(bcrypt.group(1));
        if (cost < BCrypt.MIN_COST || cost > BCRYPT_COST_MAX) {
            return Match.UNKNOWN;
        }
        lastCost.set(cost);
        return bcrypt(password, hash) ? Match.SAME : Match.OTHER;
    }

    /// The work of one comparison, at the cost of the last real hash, for logins that have none.
    void pretend(byte[] password) {
        bcrypt(password, dummy(lastCost.get()));
    }

    /// How many hashes have been computed so far, for tests of equal work.
    int computed() {
        return computed.get();
    }

    /// A well-formed hash that no known password has.
    private static String dummy(int cost) {
        return String.format("$2b$%02d$%s%s", cost, "Qrate.NoSuchUser.Salt.", "x".repeat(31));
    }

    private boolean bcrypt(byte[] password, String hash) {
        computed.incrementAndGet();
        // DEVIATION: `$2y$` and `$2b$` name the same function as `$2a$` for passwords under 255 bytes
        byte[] same = ("$2a" + hash.substring(3)).getBytes(StandardCharsets.US_ASCII);
        return VERIFIER.verify(password, same).verified;
    }
}
