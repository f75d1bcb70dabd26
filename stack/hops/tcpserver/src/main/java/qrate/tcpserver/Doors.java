package qrate.tcpserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import qrate.core.Figure;

/// Listeners of one daemon, which close at the same time: each asks its clients to end, and all of them together have
/// one deadline. Until the last client is gone newcomers are told to come back.
///
/// Where an upgrade has a successor ready it makes the file that `QRATE_HOLD` names before it ends this daemon: the
/// daemon then removes it once it is alone, and stays at the door, with the same word for newcomers, until it is
/// killed, so that nobody stands before a closed door while the port goes to the successor.
public final class Doors implements AutoCloseable {
    /// How long a daemon leaves its clients; the container engine kills after ten seconds.
    public static final Duration CLOSE_MAX = Duration.ofSeconds(7);

    /// How long a daemon that is alone waits to be killed.
    static final Duration HOLD_MAX = Duration.ofSeconds(5);

    private final Duration deadline;
    private final Optional<Path> hold;
    private final List<Door> doors = new CopyOnWriteArrayList<>();

    private record Door(String name, Listener listener) {}

    /// @param deadline how long clients have for what they are in the middle of
    public Doors(Duration deadline) {
        this(deadline, Optional.empty());
    }

    private Doors(Duration deadline, Optional<Path> hold) {
        this.deadline = deadline;
        this.hold = hold;
    }

    /// With the usual deadline, and a successor where `QRATE_HOLD` says so.
    public static Doors of(Map<String, String> environment) {
        return new Doors(
                CLOSE_MAX,
                Optional.ofNullable(environment.get("QRATE_HOLD"))
                        .filter(name -> !name.isEmpty())
                        .map(Path::of));
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
        together(door -> door.listener.empty(deadline));
        hold.ifPresent(Doors::waitForSuccessor);
        together(door -> door.listener.shut());
    }

    private void together(Consumer<Door> act) {
        List<Thread> threads = doors.stream()
                .map(door -> Thread.ofVirtual().name("tcpserver-stop").start(() -> act.accept(door)))
                .toList();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void waitForSuccessor(Path file) {
        try {
            if (Files.deleteIfExists(file)) {
                Thread.sleep(HOLD_MAX);
            }
        } catch (IOException _) {
            // whoever made it sees it stay, and goes on after a while
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
