package qrate.core;

import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;

/// Which part of a long list is asked for, so that nobody has to hold all of it: lists are in the order of their keys.
///
/// @param query what each key must hold, or empty
/// @param after the key behind which it begins; empty for the beginning
/// @param before the key before which it ends; empty for none, and where it is not, `after` does not count
/// @param most how many, from 1 to {@link #MOST_MAX}
public record Slice(String query, String after, String before, int most) {
    /// Most that can be asked for at once.
    public static final int MOST_MAX = 500;

    public Slice {
        most = Math.clamp(most, 1, MOST_MAX);
    }

    /// The beginning of all.
    public static Slice first(int most) {
        return new Slice("", "", "", most);
    }

    /// What was asked for.
    ///
    /// @param rows in order
    /// @param earlier whether there are others in front
    /// @param later whether there are others behind
    /// @param all how many there are that hold what each must hold
    public record Part<T>(List<T> rows, boolean earlier, boolean later, long all) {
        /// Keeps a copy.
        public Part {
            rows = List.copyOf(rows);
        }
    }

    /// Whether it goes backwards from a key.
    public boolean backwards() {
        return !before.isEmpty();
    }

    /// The part of keys that come in any order, each once; no more than a part is held of them.
    public Part<String> of(Iterator<String> keys) {
        TreeSet<String> kept = new TreeSet<>();
        long all = 0;
        long aside = 0; // on the other side of the key
        while (keys.hasNext()) {
            String key = keys.next();
            if (!key.contains(query)) {
                continue;
            }
            all++;
            if (backwards() ? key.compareTo(before) >= 0 : key.compareTo(after) <= 0) {
                aside++;
            } else if (kept.size() <= most) {
                kept.add(key);
            } else if ((backwards() ? key.compareTo(kept.first()) > 0 : key.compareTo(kept.last()) < 0)
                    && kept.add(key)) {
                String _ = backwards() ? kept.pollFirst() : kept.pollLast();
            }
        }
        return part(List.copyOf(backwards() ? kept.descendingSet() : kept), aside > 0, all);
    }

    /// Of rows that were looked for in the direction of this part, one more than it has where there are as many.
    ///
    /// @param found nearest to the key first
    /// @param aside whether there are others on the other side of the key
    /// @param all how many there are
    public <T> Part<T> part(List<T> found, boolean aside, long all) {
        boolean further = found.size() > most;
        List<T> rows = further ? found.subList(0, most) : found;
        return backwards() ? new Part<>(rows.reversed(), further, aside, all) : new Part<>(rows, aside, further, all);
    }
}
