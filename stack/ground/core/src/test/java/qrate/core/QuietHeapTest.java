package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class QuietHeapTest {
    private static final int MIB = 1 << 20;

    /// 4 MiB live in what was taken from the system.
    private static final class Pretended implements QuietHeap.Heap {
        private long bytes = 20 * MIB;
        private long used = 15 * MIB;
        private long live = 4 * MIB;
        private int collected;

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public long used() {
            return used;
        }

        @Override
        public void collect() {
            collected++;
            used = live;
            bytes = 2 * live;
        }
    }

    private final Pretended heap = new Pretended();
    private final QuietHeap quiet = new QuietHeap(heap);

    @Test
    void shrinksOnceWhenNothingIsAllocated() {
        quiet.look();
        assertEquals(0, heap.collected);
        for (int i = 0; i < 10; i++) {
            quiet.look();
        }
        assertEquals(1, heap.collected);
        assertEquals(8 * MIB, heap.bytes);
    }

    @Test
    void leavesAloneWhoWorks() {
        for (int i = 0; i < 10; i++) {
            heap.used += i % 2 == 0 ? 5 * MIB : -4 * MIB;
            quiet.look();
        }
        assertEquals(0, heap.collected);
    }

    @Test
    void shrinksAgainAfterItHasGrown() {
        quiet.look();
        quiet.look();
        heap.bytes = 100 * MIB;
        heap.used = 80 * MIB;
        quiet.look();
        assertEquals(1, heap.collected);
        heap.used += 100; // what health allocates
        quiet.look();
        assertEquals(2, heap.collected);
        assertEquals(8 * MIB, heap.bytes);
    }

    @Test
    void doesNotAskAgainWhereAllIsNeeded() {
        heap.live = 10 * MIB;
        for (int i = 0; i < 10; i++) {
            quiet.look();
        }
        assertEquals(1, heap.collected);
    }
}
