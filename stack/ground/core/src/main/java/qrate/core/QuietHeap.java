package qrate.core;

import java.time.Duration;

/// Gives back to the system what a start, or a busy hour, has left of the heap: the collector would hold on to it,
/// since
/// it runs only when there is work.
///
/// A process at rest is collected once, and again when the heap has grown since; so one that works on is left alone,
/// and one that needs what it has is not asked again.
public final class QuietHeap implements AutoCloseable {
    /// Between two looks; quiet is who allocated next to nothing from one to the other.
    private static final Duration EVERY = Duration.ofSeconds(10);

    /// What health, figures and pings of a process at rest allocate between two looks, in bytes.
    private static final long NOTHING_BYTES = 512 << 10;

    /// A heap that can be asked to shrink.
    interface Heap {
        /// Bytes that it has from the system.
        long bytes();

        /// Bytes that objects take, live and dead.
        long used();

        /// Takes away what is dead, and shrinks.
        void collect();
    }

    private final Repeating looking;
    private final Heap heap;
    private long before = Long.MIN_VALUE / 2;
    private long needed;

    /// Of this process; begins at once.
    public QuietHeap() {
        this(new Own());
        looking.start();
    }

    QuietHeap(Heap heap) {
        this.heap = heap;
        this.looking = new Repeating("quiet-heap", EVERY, this::look);
    }

    void look() {
        long used = heap.used();
        boolean quiet = Math.abs(used - before) < NOTHING_BYTES;
        before = used;
        if (quiet && heap.bytes() > needed) {
            heap.collect();
            needed = heap.bytes();
            before = heap.used();
        }
    }

    @Override
    public void close() {
        looking.close();
    }

    private static final class Own implements Heap {
        private final Runtime runtime = Runtime.getRuntime();

        @Override
        public long bytes() {
            return runtime.totalMemory();
        }

        @Override
        public long used() {
            return runtime.totalMemory() - runtime.freeMemory();
        }

        @Override
        public void collect() {
            System.gc();
        }
    }
}
