package qrate.apply;

import java.util.Map;

/// Things of one kind by name.
///
/// @param said whether the file speaks of that kind there at all: only then can `--prune` know what it does not name
record Named<T>(boolean said, Map<String, T> all) {}
