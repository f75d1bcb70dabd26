package qrate.send;

import java.util.Optional;

/// Messages in the order they came, as primitives: 16 bytes each.
final class Fifo {
    private long[] ring = new long[2 * 64];
    private int head;
    private int size;
    private long added;

    /// How many ever came.
    long added() {
        return added;
    }

    int size() {
        return size;
    }

    void add(long id, long birth) {
        if (2 * (size + 1) > ring.length) {
            long[] larger = new long[ring.length * 2];
            for (int i = 0; i < 2 * size; i++) {
                larger[i] = ring[(2 * head + i) % ring.length];
            }
            ring = larger;
            head = 0;
        }
        int at = 2 * ((head + size) % (ring.length / 2));
        ring[at] = id;
        ring[at + 1] = birth;
        size++;
        added++;
    }

    /// Takes the first one; there must be one.
    Backlog.Entry take() {
        Backlog.Entry first = new Backlog.Entry(ring[2 * head], ring[2 * head + 1], 0, 0);
        head = (head + 1) % (ring.length / 2);
        size--;
        return first;
    }

    /// Takes a message out wherever it stands, if it is here.
    Optional<Backlog.Entry> remove(long id) {
        Optional<Backlog.Entry> found = Optional.empty();
        for (int left = size; left > 0; left--) {
            Backlog.Entry entry = take();
            if (entry.id() == id) {
                found = Optional.of(entry);
            } else {
                add(entry.id(), entry.birth());
                added--;
            }
        }
        return found;
    }

    boolean contains(long id) {
        for (int i = 0; i < size; i++) {
            if (ring[2 * ((head + i) % (ring.length / 2))] == id) {
                return true;
            }
        }
        return false;
    }

    void each(Backlog.Visitor visitor) {
        for (int i = 0; i < size; i++) {
            visitor.visit(ring[2 * ((head + i) % (ring.length / 2))], 0);
        }
    }

    /// Shows everybody here with the time it came, in milliseconds since 1970.
    void births(Backlog.Visitor visitor) {
        for (int i = 0; i < size; i++) {
            int at = 2 * ((head + i) % (ring.length / 2));
            visitor.visit(ring[at], ring[at + 1]);
        }
    }
}
