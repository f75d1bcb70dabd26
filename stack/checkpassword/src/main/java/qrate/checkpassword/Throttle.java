package qrate.checkpassword;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// Slows guessing down without locking anyone out: failures are counted for an address with an account, for an
/// address, and for an account; past a free number each further one doubles the wait.
///
/// An address from which an account has logged in stays free of the two wider counters for that account, so an
/// account under attack from elsewhere stays open to its owner.
public final class Throttle {
    /// Counters of each kind kept at once; the longest unused goes first.
    static final int ENTRIES_MAX = 20_000;

    /// Failures before the first wait, for one account from one address.
    static final int PAIR_FREE = 5;

    /// Failures before the first wait, for one address.
    static final int ADDRESS_FREE = 20;

    /// Failures before the first wait, for one account from everywhere.
    static final int ACCOUNT_FREE = 50;

    /// Longest wait.
    static final Duration WAIT_MAX = Duration.ofMinutes(5);

    /// Quiet time after which failures are forgotten.
    static final Duration FORGET = Duration.ofMinutes(30);

    private static final int DOUBLINGS_MAX = 20;

    private record Failures(int count, Instant last) {}

    private static final class Lru<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1L;

        Lru() {
            super(64, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > ENTRIES_MAX;
        }
    }

    private final InstantSource clock;
    private final Map<String, Failures> pairs = new Lru<>();
    private final Map<String, Failures> addresses = new Lru<>();
    private final Map<String, Failures> accounts = new Lru<>();
    private final Map<String, Boolean> known = new Lru<>();

    public Throttle(InstantSource clock) {
        this.clock = clock;
    }

    /// Whether a try may be made now.
    public synchronized boolean open(String remote, String account) {
        String address = key(remote);
        String pair = address + " " + account;
        if (!open(pairs, pair, PAIR_FREE)) {
            return false;
        }
        return known.get(pair) != null
                || (open(addresses, address, ADDRESS_FREE) && open(accounts, account, ACCOUNT_FREE));
    }

    /// Notes a failed try.
    public synchronized void failed(String remote, String account) {
        String address = key(remote);
        count(pairs, address + " " + account);
        count(addresses, address);
        count(accounts, account);
    }

    /// Notes a login: the address is known for this account from now on.
    public synchronized void succeeded(String remote, String account) {
        String pair = key(remote) + " " + account;
        pairs.remove(pair);
        known.put(pair, Boolean.TRUE);
    }

    /// Counters in memory, for tests.
    synchronized int size() {
        return pairs.size() + addresses.size() + accounts.size() + known.size();
    }

    private boolean open(Map<String, Failures> failures, String key, int free) {
        Failures seen = failures.get(key);
        if (seen == null || seen.count < free) {
            return true;
        }
        Duration wait = Duration.ofSeconds(1L << Math.min(seen.count - free, DOUBLINGS_MAX));
        Duration bounded = wait.compareTo(WAIT_MAX) < 0 ? wait : WAIT_MAX;
        return !clock.instant().isBefore(seen.last.plus(bounded));
    }

    private void count(Map<String, Failures> failures, String key) {
        Instant now = clock.instant();
        Failures seen = failures.get(key);
        boolean fresh = seen == null || now.isAfter(seen.last.plus(FORGET));
        failures.put(key, new Failures(fresh ? 1 : Math.min(seen.count, Integer.MAX_VALUE - 1) + 1, now));
    }

    /// An IPv6 customer has a /64 to choose from, so that much counts as one address.
    static String key(String remote) {
        String address = remote.toLowerCase(java.util.Locale.ROOT);
        if (address.indexOf(':') < 0) {
            return address;
        }
        int mapped = address.lastIndexOf(':');
        if (address.indexOf('.') > mapped) {
            return address.substring(mapped + 1);
        }
        int zone = address.indexOf('%');
        String plain = zone < 0 ? address : address.substring(0, zone);
        int gap = plain.indexOf("::");
        String[] head = (gap < 0 ? plain : plain.substring(0, gap)).split(":", -1);
        String[] tail = gap < 0 || gap + 2 == plain.length()
                ? new String[0]
                : plain.substring(gap + 2).split(":", -1);
        int heads = head.length == 1 && head[0].isEmpty() ? 0 : head.length;
        StringBuilder prefix = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            String group = i < heads ? head[i] : i >= 8 - tail.length ? tail[i - 8 + tail.length] : "0";
            String bare = group.replaceFirst("^0+(?=.)", "");
            prefix.append(bare).append(':');
        }
        return prefix.append(":/64").toString();
    }
}
