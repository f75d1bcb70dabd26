package qrate.admin;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import qrate.httpd.ClientGroup;

/// Lets each client do so much in each while, and all of them together so much: for doors that are open to everybody.
final class ClientBudget {
    private final InstantSource clock;
    private final long whileMillis;
    private final int maxEach;
    private final int max;
    private final Map<String, Integer> used = new HashMap<>(); // never more than max
    private long turn;
    private int all;

    /// @param each how long a while is
    ClientBudget(InstantSource clock, Duration each, int maxEach, int max) {
        this.clock = clock;
        this.whileMillis = each.toMillis();
        this.maxEach = maxEach;
        this.max = max;
    }

    /// Whether one more may happen now; it counts if so.
    ///
    /// @param address of the client; what is none, as the name of an account, is one client of its own
    synchronized boolean admits(String address) {
        long now = clock.millis() / whileMillis;
        if (now != turn) {
            turn = now;
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
