package qrate.remote;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// Remembers servers that timed out, so that they are left alone for a while: qmail-tcpto(8), in memory.
final class TimedOut {
    /// How long a server is left alone.
    static final Duration REST = Duration.ofHours(1);

    /// Time-outs before it is.
    static final int TIMES = 2;

    /// Time-outs closer together than this count as one.
    static final Duration APART = Duration.ofMinutes(2);

    /// Servers remembered; the one heard of longest ago goes first.
    static final int SERVERS_MAX = 2_000;

    private record Memory(int times, long lastMillis) {}

    private final InstantSource clock;
    private final Map<InetAddress, Memory> servers = new LinkedHashMap<>();

    TimedOut(InstantSource clock) {
        this.clock = clock;
    }

    /// Whether a server should be left alone now.
    synchronized boolean resting(InetAddress server) {
        Memory memory = servers.get(server);
        return memory != null && memory.times >= TIMES && since(memory) < REST.toMillis();
    }

    /// Notes that connecting to a server timed out.
    synchronized void timedOut(InetAddress server) {
        Memory memory = servers.remove(server);
        boolean old = memory == null || since(memory) >= REST.toMillis();
        if (!old && since(memory) < APART.toMillis()) {
            servers.put(server, memory);
            return;
        }
        servers.put(server, new Memory(old ? 1 : memory.times + 1, clock.millis()));
        if (servers.size() > SERVERS_MAX) {
            servers.remove(servers.keySet().iterator().next());
        }
    }

    /// Notes that a server answered.
    synchronized void answered(InetAddress server) {
        servers.remove(server);
    }

    private long since(Memory memory) {
        long millis = clock.millis() - memory.lastMillis;
        return millis < 0 ? Long.MAX_VALUE : millis; // the clock was set back: forget
    }
}
