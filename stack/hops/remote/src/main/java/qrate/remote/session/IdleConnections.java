package qrate.remote.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Keeps connections for the next message to the same server, for a few seconds.
final class IdleConnections implements AutoCloseable {
    /// Kept in all.
    static final int ALL_MAX = 64;

    /// Messages over one connection.
    static final int TRANSACTIONS_MAX = 100;

    private final Watchdog watchdog;
    private final Duration kept;
    private final Map<Session.Endpoint, Deque<Session>> idle = new HashMap<>();
    private int count;
    private boolean closed;

    /// @param kept how long one is kept
    IdleConnections(Watchdog watchdog, Duration kept) {
        this.watchdog = watchdog;
        this.kept = kept;
    }

    /// Takes one out, the latest first.
    synchronized Optional<Session> take(Session.Endpoint endpoint) {
        Deque<Session> sessions = idle.getOrDefault(endpoint, new ArrayDeque<>());
        Session session = sessions.pollFirst();
        if (session == null) {
            return Optional.empty();
        }
        forget(endpoint, sessions);
        return Optional.of(session);
    }

    /// Keeps one, or closes it when there are enough.
    void put(Session session) {
        if (!keep(session)) {
            session.quit();
            return;
        }
        var _ = watchdog.after(kept, () -> {
            if (remove(session)) {
                Thread.startVirtualThread(session::quit); // a write may wait, and the watchdog must not
            }
        });
    }

    private synchronized boolean keep(Session session) {
        Deque<Session> sessions = idle.computeIfAbsent(session.endpoint(), _ -> new ArrayDeque<>());
        boolean room = !closed
                && count < ALL_MAX
                && sessions.size() < RemoteSessions.IDLE_PER_SERVER_MAX
                && session.transactions() < TRANSACTIONS_MAX;
        if (room) {
            sessions.addFirst(session);
            count++;
        } else if (sessions.isEmpty()) {
            idle.remove(session.endpoint());
        }
        return room;
    }

    private synchronized boolean remove(Session session) {
        Deque<Session> sessions = idle.getOrDefault(session.endpoint(), new ArrayDeque<>());
        boolean there = sessions.remove(session);
        if (there) {
            forget(session.endpoint(), sessions);
        }
        return there;
    }

    private void forget(Session.Endpoint endpoint, Deque<Session> sessions) {
        count--;
        if (sessions.isEmpty()) {
            idle.remove(endpoint);
        }
    }

    /// How many are kept now.
    synchronized int size() {
        return count;
    }

    @Override
    public void close() {
        Deque<Session> all = new ArrayDeque<>();
        synchronized (this) {
            closed = true;
            idle.values().forEach(all::addAll);
            idle.clear();
            count = 0;
        }
        all.forEach(Session::quit);
    }
}
