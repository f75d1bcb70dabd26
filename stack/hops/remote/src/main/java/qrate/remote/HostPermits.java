package qrate.remote;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Bounds the connections to one host at a time; whoever waits too long goes away.
final class HostPermits {
    private static final class Gate {
        int limit;
        int open;
        int waiting;
        int users;
        final Condition turn;

        Gate(Condition turn) {
            this.turn = turn;
        }

        boolean hasRoom() {
            return open < limit;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Gate> gates = new HashMap<>();

    /// Takes a permit; whoever came first is first.
    ///
    /// @param limit how many may have one; what the last caller says counts, also for those who wait
    /// @return whether there was one in time; if so {@link #release} must follow
    boolean acquire(String host, int limit, Duration wait) throws InterruptedException {
        lock.lock();
        try {
            Gate gate = gates.computeIfAbsent(host, _ -> new Gate(lock.newCondition()));
            gate.users++;
            gate.limit = limit;
            if (gate.hasRoom()) {
                gate.turn.signal(); // it may have risen
            }
            boolean got = false;
            try {
                got = (gate.waiting == 0 && gate.hasRoom()) || awaits(gate, wait);
                gate.open += got ? 1 : 0;
                return got;
            } finally {
                if (!got) {
                    leave(host, gate);
                } else if (gate.hasRoom()) {
                    gate.turn.signal();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean awaits(Gate gate, Duration wait) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(wait.toMillis());
        gate.waiting++;
        try {
            do {
                left = gate.turn.awaitNanos(left);
            } while (!gate.hasRoom() && left > 0);
            return gate.hasRoom();
        } finally {
            gate.waiting--;
        }
    }

    /// Gives a permit back.
    void release(String host) {
        lock.lock();
        try {
            Gate gate = gates.get(host);
            gate.open--;
            leave(host, gate);
        } finally {
            lock.unlock();
        }
    }

    /// Hosts in use or waited for.
    int hosts() {
        lock.lock();
        try {
            return gates.size();
        } finally {
            lock.unlock();
        }
    }

    /// Whoever goes hands the turn on, in case it was his.
    private void leave(String host, Gate gate) {
        gate.turn.signal();
        if (--gate.users == 0) {
            gates.remove(host);
        }
    }
}
