package qrate.tcpserver;

import java.io.IOException;
import java.net.Socket;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import qrate.core.Connection;

/// The open connections of a door: who has to go when it is full, how long they may stand still before it is,
/// and who
/// has taken too long whether it is or not.
///
/// Those who have more connections than others make room first, and of these whoever has come no step forward
/// for the
/// longest time. A message that comes in is given up only for one that has stopped.
final class Guests {
    /// How long one write may wait for a client that does not read, in seconds.
    static final int WRITE_SECONDS_MAX = 300;

    /// How long a client may have been silent to be cut off at once when the door closes, in milliseconds.
    static final int SILENT_MILLIS = 500;

    /// How long a client without a message may stand still while a door is nearly full, in seconds.
    static final int STILL_SECONDS_MAX = 30;

    /// The same for one that has logged in or begun a message.
    static final int STILL_SECONDS_AT_WORK_MAX = 120;

    /// How long a client that has no more connections than others may always stand still, in seconds.
    static final int STILL_SECONDS_MIN = 10;

    private final Set<SocketConnection> open = ConcurrentHashMap.newKeySet();
    private final Set<SocketConnection> late = ConcurrentHashMap.newKeySet();
    private final Map<Socket, Long> headers = new ConcurrentHashMap<>();

    /// @param comesLate whether the door closes already: then nobody waits for this one to end
    void add(SocketConnection connection, boolean comesLate) {
        (comesLate ? late : open).add(connection);
    }

    void remove(SocketConnection connection) {
        open.remove(connection);
        late.remove(connection);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /// Lets a client's proxy say who it is, as long as the header may take.
    void introducing(Socket socket) {
        headers.put(socket, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ProxyProtocol.HEADER_MILLIS));
    }

    /// The header has come, or never will.
    void introduced(Socket socket) {
        headers.remove(socket);
    }

    /// The time limits of reads, writes and headers.
    ///
    /// @param near whether the door is nearly full
    void sweep(boolean near) {
        long now = System.nanoTime();
        for (SocketConnection connection :
                (Iterable<SocketConnection>) Stream.concat(open.stream(), late.stream())::iterator) {
            if (connection.stuck(TimeUnit.SECONDS.toNanos(WRITE_SECONDS_MAX), now)) {
                connection.cut();
            }
            connection.expire(now);
            if (near && connection.waits() && tooStill(connection, now)) {
                connection.dismiss();
            }
        }
        headers.forEach((socket, end) -> {
            if (now - end > 0) {
                cut(socket);
            }
        });
    }

    private static void cut(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // closed all the same
        }
    }

    /// Asks the services to end at the next command.
    void ask() {
        long now = System.nanoTime();
        for (SocketConnection connection : open) {
            try {
                connection.stop(TimeUnit.MILLISECONDS.toNanos(SILENT_MILLIS), now);
            } catch (IOException _) {
                connection.cut();
            }
        }
    }

    /// Ends all that are left.
    void cut() {
        open.forEach(SocketConnection::cut);
        late.forEach(SocketConnection::cut);
    }

    /// Ends one for the sake of a newcomer.
    ///
    /// @param had how many connections the newcomer has already
    /// @return who has to go
    Optional<String> shed(int had) {
        Optional<SocketConnection> victim = victim(had, System.nanoTime());
        victim.ifPresent(SocketConnection::dismiss);
        return victim.map(SocketConnection::client);
    }

    /// Ends the connection of a client that holds most of the memory.
    void relieve(String client) {
        open.stream()
                .filter(connection -> connection.client().equals(client) && connection.waits())
                .max(Comparator.comparingLong(connection -> connection.memory().held()))
                .ifPresent(SocketConnection::dismiss);
    }

    /// Whether a connection stands still for longer than a door that is nearly full can bear.
    private static boolean tooStill(SocketConnection connection, long now) {
        int seconds = connection.worth() == Connection.Worth.NOTHING ? STILL_SECONDS_MAX : STILL_SECONDS_AT_WORK_MAX;
        return connection.idle(now) > TimeUnit.SECONDS.toNanos(seconds);
    }

    private Optional<SocketConnection> victim(int had, long now) {
        Map<String, Integer> counts = new HashMap<>();
        open.forEach(connection -> counts.merge(connection.client(), 1, Integer::sum));
        Comparator<SocketConnection> order = Comparator.comparing(
                        (SocketConnection connection) -> counts.getOrDefault(connection.client(), 0))
                .reversed()
                .thenComparing(SocketConnection::worth)
                .thenComparingLong(connection -> -connection.idle(now));
        return open.stream()
                .filter(SocketConnection::waits)
                .filter(connection -> {
                    boolean greedy = counts.getOrDefault(connection.client(), 0) > had + 1;
                    long idle = connection.idle(now);
                    return switch (connection.worth()) {
                        case NOTHING -> greedy || idle > TimeUnit.SECONDS.toNanos(STILL_SECONDS_MIN);
                        case WORK -> greedy || idle > TimeUnit.SECONDS.toNanos(STILL_SECONDS_MAX);
                        case MESSAGE -> idle > TimeUnit.SECONDS.toNanos(STILL_SECONDS_MAX);
                    };
                })
                .min(order);
    }
}
