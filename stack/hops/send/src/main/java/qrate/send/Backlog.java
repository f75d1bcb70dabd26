package qrate.send;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongConsumer;

/// Messages that wait for their time: a binary heap of primitives, since a million of them are held at once
/// (32 bytes each).
final class Backlog {
    /// No attempt is planned on this channel, because nobody is known to be owed there.
    static final long NEVER = Long.MAX_VALUE;

    /// Due at once, and not in the log yet.
    static final long UNANNOUNCED = -1;

    /// Due at once, in the log, and never tried. Whatever was tried has a time that is not negative.
    static final long ANNOUNCED = -2;

    /// A waiting message.
    ///
    /// @param local when its local recipients are due, in milliseconds since 1970, or {@link #NEVER}
    /// @param remote when its remote recipients are due, or {@link #NEVER}
    record Entry(long id, long birth, long local, long remote) {
        long due() {
            return Math.min(local, remote);
        }

        /// Whether no attempt of it was ever made.
        boolean untried() {
            return due() < 0;
        }
    }

    /// Looks at entries.
    @FunctionalInterface
    interface Visitor {
        void visit(long id, long due);
    }

    private static final int WORDS = 4;
    private static final int ID = 0;
    private static final int BIRTH = 1;
    private static final int LOCAL = 2;
    private static final int REMOTE = 3;

    private long[] heap = new long[WORDS * 64];
    private int size;

    int size() {
        return size;
    }

    /// When the first one is due; {@link #NEVER} when there is none.
    long due() {
        return size == 0 ? NEVER : due(0);
    }

    void add(Entry entry) {
        if ((size + 1) * WORDS > heap.length) {
            heap = Arrays.copyOf(heap, heap.length + heap.length / WORDS / 2 * WORDS);
        }
        set(size, entry);
        up(size++);
    }

    /// Takes the first one; there must be one.
    Entry take() {
        Entry first = entry(0);
        removeAt(0);
        return first;
    }

    /// Takes the message out, if it is here.
    Optional<Entry> remove(long id) {
        int at = find(id);
        if (at < 0) {
            return Optional.empty();
        }
        Entry entry = entry(at);
        removeAt(at);
        return Optional.of(entry);
    }

    /// Makes every message due.
    void allDue() {
        for (int i = 0; i < size; i++) {
            heap[i * WORDS + LOCAL] = Math.min(0, heap[i * WORDS + LOCAL]);
            heap[i * WORDS + REMOTE] = Math.min(0, heap[i * WORDS + REMOTE]);
        }
    }

    /// Makes a message due.
    ///
    /// @return whether it was here
    boolean due(long id) {
        int at = find(id);
        if (at >= 0) {
            Entry entry = entry(at);
            removeAt(at);
            add(new Entry(id, entry.birth, Math.min(0, entry.local), Math.min(0, entry.remote)));
        }
        return at >= 0;
    }

    void each(Visitor visitor) {
        for (int i = 0; i < size; i++) {
            visitor.visit(heap[i * WORDS + ID], due(i));
        }
    }

    /// Whoever was never tried and came at a time or before.
    ///
    /// @param birth in milliseconds since 1970
    void untried(long birth, LongConsumer each) {
        for (int i = 0; i < size; i++) {
            if (due(i) < 0 && heap[i * WORDS + BIRTH] <= birth) {
                each.accept(heap[i * WORDS + ID]);
            }
        }
    }

    /// Counts everybody here by what they wait for.
    void census(Census census) {
        for (int i = 0; i < size; i++) {
            long birth = heap[i * WORDS + BIRTH];
            if (heap[i * WORDS + LOCAL] == UNANNOUNCED) {
                census.todo().count(birth);
                continue;
            }
            if (heap[i * WORDS + LOCAL] != NEVER) {
                census.local().count(birth);
            }
            if (heap[i * WORDS + REMOTE] != NEVER) {
                census.remote().count(birth);
            }
        }
    }

    /// Counts everybody here as one kind.
    void census(Census.Kind kind) {
        for (int i = 0; i < size; i++) {
            kind.count(heap[i * WORDS + BIRTH]);
        }
    }

    private int find(long id) {
        for (int i = 0; i < size; i++) {
            if (heap[i * WORDS + ID] == id) {
                return i;
            }
        }
        return -1;
    }

    private void removeAt(int at) {
        Entry last = entry(--size);
        if (at < size) {
            set(at, last);
            up(at);
            down(at);
        }
    }

    private void up(int from) {
        for (int i = from; i > 0 && before(i, (i - 1) / 2); i = (i - 1) / 2) {
            swap(i, (i - 1) / 2);
        }
    }

    private void down(int from) {
        int i = from;
        while (true) {
            int least = 2 * i + 1;
            if (least >= size) {
                return;
            }
            if (least + 1 < size && before(least + 1, least)) {
                least++;
            }
            if (!before(least, i)) {
                return;
            }
            swap(i, least);
            i = least;
        }
    }

    private long due(int i) {
        return Math.min(heap[i * WORDS + LOCAL], heap[i * WORDS + REMOTE]);
    }

    /// By time, then by age.
    private boolean before(int a, int b) {
        long difference = due(a) - due(b);
        return difference < 0 || (difference == 0 && heap[a * WORDS + ID] < heap[b * WORDS + ID]);
    }

    private void swap(int a, int b) {
        Entry kept = entry(a);
        set(a, entry(b));
        set(b, kept);
    }

    private Entry entry(int i) {
        int at = i * WORDS;
        return new Entry(heap[at + ID], heap[at + BIRTH], heap[at + LOCAL], heap[at + REMOTE]);
    }

    private void set(int i, Entry entry) {
        int at = i * WORDS;
        heap[at + ID] = entry.id;
        heap[at + BIRTH] = entry.birth;
        heap[at + LOCAL] = entry.local;
        heap[at + REMOTE] = entry.remote;
    }
}
