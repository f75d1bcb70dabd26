package qrate.checkpassword;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which hashes may come in from elsewhere, and what one may cost: whoever sets a costly one makes every door that
/// checks it work.
public final class HashRule {
    /// Largest bcrypt cost that comes in, as a power of two of rounds, unless the setting for new hashes is larger: a
    /// quarter of a second on one processor.
    public static final int BCRYPT_COST_MAX = 12;

    /// Largest bcrypt cost that can be set for new hashes, and that is computed at all: one second.
    public static final int BCRYPT_COST_CHECKED_MAX = 14;

    /// Smallest bcrypt cost there is.
    public static final int BCRYPT_COST_MIN = 4;

    /// Most rounds of SHA-crypt that come in: about as long as the largest bcrypt cost.
    public static final int ROUNDS_MAX = 200_000;

    private static final String SALT = "[./A-Za-z0-9]";
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$" + SALT + "{53}");
    private static final Pattern SHA =
            Pattern.compile("\\$[56]\\$(?:rounds=(\\d{1,9})\\$)?[^$:\\s]{0,16}\\$(" + SALT + "{43}|" + SALT + "{86})");
    private static final Pattern MD5 = Pattern.compile("\\$1\\$[^$:\\s]{0,8}\\$" + SALT + "{22}");
    private static final Pattern DES = Pattern.compile(SALT + "{13}");

    private static final int SHA256_CHARS = 43;

    private HashRule() {}

    /// Why a hash is not taken; empty for one that is.
    ///
    /// @param costSet cost of new hashes here
    public static Optional<Unfit> problem(String hash, int costSet) {
        Matcher bcrypt = BCRYPT.matcher(hash);
        if (bcrypt.matches()) {
            int cost = Integer.parseInt(bcrypt.group(1));
            int most = Math.max(BCRYPT_COST_MAX, costSet);
            return cost >= BCRYPT_COST_MIN && cost <= most
                    ? Optional.empty()
                    : Unfit.because(Unfit.Why.HASH_COST, cost, most);
        }
        Matcher sha = SHA.matcher(hash);
        if (sha.matches() && (sha.group(2).length() == SHA256_CHARS) == (hash.charAt(1) == '5')) {
            int rounds = sha.group(1) == null ? 0 : Integer.parseInt(sha.group(1));
            return rounds <= ROUNDS_MAX ? Optional.empty() : Unfit.because(Unfit.Why.HASH_ROUNDS, rounds, ROUNDS_MAX);
        }
        return MD5.matcher(hash).matches() || DES.matcher(hash).matches()
                ? Optional.empty()
                : Unfit.because(Unfit.Why.HASH_KIND);
    }
}
