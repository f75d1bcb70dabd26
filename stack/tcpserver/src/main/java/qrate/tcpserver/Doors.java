package qrate.tcpserver;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Listeners of one daemon, which close at the same time: each asks its clients to end, and all of them together have
/// one deadline.
public final class Doors implements AutoCloseable {
    /// How long a daemon leaves its clients; the container engine kills after ten seconds.
    public static final Duration CLOSE_MAX = Duration.ofSeconds(7);

    private final Duration deadline;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /// @param deadline how long clients have for what they are in the middle of
    public Doors(Duration deadline) {
        this.deadline = deadline;
    }

    /// Adds one that has been started.
    public Listener add(Listener listener) {
        listeners.add(listener);
        return listener;
    }

    @Override
    public void close() {
        List<Thread> stops = listeners.stream()
                .map(listener -> Thread.ofVirtual().name("tcpserver-stop").start(() -> listener.stop(deadline)))
                .toList();
        try {
            for (Thread stop : stops) {
                stop.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
