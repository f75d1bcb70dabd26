package qrate.checkpassword;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.security.crypto.bcrypt.BCrypt;

/// Compares a password with a hash as crypt(5) writes it.
public final class Hashes {
    /// Cost of new hashes, and so of the dummy one, where nothing else is set.
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

    /// Bytes of a password that bcrypt looks at; a longer one is never right, or anything behind them would be.
    private static final int BCRYPT_BYTES = PasswordRule.BYTES_MAX;

    /// Steps of bcrypt's cost above that of new hashes from where on a hash is costly: each doubles the time.
    private static final int COSTLY_STEPS = 2;

    private final int cost;
    private final AtomicInteger computed = new AtomicInteger();

    /// @param cost of new hashes, which a login without a hash costs too
    public Hashes(int cost) {
        this.cost = cost;
    }

    /// Whether a hash is of a kind before bcrypt.
    public static boolean old(String hash) {
        return !BCRYPT.matcher(hash).matches();
    }

    /// Whether comparing takes much longer than with a hash made here.
    public boolean costly(String hash) {
        Matcher bcrypt = BCRYPT.matcher(hash);
        return bcrypt.matches()
                ? Integer.parseInt(bcrypt.group(1)) >= cost + COSTLY_STEPS
                : Crypt.rounds(hash) > Crypt.ROUNDS_USUAL_MAX;
    }

    /// Compares; takes as long for the wrong password as for the right one. What is no ASCII is tried in the form that
    /// new passwords are hashed in, and as it is, since older hashes are of whatever was typed.
    public Match compare(byte[] password, String hash) {
        Match match = Match.OTHER;
        for (byte[] form : forms(password)) {
            match = compareForm(form, hash);
            if (match != Match.OTHER) {
                return match;
            }
        }
        return match;
    }

    private Match compareForm(byte[] password, String hash) {
        Matcher bcrypt = BCRYPT.matcher(hash);
        if (!bcrypt.matches()) {
            return older(password, hash);
        }
        int asked = Integer.parseInt(bcrypt.group(1));
        if (asked < HashRule.BCRYPT_COST_MIN || asked > HashRule.BCRYPT_COST_CHECKED_MAX) {
            return Match.UNKNOWN;
        }
        return bcrypt(password, hash) ? Match.SAME : Match.OTHER;
    }

    /// The ways to read a password: one, or two where its spelling matters.
    private static List<byte[]> forms(byte[] password) {
        String text = new String(password, UTF_8);
        byte[] normal = PasswordRule.normal(text).getBytes(UTF_8);
        boolean other = Arrays.equals(text.getBytes(UTF_8), password) && !Arrays.equals(normal, password);
        return other ? List.of(normal, password) : List.of(password);
    }

    private Match older(byte[] password, String hash) {
        Optional<String> own = Crypt.hash(password, hash);
        if (own.isEmpty()) {
            return Match.UNKNOWN;
        }
        boolean same = MessageDigest.isEqual(
                own.get().getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
        if (!same) {
            bcrypt(password, dummy(cost)); // an old hash is quick: a wrong password must not show that there is one
        }
        return same ? Match.SAME : Match.OTHER;
    }

    /// The work of one comparison with a hash made here, for logins that have none.
    public void pretend(byte[] password) {
        for (byte[] form : forms(password)) {
            bcrypt(form, dummy(cost));
        }
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
        // `$2y$` and `$2b$` name the same function as `$2a$` for passwords under 255 bytes (crypt(5)). Always of full
        // length
        // at most: what lies behind is no part of the hash.
        boolean same = BCrypt.checkpw(Arrays.copyOf(password, Math.min(password.length, BCRYPT_BYTES)), hash);
        return same && password.length <= BCRYPT_BYTES;
    }
}
