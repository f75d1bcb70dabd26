package qrate.httpd;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Turns to be worked on: so many in all, so many of one client, and whoever finds none waits for a while.
final class Turns {
    /// Longest wait for a turn.
    static final Duration WAIT_MAX = Duration.ofSeconds(10);

    private final Limits limits;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition given = lock.newCondition();
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    Turns(Limits limits) {
        this.limits = limits;
    }

    /// Takes a turn; false when none was to be had in time.
    boolean take(String client) throws InterruptedException {
        long left = WAIT_MAX.toNanos();
        lock.lockInterruptibly();
        try {
            while (all >= limits.turns() || taken.getOrDefault(client, 0) >= limits.turnsEach()) {
                if (left <= 0) {
                    return false;
                }
                left = given.awaitNanos(left);
            }
            all++;
            taken.merge(client, 1, Integer::sum);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void give(String client) {
        lock.lock();
        try {
            all--;
            taken.computeIfPresent(client, (_, n) -> n > 1 ? n - 1 : null);
            given.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
