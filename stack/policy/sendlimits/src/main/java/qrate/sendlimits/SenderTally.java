package qrate.sendlimits;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;

/// What came of one user, or of all users of a domain. Used under the lock of {@link SendLimits}.
final class SenderTally {
    static final Duration HOUR = Duration.ofHours(1);

    /// Most networks that are told apart; a limit above counts as this.
    static final int NETWORKS_MAX = 255;

    private static final int HOUR_SLOTS = 12;
    private static final int DAY_SLOTS = 24;
    private static final int V6_PREFIX_BYTES = 6;
    private static final int SLOT_BITS = 24;
    private static final long MILLIS_A_SLOT = HOUR.toMillis() / HOUR_SLOTS;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final Sliding messages = hour();
    private final Sliding recipients = hour();
    private final Sliding bounces = hour();
    private final Sliding held = new Sliding(Duration.ofDays(1), DAY_SLOTS);
    private final Sliding heldKbytes = new Sliding(Duration.ofDays(1), DAY_SLOTS);
    /// each a network's number, and in its lowest bits the slot in which it was seen last
    private long[] networks = {};
    private long noticed = Long.MIN_VALUE;

    private static Sliding hour() {
        return new Sliding(HOUR, HOUR_SLOTS);
    }

    void pass(long now, int count) {
        messages.add(now, 1);
        recipients.add(now, count);
    }

    /// It was not taken after all.
    void takeBack(long then, int count) {
        messages.takeBack(then, 1);
        recipients.takeBack(then, count);
    }

    void hold(long now, long bytes) {
        held.add(now, 1);
        heldKbytes.add(now, (int) Math.min(Integer.MAX_VALUE, (bytes + 1023) >> 10));
    }

    void fail(long now, int count) {
        bounces.add(now, count);
    }

    /// Remembers where a message came from, as long as there is room.
    ///
    /// @param ip as TCPREMOTEIP has it
    /// @param most no more of them need be told apart
    void from(String ip, long now, int most) {
        long number = network(ip);
        if (number == 0) {
            return;
        }
        forget(now);
        long seen = (number << SLOT_BITS) | slot(now);
        for (int i = 0; i < networks.length; i++) {
            if (networks[i] >>> SLOT_BITS == number) {
                networks[i] = seen;
                return;
            }
        }
        if (networks.length < Math.min(most, NETWORKS_MAX)) {
            networks = Arrays.copyOf(networks, networks.length + 1);
            networks[networks.length - 1] = seen;
        }
    }

    private void forget(long now) {
        long oldest = slot(now) - HOUR_SLOTS;
        networks = Arrays.stream(networks)
                .filter(one -> (one & ((1L << SLOT_BITS) - 1)) >= oldest)
                .toArray();
    }

    private static long slot(long millis) {
        return Math.clamp(millis / MILLIS_A_SLOT, 0, (1L << SLOT_BITS) - 1);
    }

    /// The number of an address's network, in 40 bits; 0 for what is no address.
    private static long network(String ip) {
        byte[] bytes;
        boolean four;
        try {
            InetAddress address = InetAddress.ofLiteral(ip);
            four = address instanceof Inet4Address;
            bytes = address.getAddress();
        } catch (IllegalArgumentException _) {
            return 0;
        }
        long number = 0;
        for (int i = 0; i < (four ? bytes.length - 1 : V6_PREFIX_BYTES); i++) {
            number = number << Byte.SIZE | (bytes[i] & 0xff);
        }
        // /48 has more bits than there is room for; two that fall together are counted as one
        return four ? number | 1L << 39 : Math.max(1, (number * MIX) >>> 25);
    }

    int count(Measure measure, long now) {
        return switch (measure) {
            case MESSAGES -> messages.sum(now);
            case RECIPIENTS -> recipients.sum(now);
            case BOUNCES -> bounces.sum(now);
            case NETWORKS -> {
                forget(now);
                yield networks.length;
            }
        };
    }

    /// Messages held in the last day.
    int held(long now) {
        return held.sum(now);
    }

    /// Their size, in KiB.
    int heldKbytes(long now) {
        return heldKbytes.sum(now);
    }

    /// Whether a notice is due, of which there is one an hour; the answer yes counts as one.
    boolean notice(long now) {
        boolean due = noticed == Long.MIN_VALUE || now - noticed >= HOUR.toMillis() || now < noticed;
        if (due) {
            noticed = now;
        }
        return due;
    }
}
