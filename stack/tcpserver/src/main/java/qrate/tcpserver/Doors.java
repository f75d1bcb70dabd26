package qrate.tcpserver;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import qrate.core.Figure;

/// Listeners of one daemon, which close at the same time: each asks its clients to end, and all of them together have
/// one deadline.
public final class Doors implements AutoCloseable {
    /// How long a daemon leaves its clients; the container engine kills after ten seconds.
    public static final Duration CLOSE_MAX = Duration.ofSeconds(7);

    private final Duration deadline;
    private final List<Door> doors = new CopyOnWriteArrayList<>();

    private record Door(String name, Listener listener) {}

    /// @param deadline how long clients have for what they are in the middle of
    public Doors(Duration deadline) {
        this.deadline = deadline;
    }

    /// Adds one that has been started.
    ///
    /// @param name for its figures: `smtp`, `pop3s`
    public Listener add(String name, Listener listener) {
        doors.add(new Door(name, listener));
        return listener;
    }

    /// What came to each of them.
    public List<Figure.Sample> samples() {
        return doors.stream()
                .flatMap(door -> door.listener.traffic().samples(door.name).stream())
                .toList();
    }

    @Override
    public void close() {
        List<Thread> stops = doors.stream()
                .map(door -> Thread.ofVirtual().name("tcpserver-stop").start(() -> door.listener.stop(deadline)))
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
