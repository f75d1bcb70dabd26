package qrate.core;

import java.util.LinkedHashMap;
import java.util.Map;

/// Keeps the entries used last. For one thread at a time.
public final class Lru<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int max;

    /// @param max most entries; one more takes the place of that which was not used for longest
    public Lru(int max) {
        super(16, 0.75f, true);
        this.max = max;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > max;
    }
}
