package qrate.sendlimits;

import java.time.Duration;
import java.util.Arrays;

/// How much came in a time that moves along: in slots, of which one more than the time has is kept, so that the sum is
/// never less than what came in it, and at most one slot's more.
final class Sliding {
    private final long slotMillis;
    private final int[] counts;
    private long newest;

    /// @param slots the time is cut into
    Sliding(Duration time, int slots) {
        this.slotMillis = time.toMillis() / slots;
        this.counts = new int[slots + 1];
    }

    /// @param millis since 1970
    void add(long millis, int count) {
        forward(millis);
        int at = Math.floorMod(newest, counts.length);
        counts[at] = (int) Math.min(Integer.MAX_VALUE, (long) counts[at] + count);
    }

    /// Takes back what was added at a time, unless it counts no more.
    void takeBack(long millis, int count) {
        long slot = Math.min(newest, Math.floorDiv(millis, slotMillis));
        if (newest - slot < counts.length) {
            int at = Math.floorMod(slot, counts.length);
            counts[at] = Math.max(0, counts[at] - count);
        }
    }

    int sum(long millis) {
        forward(millis);
        long sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return (int) Math.min(Integer.MAX_VALUE, sum);
    }

    /// A clock set back a little loses nothing; set back by more than the time, it begins anew, since counts of a
    /// future would stay until it comes.
    private void forward(long millis) {
        long slot = Math.floorDiv(millis, slotMillis);
        if (slot - newest >= counts.length || newest - slot >= counts.length) {
            Arrays.fill(counts, 0);
            newest = slot;
        }
        while (newest < slot) {
            newest++;
            counts[Math.floorMod(newest, counts.length)] = 0;
        }
    }
}
