package qrate.ledger;

import java.util.Map;
import java.util.TreeMap;

/// A set of queue ids, kept as ranges, since ids rise one by one and a month of them is read.
final class Ids {
    /// Range ends by range starts; no two ranges touch.
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    boolean contains(long id) {
        Map.Entry<Long, Long> range = ranges.floorEntry(id);
        return range != null && range.getValue() >= id;
    }

    void add(long id) {
        if (contains(id)) {
            return;
        }
        long from = id;
        long to = id;
        Map.Entry<Long, Long> before = ranges.floorEntry(id);
        if (before != null && before.getValue() == id - 1) {
            from = before.getKey();
        }
        Long after = ranges.remove(id + 1);
        if (after != null) {
            to = after;
        }
        ranges.put(from, to);
    }

    /// How many ranges hold them.
    int ranges() {
        return ranges.size();
    }
}
