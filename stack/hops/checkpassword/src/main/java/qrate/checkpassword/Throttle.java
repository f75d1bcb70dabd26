package qrate.checkpassword;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import qrate.core.Lru;

/// Slows guessing down without locking anyone out: failures are counted for an address with an account, for an
/// address, and for an account; past a free number each further one doubles the wait, up to a most.
///
/// Where an account has logged in from before ({@link Known}), the two wider counters do not hold it up, so an account
/// under attack from elsewhere stays open to its owner. Whoever comes from a new place meanwhile waits for seconds.
public final class Throttle {
    /// Counters of each kind kept at once; the longest unused goes first.
    static final int ENTRIES_MAX = 20_000;

    /// Failures before the first wait, for one account from one address.
    static final int PAIR_FREE = 5;

    /// Failures before the first wait, for one address.
    static final int ADDRESS_FREE = 20;

    /// Failures before the first wait, for one account from everywhere.
    static final int ACCOUNT_FREE = 50;

    /// Longest wait of an address.
    static final Duration WAIT_MAX = Duration.ofMinutes(5);

    /// Longest wait of an account from everywhere: 2,880 guesses a day, and an owner on a journey gets in.
    static final Duration ACCOUNT_WAIT_MAX = Duration.ofSeconds(30);

    /// Quiet time after which failures are forgotten.
    static final Duration FORGET = Duration.ofMinutes(30);

    private static final int DOUBLINGS_MAX = 20;

    /// Longest key; a name that is longer is told from others by its digest.
    private static final int KEY_CHARS_MAX = 80;

    private record Failures(int count, Instant last) {}

    private final InstantSource clock;
    private final Known known;
    private final Map<String, Failures> pairs = new Lru<>(ENTRIES_MAX);
    private final Map<String, Failures> addresses = new Lru<>(ENTRIES_MAX);
    private final Map<String, Failures> accounts = new Lru<>(ENTRIES_MAX);

    /// One that forgets everything when the process ends.
    public Throttle(InstantSource clock) {
        this(clock, Known.forgetful(clock));
    }

    /// @param known where accounts have logged in from, which may outlive the process
    public Throttle(InstantSource clock, Known known) {
        this.clock = clock;
        this.known = known;
    }

    /// Whether a try may be made now.
    ///
    /// @param remote an address, or anything else if it is not known: then only the account counts
    public synchronized boolean open(String remote, String account) {
        String name = name(account);
        if (!Networks.known(remote)) {
            return open(accounts, name, ACCOUNT_FREE, ACCOUNT_WAIT_MAX);
        }
        String address = Networks.one(remote);
        return open(pairs, address + " " + name, PAIR_FREE, WAIT_MAX)
                && (known(remote, account)
                        || (open(addresses, address, ADDRESS_FREE, WAIT_MAX)
                                && open(accounts, name, ACCOUNT_FREE, ACCOUNT_WAIT_MAX)));
    }

    /// Whether an account has logged in from near there.
    boolean known(String remote, String account) {
        return Networks.known(remote) && known.has(Networks.near(remote), account);
    }

    /// Where the next address of whoever has this one is likely to be: the IPv4 /24, the IPv6 /64.
    public static String near(String remote) {
        return Networks.near(remote);
    }

    /// Notes a failed try.
    public synchronized void failed(String remote, String account) {
        String name = name(account);
        count(accounts, name);
        if (Networks.known(remote)) {
            String address = Networks.one(remote);
            count(pairs, address + " " + name);
            count(addresses, address);
        }
    }

    /// Notes a login: the network is known for this account from now on.
    public synchronized void succeeded(String remote, String account) {
        if (Networks.known(remote)) {
            pairs.remove(Networks.one(remote) + " " + name(account));
            known.add(Networks.near(remote), account);
        }
    }

    /// Writes down what is to outlive the process.
    void save() {
        known.save();
    }

    /// Counters in memory, for tests.
    synchronized int size() {
        return pairs.size() + addresses.size() + accounts.size();
    }

    private static String name(String account) {
        return account.length() <= KEY_CHARS_MAX
                ? account
                : account.substring(0, KEY_CHARS_MAX / 2) + " " + account.length() + " " + account.hashCode();
    }

    private boolean open(Map<String, Failures> failures, String key, int free, Duration most) {
        Failures seen = failures.get(key);
        if (seen == null || seen.count < free) {
            return true;
        }
        Duration wait = Duration.ofSeconds(1L << Math.min(seen.count - free, DOUBLINGS_MAX));
        Duration bounded = wait.compareTo(most) < 0 ? wait : most;
        return !clock.instant().isBefore(seen.last.plus(bounded));
    }

    private void count(Map<String, Failures> failures, String key) {
        Instant now = clock.instant();
        Failures seen = failures.get(key);
        boolean fresh = seen == null || now.isAfter(seen.last.plus(FORGET));
        failures.put(key, new Failures(fresh ? 1 : Math.min(seen.count, Integer.MAX_VALUE - 1) + 1, now));
    }
}
