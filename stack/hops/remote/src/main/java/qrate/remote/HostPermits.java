package qrate.remote;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Bounds the connections to one host at a time; whoever waits too long goes away.
final class HostPermits {
    private static final class Gate {
        final Semaphore permits;
        int users;

        Gate(int permits) {
            this.permits = new Semaphore(permits, true);
        }
    }

    private final Map<String, Gate> gates = new HashMap<>();

    /// Takes a permit.
    ///
    /// @param limit counts when the first one comes; a change is seen once the host is idle
    /// @return whether there was one in time; if so {@link #release} must follow
    boolean acquire(String host, int limit, Duration wait) throws InterruptedException {
        Gate gate;
        synchronized (gates) {
            gate = gates.computeIfAbsent(host, _ -> new Gate(limit));
            gate.users++;
        }
        boolean got = false;
        try {
            got = gate.permits.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
            return got;
        } finally {
            if (!got) {
                leave(host, gate);
            }
        }
    }

    /// Gives a permit back.
    void release(String host) {
        Gate gate;
        synchronized (gates) {
            gate = gates.get(host);
        }
        gate.permits.release();
        leave(host, gate);
    }

    /// Hosts in use or waited for.
    int hosts() {
        synchronized (gates) {
            return gates.size();
        }
    }

    private void leave(String host, Gate gate) {
        synchronized (gates) {
            if (--gate.users == 0) {
                gates.remove(host);
            }
        }
    }
}
