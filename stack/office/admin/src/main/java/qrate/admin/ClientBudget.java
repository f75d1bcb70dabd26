package qrate.admin;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import qrate.httpd.ClientGroup;

/// Lets each client do so much in each minute, and all of them together so much: for doors that are open to everybody.
final class ClientBudget {
    private static final long MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();

    private final InstantSource clock;
    private final int maxEach;
    private final int max;
    private final Map<String, Integer> used = new HashMap<>(); // never more than max
    private long minute;
    private int all;

    ClientBudget(InstantSource clock, int maxEach, int max) {
        this.clock = clock;
        this.maxEach = maxEach;
        this.max = max;
    }

    /// Whether one more may happen now; it counts if so.
    ///
    /// @param address of the client
    synchronized boolean admits(String address) {
        long now = clock.millis() / MINUTE_MILLIS;
        if (now != minute) {
            minute = now;
            all = 0;
            used.clear();
        }
        String client = ClientGroup.of(address);
        int before = used.getOrDefault(client, 0);
        if (all >= max || before >= maxEach) {
            return false;
        }
        used.put(client, before + 1);
        all++;
        return true;
    }
}
