package qrate.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Bytes of heap that a door may hold for its clients: for all of them together, and a share for each.
///
/// A client may hold as much as is left free while it takes it: half of everything, if it is alone. Those who
/// come one
/// after another may yet take nearly all; then whoever asks for no more than an even share of half the budget
/// gets it,
/// if need be from the greediest, who is dismissed ({@link #relieve}). So nobody's mail is refused for
/// another's.
public final class Budget {
    /// What a string costs beside its characters, in bytes: two objects, and a place in a list.
    public static final int STRING_BYTES = 56;

    /// What one connection may take of a budget.
    public interface Share extends AutoCloseable {
        /// Takes so many bytes, or none of them.
        ///
        /// @return whether they may be held; false for a client that has its share already
        boolean take(long bytes);

        /// Bytes that are held by it now.
        long held();

        /// Gives some of them back.
        void give(long bytes);

        /// Gives back whatever is still held.
        @Override
        void close();
    }

    /// The share of who has a process to itself.
    public static final Share ENDLESS = new Share() {
        @Override
        public boolean take(long bytes) {
            return true;
        }

        @Override
        public long held() {
            return 0;
        }

        @Override
        public void give(long bytes) {
            // nobody counts
        }

        @Override
        public void close() {
            // nobody counts
        }
    };

    /// How long whoever needs memory waits for the greediest to let go, in milliseconds.
    private static final int RELIEF_MILLIS_MAX = 2000;

    private final Map<String, Long> held = new HashMap<>();
    private final List<Consumer<String>> doors = new CopyOnWriteArrayList<>();
    private final long bytesMax;
    private long free;

    /// @param bytesMax most bytes held for all clients together
    public Budget(long bytesMax) {
        this.bytesMax = bytesMax;
        this.free = bytesMax;
    }

    /// A part of the heap that this JVM really has, in bytes.
    ///
    /// @param divisor 4 for a quarter of it
    public static long ofHeap(int divisor) {
        return Runtime.getRuntime().maxMemory() / divisor;
    }

    /// What a text costs in heap, in bytes.
    public static long cost(String text) {
        boolean wide = text.chars().anyMatch(c -> c > 0xff);
        return STRING_BYTES + (wide ? 2L : 1L) * text.length();
    }

    /// A connection's share.
    ///
    /// @param client who it belongs to: an address, or the network that one subscriber has
    public Share share(String client) {
        return new Own(client);
    }

    /// Bytes that nobody holds.
    public synchronized long free() {
        return free;
    }

    /// Whether less than a quarter of it is free.
    public synchronized boolean isNearlySpent() {
        return free < bytesMax / 4;
    }

    /// Bytes that one client holds by all its connections.
    public synchronized long heldBy(String client) {
        return held.getOrDefault(client, 0L);
    }

    @Override
    public synchronized String toString() {
        return bytesMax - free + " of " + bytesMax + " bytes";
    }

    /// Who dismisses a client's largest connection when its memory is needed: the door that has them.
    public void relieve(Consumer<String> door) {
        doors.add(door);
    }

    private boolean take(String client, long bytes) {
        Optional<String> greediest;
        synchronized (this) {
            if (heldBy(client) + bytes <= free - bytes || (isModest(client, bytes) && bytes <= free)) {
                count(client, bytes);
                return true;
            }
            greediest = isModest(client, bytes) ? greediest() : Optional.empty();
        }
        if (greediest.isEmpty() || doors.isEmpty()) {
            return false;
        }
        doors.forEach(door -> door.accept(greediest.get()));
        return awaitAndTake(client, bytes);
    }

    private synchronized boolean awaitAndTake(String client, long bytes) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RELIEF_MILLIS_MAX);
        try {
            for (long left = end - System.nanoTime(); bytes > free && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (bytes > free) {
            return false;
        }
        count(client, bytes);
        return true;
    }

    private void count(String client, long bytes) {
        free -= bytes;
        held.merge(client, bytes, Long::sum);
    }

    private boolean isModest(String client, long bytes) {
        return heldBy(client) + bytes <= bytesMax / 2 / (held.size() + 1);
    }

    private Optional<String> greediest() {
        return held.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    private synchronized void give(String client, long bytes) {
        free += bytes;
        held.computeIfPresent(client, (_, now) -> now == bytes ? null : now - bytes);
        notifyAll();
    }

    /// Counts what its connection holds, so that nothing stays counted behind it.
    private final class Own implements Share {
        private final String client;
        private long own;

        Own(String client) {
            this.client = client;
        }

        @Override
        public boolean take(long bytes) {
            boolean taken = Budget.this.take(client, bytes);
            add(taken ? bytes : 0);
            return taken;
        }

        private synchronized void add(long bytes) {
            own += bytes;
        }

        @Override
        public synchronized long held() {
            return own;
        }

        @Override
        public synchronized void give(long bytes) {
            long back = Math.min(bytes, own);
            own -= back;
            Budget.this.give(client, back);
        }

        @Override
        public void close() {
            give(Long.MAX_VALUE);
        }
    }
}
